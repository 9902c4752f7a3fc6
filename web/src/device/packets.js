// Packets of a device to take along: handshakes, a live capture, those of the log.
import { h, panel, facts } from '../lib/dom.js';
import { url } from '../lib/api.js';

const D = 'dot11.device.';
const button = (address, text) => h('a', { class: 'button', href: url(address), download: '' }, text);

function messageNumbers(messages) {
  const numbers = new Set(messages.map((m) => m['dot11.eapol.message_num']));
  return `messages ${[...numbers].sort().join(', ')} of 4`;
}

export function handshakes(d) {
  const list = d['dot11.device']?.[`${D}wpa_handshake_list`];
  const key = d['kismet.device.base.key'];
  const clients = list && !Array.isArray(list) ? Object.entries(list) : [];
  const pmkid = d['dot11.device']?.[`${D}pmkid_packet`];
  if (!clients.length && !pmkid) return null;
  const file = (name) => `phy/phy80211/by-key/${key}/pcap/${key}-${name}`;
  return panel(
    'Handshakes',
    h('p', {}, 'Recorded key exchanges. Who has one can try passwords against it without being near.'),
    facts(clients.map(([mac, messages]) => [mac, messageNumbers(messages)])),
    h(
      'div',
      { class: 'buttons left' },
      clients.length > 0 && button(file('handshake.pcap'), 'Download handshakes'),
      pmkid && button(file('pmkid.pcap'), 'Download PMKID'),
      button(file('handshake.hc22000'), 'Download hashes'),
    ),
  );
}

export function streams(d) {
  const key = d['kismet.device.base.key'];
  return panel(
    'Packets',
    h('p', {}, 'A live capture runs until you cancel the download; Wireshark reads it.'),
    h(
      'div',
      { class: 'buttons left' },
      button(`devices/by-key/${key}/pcap/${key}.pcapng`, 'Capture live'),
      button(`logging/kismetdb/pcap/${key}.pcapng?device_id=${key}`, 'From the log'),
    ),
  );
}
