// Where the server is, and sharing this browser's position.
import { h, fill, panel, facts, say } from '../lib/dom.js';
import { get, post } from '../lib/api.js';
import { every } from '../lib/live.js';
import { ago, speed } from '../lib/format.js';
import { fixWords } from '../lib/words.js';

const P = 'kismet.common.location.';
let watch;

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
  await every(
    3000,
    async () => {
      const [l, all] = await Promise.all([
        get('gps/location.json', { signal }),
        get('gps/all_gps.json', { signal }),
      ]);
      const p = l[`${P}geopoint`] ?? [0, 0],
        fix = l[`${P}fix`];
      fill(
        now,
        panel(
          'Position now',
          facts([
            ['State', fixWords(fix)],
            ['Latitude', fix && p[1].toFixed(6)],
            ['Longitude', fix && p[0].toFixed(6)],
            ['Altitude', fix > 2 && `${Math.round(l[`${P}alt`])} m`],
            ['Speed', l[`${P}speed`] ? speed(l[`${P}speed`]) : null],
            ['Told', fix && ago(l[`${P}time_sec`])],
          ]),
        ),
      );
      fill(
        list,
        panel(
          'Receivers',
          all.length
            ? all.map((g) =>
                h(
                  'p',
                  {},
                  h('strong', {}, g['kismet.gps.name']),
                  ` ${g['kismet.gps.type']?.['kismet.gps.type.class'] ?? ''} ${g['kismet.gps.connected'] ? 'connected' : ''}`,
                ),
              )
            : h(
                'p',
                { class: 'dim' },
                'None. Add one in the configuration: gps=gpsd:host=localhost, or gps=web:name=webgps for this browser.',
              ),
        ),
      );
    },
    signal,
  );
}
