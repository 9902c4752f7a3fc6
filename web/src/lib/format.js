// Numbers and times as a person reads them.
import { pref } from './prefs.js';

const LOCALE = 'en-GB';
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });

export const count = (n) => (n === undefined || n === null ? '' : whole.format(n));

export function bytes(n) {
  if (!n) return '0 B';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const i = Math.min(units.length - 1, Math.floor(Math.log10(n) / 3));
  return `${(n / 1000 ** i).toFixed(i && n / 1000 ** i < 10 ? 1 : 0)} ${units[i]}`;
}

export function frequency(khz) {
  if (!khz) return '';
  return khz >= 1e6 ? `${(khz / 1e6).toFixed(3)} GHz` : `${(khz / 1e3).toFixed(khz % 1000 ? 3 : 0)} MHz`;
}

export const signal = (dbm) => (dbm ? `${dbm} dBm` : '');

const utc = () => pref('clock', 'local') === 'utc';

export function clock(sec) {
  if (!sec) return '';
  const d = new Date(sec * 1000);
  const options = {
    timeZone: utc() ? 'UTC' : undefined,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  };
  const days = { ...options, day: 'numeric', month: 'short', year: 'numeric' };
  const today = Math.abs(Date.now() - d) < 43200000 && d.getDate() === new Date().getDate();
  return d.toLocaleString(LOCALE, today ? options : days) + (utc() ? ' UTC' : '');
}

export function duration(sec) {
  const s = Math.max(0, Math.round(sec));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60 ? `${s % 60} s` : ''}`.trim();
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

export function ago(sec, now = Date.now() / 1000) {
  if (!sec) return '';
  const s = now - sec;
  if (s < 5) return 'now';
  return s < 86400 ? `${duration(s >= 3600 ? s : s >= 60 ? s - (s % 60) : s)} ago` : clock(sec);
}

export function distance(m) {
  if (pref('units', 'metric') === 'imperial')
    return m < 300 ? `${Math.round(m * 3.28084)} ft` : `${(m / 1609.344).toFixed(2)} mi`;
  return m < 1000 ? `${Math.round(m)} m` : `${(m / 1000).toFixed(2)} km`;
}

export function speed(kmh) {
  return pref('units', 'metric') === 'imperial'
    ? `${(kmh / 1.609344).toFixed(1)} mph`
    : `${kmh.toFixed(1)} km/h`;
}
