// Networks by name, a page at a time: who announces, answers to and asks for each.
import { h, fill, errorBox, loading } from '../lib/dom.js';
import { post } from '../lib/api.js';
import { every } from '../lib/live.js';
import { serverTable } from '../lib/server_table.js';
import { ago, clock, count, signal as dbm } from '../lib/format.js';
import { securityChip } from '../lib/columns.js';
import { dialog } from '../lib/toast.js';
import { security } from '../lib/words.js';

const G = 'dot11.ssidgroup.';
const B = 'kismet.device.base.';
const VIEW = 'phy/phy80211/ssids/views/ssids.json';
const SHOWN_MOST = 200; // devices of one network in its dialogue

const COLUMNS = [
  {
    key: 'ssid',
    path: `${G}ssid`,
    title: 'Name',
    className: 'name',
    show: (v, r) =>
      h(
        'button',
        { type: 'button', class: 'link', onclick: () => details(r) },
        v || h('em', { class: 'dim' }, 'Hidden'),
      ),
  },
  {
    key: 'crypt',
    path: `${G}crypt_string`,
    title: 'Security',
    show: (v, r) => (r.aps ? securityChip(v) : h('span', { class: 'dim' }, 'not seen')),
  },
  {
    key: 'aps',
    path: `${G}advertising_devices_len`,
    title: 'Announced by',
    className: 'num',
    show: count,
  },
  {
    key: 'answering',
    path: `${G}responding_devices_len`,
    title: 'Answered by',
    className: 'num',
    show: count,
  },
  { key: 'asking', path: `${G}probing_devices_len`, title: 'Asked for by', className: 'num', show: count },
  {
    key: 'first',
    path: `${G}first_time`,
    title: 'First seen',
    hidden: true,
    show: clock,
  },
  {
    key: 'last',
    path: `${G}last_time`,
    title: 'Last seen',
    show: (v) => h('time', { title: clock(v) }, ago(v)),
  },
];
const FIELDS = [...COLUMNS.map((c) => [c.path, c.key]), [`${G}hash`, 'hash']];
const LAST = COLUMNS.findIndex((c) => c.key === 'last');

const DEVICE_FIELDS = [
  [`${B}key`, 'key'],
  [`${B}macaddr`, 'mac'],
  [`${B}commonname`, 'name'],
  [`${B}channel`, 'channel'],
  [`${B}signal/kismet.common.signal.last_signal`, 'signal'],
  ['dot11.device/dot11.device.num_associated_clients', 'clients'],
];

function deviceLine(d) {
  const facts = [
    d.name !== d.mac && d.name,
    d.channel && `channel ${d.channel}`,
    d.signal && dbm(d.signal),
    d.clients && `${count(d.clients)} clients`,
  ];
  return h(
    'li',
    {},
    h(
      'a',
      { href: `#/device/${d.key}`, class: 'mono', onclick: (e) => e.target.closest('dialog').close() },
      d.mac,
    ),
    ` ${facts.filter(Boolean).join(', ')}`,
  );
}

async function devicesOf(title, keys) {
  const list = await post('devices/multikey/devices.json', {
    fields: DEVICE_FIELDS,
    devices: keys.slice(0, SHOWN_MOST),
  });
  return [
    h('h3', {}, title),
    h('ul', {}, list.map(deviceLine)),
    keys.length > SHOWN_MOST && h('p', { class: 'dim' }, `and ${count(keys.length - SHOWN_MOST)} more`),
  ];
}

async function details(row) {
  const s = row.aps ? security(row.crypt) : null;
  const words = s && [h('span', { class: `chip ${s.level}` }, s.name), ` ${s.means} ${s.more.join(' ')}`];
  const list = h('div', {}, loading());
  dialog(row.ssid || 'Hidden network', [words && h('p', {}, words), list]);
  try {
    const group = await post(`phy/phy80211/ssids/by-hash/${row.hash}/ssid.json`);
    const kinds = [
      ['Announced by', group[`${G}advertising_devices`]],
      ['Answered by', group[`${G}responding_devices`]],
      ['Asked for by', group[`${G}probing_devices`]],
    ];
    const shown = kinds.filter(([, keys]) => keys?.length);
    fill(list, await Promise.all(shown.map(([title, keys]) => devicesOf(title, keys))));
  } catch (e) {
    fill(list, errorBox(e));
  }
}

export async function ssids({ place, signal, show }) {
  const t = serverTable('ssids', COLUMNS, {
    path: () => VIEW,
    command: () => ({ fields: FIELDS }),
    order: [[LAST, 'desc']],
    goto: details,
    caption: 'Networks',
    empty: 'No network was seen yet.',
    signal,
  });
  place.append(
    h('div', { class: 'pagehead' }, h('h1', {}, 'Networks')),
    h(
      'div',
      { class: 'tools' },
      t.searchBox('Search networks'),
      h('span', { class: 'grow' }),
      t.columnsMenu(),
    ),
    t.said,
    t,
  );
  show();
  t.start();
  every(5000, () => t.renew('hash'), signal);
  every(5000, t.age, signal);
}
