// Where devices had their strongest signal: on tiles when the configuration names some, else on a plain grid.
import L from 'leaflet';
import { h, emptyState } from '../lib/dom.js';
import { get, post } from '../lib/api.js';
import { on } from '../lib/bus.js';
import { signal as dbm } from '../lib/format.js';
import { pref } from '../lib/prefs.js';

const LOC = 'kismet.common.location.';
const GEO = `${LOC}geopoint`;
const B = 'kismet.device.base.';
const MOST = 500; // devices, the strongest first
const COLORS = { ap: '#0b6a6a', other: '#b36b00', drone: '#6a3fb0', server: '#b3261e' };

const FIELDS = [
  [`${B}key`, 'key'],
  [`${B}commonname`, 'name'],
  [`${B}type`, 'type'],
  [`${B}signal/kismet.common.signal.max_signal`, 'signal'],
  [`${B}signal/kismet.common.signal.peak_loc/${GEO}`, 'peak'],
  [`${B}location/${LOC}avg_loc/${GEO}`, 'average'],
  [`${B}location/${LOC}min_loc/${GEO}`, 'min'],
  [`${B}location/${LOC}max_loc/${GEO}`, 'max'],
];
const DRONE = [
  [`${B}key`, 'key'],
  [`${B}commonname`, 'name'],
  ['uav.device/uav.manufacturer', 'maker'],
  ['uav.device/uav.model', 'model'],
  [`uav.device/uav.last_telemetry/uav.telemetry.location/${GEO}`, 'now'],
  ['uav.device/uav.telemetry_history', 'path'],
];
// Leaflet takes an attribution as markup.
const text = (t) => {
  const p = document.createElement('p');
  p.textContent = t ?? '';
  return p.innerHTML;
};
const real = (p) => (Array.isArray(p) && (p[0] || p[1]) ? [p[1], p[0]] : null);

async function seenDevices(signal) {
  const strongest = [`${B}signal/kismet.common.signal.max_signal`];
  const { data } = await post(
    'devices/views/all/devices.json',
    { fields: FIELDS, datatable: true, colmap: [strongest] },
    { start: 0, length: MOST, draw: 1, 'order[0][column]': 0, 'order[0][dir]': 'desc' },
    { signal },
  );
  return data.map((d) => ({ ...d, at: real(d.peak) ?? real(d.average) })).filter((d) => d.at);
}

async function flownDrones(signal) {
  const asked = { fields: DRONE, regex: [['uav.device/uav.match_type', '.']] };
  const list = await post('devices/views/all/devices.json', asked, {}, { signal });
  const wayOf = (d) =>
    (Array.isArray(d.path) ? d.path : [])
      .map((t) => real(t?.['uav.telemetry.location']?.[GEO]))
      .filter(Boolean);
  return list.map((d) => ({ ...d, at: real(d.now), path: wayOf(d) })).filter((d) => d.at);
}

const popup = (d, ...more) =>
  h('div', {}, h('a', { href: `#/device/${d.key}` }, d.name), ` ${more.join(' ')}`);

// A device, and while its words are open the area in which it was seen.
function drawDevice(m, d) {
  const color = d.type === 'Wi-Fi AP' ? COLORS.ap : COLORS.other;
  const mark = L.circleMarker(d.at, { radius: 7, color, fillOpacity: 0.6 }).bindPopup(
    popup(d, dbm(d.signal)),
  );
  const corners = [real(d.min), real(d.max)];
  if (corners[0] && corners[1]) {
    const area = L.rectangle(corners, { color, weight: 1, fillOpacity: 0.08, interactive: false });
    mark.on('popupopen', () => area.addTo(m));
    mark.on('popupclose', () => area.remove());
  }
  return [mark.addTo(m)];
}

function drawDrone(m, d) {
  const words = popup(d, ...[d.maker, d.model].filter(Boolean));
  const mark = L.circleMarker(d.at, { radius: 8, color: COLORS.drone, fillOpacity: 0.7 }).bindPopup(words);
  const way = d.path.length > 1 ? [L.polyline(d.path, { color: COLORS.drone, weight: 2 }).addTo(m)] : [];
  return [...way, mark.addTo(m)];
}

// The server, how exactly its position is known, and its path since the page was opened.
function drawServer(m, position, signal) {
  const at = real(position[GEO]);
  const options = { color: COLORS.server, interactive: false };
  const mark = L.circleMarker(at, { radius: 9, color: COLORS.server }).bindPopup('This server').addTo(m);
  const around = L.circle(at, { ...options, weight: 1, fillOpacity: 0.1, radius: 0 }).addTo(m);
  const way = L.polyline([at], { ...options, weight: 2, dashArray: '4 4' }).addTo(m);
  const move = (now) => {
    const there = real(now[GEO]);
    if (!there) return;
    mark.setLatLng(there);
    around.setLatLng(there).setRadius(now['norn.common.location.accuracy'] || 0);
    const ways = way.getLatLngs();
    if (!ways.at(-1)?.equals(there)) way.addLatLng(there);
  };
  move(position);
  on('GPS_LOCATION', move, signal);
  return [mark];
}

function base(node, status) {
  const m = L.map(node, { attributionControl: false, zoomAnimation: false, maxZoom: 20 });
  const tiles = status['norn.system.map.tiles'];
  const imperial = pref('units', 'metric') === 'imperial';
  if (tiles) {
    const said = text(status['norn.system.map.attribution']);
    L.tileLayer(tiles, { maxZoom: 19, referrerPolicy: 'origin' }).addTo(m);
    L.control.attribution({ prefix: false }).addAttribution(said).addTo(m);
  }
  L.control.scale({ imperial, metric: !imperial }).addTo(m);
  return m;
}

function legend(spots, drones, status) {
  const flown = drones.length === 1 ? '1 drone with its path' : `${drones.length} drones with their paths`;
  const tiles = status['norn.system.map.tiles'] ? '' : ' No tiles are configured (norn_map_tiles).';
  const shown = `${spots.length} devices, each where its signal was strongest`;
  return `${shown}${drones.length ? `, and ${flown}` : ''}. The scale is bottom left.${tiles}`;
}

export async function map({ place, signal, show }) {
  const [spots, drones, status, here] = await Promise.all([
    seenDevices(signal),
    flownDrones(signal),
    get('system/status.json', { signal }),
    get('gps/location.json', { signal }),
  ]);
  const known = real(here?.[GEO]);
  place.append(h('div', { class: 'pagehead' }, h('h1', {}, 'Map')));
  if (!spots.length && !known && !drones.length) {
    const words = 'Devices appear here once the server knows where it is.';
    const link = h('a', { href: '#/gps' }, "Set up a GPS or share this browser's position");
    place.append(emptyState('No positions yet', words, link));
    return;
  }
  const node = h('div', { id: 'map', role: 'application', 'aria-label': 'Map of devices' });
  place.append(node, h('p', { class: 'dim' }, legend(spots, drones, status)));
  show();
  const m = base(node, status);
  m.setView(known ?? (spots[0] ?? drones[0]).at, 18); // before marks that are measured in metres
  const marks = [
    ...spots.flatMap((d) => drawDevice(m, d)),
    ...drones.flatMap((d) => drawDrone(m, d)),
    ...(known ? drawServer(m, here, signal) : []),
  ];
  m.fitBounds(L.featureGroup(marks).getBounds().pad(0.2), { maxZoom: 18 });
  signal.addEventListener('abort', () => m.remove());
}
