// What a device is linked to: the clients of an access point, the access points of a client.
import { h, panel, svg } from '../lib/dom.js';

const D = 'dot11.device.';
const SHOWN = 24; // around the middle; the list has all
const WIDTH = 400;
const HEIGHT = 260;

function spoke(name, i, n) {
  const angle = (2 * Math.PI * i) / n - Math.PI / 2;
  const x = WIDTH / 2 + Math.cos(angle) * 150;
  const y = HEIGHT / 2 + Math.sin(angle) * 100;
  const line = { x1: WIDTH / 2, y1: HEIGHT / 2, x2: x, y2: y, stroke: 'var(--line)', 'stroke-width': 1.5 };
  const words = { x, y: y + 19, 'text-anchor': 'middle', 'font-size': 9, fill: 'var(--muted)' };
  return [
    svg('line', line),
    svg('circle', { cx: x, cy: y, r: 7, fill: 'var(--accent)' }),
    svg('text', words, name.slice(-8)),
  ];
}

function graph(center, names) {
  const shown = names.slice(0, SHOWN);
  const label = `${names.length} linked devices around ${center}`;
  return svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label },
    shown.map((name, i) => spoke(name, i, shown.length)),
    svg('circle', { cx: WIDTH / 2, cy: HEIGHT / 2, r: 14, fill: 'var(--warn)' }),
  );
}

// Maps that are empty come as lists.
const entries = (map) => (map && !Array.isArray(map) ? Object.entries(map) : []);

function accessPoint([mac, client]) {
  const host = client['dot11.client.dhcp_host'];
  const words = ['access point', host && `calls itself ${host}`, client['dot11.client.dhcp_vendor']];
  return [mac, client['dot11.client.bssid_key'], words.filter(Boolean).join(', ')];
}

export function links(d) {
  const dot11 = d['dot11.device'] ?? {};
  const all = [
    ...entries(dot11[`${D}associated_client_map`]).map(([mac, key]) => [mac, key, 'client']),
    ...entries(dot11[`${D}client_map`]).map(accessPoint),
  ];
  if (!all.length) return null;
  const address = (mac, key) =>
    key ? h('a', { href: `#/device/${key}`, class: 'mono' }, mac) : h('span', { class: 'mono' }, mac);
  return panel(
    'Links',
    graph(
      d['kismet.device.base.commonname'],
      all.map(([mac]) => mac),
    ),
    h(
      'ul',
      { class: 'plain' },
      all.map(([mac, key, kind]) => h('li', {}, address(mac, key), ` ${kind}`)),
    ),
  );
}
