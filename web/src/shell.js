// The frame around every page: navigation, state of the server, and the page that the address names.
import { h, fill, say, errorBox, loading } from './lib/dom.js';
import { get } from './lib/api.js';
import { busIsUp, follow, on, startBus } from './lib/bus.js';
import { every } from './lib/live.js';
import { applyTheme, onPref, pref, setPref } from './lib/prefs.js';
import { count } from './lib/format.js';
import { pages as builtIn } from './pages/all.js';

const THEMES = { auto: 'Theme: automatic', light: 'Theme: light', dark: 'Theme: dark' };

function themeButton() {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      onclick: () => {
        const names = Object.keys(THEMES);
        setPref('theme', names[(names.indexOf(pref('theme', 'auto')) + 1) % names.length]);
        applyTheme();
      },
    },
    THEMES[pref('theme', 'auto')],
  );
  onPref((name, value) => {
    if (name === 'theme') button.textContent = THEMES[value];
  });
  return button;
}

// How many devices there are and how fast packets come, while the connection holds.
function watchServer(state, signal) {
  let before;
  const update = (s) => {
    const packets = s['norn.system.packets'];
    const t = Date.now();
    const rate = before ? ((packets - before[0]) * 1000) / (t - before[1]) : null;
    before = [packets, t];
    state.classList.remove('lost');
    const traffic = rate === null ? `${count(packets)} packets` : `${count(rate)} packets/s`;
    say(state, `${count(s['kismet.system.devices.count'])} devices · ${traffic}`);
  };
  on('STATISTICS', update, signal);
  every(
    3000,
    async () => {
      if (before && busIsUp()) return;
      try {
        update(await get('system/status.json', { signal }));
      } catch (e) {
        if (e.status === 0) {
          state.classList.add('lost');
          say(state, 'Connection lost; trying again');
        }
        throw e;
      }
    },
    signal,
  );
}

// How many alerts are unread.
function watchAlerts(badge, signal) {
  const update = async () => {
    const seen = pref('alerts.seen', 0);
    const list = await get('alerts/all_alerts.json', { signal });
    const fresh = list.filter((a) => a['kismet.alert.timestamp'] > seen).length;
    badge.hidden = !fresh;
    say(badge, fresh > 999 ? '999+' : fresh);
  };
  onPref((name) => {
    if (name === 'alerts.seen' && !signal.aborted) update().catch(() => {});
  });
  follow(['ALERT'], update, { ms: 10000, signal });
}

function menuButton() {
  const menu = h(
    'button',
    {
      type: 'button',
      class: 'menubutton',
      'aria-expanded': 'false',
      'aria-controls': 'nav',
      onclick: () => menu.setAttribute('aria-expanded', document.body.classList.toggle('menuopen')),
    },
    'Menu',
  );
  return menu;
}

function skipLink(main) {
  const skip = (e) => {
    e.preventDefault();
    main.focus();
  };
  return h('a', { class: 'skip', href: '#main', onclick: skip }, 'Skip to the page');
}

// Beside the page: name, menu, links, and what is below them.
function side({ menu, links, state, logout }) {
  return h(
    'header',
    { class: 'side' },
    h(
      'div',
      { class: 'brand' },
      h('img', { src: 'icon.svg', alt: '', width: 28, height: 28 }),
      h('span', {}, 'norn'),
      menu,
    ),
    h('nav', { id: 'nav', 'aria-label': 'Pages' }, links),
    h(
      'div',
      { class: 'foot' },
      state,
      themeButton(),
      h('button', { type: 'button', class: 'quiet', onclick: logout }, 'Log out'),
    ),
  );
}

// What shows the page of the address in main: call it, and stop() it.
function pageShower(pages, { main, menu, links }) {
  let page;
  const show = async (event) => {
    const [path, ...rest] = decodeURI(location.hash.replace(/^#\/?/, '')).split('/');
    const found = pages.find((p) => p.path === (path || 'devices')) ?? pages[0];
    page?.abort();
    page = new AbortController();
    const { signal } = page;
    document.body.classList.remove('menuopen');
    menu.setAttribute('aria-expanded', 'false');
    for (const a of links) {
      const current = a.dataset.path === (found.under ?? found.path);
      if (current) a.setAttribute('aria-current', 'page');
      else a.removeAttribute('aria-current');
    }
    document.title = `${found.title ?? 'Device'} · norn`;
    fill(main, loading());
    window.scrollTo(0, 0);
    if (event?.type === 'hashchange') main.focus({ preventScroll: true }); // a screen reader goes along
    const place = h('div', { class: `page ${found.path}` });
    try {
      const render = found.render ?? (await found.load());
      await render({
        place,
        signal,
        rest,
        title: (t) => {
          document.title = `${t} · norn`;
        },
        show: () => {
          if (!signal.aborted && !place.isConnected) fill(main, place);
        },
      });
      if (!signal.aborted && !place.isConnected) fill(main, place);
    } catch (e) {
      if (!signal.aborted)
        fill(
          main,
          errorBox(e, () => show()),
        );
    }
  };
  show.stop = () => page?.abort();
  return show;
}

export function frame(app, { logout, plugins }) {
  const pages = [...builtIn, ...plugins];
  const ends = new AbortController();
  startBus(ends.signal);
  const main = h('main', { id: 'main', tabindex: '-1' });
  const state = h('p', { class: 'state' }),
    alerts = h('span', { class: 'badge', hidden: true });
  const links = pages
    .filter((p) => p.title)
    .map((p) =>
      h('a', { href: `#/${p.path}`, dataset: { path: p.path } }, p.title, p.path === 'alerts' && alerts),
    );
  const menu = menuButton();
  fill(app, skipLink(main), h('div', { class: 'frame' }, side({ menu, links, state, logout }), main));
  const show = pageShower(pages, { main, menu, links });
  window.addEventListener('hashchange', show, { signal: ends.signal });
  show();
  watchServer(state, ends.signal);
  watchAlerts(alerts, ends.signal);
  return {
    stop: () => {
      ends.abort();
      show.stop();
    },
  };
}
