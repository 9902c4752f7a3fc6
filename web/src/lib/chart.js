// Graphs: sparklines as SVG, larger ones by uPlot with a text alternative.
import uPlot from 'uplot';
import { h, svg } from './dom.js';

// A history's vector into values in time order; vectors are rings indexed by the time's remainder.
export function ring(rrd, kind) {
  const vector = rrd?.[`kismet.common.rrd.${kind}_vec`];
  if (!Array.isArray(vector)) return null;
  const step = { minute: 1, hour: 60, day: 3600 }[kind];
  const last = Math.floor(rrd['kismet.common.rrd.last_time'] / step);
  const n = vector.length,
    blank = rrd['kismet.common.rrd.blank_val'] ?? 0;
  const times = [],
    values = [];
  for (let i = n - 1; i >= 0; i--) {
    times.push((last - i) * step);
    const v = vector[(((last - i) % n) + n) % n];
    values.push(v === blank && blank !== 0 ? null : v);
  }
  return { times, values, step };
}

export function spark(vector, label) {
  if (!Array.isArray(vector) || !vector.some(Boolean))
    return h('span', { class: 'dim', 'aria-label': label ?? 'quiet' }, '–');
  const top = Math.max(...vector),
    n = vector.length,
    points = vector.map((v, i) => `${((i * 90) / (n - 1)).toFixed(1)},${(19 - (v / top) * 17).toFixed(1)}`);
  return svg(
    'svg',
    {
      class: 'spark',
      viewBox: '0 0 90 20',
      role: 'img',
      'aria-label': label ?? `highest ${Math.round(top)}`,
    },
    svg('polyline', { points: points.join(' '), fill: 'none' }),
  );
}

// A colour of the theme as a canvas takes it.
function css(name) {
  document.body.style.setProperty('caret-color', `var(${name})`);
  const color = getComputedStyle(document.body).caretColor;
  document.body.style.removeProperty('caret-color');
  return color;
}

// Times of an axis, with seconds when it is a short one.
const stamp = (v, long) =>
  v.map((t) =>
    new Date(t * 1000).toLocaleTimeString('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      second: long ? '2-digit' : undefined,
    }),
  );

const axis = () => ({
  stroke: css('--muted'),
  grid: { stroke: css('--line'), width: 1 },
  ticks: { show: false },
  font: '12px system-ui',
});

const seriesOptions = (s, i) => ({
  label: s.label,
  stroke: css(s.color ?? ['--accent', '--warn', '--good', '--bad'][i % 4]),
  width: 1.6,
  spanGaps: false,
  fill: s.kind === 'bar' ? css('--accent-soft') : undefined,
  points: { show: s.points ?? false, size: 4 },
  paths: s.kind === 'bar' ? uPlot.paths.bars({ size: [0.8, 40] }) : undefined,
});

const range = (_, lo, hi) => (lo === null ? [0, 1] : uPlot.rangeNum(lo, Math.max(hi, lo + 1), 0.1, true));

const plotOptions = ({ width, height, unit, series }) => ({
  width,
  height,
  cursor: { y: false },
  legend: { show: series.length > 1, live: false },
  scales: { x: { time: true }, y: { range } },
  axes: [
    { ...axis(), values: (_, v) => stamp(v, v[v.length - 1] - v[0] < 600), space: 90 },
    { ...axis(), size: 62, values: (_, v) => v.map((x) => `${Math.round(x * 10) / 10}${unit}`) },
  ],
  series: [{}, ...series.map(seriesOptions)],
});

// series: [{label, values, kind: 'line'|'bar', color}]; returns an element with update(times, series).
export function chart({ title, unit = '', height = 150, series, times, signal }) {
  const holder = h('div', { class: 'chart', role: 'img', 'aria-label': title });
  let plot;
  const draw = () => {
    plot?.destroy();
    const width = Math.max(200, holder.clientWidth || 600);
    const values = [times, ...series.map((s) => s.values)];
    plot = new uPlot(plotOptions({ width, height, unit, series }), values, holder);
  };
  const observer = new ResizeObserver(() =>
    plot ? plot.setSize({ width: Math.max(200, holder.clientWidth), height }) : holder.clientWidth && draw(),
  );
  observer.observe(holder);
  signal?.addEventListener('abort', () => {
    observer.disconnect();
    plot?.destroy();
  });
  holder.update = (t, s) => {
    times = t;
    series.forEach((old, i) => {
      old.values = s[i];
    });
    plot?.setData([t, ...s]);
  };
  return holder;
}

// A history with buttons for its minute, hour and day.
export function history(title, rrd, { unit, kinds = ['minute', 'hour', 'day'], signal } = {}) {
  const body = h('div'),
    buttons = h('div', { class: 'segmented', role: 'group', 'aria-label': `${title}: time span` });
  const names = { minute: 'Minute', hour: 'Hour', day: 'Day' };
  const show = (kind) => {
    const r = ring(rrd, kind);
    for (const b of buttons.children) b.setAttribute('aria-pressed', b.dataset.kind === kind);
    if (r && unit?.includes('dBm')) r.values = r.values.map((v) => v || null); // 0: nothing was received
    const sum = r?.values.reduce((a, b) => a + (b ?? 0), 0);
    body.replaceChildren(
      r && sum
        ? chart({
            title: `${title}, last ${kind}`,
            unit,
            times: r.times,
            series: [
              {
                label: title,
                values: r.values,
                kind: unit?.includes('dBm') ? 'line' : 'bar',
                points: unit?.includes('dBm'),
              },
            ],
            signal,
          })
        : h('p', { class: 'dim' }, `Nothing in the last ${kind}.`),
    );
  };
  for (const kind of kinds)
    buttons.append(
      h('button', { type: 'button', dataset: { kind }, onclick: () => show(kind) }, names[kind]),
    );
  show(kinds.find((k) => ring(rrd, k)?.values.some(Boolean)) ?? kinds[0]);
  return h(
    'div',
    { class: 'history' },
    h('div', { class: 'head' }, h('h3', {}, title), kinds.length > 1 && buttons),
    body,
  );
}
