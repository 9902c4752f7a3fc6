// All devices, a page at a time, sorted and searched by the server.
import { h, say } from '../lib/dom.js';
import { get, post } from '../lib/api.js';
import { every } from '../lib/live.js';
import { pref, setPref } from '../lib/prefs.js';
import { serverTable } from '../lib/server_table.js';
import { socket } from '../lib/socket.js';
import { COLUMNS, FIELDS, LEGEND, rowClass } from '../lib/columns.js';

const TIMES = [
  ['0', 'Any time'],
  ['-60', 'Last minute'],
  ['-600', 'Last 10 minutes'],
  ['-3600', 'Last hour'],
  ['-86400', 'Last day'],
];
const CRYPTS = [
  ['', 'Any security'],
  ['^(Open|None)', 'Open'],
  ['WEP', 'WEP'],
  ['WPA2', 'WPA2'],
  ['WPA3|SAE', 'WPA3'],
];

const SIGNALS = [
  ['0', 'Any signal'],
  ['-50', 'Above -50 dBm'],
  ['-65', 'Above -65 dBm'],
  ['-80', 'Above -80 dBm'],
];

const LAST = COLUMNS.findIndex((c) => c.key === 'last');

function choice(label, name, options, changed) {
  return h(
    'label',
    { class: 'inline' },
    h('span', { class: 'sr' }, label),
    h(
      'select',
      {
        'aria-label': label,
        value: pref(name, options[0][0]),
        onchange: (e) => {
          setPref(name, e.target.value);
          changed();
        },
      },
      options.map(([value, text]) =>
        h('option', { value, selected: pref(name, options[0][0]) === value }, text),
      ),
    ),
  );
}

async function viewOptions(signal) {
  const views = await get('devices/views/all_views.json', { signal });
  const shown = views.filter(
    (v) =>
      v['kismet.devices.view.size'] || ['all', 'phydot11_accesspoints'].includes(v['kismet.devices.view.id']),
  );
  return shown.map((v) => [v['kismet.devices.view.id'], v['kismet.devices.view.description']]);
}

function command() {
  const asked = { fields: FIELDS };
  const time = Number(pref('devices.time', '0'));
  const least = Number(pref('devices.signal', '0'));
  const crypt = pref('devices.crypt', '');
  if (time) asked.last_time = time;
  if (least) asked['norn.signal_min'] = least;
  if (crypt) asked.regex = [['kismet.device.base.crypt', crypt]];
  return asked;
}

// The rows that are shown follow their devices: by websocket, or by requests where there is none.
function follow(t, signal) {
  const keys = () => t.rows.map((row) => row.key);
  const request = () => ({ monitor: keys(), request: 1, rate: 1, fields: FIELDS });
  const watch = socket('devices/monitor.ws', {
    signal,
    hello: () => [request()],
    received: (row) => row.key && t.patch([row], 'key'),
  });
  t.grid.on('draw', () => watch.send(request()));
  every(
    2500,
    async () => {
      if (watch.up || !t.rows.length) return;
      const asked = { fields: FIELDS, devices: keys() };
      t.patch(await post('devices/multikey/devices.json', asked, {}, { signal }), 'key');
    },
    signal,
  );
}

// Says how many devices have come since the page was asked for; they do not move the rows.
function countNew(t, button, signal) {
  let known;
  every(
    2500,
    async () => {
      const views = await get('devices/views/all_views.json', { signal });
      const view = views.find((v) => v['kismet.devices.view.id'] === pref('devices.view', 'all'));
      const size = view?.['kismet.devices.view.size'];
      if (!t.rows.length && size) t.grid.draw(false);
      if (known !== undefined && size > known) {
        button.hidden = false;
        say(button, `${size - known} new · show`);
      }
      if (known === undefined || button.hidden) known = size;
    },
    signal,
  );
}

export async function devices({ place, signal, show }) {
  const options = await viewOptions(signal);
  if (!options.some(([id]) => id === pref('devices.view', 'all'))) setPref('devices.view', 'all');
  const t = serverTable('devices', COLUMNS, {
    path: () => `devices/views/${encodeURIComponent(pref('devices.view', 'all'))}/devices.json`,
    command,
    order: [[LAST, 'desc']],
    rowClass,
    caption: 'Devices',
    goto: (row) => {
      location.hash = `#/device/${row.key}`;
    },
    empty: 'No devices yet. Add a data source, and the devices that it sees appear here.',
    signal,
  });
  const button = h('button', {
    type: 'button',
    class: 'quiet',
    hidden: true,
    onclick: () => {
      button.hidden = true;
      t.grid.draw(false);
    },
  });
  const legend = LEGEND.map(([kind, text]) => h('li', { class: kind }, text));
  place.append(
    h(
      'div',
      { class: 'pagehead' },
      h('h1', {}, 'Devices'),
      h('ul', { class: 'legend', 'aria-label': 'Row colours' }, legend),
    ),
    h(
      'div',
      { class: 'tools' },
      t.searchBox('Search name, address, maker…'),
      choice('View', 'devices.view', options, t.reload),
      choice('Seen', 'devices.time', TIMES, t.reload),
      choice('Security', 'devices.crypt', CRYPTS, t.reload),
      choice('Signal', 'devices.signal', SIGNALS, t.reload),
      h('span', { class: 'grow' }),
      button,
      t.columnsMenu(),
    ),
    t.said,
    t,
  );
  show();
  t.start();
  follow(t, signal);
  every(5000, t.age, signal);
  countNew(t, button, signal);
}
