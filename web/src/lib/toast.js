// Short notices and dialogues.
import { h, fill } from './dom.js';

export function toast(text, kind = 'good') {
  const node = h('p', { class: `toast ${kind}` }, text);
  document.getElementById('toasts').append(node);
  setTimeout(() => node.remove(), kind === 'bad' ? 9000 : 4000);
}

// Runs an action behind a button: it is disabled meanwhile, says what failed in words, and never blocks.
export async function act(button, done, fn) {
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  try {
    const result = await fn();
    if (done) toast(done);
    return result;
  } catch (e) {
    toast(e.message, 'bad');
    return undefined;
  } finally {
    button.disabled = false;
    button.removeAttribute('aria-busy');
  }
}

// A dialogue with a form; submit(values) may throw, what it says is shown and the dialogue stays.
export function dialog(title, body, { ok = 'Save', submit, danger } = {}) {
  const said = h('div', { role: 'alert' });
  const confirm = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, ok);
  const node = h(
    'dialog',
    { 'aria-label': title },
    h(
      'form',
      {
        method: 'dialog',
        onsubmit: async (e) => {
          e.preventDefault();
          confirm.disabled = true;
          try {
            await submit?.(Object.fromEntries(new FormData(e.target)));
            node.close();
          } catch (error) {
            fill(said, h('p', { class: 'notice bad' }, error.message));
          }
          confirm.disabled = false;
        },
      },
      h('h2', {}, title),
      body,
      said,
      h(
        'div',
        { class: 'buttons' },
        h('button', { type: 'button', onclick: () => node.close() }, submit ? 'Cancel' : 'Close'),
        submit && confirm,
      ),
    ),
  );
  node.addEventListener('close', () => node.remove());
  document.body.append(node);
  node.showModal();
  return node;
}
