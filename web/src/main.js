// Start: who is it, then the frame with the page that the address names.
import { answer, form, onRefused, status } from './lib/api.js';
import { applyTheme } from './lib/prefs.js';
import { h, fill, errorBox } from './lib/dom.js';
import { frame } from './shell.js';
import { loadPlugins } from './plugins.js';
import { loginPage, setupPage } from './pages/login.js';

const app = document.getElementById('app');
let shell;

async function start() {
  applyTheme();
  fill(app, h('p', { class: 'loading' }, 'Starting…'));
  try {
    const setup = await answer('session/check_setup_ok');
    if (setup.status === 500) return fill(app, setupPage(start, setup.text.split('\n')[1]));
    if ((await status('session/check_session')) !== 200) return showLogin();
    shell = frame(app, { logout, plugins: await loadPlugins() });
    return shell;
  } catch (e) {
    return fill(app, h('main', { class: 'gate' }, errorBox(e, start)));
  }
}

async function logout() {
  await form('session/logout', {}).catch(() => {});
  showLogin();
}

function showLogin(expired) {
  shell?.stop();
  shell = null;
  fill(app, loginPage(start, expired));
}

onRefused(() => {
  if (shell) showLogin(true);
});
start();
