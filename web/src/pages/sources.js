// Data sources: what captures, and control of it.
import { h, fill, facts, field, emptyState } from '../lib/dom.js';
import { get, post } from '../lib/api.js';
import { on } from '../lib/bus.js';
import { every } from '../lib/live.js';
import { count, bytes } from '../lib/format.js';
import { sourceState } from '../lib/words.js';
import { act, dialog, toast } from '../lib/toast.js';

const S = 'kismet.datasource.';
const EVENTS = ['NEW', 'OPENED', 'ERROR', 'CLOSED', 'PAUSED', 'RESUMED'].map((e) =>
  e === 'NEW' ? 'NEW_DATASOURCE' : `DATASOURCE_${e}`,
);

function addSource(again) {
  const found = h('div', {}, h('p', { class: 'dim' }, 'Looking for interfaces…'));
  const definition = h('input', {
    name: 'definition',
    required: true,
    placeholder: 'wlan0 or a capture file',
    'aria-label': 'Definition',
  });
  get('datasource/list_interfaces.json')
    .then((list) =>
      fill(
        found,
        list?.length
          ? list.map((i) =>
              h(
                'button',
                {
                  type: 'button',
                  disabled: !/^0*-?0*$/.test((i[`${S}probed.in_use_uuid`] ?? '').replaceAll('-', '')),
                  onclick: () => {
                    definition.value = i[`${S}probed.interface`];
                  },
                },
                `${i[`${S}probed.interface`]} ${i[`${S}probed.hardware`] ?? ''}`,
              ),
            )
          : h(
              'p',
              { class: 'dim' },
              'No interface was detected. Type a definition below: an interface, or a capture file.',
            ),
      ),
    )
    .catch((e) => fill(found, h('p', { class: 'notice bad' }, e.message)));
  dialog(
    'Add a data source',
    [found, field('Definition', definition, 'As on the command line: name:option=value,…')],
    {
      ok: 'Add',
      submit: async (v) => {
        await post('datasource/add_source.cmd', { definition: v.definition }, {}, { timeout: 60000 });
        toast('The source was added.');
        again();
      },
    },
  );
}

function channelDialog(s, again) {
  dialog(
    `Channels of ${s[`${S}name`]}`,
    [
      field(
        'Stay on channel',
        h('input', { name: 'channel', value: s[`${S}hopping`] ? '' : s[`${S}channel`] }),
        'Leave it empty to hop.',
      ),
      field('Hop over', h('input', { name: 'channels', value: (s[`${S}hop_channels`] ?? []).join(', ') })),
      field(
        'Hops a second',
        h('input', {
          name: 'hoprate',
          type: 'number',
          min: '0.01',
          step: '0.01',
          value: s[`${S}hop_rate`] || 5,
        }),
      ),
    ],
    {
      submit: async (v) => {
        const list = v.channels.split(/[\s,]+/).filter(Boolean);
        await post(
          `datasource/by-uuid/${s[`${S}uuid`]}/set_channel.cmd`,
          v.channel ? { channel: v.channel } : { channels: list, hoprate: Number(v.hoprate) },
        );
        again();
      },
    },
  );
}

function card(s, rate, again) {
  const uuid = s[`${S}uuid`],
    [kind, word] = sourceState(s);
  const control = (text, command) =>
    h(
      'button',
      {
        type: 'button',
        onclick: (e) =>
          act(e.currentTarget, null, async () => {
            await post(`datasource/by-uuid/${uuid}/${command}.cmd`);
            await again();
          }),
      },
      text,
    );
  const running = s[`${S}running`],
    total = s['norn.datasource.bytes_total'],
    tunes = s[`${S}type_driver`]?.['kismet.datasource.driver.tuning_capable'];
  return h(
    'section',
    { class: 'panel', dataset: { uuid } },
    h('h2', {}, s[`${S}name`], ' ', h('span', { class: `chip ${kind}` }, word)),
    s[`${S}error_reason`] && h('p', { class: 'notice bad' }, s[`${S}error_reason`]),
    s[`${S}warning`] && h('p', { class: 'notice' }, s[`${S}warning`]),
    running && total
      ? h('progress', { max: total, value: s['norn.datasource.bytes_read'], 'aria-label': 'Read so far' })
      : null,
    facts([
      ['Kind', s[`${S}type_driver`]?.['kismet.datasource.driver.description']],
      ['Interface', s[`${S}interface`]],
      ['Hardware', s[`${S}hardware`]],
      ['Packets', count(s[`${S}num_packets`])],
      ['Rate', running && rate !== undefined ? `${count(rate)} packets a second` : null],
      ['Errors', s[`${S}num_error_packets`] || null],
      ['Channel', s[`${S}hopping`] ? `hops over ${s[`${S}hop_channels`].join(', ')}` : s[`${S}channel`]],
      ['Size', total ? bytes(total) : null],
      ['Definition', h('span', { class: 'mono' }, s[`${S}definition`])],
    ]),
    h(
      'div',
      { class: 'buttons left' },
      s[`${S}paused`]
        ? control('Resume', 'resume_source')
        : running
          ? control('Pause', 'pause_source')
          : null,
      running ? control('Close', 'close_source') : control('Open', 'open_source'),
      tunes ? h('button', { type: 'button', onclick: () => channelDialog(s, again) }, 'Channels…') : null,
      h(
        'a',
        { class: 'button', href: `datasource/pcap/by-uuid/${uuid}/${uuid}.pcapng`, download: '' },
        'Capture live',
      ),
    ),
  );
}

export async function sources({ place, signal, show }) {
  const list = h('div', { class: 'panels' });
  const before = new Map();
  let last = '';
  const draw = async () => {
    const all = await get('datasource/all_sources.json', { signal }),
      t = Date.now(),
      text = JSON.stringify(all);
    if (text === last || (list.contains(document.activeElement) && last && document.activeElement.ariaBusy))
      return;
    last = text;
    const focus = document.activeElement?.closest('[data-uuid]')?.dataset.uuid,
      word = document.activeElement?.textContent;
    fill(
      list,
      all.length
        ? all.map((s) => {
            const old = before.get(s[`${S}uuid`]),
              n = s[`${S}num_packets`];
            before.set(s[`${S}uuid`], [n, t]);
            return card(s, old && t > old[1] ? ((n - old[0]) * 1000) / (t - old[1]) : undefined, draw);
          })
        : emptyState(
            'No data sources yet',
            'A data source is a radio or a capture file that norn reads packets from.',
            h(
              'button',
              { type: 'button', class: 'primary', onclick: () => addSource(draw) },
              'Add a data source',
            ),
          ),
    );
    if (focus)
      [...list.querySelectorAll(`[data-uuid="${focus}"] button`)]
        .find((b) => b.textContent === word)
        ?.focus();
  };
  place.append(
    h(
      'div',
      { class: 'pagehead' },
      h('h1', {}, 'Data sources'),
      h('span', { class: 'grow' }),
      h('button', { type: 'button', class: 'primary', onclick: () => addSource(draw) }, 'Add…'),
    ),
    list,
  );
  await draw();
  show();
  every(2500, draw, signal); // rates change without an event
  for (const name of EVENTS) on(name, () => draw().catch(() => {}), signal);
}
