// Columns of devices: what is asked of the server, and how it is shown.
import { h } from './dom.js';
import { ago, bytes, clock, count, frequency, signal } from './format.js';
import { security } from './words.js';
import { spark } from './chart.js';

const dash = () => h('span', { class: 'dim' }, '–');
const B = 'kismet.device.base.';

export const securityChip = (crypt) => {
  const s = security(crypt);
  return s
    ? h('span', { class: `chip ${s.level}`, title: `${crypt}. ${s.means} ${s.more.join(' ')}` }, s.name)
    : dash();
};

const signalBar = (dbm) =>
  dbm
    ? h(
        'span',
        { class: 'signal' },
        h(
          'span',
          { class: 'bar', 'aria-hidden': 'true' },
          h('i', { css: { width: `${Math.max(4, Math.min(100, (dbm + 95) * 1.6))}%` } }),
        ),
        signal(dbm),
      )
    : dash();

export const COLUMNS = [
  {
    key: 'name',
    path: `${B}commonname`,
    title: 'Name',
    className: 'name',
    show: (v, r) => h('a', { href: `#/device/${r.key}` }, v || r.mac),
  },
  { key: 'mac', path: `${B}macaddr`, title: 'Address', className: 'mono' },
  { key: 'type', path: `${B}type`, title: 'Type' },
  { key: 'phy', path: `${B}phyname`, title: 'Phy', hidden: true },
  { key: 'crypt', path: `${B}crypt`, title: 'Security', show: securityChip },
  {
    key: 'signal',
    path: `${B}signal/kismet.common.signal.last_signal`,
    title: 'Signal',
    show: signalBar,
    className: 'num',
  },
  { key: 'channel', path: `${B}channel`, title: 'Channel', className: 'num', show: (v) => v || dash() },
  {
    key: 'frequency',
    path: `${B}frequency`,
    title: 'Frequency',
    hidden: true,
    show: frequency,
    className: 'num',
  },
  {
    key: 'last',
    path: `${B}last_time`,
    title: 'Last seen',
    show: (v) => h('time', { title: clock(v) }, ago(v)),
  },
  { key: 'first', path: `${B}first_time`, title: 'First seen', hidden: true, show: clock },
  { key: 'packets', path: `${B}packets.total`, title: 'Packets', show: count, className: 'num' },
  {
    key: 'spark',
    path: `${B}packets.rrd/kismet.common.rrd.minute_vec`,
    title: 'Last minute',
    sort: false,
    show: (v) => spark(v, 'packets in the last minute'),
  },
  { key: 'data', path: `${B}datasize`, title: 'Data', show: bytes, className: 'num' },
  {
    key: 'clients',
    path: 'dot11.device/dot11.device.num_associated_clients',
    title: 'Clients',
    show: (v) => v || dash(),
    className: 'num',
  },
  {
    key: 'bssid',
    path: 'dot11.device/dot11.device.last_bssid',
    title: 'BSSID',
    hidden: true,
    className: 'mono',
    show: (v) => v || dash(),
  },
  { key: 'manuf', path: `${B}manuf`, title: 'Manufacturer', show: (v) => v || dash() },
  {
    key: 'alerts',
    path: `${B}num_alerts`,
    title: 'Alerts',
    hidden: true,
    className: 'num',
    show: (v) => v || dash(),
  },
];
const EXTRA = [
  [`${B}key`, 'key'],
  ['dot11.device/dot11.device.wpa_present_handshake', 'handshake'],
  ['uav.device/uav.match_type', 'uav'],
  [`${B}num_alerts`, 'alerts'],
];
export const FIELDS = [...COLUMNS.map((c) => [c.path, c.key]), ...EXTRA];

const FOUR_WAY = 30; // all four messages
export function rowClass(r, now = Date.now() / 1000) {
  return [
    r.uav ? 'uav' : '',
    r.alerts ? 'alerted' : '',
    (r.handshake & FOUR_WAY) === FOUR_WAY || (r.handshake & 6) === 6 ? 'handshake' : '',
    now - r.last < 10 ? 'active' : '',
  ]
    .filter(Boolean)
    .join(' ');
}

export const LEGEND = [
  ['active', 'seen within 10 seconds'],
  ['alerted', 'has alerts'],
  ['handshake', 'handshake held'],
  ['uav', 'drone'],
];
