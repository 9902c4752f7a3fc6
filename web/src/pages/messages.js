// What the server says.
import { h } from '../lib/dom.js';
import { get } from '../lib/api.js';
import { follow } from '../lib/bus.js';
import { table } from '../lib/table.js';
import { clock } from '../lib/format.js';
import { messageKind } from '../lib/words.js';

const M = 'kismet.messagebus.message_';
const COLUMNS = [
  { key: `${M}time`, title: 'Time', show: clock },
  {
    key: `${M}flags`,
    title: 'Kind',
    show: (v) => {
      const k = messageKind(v);
      return h('span', { class: `chip ${k.kind}` }, k.name);
    },
  },
  { key: `${M}string`, title: 'Message', className: 'wide' },
];

export async function messages({ place, signal, show }) {
  const t = table('messages', COLUMNS, { order: [[0, 'desc']], caption: 'Messages', empty: 'No messages.' });
  place.append(h('div', { class: 'pagehead' }, h('h1', {}, 'Messages')), t);
  show();
  t.start();
  await follow(['MESSAGE'], async () => t.refresh(await get('messagebus/all_messages.json', { signal })), {
    ms: 3000,
    signal,
  });
}
