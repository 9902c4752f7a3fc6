// Networks by name: access points grouped by SSID.
import { h } from '../lib/dom.js';
import { post } from '../lib/api.js';
import { every } from '../lib/live.js';
import { table } from '../lib/table.js';
import { ago, count } from '../lib/format.js';
import { securityChip } from '../lib/columns.js';
import { dialog } from '../lib/toast.js';
import { security } from '../lib/words.js';

const COLUMNS = [
  {
    key: 'ssid',
    title: 'Name',
    className: 'name',
    show: (v, r) =>
      h(
        'button',
        { type: 'button', class: 'link', onclick: () => details(r) },
        v || h('em', { class: 'dim' }, 'Hidden'),
      ),
  },
  { key: 'crypt', title: 'Security', show: securityChip },
  {
    key: 'aps',
    title: 'Access points',
    className: 'num',
    show: (v) => count(v.length),
    sortValue: (r) => r.aps.length,
  },
  { key: 'clients', title: 'Clients', className: 'num', show: count },
  { key: 'channels', title: 'Channels' },
  { key: 'last', title: 'Last heard', show: (v) => ago(v) },
];
const MAX = 5000;
const FIELDS = [
  ['kismet.device.base.key', 'key'],
  ['kismet.device.base.macaddr', 'mac'],
  ['kismet.device.base.last_time', 'last'],
  ['kismet.device.base.channel', 'channel'],
  ['dot11.device/dot11.device.num_associated_clients', 'clients'],
  ['dot11.device/dot11.device.advertised_ssid_map', 'ssids'],
  ['kismet.device.base.crypt', 'crypt'],
];

function group(list) {
  const by = new Map();
  for (const d of list)
    for (const s of Array.isArray(d.ssids) && d.ssids.length ? d.ssids : [{}]) {
      const name = s['dot11.advertisedssid.ssid'] ?? '',
        crypt = s['dot11.advertisedssid.crypt_string'] || d.crypt,
        id = `${name}\0${crypt}`;
      const g = by.get(id) ?? { ssid: name, crypt, aps: [], clients: 0, set: new Set(), last: 0 };
      g.aps.push(d);
      g.clients += d.clients || 0;
      if (d.channel) g.set.add(d.channel);
      g.last = Math.max(g.last, d.last);
      by.set(id, g);
    }
  return [...by.values()].map(({ set, ...g }) => ({
    ...g,
    channels: [...set].sort((a, b) => a - b).join(', '),
  }));
}

function details(g) {
  const s = security(g.crypt);
  dialog(g.ssid || 'Hidden network', [
    s && h('p', {}, h('span', { class: `chip ${s.level}` }, s.name), ' ', s.means, ' ', s.more.join(' ')),
    h('h3', {}, 'Access points'),
    h(
      'ul',
      {},
      g.aps.map((a) =>
        h(
          'li',
          {},
          h(
            'a',
            { href: `#/device/${a.key}`, class: 'mono', onclick: (e) => e.target.closest('dialog').close() },
            a.mac,
          ),
          a.channel && ` channel ${a.channel}`,
        ),
      ),
    ),
  ]);
}

export async function ssids({ place, signal, show }) {
  const t = table('ssids', COLUMNS, {
    order: [[5, 'desc']],
    goto: details,
    caption: 'Networks',
    empty: 'No network was heard yet.',
  });
  const search = h('input', {
    type: 'search',
    placeholder: 'Search',
    'aria-label': 'Search networks',
    oninput: () => t.grid.search(search.value).draw(),
  });
  const many = h(
    'p',
    { class: 'notice', hidden: true },
    `Shown are the networks of the ${count(MAX)} access points heard last.`,
  );
  place.append(
    h('div', { class: 'pagehead' }, h('h1', {}, 'Networks')),
    h('div', { class: 'tools' }, search),
    many,
    t,
  );
  show();
  t.start();
  let before = '';
  await every(
    5000,
    async () => {
      const list = [];
      for (let start = 0; start < MAX; start += 500) {
        const r = await post(
          'devices/views/phydot11_accesspoints/devices.json',
          { fields: FIELDS, datatable: true, colmap: [['kismet.device.base.last_time']] },
          { start, length: 500, draw: 1, 'order[0][column]': 0, 'order[0][dir]': 'desc' },
          { signal },
        );
        list.push(...r.data);
        many.hidden = r.recordsTotal <= MAX;
        if (list.length >= r.recordsTotal) break;
      }
      const now = JSON.stringify(list);
      if (now !== before) t.refresh(group(list));
      before = now;
    },
    signal,
  );
}
