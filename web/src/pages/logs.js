// Logs: start, stop, and a slice of the packets.
import { h, fill, panel, field, emptyState } from '../lib/dom.js';
import { get, post, url } from '../lib/api.js';
import { act } from '../lib/toast.js';

const T = 'kismet.logfile.type.',
  L = 'kismet.logfile.';

// A button that does something with logs, and draws the page again.
const button = (text, done, path, draw) =>
  h(
    'button',
    {
      type: 'button',
      onclick: (e) =>
        act(e.currentTarget, done, async () => {
          await post(path);
          await draw();
        }),
    },
    text,
  );

const openLog = (l, draw) =>
  panel(
    null,
    h('h2', {}, l[`${L}path`] ?? l[`${L}uuid`]),
    h('p', { class: 'dim' }, l[`${L}description`] ?? l[`${L}driver`]?.[`${T}description`] ?? ''),
    button('Stop', 'The log is closed.', `logging/by-uuid/${l[`${L}uuid`]}/stop.cmd`, draw),
  );

const kindOfLog = (d, draw) =>
  h(
    'p',
    {},
    button(
      `Start ${d[`${T}name`]}`,
      'The log is started.',
      `logging/by-class/${d[`${T}class`]}/start.cmd`,
      draw,
    ),
    ' ',
    d[`${T}description`],
  );

// Asks for the first octet of a download, so that a refusal is shown here, then downloads.
async function download(address, signal) {
  const r = await fetch(address, {
    headers: { 'X-Requested-With': 'XMLHttpRequest', Range: 'bytes=0-0' },
    signal,
  });
  await r.body?.cancel();
  if (r.status === 404)
    throw new Error(
      'There is no open KismetDB log. Start one above, then packets from that moment on can be downloaded.',
    );
  if (!r.ok && r.status !== 206) throw new Error(`The server refused with status ${r.status}.`);
  h('a', { href: address, download: '' }).click();
}

function slicePanel(signal) {
  const said = h('div', { role: 'alert' });
  const input = (name, type = 'text', more = {}) => h('input', { name, type, ...more });
  const onsubmit = (e) => {
    e.preventDefault();
    const v = Object.fromEntries([...new FormData(e.target)].filter(([, x]) => x));
    for (const name of ['timestamp_start', 'timestamp_end'])
      if (v[name]) v[name] = new Date(v[name]).getTime() / 1000;
    const address = url(
      `logging/kismetdb/pcap/norn-${Math.floor(Date.now() / 1000)}.pcapng?${new URLSearchParams(v)}`,
    );
    act(e.submitter, null, async () => {
      fill(said);
      await download(address, signal);
    });
  };
  return panel(
    'Download packets of the log',
    h('p', {}, 'From the open KismetDB log, as pcapng. Empty fields do not filter.'),
    h(
      'form',
      { onsubmit },
      h(
        'div',
        { class: 'panels' },
        field('From', input('timestamp_start', 'datetime-local', { step: 1 })),
        field('To', input('timestamp_end', 'datetime-local', { step: 1 })),
        field('Transmitter address', input('address_trans')),
        field('Source address', input('address_source')),
        field('Weakest signal, dBm', input('signal_min', 'number')),
        field('At most packets', input('limit', 'number', { min: 1 })),
      ),
      said,
      h('button', { class: 'primary' }, 'Download'),
    ),
  );
}

export async function logs({ place, signal, show }) {
  const open = h('div'),
    kinds = h('div');
  const draw = async () => {
    const [drivers, active] = await Promise.all([
      get('logging/drivers.json', { signal }),
      get('logging/active.json', { signal }),
    ]);
    fill(
      open,
      active.length
        ? active.map((l) => openLog(l, draw))
        : emptyState(
            'No log is open',
            'What is received is kept in memory only. Start a log below to keep it.',
          ),
    );
    fill(
      kinds,
      panel(
        'Start a log',
        drivers.map((d) => kindOfLog(d, draw)),
      ),
    );
  };
  place.append(h('div', { class: 'pagehead' }, h('h1', {}, 'Logs')), open, kinds, slicePanel(signal));
  await draw();
  show();
}
