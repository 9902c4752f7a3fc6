// All devices, a page at a time, sorted and searched by the server.
import { h, fill, say, errorBox } from '../lib/dom.js';
import { get, post } from '../lib/api.js';
import { every } from '../lib/live.js';
import { pref, setPref } from '../lib/prefs.js';
import { table } from '../lib/table.js';
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

export async function devices({ place, signal, show }) {
  const options = await viewOptions(signal);
  if (!options.some(([id]) => id === pref('devices.view', 'all'))) setPref('devices.view', 'all');
  const said = h('div'),
    changed = () => grid.ajax.reload(null, true);
  let visible = [],
    grid;
  const colmap = Object.fromEntries(COLUMNS.map((c, i) => [i, [[c.path]]]));
  const load = async (data, columns, done) => {
    const command = { fields: FIELDS, datatable: true, colmap };
    const time = Number(pref('devices.time', '0')),
      crypt = pref('devices.crypt', '');
    if (time) command.last_time = time;
    const least = Number(pref('devices.signal', '0'));
    if (least) command['norn.signal_min'] = least;
    if (crypt) command.regex = [['kismet.device.base.crypt', crypt]];
    const order = data.order[0] ?? { column: 8, dir: 'desc' };
    try {
      const r = await post(
        `devices/views/${encodeURIComponent(pref('devices.view', 'all'))}/devices.json`,
        command,
        {
          start: data.start,
          length: data.length,
          draw: data.draw,
          'search[value]': data.search.value,
          'order[0][column]': order.column,
          'order[0][dir]': order.dir,
        },
        { signal },
      );
      visible = r.data.map((d) => d.key);
      fill(said);
      done(r);
    } catch (e) {
      if (signal.aborted) return;
      fill(said, errorBox(e, changed));
      done({ draw: data.draw, recordsTotal: 0, recordsFiltered: 0, data: [] });
    }
  };
  const t = table('devices', COLUMNS, {
    load,
    order: [[8, 'desc']],
    rowClass,
    caption: 'Devices',
    goto: (row) => {
      location.hash = `#/device/${row.key}`;
    },
    empty: 'No devices yet. Add a data source, and what it hears appears here.',
  });
  const search = h('input', {
    type: 'search',
    placeholder: 'Search name, address, maker…',
    'aria-label': 'Search devices',
  });
  let waiting;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => grid.search(search.value).draw(), 250);
  });
  const news = h('button', {
    type: 'button',
    class: 'quiet',
    hidden: true,
    onclick: () => {
      news.hidden = true;
      grid.draw(false);
    },
  });
  place.append(
    h(
      'div',
      { class: 'pagehead' },
      h('h1', {}, 'Devices'),
      h(
        'ul',
        { class: 'legend', 'aria-label': 'Row colours' },
        LEGEND.map(([k, text]) => h('li', { class: k }, text)),
      ),
    ),
    h(
      'div',
      { class: 'tools' },
      search,
      choice('View', 'devices.view', options, changed),
      choice('Heard', 'devices.time', TIMES, changed),
      choice('Security', 'devices.crypt', CRYPTS, changed),
      choice('Signal', 'devices.signal', SIGNALS, changed),
      h('span', { class: 'grow' }),
      news,
      t.columnsMenu(),
    ),
    said,
    t,
  );
  show();
  grid = t.start();
  let total;
  every(
    2500,
    async () => {
      if (!visible.length) {
        if (!grid.data().length) grid.draw(false);
        return;
      }
      t.patch(
        await post('devices/multikey/devices.json', { fields: FIELDS, devices: visible }, {}, { signal }),
        'key',
      );
      const views = await get('devices/views/all_views.json', { signal });
      const size = views.find((v) => v['kismet.devices.view.id'] === pref('devices.view', 'all'))?.[
        'kismet.devices.view.size'
      ];
      if (total !== undefined && size > total) {
        news.hidden = false;
        say(news, `${size - total} new · show`);
      }
      if (total === undefined || news.hidden) total = size;
    },
    signal,
  );
}
