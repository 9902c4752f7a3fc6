// Use of channels now and over time, and which source covers what.
import { h, fill, panel, emptyState } from '../lib/dom.js';
import { get } from '../lib/api.js';
import { every } from '../lib/live.js';
import { history, ring } from '../lib/chart.js';
import { count, frequency } from '../lib/format.js';

const C = 'kismet.channelrec.';
const sum = (rrd) =>
  ['minute', 'hour', 'day'].map((k) => ring(rrd, k)?.values.reduce((a, b) => a + (b ?? 0), 0) ?? 0);

export async function channels({ place, signal, show }) {
  const now = h('div'),
    over = h('div'),
    cover = h('div');
  place.append(h('div', { class: 'pagehead' }, h('h1', {}, 'Channels')), now, over, cover);
  let picked;
  const draw = async () => {
    const r = await get('channels/channels.json', { signal });
    const list = Object.values(r['kismet.channeltracker.frequency_map'] ?? {}).sort(
      (a, b) => a[`${C}frequency`] - b[`${C}frequency`],
    );
    if (!list.length)
      return fill(
        now,
        emptyState(
          'Nothing was heard on any channel yet',
          h('a', { href: '#/sources' }, 'Add a data source'),
        ),
      );
    const packets = list.map((c) => sum(c[`${C}packets_rrd`])),
      devices = list.map((c) => Math.max(0, ...(ring(c[`${C}device_rrd`], 'minute')?.values ?? [0])));
    const top = Math.max(1, ...packets.map((p) => p[0]));
    fill(
      now,
      panel(
        'Last minute',
        h(
          'div',
          { class: 'bars wide' },
          list.map((c, i) =>
            h(
              'div',
              {},
              h(
                'button',
                {
                  type: 'button',
                  class: 'quiet',
                  title: frequency(c[`${C}frequency`]),
                  'aria-pressed': picked === c[`${C}frequency`],
                  onclick: () => {
                    picked = c[`${C}frequency`];
                    pick(c);
                  },
                },
                c[`${C}channel`] || frequency(c[`${C}frequency`]),
              ),
              h('span', { class: 'track' }, h('i', { css: { width: `${(100 * packets[i][0]) / top}%` } })),
              h('span', { class: 'dim' }, `${count(packets[i][0])} packets, ${count(devices[i])} devices`),
            ),
          ),
        ),
        h('p', { class: 'dim' }, 'Choose a channel to see it over time.'),
      ),
    );
    return list;
  };
  const pick = (c) =>
    fill(
      over,
      panel(
        `Channel ${c[`${C}channel`] || ''} (${frequency(c[`${C}frequency`])}) over time`,
        history('Packets', c[`${C}packets_rrd`], { signal }),
        history('Devices', c[`${C}device_rrd`], { signal }),
      ),
    );
  const list = await draw();
  if (list) {
    const best = list.reduce((a, b) => (sum(a[`${C}packets_rrd`])[0] > sum(b[`${C}packets_rrd`])[0] ? a : b));
    picked = best[`${C}frequency`];
    pick(best);
  }
  const sources = await get('datasource/all_sources.json', { signal });
  const live = sources.filter(
    (s) => s['kismet.datasource.hop_channels']?.length || s['kismet.datasource.channel'],
  );
  fill(
    cover,
    panel(
      'Which source covers what',
      live.length
        ? live.map((s) =>
            h(
              'p',
              {},
              h('strong', {}, s['kismet.datasource.name']),
              ` ${s['kismet.datasource.hopping'] ? `hops over ${s['kismet.datasource.hop_channels'].join(', ')}` : `stays on ${s['kismet.datasource.channel']}`}`,
            ),
          )
        : h(
            'p',
            { class: 'dim' },
            'No source has channels: captures that are read from files have none of their own.',
          ),
    ),
  );
  show();
  every(5000, draw, signal);
}
