// Everything about one device.
import { h, fill, panel, facts, field, emptyState, svg } from '../lib/dom.js';
import { ApiError, get, post, url } from '../lib/api.js';
import { ago, bytes, clock, count, frequency, signal as dbm } from '../lib/format.js';
import { security } from '../lib/words.js';
import { every } from '../lib/live.js';
import { history } from '../lib/chart.js';
import { ALERT_COLUMNS } from './alerts.js';
import { table } from '../lib/table.js';
import { act } from '../lib/toast.js';
import { devicePanels } from '../plugins.js';

const B = 'kismet.device.base.',
  S = 'kismet.common.signal.',
  D = 'dot11.device.',
  A = 'dot11.advertisedssid.';
const link = (key, text) => h('a', { href: `#/device/${key}`, class: 'mono' }, text);
const note = (d) => {
  const t = d[`${B}tags`];
  return (Array.isArray(t) ? undefined : t?.notes) ?? '';
};

function editing(d, again) {
  const key = d[`${B}key`];
  const name = h('input', {
    value: d[`${B}username`] ?? '',
    maxlength: 128,
    name: 'username',
    placeholder: d[`${B}commonname`],
  });
  const notes = h('textarea', { rows: 3, name: 'notes', value: note(d) });
  return panel(
    'Your name and notes',
    h(
      'form',
      {
        onsubmit: (e) => {
          e.preventDefault();
          act(e.submitter, 'Saved.', async () => {
            await post(`devices/by-key/${key}/set_name.cmd`, { username: name.value });
            await post(`devices/by-key/${key}/set_tag.cmd`, { tagname: 'notes', tagvalue: notes.value });
            await again();
          });
        },
      },
      field('Name', name),
      field('Notes', notes),
      h('div', { class: 'buttons' }, h('button', { class: 'primary' }, 'Save')),
    ),
  );
}

function ssidPanel(d) {
  const list = [...(d['dot11.device']?.[`${D}advertised_ssid_map`] ?? [])];
  if (!list.length) return null;
  return panel(
    'Networks it announces',
    list.map((s) => {
      const words = security(s[`${A}crypt_string`]);
      return h(
        'div',
        {},
        h('h3', {}, s[`${A}ssid`] || 'Hidden network'),
        words &&
          h(
            'p',
            {},
            h('span', { class: `chip ${words.level}` }, words.name),
            ' ',
            words.means,
            ' ',
            words.more.join(' '),
          ),
        facts([
          ['Protection', s[`${A}crypt_string`]],
          ['Channel', [s[`${A}channel`], s[`${A}ht_mode`]].filter(Boolean).join(', ')],
          ['Highest rate', s[`${A}maxrate`] && `${s[`${A}maxrate`]} Mbit/s`],
          ['Country', s[`${A}dot11d_country`]],
          [
            'Protected management',
            s[`${A}wpa_mfp_required`]
              ? 'Required'
              : s[`${A}wpa_mfp_supported`]
                ? 'Offered'
                : 'No: anybody can disconnect its clients',
          ],
          ['Beacons', s[`${A}beaconrate`] && `${s[`${A}beaconrate`]} a second`],
          [
            'WPS',
            s[`${A}wps_state`]
              ? [s[`${A}wps_manuf`], s[`${A}wps_model_name`], s[`${A}wps_device_name`]]
                  .filter(Boolean)
                  .join(' · ') || 'On'
              : null,
          ],
          ['Last heard', ago(s[`${A}last_time`])],
        ]),
      );
    }),
  );
}

function graph(center, clients) {
  const shown = clients.slice(0, 24),
    width = 400,
    height = 260,
    cx = width / 2,
    cy = height / 2;
  return svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': `${clients.length} linked devices around ${center}`,
    },
    shown.map((c, i) => {
      const a = (2 * Math.PI * i) / shown.length - Math.PI / 2,
        x = cx + Math.cos(a) * 150,
        y = cy + Math.sin(a) * 100;
      return [
        svg('line', { x1: cx, y1: cy, x2: x, y2: y, stroke: 'var(--line)', 'stroke-width': 1.5 }),
        svg('circle', { cx: x, cy: y, r: 7, fill: 'var(--accent)' }),
        svg(
          'text',
          { x, y: y + 19, 'text-anchor': 'middle', 'font-size': 9, fill: 'var(--muted)' },
          c.slice(-8),
        ),
      ];
    }),
    svg('circle', { cx, cy, r: 14, fill: 'var(--warn)' }),
  );
}

function links(d) {
  const map = d['dot11.device']?.[`${D}associated_client_map`] ?? {},
    aps = d['dot11.device']?.[`${D}client_map`] ?? {};
  const related = Object.entries(map).map(([mac, key]) => [mac, key, 'client']),
    up = Object.entries(Array.isArray(aps) ? {} : aps).map(([mac, c]) => [
      mac,
      c['dot11.client.bssid_key'],
      [
        'access point',
        c['dot11.client.dhcp_host'] && `calls itself ${c['dot11.client.dhcp_host']}`,
        c['dot11.client.dhcp_vendor'],
      ]
        .filter(Boolean)
        .join(', '),
    ]);
  const all = [...related, ...up];
  if (!all.length) return null;
  return panel(
    'Links',
    graph(
      d[`${B}commonname`],
      all.map(([mac]) => mac),
    ),
    h(
      'ul',
      { class: 'plain' },
      all.map(([mac, key, kind]) =>
        h('li', {}, key ? link(key, mac) : h('span', { class: 'mono' }, mac), ` ${kind}`),
      ),
    ),
  );
}

function probes(d) {
  const list = [...(d['dot11.device']?.[`${D}probed_ssid_map`] ?? [])].filter(
    (p) => p['dot11.probedssid.ssid'],
  );
  if (!list.length) return null;
  return panel(
    'Networks it looks for',
    h('p', {}, 'Names of networks that it knows, sent in the open.'),
    facts(list.map((p) => [p['dot11.probedssid.ssid'], ago(p['dot11.probedssid.last_time'])])),
  );
}

// What other phys say of it: every plain value, named by the last part of its field.
function others(d) {
  const plain = (v) => ['string', 'number'].includes(typeof v) && v !== '';
  return Object.entries(d)
    .filter(
      ([k, v]) =>
        v &&
        typeof v === 'object' &&
        !Array.isArray(v) &&
        !k.startsWith('kismet.') &&
        !k.startsWith('norn.') &&
        k !== 'dot11.device',
    )
    .map(([k, v]) => [
      k,
      Object.entries(v).flatMap(([name, x]) =>
        plain(x)
          ? [[name, x]]
          : x && typeof x === 'object' && !Array.isArray(x)
            ? Object.entries(x).filter(([, y]) => plain(y))
            : [],
      ),
    ])
    .filter(([, list]) => list.length)
    .map(([k, list]) =>
      panel(
        k.replace('.device', ''),
        facts(list.map(([name, x]) => [name.split('.').pop().replaceAll('_', ' '), String(x)])),
      ),
    );
}

function handshakes(d) {
  const list = d['dot11.device']?.[`${D}wpa_handshake_list`],
    key = d[`${B}key`];
  const clients = list && !Array.isArray(list) ? Object.entries(list) : [];
  const pmkid = d['dot11.device']?.[`${D}pmkid_packet`];
  if (!clients.length && !pmkid) return null;
  const file = (name) => url(`phy/phy80211/by-key/${key}/pcap/${key}-${name}.pcap`);
  return panel(
    'Handshakes',
    h('p', {}, 'Recorded key exchanges. Who has one can try passwords against it without being near.'),
    facts(
      clients.map(([mac, m]) => [
        mac,
        `messages ${[...new Set(m.map((x) => x['dot11.eapol.message_num']))].sort().join(', ')} of 4`,
      ]),
    ),
    h(
      'div',
      { class: 'buttons left' },
      clients.length > 0 &&
        h('a', { class: 'button', href: file('handshake'), download: '' }, 'Download handshakes'),
      pmkid && h('a', { class: 'button', href: file('pmkid'), download: '' }, 'Download PMKID'),
    ),
  );
}

function place(d) {
  const l = d[`${B}location`],
    avg = l?.['kismet.common.location.avg_loc'] ?? l?.['kismet.common.location.last'],
    p = avg?.['kismet.common.location.geopoint'];
  return p && (p[0] || p[1])
    ? panel(
        'Location',
        facts([['Average position', `${p[1].toFixed(6)}, ${p[0].toFixed(6)}`]]),
        h('a', { href: '#/map' }, 'Show the map'),
      )
    : null;
}

function streams(d) {
  const key = d[`${B}key`];
  return panel(
    'Packets',
    h('p', {}, 'A live capture runs until you cancel the download; Wireshark reads it.'),
    h(
      'div',
      { class: 'buttons left' },
      h(
        'a',
        { class: 'button', href: url(`devices/by-key/${key}/pcap/${key}.pcapng`), download: '' },
        'Capture live',
      ),
      h(
        'a',
        { class: 'button', href: url(`logging/kismetdb/pcap/${key}.pcapng?device_id=${key}`), download: '' },
        'From the log',
      ),
    ),
  );
}

// What a plugin says of the device; its fault is its own.
function plugged(fn, d) {
  try {
    return fn(d) ?? null;
  } catch (e) {
    return panel('Plugin', h('p', { class: 'dim' }, `A plugin failed here: ${e.message}`));
  }
}

function about(d) {
  const s = d[`${B}signal`] ?? {};
  return panel(
    'Device',
    facts([
      ['Address', h('span', { class: 'mono' }, d[`${B}macaddr`])],
      ['Manufacturer', d[`${B}manuf`]],
      ['Phy', d[`${B}phyname`]],
      ['Protection', d[`${B}crypt`]],
      ['First heard', clock(d[`${B}first_time`])],
      ['Last heard', [...new Set([clock(d[`${B}last_time`]), ago(d[`${B}last_time`])])].join(', ')],
      ['Channel', d[`${B}channel`]],
      ['Frequency', frequency(d[`${B}frequency`])],
      ['Packets', count(d[`${B}packets.total`])],
      ['Data', bytes(d[`${B}datasize`])],
      ['Signal', dbm(s[`${S}last_signal`])],
      [
        'Strongest, weakest',
        s[`${S}max_signal`] && `${dbm(s[`${S}max_signal`])}, ${dbm(s[`${S}min_signal`])}`,
      ],
      [
        'Heard by',
        h(
          'span',
          { class: 'mono' },
          (d[`${B}seenby`] ?? [])
            .map(
              (x) =>
                `${x['kismet.common.seenby.uuid'].slice(0, 8)} (${count(x['kismet.common.seenby.num_packets'])})`,
            )
            .join(', '),
        ),
      ],
    ]),
  );
}

function graphs(d, signal) {
  const s = d[`${B}signal`] ?? {};
  return h(
    'section',
    { class: 'panel full' },
    history('Packets', d[`${B}packets.rrd`], { signal }),
    history('Data', d[`${B}datasize.rrd`], { signal, unit: ' B' }),
    history('Signal', s[`${S}signal_rrd`], { signal, unit: ' dBm', kinds: ['minute'] }),
  );
}

// The parts of the page that follow the device; the rest stays as it was opened.
const live = {};

async function draw({ place: node, signal, title }, key) {
  let d;
  try {
    d = await get(`devices/by-key/${encodeURIComponent(key)}/device.json`, { signal });
  } catch (e) {
    if (e instanceof ApiError && e.status === 404)
      return fill(
        node,
        emptyState(
          'This device is not known any more',
          'It may have been forgotten to make room for others.',
          h('a', { href: '#/devices' }, 'All devices'),
        ),
      );
    throw e;
  }
  const name = d[`${B}commonname`] || d[`${B}macaddr`],
    words = security(d[`${B}crypt`]);
  title(name);
  const again = () => draw({ place: node, signal, title }, key);
  const list = (await get('alerts/all_alerts.json', { signal })).filter(
    (a) =>
      a['kismet.alert.device_key'] === key ||
      [a['kismet.alert.source_mac'], a['kismet.alert.transmitter_mac']].includes(d[`${B}macaddr`]),
  );
  const t = list.length
    ? table('device.alerts', ALERT_COLUMNS, {
        rows: list,
        order: [[0, 'desc']],
        paging: list.length > 50,
        caption: 'Alerts of this device',
      })
    : null;
  const raw = h('pre', { tabindex: '0' });
  const bins = Object.entries(d[`${B}freq_khz_map`] ?? {});
  fill(
    node,

    h(
      'div',
      { class: 'pagehead' },
      h('h1', {}, name),
      h('span', { class: 'chip' }, d[`${B}type`]),
      words && h('span', { class: `chip ${words.level}` }, words.name),
      h(
        'button',
        { type: 'button', class: 'quiet', onclick: (e) => act(e.currentTarget, null, again) },
        'Refresh',
      ),
    ),
    h(
      'div',
      { class: 'panels' },
      (live.facts = about(d)),
      editing(d, again),
      (live.graphs = graphs(d, signal)),
      ssidPanel(d),
      bins.length
        ? panel(
            'Channels it was heard on',
            h(
              'div',
              { class: 'bars' },
              bins.map(([f, n]) =>
                h(
                  'div',
                  {},
                  h('span', {}, frequency(Number(f)).replace(' GHz', '')),
                  h(
                    'span',
                    { class: 'track' },
                    h('i', { css: { width: `${(100 * n) / Math.max(...bins.map((b) => b[1]))}%` } }),
                  ),
                  h('span', {}, count(n)),
                ),
              ),
            ),
          )
        : null,
      links(d),
      probes(d),
      others(d),
      handshakes(d),
      place(d),
      streams(d),
      devicePanels.map((fn) => plugged(fn, d)),
      t && h('section', { class: 'panel full' }, h('h2', {}, 'Alerts'), t),
      h(
        'section',
        { class: 'panel full' },
        h(
          'details',
          {
            ontoggle: () => {
              raw.textContent = JSON.stringify(d, null, 2);
            },
          },
          h('summary', {}, 'The whole record as JSON'),
          raw,
        ),
      ),
    ),
  );
  t?.start();
  return node;
}

export async function device(page) {
  page.show();
  const [key] = page.rest,
    { signal } = page;
  await draw(page, key);
  let heard;
  every(
    3000,
    async () => {
      const shown = { ...live };
      if (!shown.facts?.isConnected) return;
      const d = await get(`devices/by-key/${encodeURIComponent(key)}/device.json`, { signal });
      if (heard === d[`${B}mod_time`] || signal.aborted || shown.graphs.contains(document.activeElement))
        return;
      if (heard !== undefined) {
        shown.facts.replaceWith((live.facts = about(d)));
        shown.graphs.replaceWith((live.graphs = graphs(d, signal)));
      }
      heard = d[`${B}mod_time`];
    },
    signal,
  );
}
