// The server and its machine.
import { h, fill, panel, facts } from '../lib/dom.js';
import { get } from '../lib/api.js';
import { every } from '../lib/live.js';
import { chart } from '../lib/chart.js';
import { bytes, count, clock, duration } from '../lib/format.js';

const K = 'kismet.system.',
  N = 'norn.system.',
  KEEP = 300;
const times = [],
  memory = [],
  rates = [];
let before;

export async function system({ place, signal, show }) {
  const a = h('div', { class: 'panels' });
  const g1 = chart({
    title: 'Packets a second',
    times: [],
    series: [{ label: 'Packets a second', values: [] }],
    signal,
  });
  const g2 = chart({
    title: 'Memory in MB',
    times: [],
    unit: ' MB',
    series: [{ label: 'Memory', values: [], color: '--warn' }],
    signal,
  });
  place.append(
    h('div', { class: 'pagehead' }, h('h1', {}, 'System')),
    h('div', { class: 'panels' }, panel('Packets a second', g1), panel('Memory', g2)),
    h('p'),
    a,
  );
  show();
  await every(
    2000,
    async () => {
      const s = await get('system/status.json', { signal }),
        t = s[`${K}timestamp.sec`] + s[`${K}timestamp.usec`] / 1e6,
        n = s[`${N}packets`];
      times.push(t);
      memory.push(Math.round(s[`${K}memory.rss`] / 100) / 10);
      rates.push(before ? Math.max(0, (n - before[0]) / (t - before[1])) : null);
      before = [n, t];
      if (times.length > KEEP) for (const l of [times, memory, rates]) l.shift();
      g1.update(times, [rates]);
      g2.update(times, [memory]);
      const full = Object.entries(s[`${N}refused`] ?? {}).filter(([, v]) => v);
      fill(
        a,
        panel(
          'Server',
          facts([
            ['Name', s[`${K}server_name`]],
            ['Version', `norn ${s[`${K}version`]}`],
            ['Runs as', s[`${K}user`]],
            ['Running for', duration(t - s[`${K}timestamp.start_sec`])],
            ['Clock', clock(t)],
            ['Connections', s[`${K}num_http_connections`]],
          ]),
        ),
        panel(
          'Memory and devices',
          facts([
            ['Memory', bytes(s[`${K}memory.rss`] * 1000)],
            ['Devices', count(s[`${K}devices.count`])],
            ['Taken by devices', bytes(s[`${N}devices.bytes`])],
            ['Made room for others', count(s[`${N}devices.evicted`])],
          ]),
        ),
        panel(
          'Packets',
          facts([
            ['Received', count(n)],
            ['Heard before', count(s[`${N}packets.duplicate`])],
            ['Wrong checksum', count(s[`${N}packets.bad_fcs`])],
            ['Not readable', count(s[`${N}packets.unreadable`])],
          ]),
        ),
        panel(
          'Limits that were reached',
          full.length
            ? facts(full.map(([k, v]) => [k.replaceAll('_', ' '), count(v)]))
            : h('p', { class: 'dim' }, 'None. Nothing was refused or dropped.'),
        ),
        Object.keys(s[`${K}sensors.temp`] ?? {}).length
          ? panel(
              'Temperatures',
              facts(Object.entries(s[`${K}sensors.temp`]).map(([k, v]) => [k, `${v} °C`])),
            )
          : null,
      );
    },
    signal,
  );
}
