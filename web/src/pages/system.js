// The server and its machine.
import { h, fill, panel, facts } from '../lib/dom.js';
import { get } from '../lib/api.js';
import { busIsUp, on } from '../lib/bus.js';
import { every } from '../lib/live.js';
import { chart, ring } from '../lib/chart.js';
import { bytes, count, clock, duration } from '../lib/format.js';

const K = 'kismet.system.';
const N = 'norn.system.';
const C = 'kismet.packetchain.';
const KEEP = 300;

// What the graphs show: kept while the browser is on other pages.
const seen = { times: [], memory: [], rates: [], before: null };

// The minute before the page was opened, as the server remembers it.
async function begin(signal) {
  if (seen.times.length) return;
  const past = ring(await get('packetchain/packet_rate.json', { signal }), 'minute');
  if (!past) return;
  seen.times.push(...past.times);
  seen.rates.push(...past.values);
  seen.memory.push(...past.times.map(() => null));
}

function note(s) {
  const t = s[`${K}timestamp.sec`] + s[`${K}timestamp.usec`] / 1e6;
  const packets = s[`${N}packets`];
  const { times, memory, rates, before } = seen;
  if (times.length && times.at(-1) >= t) return;
  times.push(t);
  memory.push(Math.round(s[`${K}memory.rss`] / 100) / 10);
  rates.push(before ? Math.max(0, (packets - before.packets) / (t - before.t)) : null);
  seen.before = { packets, t };
  if (times.length > KEEP) for (const list of [times, memory, rates]) list.shift();
}

const lastMinute = (rrd) => ring(rrd, 'minute')?.values.reduce((a, b) => a + (b ?? 0), 0);

function serverPanel(s) {
  const now = s[`${K}timestamp.sec`];
  return panel(
    'Server',
    facts([
      ['Name', s[`${K}server_name`]],
      ['Version', `norn ${s[`${K}version`]}`],
      ['Runs as', s[`${K}user`]],
      ['Running for', duration(now - s[`${K}timestamp.start_sec`])],
      ['Clock', clock(now)],
      ['Connections', s[`${K}num_http_connections`]],
    ]),
  );
}

function memoryPanel(s) {
  return panel(
    'Memory and devices',
    facts([
      ['Memory', bytes(s[`${K}memory.rss`] * 1000)],
      ['Devices', count(s[`${K}devices.count`])],
      ['Taken by devices', bytes(s[`${N}devices.bytes`])],
      ['Evicted for others', count(s[`${N}devices.evicted`])],
    ]),
  );
}

function packetPanel(s) {
  return panel(
    'Packets',
    facts([
      ['Received', count(s[`${N}packets`])],
      ['Duplicates', count(s[`${N}packets.duplicate`])],
      ['Wrong checksum', count(s[`${N}packets.bad_fcs`])],
      ['Not readable', count(s[`${N}packets.unreadable`])],
    ]),
  );
}

function queuePanel(chain, streams) {
  const lost = streams.reduce((n, x) => n + (x['norn.stream.lost'] ?? 0), 0);
  return panel(
    'Queues, last minute',
    facts([
      ['Waiting for the model', count(lastMinute(chain[`${C}queued_packets_rrd`]) ?? 0)],
      ['Lost before the server', count(lastMinute(chain[`${C}dropped_packets_rrd`]) ?? 0)],
      ['Dissected', count(lastMinute(chain[`${C}processed_packets_rrd`]) ?? 0)],
      ['Streams open', count(streams.length)],
      ['Lost by slow streams', count(lost)],
    ]),
  );
}

function limitPanel(s) {
  const full = Object.entries(s[`${N}refused`] ?? {}).filter(([, n]) => n);
  const none = h('p', { class: 'dim' }, 'None. Nothing was refused or dropped.');
  const list = full.map(([name, n]) => [name.replaceAll('_', ' '), count(n)]);
  return panel('Limits that were reached', full.length ? facts(list) : none);
}

function heatPanel(s) {
  const list = Object.entries(s[`${K}sensors.temp`] ?? {});
  return list.length
    ? panel('Temperatures', facts(list.map(([name, degrees]) => [name, `${degrees} °C`])))
    : null;
}

export async function system({ place, signal, show }) {
  const panels = h('div', { class: 'panels' });
  const graph = (title, unit, color) =>
    chart({ title, unit, times: [], series: [{ label: title, values: [], color }], signal });
  const rate = graph('Packets a second', '');
  const memory = graph('Memory in MB', ' MB', '--warn');
  let chain = {};
  let streams = [];
  const draw = (s) => {
    note(s);
    rate.update(seen.times, [seen.rates]);
    memory.update(seen.times, [seen.memory]);
    fill(panels, [
      serverPanel(s),
      memoryPanel(s),
      packetPanel(s),
      queuePanel(chain, streams),
      limitPanel(s),
      heatPanel(s),
    ]);
  };
  place.append(
    h('div', { class: 'pagehead' }, h('h1', {}, 'System')),
    h('div', { class: 'panels' }, panel('Packets a second', rate), panel('Memory', memory)),
    h('p'),
    panels,
  );
  await begin(signal);
  show();
  on('STATISTICS', draw, signal);
  await every(
    3000,
    async () => {
      [chain, streams] = await Promise.all([
        get('packetchain/packet_stats.json', { signal }),
        get('streams/all_streams.json', { signal }),
      ]);
      if (!busIsUp() || !seen.before) draw(await get('system/status.json', { signal }));
    },
    signal,
  );
}
