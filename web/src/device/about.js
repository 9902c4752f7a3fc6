// What every device has: its facts, graphs, channels, position, and what the user has noted.
import { h, panel, facts, field } from '../lib/dom.js';
import { post } from '../lib/api.js';
import { ago, bytes, clock, count, frequency, signal as dbm } from '../lib/format.js';
import { history } from '../lib/chart.js';
import { act } from '../lib/toast.js';

const B = 'kismet.device.base.';
const S = 'kismet.common.signal.';
const L = 'kismet.common.location.';

function seenBy(d) {
  const sources = (d[`${B}seenby`] ?? []).map((x) => {
    const packets = count(x['kismet.common.seenby.num_packets']);
    return `${x['kismet.common.seenby.uuid'].slice(0, 8)} (${packets})`;
  });
  return h('span', { class: 'mono' }, sources.join(', '));
}

export function about(d) {
  const s = d[`${B}signal`] ?? {};
  const last = d[`${B}last_time`];
  return panel(
    'Device',
    facts([
      ['Address', h('span', { class: 'mono' }, d[`${B}macaddr`])],
      ['Manufacturer', d[`${B}manuf`]],
      ['Phy', d[`${B}phyname`]],
      ['Protection', d[`${B}crypt`]],
      ['First seen', clock(d[`${B}first_time`])],
      ['Last seen', [...new Set([clock(last), ago(last)])].join(', ')],
      ['Channel', d[`${B}channel`]],
      ['Frequency', frequency(d[`${B}frequency`])],
      ['Packets', count(d[`${B}packets.total`])],
      ['Data', bytes(d[`${B}datasize`])],
      ['Signal', dbm(s[`${S}last_signal`])],
      [
        'Strongest, weakest',
        s[`${S}max_signal`] && `${dbm(s[`${S}max_signal`])}, ${dbm(s[`${S}min_signal`])}`,
      ],
      ['Seen by', seenBy(d)],
    ]),
  );
}

export function graphs(d, signal) {
  const s = d[`${B}signal`] ?? {};
  return h(
    'section',
    { class: 'panel full' },
    history('Packets', d[`${B}packets.rrd`], { signal }),
    history('Data', d[`${B}datasize.rrd`], { signal, unit: ' B' }),
    history('Signal', s[`${S}signal_rrd`], { signal, unit: ' dBm', kinds: ['minute'] }),
  );
}

export function channelsSeen(d) {
  const all = Object.entries(d[`${B}freq_khz_map`] ?? {});
  const most = Math.max(...all.map(([, n]) => n));
  if (!all.length) return null;
  const bar = (n) => h('span', { class: 'track' }, h('i', { css: { width: `${(100 * n) / most}%` } }));
  const row = ([khz, n]) =>
    h('div', {}, h('span', {}, frequency(Number(khz)).replace(' GHz', '')), bar(n), h('span', {}, count(n)));
  return panel('Channels it was seen on', h('div', { class: 'bars' }, all.map(row)));
}

export function location(d) {
  const l = d[`${B}location`];
  const mean = l?.[`${L}avg_loc`] ?? l?.[`${L}last`];
  const [lon, lat] = mean?.[`${L}geopoint`] ?? [0, 0];
  if (!lon && !lat) return null;
  return panel(
    'Location',
    facts([['Average position', `${lat.toFixed(6)}, ${lon.toFixed(6)}`]]),
    h('a', { href: '#/map' }, 'Show the map'),
  );
}

const note = (d) => {
  const tags = d[`${B}tags`];
  return (Array.isArray(tags) ? undefined : tags?.notes) ?? '';
};

export function editing(d, again) {
  const key = d[`${B}key`];
  const name = h('input', {
    value: d[`${B}username`] ?? '',
    maxlength: 128,
    name: 'username',
    placeholder: d[`${B}commonname`],
  });
  const notes = h('textarea', { rows: 3, name: 'notes', value: note(d) });
  const save = async () => {
    await post(`devices/by-key/${key}/set_name.cmd`, { username: name.value });
    await post(`devices/by-key/${key}/set_tag.cmd`, { tagname: 'notes', tagvalue: notes.value });
    await again();
  };
  const onsubmit = (e) => {
    e.preventDefault();
    act(e.submitter, 'Saved.', save);
  };
  return panel(
    'Your name and notes',
    h(
      'form',
      { onsubmit },
      field('Name', name),
      field('Notes', notes),
      h('div', { class: 'buttons' }, h('button', { class: 'primary' }, 'Save')),
    ),
  );
}
