// This browser's settings, the password and the API keys.
import { h, fill, panel, field } from '../lib/dom.js';
import { form, get, login, post, status } from '../lib/api.js';
import { applyTheme, pref, setPref } from '../lib/prefs.js';
import { clock } from '../lib/format.js';
import { act, dialog, toast } from '../lib/toast.js';

const ROLES = [
  ['readonly', 'May read only'],
  ['admin', 'May do everything'],
  ['datasource', 'For remote capture'],
  ['WEBGPS', 'May send a position'],
  ['scanreport', 'May send scan reports'],
  ['ADSB', 'May read aircraft'],
];
const H = 'kismet.httpd.auth.';
const select = (name, options) =>
  h(
    'select',
    {
      onchange: (e) => {
        setPref(name, e.target.value);
        applyTheme();
      },
    },
    options.map(([v, t]) => h('option', { value: v, selected: pref(name, options[0][0]) === v }, t)),
  );

function passwordPanel() {
  return panel(
    'Password',
    h(
      'form',
      {
        onsubmit: (e) => {
          e.preventDefault();
          const v = Object.fromEntries(new FormData(e.target)),
            node = e.target;
          act(e.submitter, 'The password was changed.', async () => {
            if (v.password !== v.again) throw new Error('The two passwords differ.');
            await form('session/set_password', {
              username: v.username,
              password: v.password,
              old_password: v.old,
            });
            await login(v.username, v.password);
            node.reset();
          });
        },
      },
      field('User name', h('input', { name: 'username', required: true, autocomplete: 'username' })),
      field(
        'Current password',
        h('input', { name: 'old', type: 'password', required: true, autocomplete: 'current-password' }),
      ),
      field(
        'New password',
        h('input', {
          name: 'password',
          type: 'password',
          required: true,
          minlength: 8,
          autocomplete: 'new-password',
        }),
      ),
      field(
        'Again',
        h('input', { name: 'again', type: 'password', required: true, autocomplete: 'new-password' }),
      ),
      h('button', { class: 'primary' }, 'Change'),
    ),
  );
}

const P = 'kismet.plugin.';
const pluginFacts = (p) =>
  h(
    'li',
    {},
    h('strong', {}, p[`${P}name`]),
    ` ${p[`${P}version`] ?? ''} ${p[`${P}description`] ?? ''}`,
    p[`${P}author`] && h('span', { class: 'dim' }, ` by ${p[`${P}author`]}`),
  );

function pluginPanel(list) {
  const none = 'None. doc/plugins.md and doc/web-plugins.md of norn say how to add one.';
  return panel('Plugins', list.length ? h('ul', {}, list.map(pluginFacts)) : h('p', { class: 'dim' }, none));
}

const S = 'norn.session.';

// Every login: from where, since when, used when last; each can be ended alone.
async function sessions(node, signal) {
  const again = () => sessions(node, signal);
  const end = (s) => async () => {
    await post(`session/by-id/${s[`${S}id`]}/end_session.cmd`);
    await again();
  };
  let list;
  try {
    list = await get('session/all_sessions.json', { signal });
  } catch (e) {
    fill(node, h('p', { class: 'dim' }, e.message));
    return;
  }
  list.sort((a, b) => b[`${S}accessed`] - a[`${S}accessed`]);
  fill(
    node,
    h(
      'ul',
      { class: 'sessions' },
      list.map((s) =>
        h(
          'li',
          {},
          h('strong', {}, `${s[`${S}name`]} from ${s[`${S}address`]}`),
          s[`${S}current`] ? ' (this session)' : '',
          ` since ${clock(s[`${S}created`])}, last used ${clock(s[`${S}accessed`])} `,
          h('span', { class: 'dim' }, s[`${S}agent`], ' '),
          h(
            'button',
            {
              type: 'button',
              class: 'danger',
              'aria-label': `End the session of ${s[`${S}name`]} from ${s[`${S}address`]}`,
              onclick: (e) => act(e.currentTarget, 'The session was ended.', end(s)),
            },
            'End',
          ),
        ),
      ),
    ),
    h('button', { type: 'button', onclick: again }, 'Refresh'),
  );
}

function makeKey(again) {
  const roles = ROLES.map(([v, t]) => h('option', { value: v }, `${v}: ${t}`));
  const submit = async (v) => {
    const token = await post('auth/apikey/generate.cmd', { ...v, duration: 0 });
    dialog('The new key', [
      h('p', {}, 'Copy it now. A script sends it as the variable or cookie KISMET.'),
      h('pre', { tabindex: 0 }, String(token)),
    ]);
    again();
  };
  dialog(
    'Make an API key',
    [
      field('Name', h('input', { name: 'name', required: true, maxlength: 60 })),
      field('Role', h('select', { name: 'role' }, roles)),
    ],
    { ok: 'Make', submit },
  );
}

function keyItem(k, again) {
  const until = k[`${H}expiration`];
  const revoke = async () => {
    await post('auth/apikey/revoke.cmd', { name: k[`${H}name`] });
    await again();
  };
  const onclick = (e) => act(e.currentTarget, 'The key was revoked.', revoke);
  return h(
    'li',
    {},
    h('strong', {}, k[`${H}name`]),
    ` ${k[`${H}role`]}, ${until ? `until ${clock(until)}` : 'does not expire'} `,
    h('button', { type: 'button', class: 'danger', onclick }, 'Revoke'),
  );
}

async function keys(node, signal) {
  const again = () => keys(node, signal);
  let list;
  try {
    list = await get('auth/apikey/list.json', { signal });
  } catch (e) {
    fill(node, h('p', { class: 'dim' }, e.message));
    return;
  }
  const items = list.map((k) => keyItem(k, again));
  fill(
    node,
    items.length ? h('ul', {}, items) : h('p', { class: 'dim' }, 'None.'),
    h('button', { type: 'button', onclick: () => makeKey(again) }, 'Make a key…'),
  );
}

const CHOICES = [
  ['Theme', 'theme', ['auto', 'As the system'], ['light', 'Light'], ['dark', 'Dark']],
  ['Units', 'units', ['metric', 'Metric'], ['imperial', 'Imperial']],
  ['Times', 'clock', ['local', 'Local time'], ['utc', 'UTC']],
];

function browserPanel() {
  const onclick = () => {
    for (const k of Object.keys(localStorage)) if (k.startsWith('norn.')) localStorage.removeItem(k);
    applyTheme();
    toast('The settings of this browser were cleared.');
  };
  return panel(
    'This browser',
    CHOICES.map(([label, name, ...options]) => field(label, select(name, options))),
    h('button', { type: 'button', onclick }, 'Clear the settings of this browser'),
  );
}

export async function settings({ place, signal, show }) {
  const list = h('div');
  const logins = h('div');
  const plugins = pluginPanel(await get('plugins/all_plugins.json', { signal }));
  const global = (await status('session/check_setup_ok')) === 406;
  const fixed = h(
    'p',
    {},
    "The password is set in the server's configuration, which is where you change it.",
  );
  place.append(
    h('div', { class: 'pagehead' }, h('h1', {}, 'Settings')),
    h(
      'div',
      { class: 'panels' },
      browserPanel(),
      global ? panel('Password', fixed) : passwordPanel(),
      panel(
        'Sessions',
        h('p', {}, 'Each login is a session; ending one logs its browser or script out.'),
        logins,
      ),
      panel('API keys', h('p', {}, 'Scripts use keys instead of the password.'), list),
      plugins,
    ),
  );
  await Promise.all([keys(list, signal), sessions(logins, signal)]);
  show();
}
