// Where the server is, and sharing this browser's position.
import { h, fill, panel, facts, say } from '../lib/dom.js';
import { get, post } from '../lib/api.js';
import { follow } from '../lib/bus.js';
import { ago, distance, speed } from '../lib/format.js';
import { fixWords } from '../lib/words.js';

const P = 'kismet.common.location.';
const R = (name, r) => r[`norn.gps.receiver.${name}`];
let watch;

function positionPanel(l) {
  const [lon, lat] = l[`${P}geopoint`] ?? [0, 0];
  const fix = l[`${P}fix`];
  const accuracy = l['norn.common.location.accuracy'];
  return panel(
    'Position now',
    facts([
      ['State', fixWords(fix)],
      ['Latitude', fix && lat.toFixed(6)],
      ['Longitude', fix && lon.toFixed(6)],
      ['Accuracy', fix && accuracy ? `within ${distance(accuracy)}` : null],
      ['Altitude', fix > 2 && distance(l[`${P}alt`])],
      ['Speed', l[`${P}speed`] ? speed(l[`${P}speed`]) : null],
      ['Told', fix && ago(l[`${P}time_sec`])],
    ]),
  );
}

// What a receiver does, and why not.
function receiverState(g) {
  return [g['norn.gps.state'], g['norn.gps.trouble'], g['norn.gps.doubt']].filter(Boolean).join(': ');
}

// Each of several receivers behind one gpsd.
function severalBehind(g) {
  const all = g['norn.gps.receivers'] ?? [];
  const line = (r) =>
    h('div', { class: 'dim' }, [R('device', r), R('state', r), R('doubt', r)].filter(Boolean).join(': '));
  return all.length > 1 ? all.map(line) : [];
}

function receiversPanel(all) {
  if (!all.length)
    return panel(
      'Receivers',
      h(
        'p',
        { class: 'dim' },
        'None. Add one in the configuration: gps=gpsd:host=localhost, or gps=web:name=webgps for this browser.',
      ),
    );
  return panel(
    'Receivers',
    all.map((g) =>
      h(
        'p',
        {},
        h('strong', {}, g['kismet.gps.name']),
        ` ${g['kismet.gps.type']?.['kismet.gps.type.class'] ?? ''}: ${receiverState(g)}`,
        ...severalBehind(g),
      ),
    ),
  );
}

export async function gps({ place, signal, show }) {
  const now = h('div'),
    list = h('div'),
    said = h('p', { role: 'status' });
  const send = async (p) => {
    try {
      const c = p.coords;
      await post('gps/web/update.cmd', {
        lat: c.latitude,
        lon: c.longitude,
        ...(c.altitude === null ? {} : { alt: c.altitude }),
        ...(c.speed === null ? {} : { spd: c.speed * 3.6 }),
        ...(c.accuracy > 0 ? { accuracy: c.accuracy } : {}),
      });
      say(said, `Shared ${c.latitude.toFixed(5)}, ${c.longitude.toFixed(5)}.`);
    } catch (e) {
      say(said, `${e.message} The server needs a GPS of type web: gps=web:name=webgps.`);
    }
  };
  const button = h(
    'button',
    {
      type: 'button',
      class: 'primary',
      onclick: () => {
        if (watch !== undefined) {
          navigator.geolocation.clearWatch(watch);
          watch = undefined;
          say(said, 'Sharing has ended.');
        } else if (!navigator.geolocation || !window.isSecureContext) {
          say(said, 'This browser gives positions only to pages over HTTPS or of this machine.');
          return;
        } else {
          say(said, 'Waiting for a position…');
          watch = navigator.geolocation.watchPosition(
            send,
            (e) =>
              say(
                said,
                e.code === 1
                  ? "The browser was not allowed to tell its position. Allow it in the page's settings."
                  : 'The browser knows no position yet.',
              ),
            { enableHighAccuracy: true },
          );
        }
        button.textContent = watch === undefined ? "Share this browser's position" : 'Stop sharing';
      },
    },
    watch === undefined ? "Share this browser's position" : 'Stop sharing',
  );
  place.append(
    h('div', { class: 'pagehead' }, h('h1', {}, 'GPS')),
    h(
      'div',
      { class: 'panels' },
      now,
      list,
      panel(
        'This browser',
        h('p', {}, 'A phone or laptop can tell the server where it is, while this page stays open.'),
        button,
        said,
      ),
    ),
  );
  show();
  const draw = async () => {
    const [l, all] = await Promise.all([
      get('gps/location.json', { signal }),
      get('gps/all_gps.json', { signal }),
    ]);
    fill(now, positionPanel(l));
    fill(list, receiversPanel(all));
  };
  await follow(['GPS_LOCATION'], draw, { ms: 3000, signal });
}
