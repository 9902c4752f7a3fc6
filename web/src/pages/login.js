// The first password, and the login.
import { h, field, fill } from '../lib/dom.js';
import { form, login } from '../lib/api.js';

const mark = () =>
  h(
    'div',
    { class: 'brand' },
    h('img', { src: 'icon.svg', alt: '', width: 40, height: 40 }),
    h('span', {}, 'norn'),
  );

function gate(title, text, fields, button, submit) {
  const said = h('div', { role: 'alert' });
  const go = h('button', { type: 'submit', class: 'primary' }, button);
  const node = h(
    'main',
    { class: 'gate' },
    mark(),
    h('h1', {}, title),
    text && h('p', {}, text),
    h(
      'form',
      {
        onsubmit: async (e) => {
          e.preventDefault();
          go.disabled = true;
          fill(said);
          try {
            await submit(Object.fromEntries(new FormData(e.target)));
          } catch (error) {
            fill(said, h('p', { class: 'notice bad' }, error.message));
          }
          go.disabled = false;
        },
      },
      fields,
      said,
      go,
    ),
  );
  queueMicrotask(() => node.querySelector('input').focus());
  return node;
}

const input = (name, type, complete, more) =>
  h('input', {
    name,
    type,
    required: true,
    autocomplete: complete,
    autocapitalize: 'off',
    spellcheck: 'false',
    ...more,
  });

export function loginPage(done, expired) {
  return gate(
    'Log in',
    expired ? 'Your session has ended. Log in to go on where you were.' : null,
    [
      field('User name', input('user', 'text', 'username')),
      field('Password', input('password', 'password', 'current-password')),
    ],
    'Log in',
    async ({ user, password }) => {
      if (!(await login(user, password))) throw new Error('The user name or the password is wrong.');
      await done();
    },
  );
}

// `where` is the server's sentence on the token of the first login.
export function setupPage(done, where) {
  return gate(
    'Welcome',
    "Choose the administrator's login of this server. It is kept, hashed, on the server; with it you add sources, name devices and change settings.",
    [
      field('Token', input('token', 'text', 'one-time-code', { maxlength: 40 }), where),
      field('User name', input('user', 'text', 'username', { value: 'norn' })),
      field(
        'Password',
        input('password', 'password', 'new-password', { minlength: 8 }),
        'At least 8 characters; a few words are easy to keep.',
      ),
      field('Password again', input('again', 'password', 'new-password')),
    ],
    'Set password',
    async ({ token, user, password, again }) => {
      if (password !== again) throw new Error('The two passwords differ.');
      await form('session/set_password', { username: user, password, token });
      await login(user, password);
      await done();
    },
  );
}
