// Alerts that were raised, and every alert that can be.
import { h, fill, field } from '../lib/dom.js';
import { get, post } from '../lib/api.js';
import { follow } from '../lib/bus.js';
import { setPref } from '../lib/prefs.js';
import { table } from '../lib/table.js';
import { count, clock } from '../lib/format.js';
import { alertClass, severity } from '../lib/words.js';
import { dialog, toast } from '../lib/toast.js';

const A = 'kismet.alert.',
  D = 'kismet.alert.definition.';
const UNITS = ['second', 'minute', 'hour', 'day'];
const none = (m) => (m && m !== '00:00:00:00:00:00' ? m : '');
export const severityChip = (n) => {
  const s = severity(n);
  return h('span', { class: `chip sev-${s.key}` }, s.name);
};
export const ALERT_COLUMNS = [
  { key: `${A}timestamp`, title: 'Time', show: (v) => clock(v) },
  { key: `${A}severity`, title: 'Severity', show: severityChip },
  {
    key: `${A}header`,
    title: 'Alert',
    className: 'mono',
    show: (v, r) => h('button', { type: 'button', class: 'link', onclick: () => details(r) }, v),
  },
  { key: `${A}text`, title: 'What happened', className: 'wide' },
  {
    key: `${A}transmitter_mac`,
    title: 'Transmitter',
    className: 'mono',
    show: (v, r) => (none(v) ? h('a', { href: `#/device/${r[`${A}device_key`]}` }, v) : ''),
  },
  { key: `${A}source_mac`, title: 'Source', className: 'mono', hidden: true, show: none },
  { key: `${A}dest_mac`, title: 'Destination', className: 'mono', hidden: true, show: none },
  { key: `${A}channel`, title: 'Channel', show: (v) => (v === '0' ? '' : v), className: 'num' },
];
const DEFINITIONS = [
  { key: `${D}header`, title: 'Alert', className: 'mono' },
  { key: `${D}severity`, title: 'Severity', show: severityChip },
  { key: `${D}description`, title: 'Meaning', className: 'wide' },
  { key: `${D}class`, title: 'Class', show: alertClass, hidden: true },
  {
    key: `${D}limit_rate`,
    title: 'At most',
    show: (v, r) => (v ? `${v} a ${UNITS[r[`${D}limit_unit`]] ?? 'minute'}` : 'no limit'),
  },
  { key: 'norn.alert.definition.raised', title: 'Raised', show: count, className: 'num' },
  { key: 'norn.alert.definition.held_back', title: 'Held back', show: count, className: 'num' },
];

function define(after) {
  dialog(
    'Define an alert',
    [
      h('p', {}, 'A script raises it by name; see the manual for raise_alert.'),
      field(
        'Name',
        h('input', { name: 'name', required: true, pattern: '[A-Za-z0-9_]+', maxlength: 32 }),
        'Letters, digits and underscores',
      ),
      field('Meaning', h('input', { name: 'description', required: true })),
      field('At most', h('input', { name: 'throttle', value: '10/min', required: true }), 'As 10/min'),
      field('At once', h('input', { name: 'burst', value: '1/sec', required: true }), 'As 1/sec'),
    ],
    {
      ok: 'Define',
      submit: async (v) => {
        await post('alerts/definitions/define_alert.cmd', { ...v, class: 'OTHER', severity: 5 });
        toast(`Alert ${v.name} is defined.`);
        after();
      },
    },
  );
}

function details(r) {
  dialog(
    r[`${A}header`],
    h(
      'dl',
      { class: 'facts' },
      [
        ['What happened', r[`${A}text`]],
        ['Time', clock(r[`${A}timestamp`])],
        ['Severity', severity(r[`${A}severity`]).name],
        ['Kind', alertClass(r[`${A}class`])],
        ['Transmitter', none(r[`${A}transmitter_mac`])],
        ['Source', none(r[`${A}source_mac`])],
        ['Destination', none(r[`${A}dest_mac`])],
        ['Other', none(r[`${A}other_mac`])],
      ]
        .filter((p) => p[1])
        .map(([k, v]) => h('div', {}, h('dt', {}, k), h('dd', {}, v))),
    ),
  );
}

export async function alerts({ place, signal, show, rest }) {
  const defs = rest[0] === 'definitions';
  const t = defs
    ? table('definitions', DEFINITIONS, { caption: 'Definitions', paging: false })
    : table('alerts', ALERT_COLUMNS, {
        order: [[0, 'desc']],
        caption: 'Alerts',
        goto: details,
        empty: 'No alerts. Nothing that the rules watch for was seen.',
      });
  const tab = (href, text, on) => h('a', { href, 'aria-current': on ? 'true' : null }, text);
  const load = async () =>
    t.refresh(await get(defs ? 'alerts/definitions.json' : 'alerts/all_alerts.json', { signal }));
  const search = h('input', {
    type: 'search',
    placeholder: 'Search',
    'aria-label': 'Search alerts',
    oninput: () => t.grid.search(search.value).draw(),
  });
  place.append(
    h(
      'div',
      { class: 'pagehead' },
      h('h1', {}, 'Alerts'),
      h(
        'div',
        { class: 'tabs' },
        tab('#/alerts', 'Raised', !defs),
        tab('#/alerts/definitions', 'Definitions', defs),
      ),
    ),
    h(
      'div',
      { class: 'tools' },
      search,
      h('span', { class: 'grow' }),
      defs && h('button', { type: 'button', onclick: () => define(load) }, 'Define an alert'),
      t.columnsMenu(),
    ),
    t,
  );
  show();
  t.start();
  if (defs) return load();
  let newest = -1;
  const draw = async () => {
    const list = await get('alerts/all_alerts.json', { signal });
    const last = list.reduce((m, a) => Math.max(m, a[`${A}timestamp`]), 0);
    if (last !== newest) t.refresh(list);
    newest = last;
    setPref('alerts.seen', last);
  };
  return follow(['ALERT'], draw, { ms: 4000, signal });
}
