// Where devices were heard best: on tiles when the configuration names some, else on a plain grid.
import L from 'leaflet';
import { h, emptyState } from '../lib/dom.js';
import { get, post } from '../lib/api.js';
import { signal as dbm } from '../lib/format.js';
import { pref } from '../lib/prefs.js';

const GEO = 'kismet.common.location.geopoint';
const FIELDS = [
  ['kismet.device.base.key', 'key'],
  ['kismet.device.base.commonname', 'name'],
  ['kismet.device.base.type', 'type'],
  ['kismet.device.base.signal/kismet.common.signal.max_signal', 'signal'],
  [`kismet.device.base.signal/kismet.common.signal.peak_loc/${GEO}`, 'peak'],
  [`kismet.device.base.location/kismet.common.location.avg_loc/${GEO}`, 'average'],
];
const DRONE = [
  ['kismet.device.base.key', 'key'],
  ['kismet.device.base.commonname', 'name'],
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

export async function map({ place, signal, show }) {
  const r = await post(
    'devices/views/all/devices.json',
    {
      fields: FIELDS,
      datatable: true,
      colmap: [['kismet.device.base.signal/kismet.common.signal.max_signal']],
    },
    { start: 0, length: 500, draw: 1, 'order[0][column]': 0, 'order[0][dir]': 'desc' },
    { signal },
  );
  const flights = await post(
    'devices/views/all/devices.json',
    { fields: DRONE, regex: [['uav.device/uav.manufacturer', '.']] },
    {},
    { signal },
  );
  const status = await get('system/status.json', { signal });
  const here = real((await get('gps/location.json', { signal }))?.[GEO]);
  const spots = r.data.map((d) => ({ ...d, at: real(d.peak) ?? real(d.average) })).filter((d) => d.at);
  place.append(h('div', { class: 'pagehead' }, h('h1', {}, 'Map')));
  const drones = flights
    .map((d) => ({
      ...d,
      at: real(d.now),
      path: (Array.isArray(d.path) ? d.path : [])
        .map((t) => real(t?.['uav.telemetry.location']?.[GEO]))
        .filter(Boolean),
    }))
    .filter((d) => d.at);
  if (!spots.length && !here && !drones.length) {
    place.append(
      emptyState(
        'No positions yet',
        'Devices appear here once the server knows where it is.',
        h('a', { href: '#/gps' }, "Set up a GPS or share this browser's position"),
      ),
    );
    return;
  }
  const node = h('div', { id: 'map', role: 'application', 'aria-label': 'Map of devices' });
  place.append(
    node,
    h(
      'p',
      { class: 'dim' },
      `${spots.length} devices, by the place where each was heard best${drones.length ? `, and ${drones.length} ${drones.length === 1 ? 'drone with its way' : 'drones with their ways'}` : ''}. The scale is bottom left.${status['norn.system.map.tiles'] ? '' : ' No tiles are configured (norn_map_tiles).'}`,
    ),
  );
  show();
  const m = L.map(node, { attributionControl: false, zoomAnimation: false, maxZoom: 20 });
  const tiles = status['norn.system.map.tiles'];
  if (tiles) {
    L.tileLayer(tiles, { maxZoom: 19, referrerPolicy: 'origin' }).addTo(m);
    L.control
      .attribution({ prefix: false })
      .addAttribution(text(status['norn.system.map.attribution']))
      .addTo(m);
  }
  L.control
    .scale({ imperial: pref('units', 'metric') === 'imperial', metric: pref('units', 'metric') === 'metric' })
    .addTo(m);
  const marks = spots.map((d) =>
    L.circleMarker(d.at, {
      radius: 7,
      color: d.type === 'Wi-Fi AP' ? '#0b6a6a' : '#b36b00',
      fillOpacity: 0.6,
    })
      .bindPopup(h('div', {}, h('a', { href: `#/device/${d.key}` }, d.name), ` ${dbm(d.signal)}`))
      .addTo(m),
  );
  for (const d of drones) {
    if (d.path.length > 1) marks.push(L.polyline(d.path, { color: '#6a3fb0', weight: 2 }).addTo(m));
    marks.push(
      L.circleMarker(d.at, { radius: 8, color: '#6a3fb0', fillOpacity: 0.7 })
        .bindPopup(
          h(
            'div',
            {},
            h('a', { href: `#/device/${d.key}` }, d.name),
            ` ${[d.maker, d.model].filter(Boolean).join(' ')}`,
          ),
        )
        .addTo(m),
    );
  }
  if (here)
    marks.push(L.circleMarker(here, { radius: 9, color: '#b3261e' }).bindPopup('This server').addTo(m));
  m.fitBounds(L.featureGroup(marks).getBounds().pad(0.2), { maxZoom: 18 });
  signal.addEventListener('abort', () => m.remove());
}
