// Everything about one device.
import { h, fill, emptyState } from '../lib/dom.js';
import { ApiError, get } from '../lib/api.js';
import { security } from '../lib/words.js';
import { every } from '../lib/live.js';
import { socket } from '../lib/socket.js';
import { table } from '../lib/table.js';
import { act } from '../lib/toast.js';
import { about, channelsSeen, editing, graphs, location } from '../device/about.js';
import { announced, lookedFor } from '../device/networks.js';
import { links } from '../device/links.js';
import { handshakes, streams } from '../device/packets.js';
import { otherPhys, pluginPanels } from '../device/others.js';
import { ALERT_COLUMNS } from './alerts.js';

const B = 'kismet.device.base.';
const record = (key, signal) => get(`devices/by-key/${encodeURIComponent(key)}/device.json`, { signal });

async function alertsOf(d, signal) {
  const all = await get('alerts/all_alerts.json', { signal });
  const is = (a, name) => a[`kismet.alert.${name}_mac`] === d[`${B}macaddr`];
  return all.filter(
    (a) => a['kismet.alert.device_key'] === d[`${B}key`] || is(a, 'source') || is(a, 'transmitter'),
  );
}

function alertTable(rows) {
  return table('device.alerts', ALERT_COLUMNS, {
    rows,
    order: [[0, 'desc']],
    paging: rows.length > 50,
    caption: 'Alerts of this device',
  });
}

function rawRecord(d) {
  const raw = h('pre', { tabindex: '0' });
  const ontoggle = () => {
    raw.textContent = JSON.stringify(d, null, 2);
  };
  return h(
    'section',
    { class: 'panel full' },
    h('details', { ontoggle }, h('summary', {}, 'The whole record as JSON'), raw),
  );
}

function head(d, name, again) {
  const words = security(d[`${B}crypt`]);
  const refresh = (e) => act(e.currentTarget, null, again);
  return h(
    'div',
    { class: 'pagehead' },
    h('h1', {}, name),
    h('span', { class: 'chip' }, d[`${B}type`]),
    words && h('span', { class: `chip ${words.level}` }, words.name),
    h('button', { type: 'button', class: 'quiet', onclick: refresh }, 'Refresh'),
  );
}

const evicted = () =>
  emptyState(
    'This device is not known any more',
    'It may have been dropped to make room for others.',
    h('a', { href: '#/devices' }, 'All devices'),
  );

// Draws the page; returns the panels that follow the device, or nothing when it was evicted.
async function draw(page, key) {
  const { place, signal, title } = page;
  let d;
  try {
    d = await record(key, signal);
  } catch (e) {
    if (!(e instanceof ApiError && e.status === 404)) throw e;
    fill(place, evicted());
    return;
  }
  const name = d[`${B}commonname`] || d[`${B}macaddr`];
  const again = () => draw(page, key);
  const alerts = await alertsOf(d, signal);
  const listed = alerts.length ? alertTable(alerts) : null;
  title(name);
  page.live = { facts: about(d), graphs: graphs(d, signal), updated: d[`${B}mod_time`] };
  fill(
    place,
    head(d, name, again),
    h(
      'div',
      { class: 'panels' },
      page.live.facts,
      editing(d, again),
      page.live.graphs,
      announced(d),
      channelsSeen(d),
      links(d),
      lookedFor(d),
      otherPhys(d),
      handshakes(d),
      location(d),
      streams(d),
      pluginPanels(d),
      listed && h('section', { class: 'panel full' }, h('h2', {}, 'Alerts'), listed),
      rawRecord(d),
    ),
  );
  listed?.start();
}

// Facts and graphs follow the device; the rest stays as it was opened.
function renew(live, d, signal) {
  if (live.updated === d[`${B}mod_time`] || live.graphs.contains(document.activeElement)) return;
  const fresh = { facts: about(d), graphs: graphs(d, signal) };
  live.facts.replaceWith(fresh.facts);
  live.graphs.replaceWith(fresh.graphs);
  Object.assign(live, fresh, { updated: d[`${B}mod_time`] });
}

export async function device(page) {
  page.show();
  const [key] = page.rest;
  const { signal } = page;
  await draw(page, key);
  if (!page.live) return;
  const watch = socket('devices/monitor.ws', {
    signal,
    hello: () => [{ monitor: key, request: 1, rate: 2 }],
    received: (d) => d[`${B}key`] && renew(page.live, d, signal),
  });
  every(
    3000,
    async () => {
      if (!watch.up) renew(page.live, await record(key, signal), signal);
    },
    signal,
  );
}
