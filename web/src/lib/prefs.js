// What this browser remembers. Nothing of it leaves the browser.
const PREFIX = 'norn.';
const listeners = new Set();

export function pref(name, standard) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? standard : JSON.parse(text);
  } catch {
    return standard;
  }
}

export function setPref(name, value) {
  if (pref(name) === value) return;
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    /* private mode: kept for this page only */
  }
  for (const fn of listeners) fn(name, value);
}

export const onPref = (fn) => listeners.add(fn);

export function applyTheme() {
  const theme = pref('theme', 'auto');
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
