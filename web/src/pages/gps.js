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
      ['Time of the fix', fix && ago(l[`${P}time_sec`])],
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

async function share(position, said) {
  const c = position.coords;
  try {
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
}

function startSharing(said) {
  if (!navigator.geolocation || !window.isSecureContext) {
    say(said, 'This browser gives positions only to pages over HTTPS or of this machine.');
    return;
  }
  const failed = (e) =>
    say(
      said,
      e.code === 1
        ? "The browser was not allowed to share its position. Allow it in the page's settings."
        : 'The browser knows no position yet.',
    );
  say(said, 'Waiting for a position…');
  watch = navigator.geolocation.watchPosition((p) => share(p, said), failed, { enableHighAccuracy: true });
}

function stopSharing(said) {
  navigator.geolocation.clearWatch(watch);
  watch = undefined;
  say(said, 'Sharing has ended.');
}

function sharingPanel() {
  const words = () => (watch === undefined ? "Share this browser's position" : 'Stop sharing');
  const said = h('p', { role: 'status' });
  const onclick = () => {
    if (watch === undefined) startSharing(said);
    else stopSharing(said);
    button.textContent = words();
  };
  const button = h('button', { type: 'button', class: 'primary', onclick }, words());
  const what = 'A phone or laptop can send the server its position, while this page stays open.';
  return panel('This browser', h('p', {}, what), button, said);
}

export async function gps({ place, signal, show }) {
  const now = h('div');
  const list = h('div');
  place.append(
    h('div', { class: 'pagehead' }, h('h1', {}, 'GPS')),
    h('div', { class: 'panels' }, now, list, sharingPanel()),
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
