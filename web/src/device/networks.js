// Networks of a device: those it announces, and those it looks for.
import { h, panel, facts } from '../lib/dom.js';
import { ago } from '../lib/format.js';
import { security } from '../lib/words.js';

const D = 'dot11.device.';
const A = 'dot11.advertisedssid.';

const securityWords = (words) =>
  h(
    'p',
    {},
    h('span', { class: `chip ${words.level}` }, words.name),
    ` ${[words.means, ...words.more].join(' ')}`,
  );

function managementWords(s) {
  if (s[`${A}wpa_mfp_required`]) return 'Required';
  return s[`${A}wpa_mfp_supported`] ? 'Offered' : 'No: anybody can disconnect its clients';
}

function wpsWords(s) {
  if (!s[`${A}wps_state`]) return null;
  const parts = [s[`${A}wps_manuf`], s[`${A}wps_model_name`], s[`${A}wps_device_name`]].filter(Boolean);
  return parts.join(' · ') || 'On';
}

function network(s) {
  const words = security(s[`${A}crypt_string`]);
  return h(
    'div',
    {},
    h('h3', {}, s[`${A}ssid`] || 'Hidden network'),
    words && securityWords(words),
    facts([
      ['Protection', s[`${A}crypt_string`]],
      ['Channel', [s[`${A}channel`], s[`${A}ht_mode`]].filter(Boolean).join(', ')],
      ['Highest rate', s[`${A}maxrate`] && `${s[`${A}maxrate`]} Mbit/s`],
      ['Country', s[`${A}dot11d_country`]],
      ['Protected management', managementWords(s)],
      ['Beacons', s[`${A}beaconrate`] && `${s[`${A}beaconrate`]} a second`],
      ['WPS', wpsWords(s)],
      ['Last seen', ago(s[`${A}last_time`])],
    ]),
  );
}

export function announced(d) {
  const list = [...(d['dot11.device']?.[`${D}advertised_ssid_map`] ?? [])];
  return list.length ? panel('Networks it announces', list.map(network)) : null;
}

export function lookedFor(d) {
  const all = [...(d['dot11.device']?.[`${D}probed_ssid_map`] ?? [])];
  const list = all.filter((p) => p['dot11.probedssid.ssid']);
  if (!list.length) return null;
  return panel(
    'Networks it looks for',
    h('p', {}, 'Names of networks that it knows, sent in the open.'),
    facts(list.map((p) => [p['dot11.probedssid.ssid'], ago(p['dot11.probedssid.last_time'])])),
  );
}
