// Use of channels now and over time, and which source covers what.
import { h, fill, panel, emptyState } from '../lib/dom.js';
import { get } from '../lib/api.js';
import { every } from '../lib/live.js';
import { history, ring } from '../lib/chart.js';
import { count, frequency } from '../lib/format.js';

const C = 'kismet.channelrec.';
const sum = (rrd) =>
  ['minute', 'hour', 'day'].map((k) => ring(rrd, k)?.values.reduce((a, b) => a + (b ?? 0), 0) ?? 0);

// A bar of a channel: how many packets and devices it had in the last minute.
const bar = (c, { packets, devices, share, pressed, choose }) =>
  h(
    'div',
    {},
    h(
      'button',
      {
        type: 'button',
        class: 'quiet',
        title: frequency(c[`${C}frequency`]),
        'aria-pressed': pressed,
        onclick: choose,
      },
      c[`${C}channel`] || frequency(c[`${C}frequency`]),
    ),
    h('span', { class: 'track' }, h('i', { css: { width: `${100 * share}%` } })),
    h('span', { class: 'dim' }, `${count(packets)} packets, ${count(devices)} devices`),
  );

function lastMinute(list, { picked, choose }) {
  const packets = list.map((c) => sum(c[`${C}packets_rrd`])),
    devices = list.map((c) => Math.max(0, ...(ring(c[`${C}device_rrd`], 'minute')?.values ?? [0])));
  const top = Math.max(1, ...packets.map((p) => p[0]));
  const bars = list.map((c, i) =>
    bar(c, {
      packets: packets[i][0],
      devices: devices[i],
      share: packets[i][0] / top,
      pressed: picked === c[`${C}frequency`],
      choose: () => choose(c),
    }),
  );
  return panel(
    'Last minute',
    h('div', { class: 'bars wide' }, bars),
    h('p', { class: 'dim' }, 'Choose a channel to see it over time.'),
  );
}

const overTime = (c, signal) =>
  panel(
    `Channel ${c[`${C}channel`] || ''} (${frequency(c[`${C}frequency`])}) over time`,
    history('Packets', c[`${C}packets_rrd`], { signal }),
    history('Devices', c[`${C}device_rrd`], { signal }),
  );

const tuning = (s) =>
  s['kismet.datasource.hopping']
    ? `hops over ${s['kismet.datasource.hop_channels'].join(', ')}`
    : `stays on ${s['kismet.datasource.channel']}`;

function coverage(sources) {
  const live = sources.filter(
    (s) => s['kismet.datasource.hop_channels']?.length || s['kismet.datasource.channel'],
  );
  const none = 'No source has channels: captures that are read from files have none of their own.';
  return panel(
    'Which source covers what',
    live.length
      ? live.map((s) => h('p', {}, h('strong', {}, s['kismet.datasource.name']), ` ${tuning(s)}`))
      : h('p', { class: 'dim' }, none),
  );
}

export async function channels({ place, signal, show }) {
  const now = h('div'),
    over = h('div'),
    cover = h('div');
  place.append(h('div', { class: 'pagehead' }, h('h1', {}, 'Channels')), now, over, cover);
  let picked;
  const choose = (c) => {
    picked = c[`${C}frequency`];
    fill(over, overTime(c, signal));
  };
  const draw = async () => {
    const r = await get('channels/channels.json', { signal });
    const list = Object.values(r['kismet.channeltracker.frequency_map'] ?? {}).sort(
      (a, b) => a[`${C}frequency`] - b[`${C}frequency`],
    );
    const add = h('a', { href: '#/sources' }, 'Add a data source');
    fill(
      now,
      list.length
        ? lastMinute(list, { picked, choose })
        : emptyState('Nothing was received on any channel yet', add),
    );
    return list;
  };
  const list = await draw();
  if (list.length)
    choose(list.reduce((a, b) => (sum(a[`${C}packets_rrd`])[0] > sum(b[`${C}packets_rrd`])[0] ? a : b)));
  fill(cover, coverage(await get('datasource/all_sources.json', { signal })));
  show();
  every(5000, draw, signal);
}
