"""Encryption: every cipher and every way to agree on keys (IEEE 802.11-2024 tables 9-188 and 9-190)."""
import struct

import pytest

from conftest import devices
from frames import AP, OTHER, STATION, Capture, element, mac, vendor

WEP, WPA, WPA1, WPA2, WPA3 = 1, 2, 4, 8, 16
# type: bit as group cipher, bit as pairwise cipher, what it says as pairwise, word, name
CIPHERS = {
    1: (7, 23, WEP, 'WEP40', 'WEP-40'), 2: (9, 25, WPA, 'TKIP', 'TKIP'), 3: (18, 34, WPA | WPA2, 'AES-OCB', '00-0F-AC:3'),
    4: (10, 26, WPA | WPA2, 'AES-CCMP', 'CCMP-128'), 5: (8, 24, WEP, 'WEP104', 'WEP-104'),
    6: (11, 27, WPA | WPA3, 'AES-BIP-CMAC128', 'BIP-CMAC-128'), 8: (12, 28, WPA | WPA2, 'AES-GCMP128', 'GCMP-128'),
    9: (13, 29, WPA | WPA2, 'AES-GCMP256', 'GCMP-256'), 10: (14, 30, WPA | WPA2, 'AES-CCMP256', 'CCMP-256'),
    11: (15, 31, WPA | WPA3, 'AES-BIP-GMAC128', 'BIP-GMAC-128'), 12: (16, 32, WPA | WPA3, 'AES-BIP-GMAC256', 'BIP-GMAC-256'),
    13: (17, 33, WPA | WPA3, 'AES-BIP-CMAC256', 'BIP-CMAC-256'),
}
# type: bit, is of WPA3, word behind the version, name
AKMS = {
    1: (37, 0, '-EAP', '802.1X'), 2: (38, 0, '-PSK', 'PSK'), 3: (39, 0, '-EAP-FT', 'FT-802.1X'), 4: (40, 0, '-PSK', 'FT-PSK'),
    5: (41, 0, None, '802.1X-SHA256'), 6: (42, 0, '-PSK', 'PSK-SHA256'), 7: (43, 0, '-TDLS', 'TDLS'), 8: (44, 1, '-SAE', 'SAE'),
    9: (45, 1, '-SAE', 'FT-SAE'), 10: (46, 1, '-AP-PEER', 'AP-PEER-KEY'), 11: (47, 1, '-EAP-SUITEB-SHA256', '802.1X-SUITE-B'),
    12: (48, 1, '-EAP-SUITEB-SHA384', '802.1X-SUITE-B-192'), 13: (49, 1, None, 'FT-802.1X-SHA384'),
    14: (50, 1, '-FILS', 'FILS-SHA256'), 15: (51, 1, '-FILS', 'FILS-SHA384'), 16: (52, 1, '-FILS', 'FT-FILS-SHA256'),
    17: (53, 1, '-FILS', 'FT-FILS-SHA384'), 18: (54, 1, '-SAE', 'OWE'), 19: (55, 1, '-PSK', 'FT-PSK-SHA384'),
    20: (56, 1, '-PSK', 'PSK-SHA384'), 22: (49, 1, None, 'FT-802.1X-SHA384-UNRESTRICTED'),
    23: (48, 1, '-EAP-SUITEB-SHA384', '802.1X-SHA384'), 24: (44, 1, '-SAE', 'SAE-EXT-KEY'), 25: (45, 1, '-SAE', 'FT-SAE-EXT-KEY'),
    21: (None, 0, None, 'PASN'), 99: (None, 0, None, '00-0F-AC:99'),
}


def suites(numbers, oui='000fac'):
    return struct.pack('<H', len(numbers)) + b''.join(bytes.fromhex(oui) + bytes([n]) for n in numbers)


def rsne(group=4, pairwise=(4,), akms=(2,), capabilities=0, pmkids=(), management=None):
    body = b'\1\0\0\x0f\xac' + bytes([group]) + suites(pairwise) + suites(akms) + struct.pack('<H', capabilities)
    if pmkids or management:
        body += struct.pack('<H', len(pmkids)) + b''.join(pmkids)
    return element(48, body + (b'\0\x0f\xac' + bytes([management]) if management else b''))


def networks(start, tmp_path, elements):
    """What a beacon with each of these says, in their order."""
    c = Capture()
    addresses = [f'00:0d:00:00:01:{i:02x}' for i in range(len(elements))]
    for address, more in zip(addresses, elements):
        c.beacon(bssid=address, more=more)
    found = devices(start, tmp_path, c)
    return [found[a]['dot11.device']['dot11.device.advertised_ssid_map'][0] for a in addresses]


def test_every_way_to_agree_on_keys(start, tmp_path):
    told = networks(start, tmp_path, [rsne(akms=[n]) for n in AKMS])
    for (bit, wpa3, word, name), n in zip(AKMS.values(), told):
        bits = WPA | WPA2 | 1 << 10 | 1 << 26 | (1 << bit if bit else 0) | WPA3 * wpa3
        version = 'WPA3' if wpa3 else 'WPA2'
        assert n['dot11.advertisedssid.crypt_bitfield'] == bits, name
        assert n['dot11.advertisedssid.crypt_string'] == ' '.join([version, version + word, 'AES-CCMP'] if word else [version, 'AES-CCMP'])
        assert n['norn.advertisedssid.rsn']['norn.rsn.akms'] == [name]


def test_every_cipher(start, tmp_path):
    told = networks(start, tmp_path, [rsne(group=n, pairwise=[]) for n in CIPHERS] + [rsne(group=7, pairwise=[n]) for n in CIPHERS])
    for (group, _, says, word, name), n in zip(CIPHERS.values(), told):
        assert n['dot11.advertisedssid.crypt_bitfield'] == (WEP if says == WEP else WPA) | WPA | 1 << group | 1 << 38, name
        assert n['dot11.advertisedssid.crypt_string'] == (word if says == WEP else f'WPA WPA-PSK {word}')
        assert n['norn.advertisedssid.rsn']['norn.rsn.group_cipher'] == name
    for (_, pair, says, word, name), n in zip(CIPHERS.values(), told[len(CIPHERS):]):
        version = {WEP: None, WPA: 'WPA', WPA | WPA2: 'WPA2', WPA | WPA3: 'WPA3'}[says]
        assert n['dot11.advertisedssid.crypt_bitfield'] == says | WPA | 1 << pair | 1 << 38, name
        assert n['dot11.advertisedssid.crypt_string'] == (f'{version} {version}-PSK {word}' if version else word)
        assert n['norn.advertisedssid.rsn']['norn.rsn.pairwise_ciphers'] == [name]
        assert n['norn.advertisedssid.rsn']['norn.rsn.group_cipher'] == 'no group traffic'


def test_the_older_bits(start, tmp_path):
    tkip, both, wps = (vendor('0050f201', b'\1\0\0\x50\xf2\2' + suites([2], '0050f2') + suites([2], '0050f2')), rsne(group=2),
                       vendor('0050f204', b'\x10\x4a\0\1\x10'))
    told = networks(start, tmp_path, [tkip, tkip + both, rsne(akms=[1]), rsne(akms=[8]), wps])
    assert [n['dot11.advertisedssid.crypt_set'] for n in told] == [
        1 << 5 | 1 << 6 | 1 << 7 | 1 << 27, 1 << 5 | 1 << 6 | 1 << 7 | 1 << 9 | 1 << 27 | 1 << 28,
        1 << 6 | 1 << 9 | 1 << 11 | 1 << 28, 1 << 6 | 1 << 9 | 1 << 28 | 1 << 29, 0]
    assert told[0]['dot11.advertisedssid.crypt_string'] == 'WPA1 WPA1-PSK TKIP'
    assert told[1]['dot11.advertisedssid.crypt_string'] == 'WPA2 WPA2-PSK TKIP AES-CCMP'


def test_protection_of_management_frames(start, tmp_path):
    pmkids = [bytes([n]) * 16 for n in (1, 2)]
    told = networks(start, tmp_path, [
        rsne(), rsne(capabilities=0x80), rsne(capabilities=0xc0, pmkids=pmkids, management=12),
        rsne(akms=[8]) + element(244, b'\x20'), rsne(akms=[24]) + element(244, b'\x72\3\x20')])
    mfp = [(n['dot11.advertisedssid.wpa_mfp_supported'], n['dot11.advertisedssid.wpa_mfp_required']) for n in told]
    assert mfp == [(0, 0), (1, 0), (1, 1), (0, 0), (0, 0)]
    rsn = [n['norn.advertisedssid.rsn'] for n in told]
    assert 'norn.rsn.group_management_cipher' not in rsn[0]
    assert rsn[1]['norn.rsn.group_management_cipher'] == 'BIP-CMAC-128'  # what the standard takes it to be
    assert rsn[2]['norn.rsn.group_management_cipher'] == 'BIP-GMAC-256'
    assert rsn[2]['norn.rsn.pmkids'] == [p.hex().upper() for p in pmkids] and rsn[2]['norn.rsn.capabilities'] == 0xc0
    assert 'norn.advertisedssid.rsn_extensions' not in told[2]
    assert told[3]['norn.advertisedssid.rsn_extensions'] == ['SAE hash-to-element']
    assert told[4]['norn.advertisedssid.rsn_extensions'] == [
        'protected TWT', 'SAE hash-to-element', 'SAE-PK', 'secure LTF', 'secure RTT', 'SSID protection']


def test_what_a_station_asks_for(start, tmp_path):
    c = Capture().beacon(more=rsne(akms=[2, 8])).associate(more=rsne(akms=[8], capabilities=0xc0, pmkids=[b'p' * 16]))
    probed, = devices(start, tmp_path, c)[STATION]['dot11.device']['dot11.device.probed_ssid_map']
    assert probed['norn.probedssid.rsn']['norn.rsn.akms'] == ['SAE']
    assert probed['norn.probedssid.rsn']['norn.rsn.pmkids'] == [(b'p' * 16).hex().upper()]
    assert probed['dot11.probedssid.crypt_string'] == 'WPA3 WPA3-SAE AES-CCMP'
    assert (probed['dot11.probedssid.wpa_mfp_required'], probed['dot11.probedssid.wpa_mfp_supported']) == (1, 1)


def test_owe_and_its_transition(start, tmp_path):
    c = Capture().beacon(ssid=b'cafe', more=vendor('506f9a1c', mac(OTHER) + b'\6owe-ca'))
    c.beacon(ssid=b'', bssid=OTHER, more=rsne(akms=[18], capabilities=0xc0) + vendor('506f9a1c', mac(AP) + b'\4cafe'))
    found = devices(start, tmp_path, c)
    names = {m: found[m]['dot11.device']['dot11.device.advertised_ssid_map'][0] for m in (AP, OTHER)}
    assert [names[m]['dot11.advertisedssid.owe_ssid'] for m in (AP, OTHER)] == ['owe-ca', 'cafe']
    assert [names[m]['dot11.advertisedssid.owe_bssid'].lower() for m in (AP, OTHER)] == [OTHER, AP]
    assert names[AP]['dot11.advertisedssid.crypt_string'] == 'Open'
    assert names[OTHER]['norn.advertisedssid.rsn']['norn.rsn.akms'] == ['OWE']


@pytest.mark.parametrize('kind, bit, word', [(13, 59, 'TLS'), (17, 58, 'LEAP'), (21, 60, 'TTLS'), (25, 61, 'PEAP'), (1, 62, None)])
def test_eap_methods(start, tmp_path, kind, bit, word):
    c = Capture().beacon(more=rsne(akms=[1])).eap(2, kind, b'x').eap(1, kind, b'y', from_ap=True)
    client = devices(start, tmp_path, c)[STATION]['dot11.device']['dot11.device.client_map'][AP.upper()]
    assert (client['dot11.client.tx_cryptset'], client['dot11.client.rx_cryptset']) == (1 << bit, 1 << bit)
    assert client.get('dot11.client.eap_identity') == (None if word else 'x')


def test_access_points_of_one_box_by_their_uuid(start, tmp_path):
    def wps(uuid):
        return vendor('0050f204', b'\x10\x4a\0\1\x10\x10\x47\0\x10' + uuid)
    third, fourth = '00:0f:00:00:00:04', '00:0f:00:00:00:05'
    c = Capture().answer(more=wps(b'u' * 16)).answer(bssid=OTHER, more=wps(b'u' * 16)).beacon(bssid=third, more=wps(b'v' * 16))
    c.beacon(bssid=fourth, more=wps(b'\0' * 16)).beacon(bssid='00:0f:00:00:00:06', more=wps(b'\0' * 16))
    found = devices(start, tmp_path, c)
    related = {m: d.get('kismet.device.base.related_devices', {}).get('norn_wps_uuid', []) for m, d in found.items()}
    assert related.pop(AP) == [found[OTHER]['kismet.device.base.key']]
    assert related.pop(OTHER) == [found[AP]['kismet.device.base.key']]
    assert not any(related.values())
