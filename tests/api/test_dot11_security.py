"""Encryption: every cipher and every way to agree on keys (IEEE 802.11-2024 tables 9-188 and 9-190)."""
import struct

import pytest

from conftest import devices
from frames import AP, ARP, OTHER, STATION, Capture, element, mac, vendor

WEP, WPA, WPA1, WPA2, WPA3 = 1, 2, 4, 8, 16
# type: bit as group cipher, bit as pairwise cipher, what it says, word, name
CIPHERS = {
    1: (7, 23, WEP, 'WEP40', 'WEP-40'), 2: (9, 25, WPA, 'TKIP', 'TKIP'), 3: (18, 34, WPA, 'AES-OCB', 'AES-OCB'),
    4: (10, 26, WPA, 'AES-CCMP', 'CCMP-128'), 5: (8, 24, WEP, 'WEP104', 'WEP-104'),
    6: (11, 27, WPA, 'AES-BIP-CMAC128', 'BIP-CMAC-128'), 8: (12, 28, WPA, 'AES-GCMP128', 'GCMP-128'),
    9: (13, 29, WPA, 'AES-GCMP256', 'GCMP-256'), 10: (14, 30, WPA, 'AES-CCMP256', 'CCMP-256'),
    11: (15, 31, WPA, 'AES-BIP-GMAC128', 'BIP-GMAC-128'), 12: (16, 32, WPA, 'AES-BIP-GMAC256', 'BIP-GMAC-256'),
    13: (17, 33, WPA, 'AES-BIP-CMAC256', 'BIP-CMAC-256'),
}
# type: bit, sets the bit of WPA3, words, name
AKMS = {
    1: (37, 0, 'WPA2 WPA2-EAP', '802.1X'), 2: (38, 0, 'WPA2 WPA2-PSK', 'PSK'), 3: (39, 0, 'WPA2 WPA2-EAP-FT', 'FT-802.1X'),
    4: (40, 0, 'WPA2 WPA2-PSK-FT', 'FT-PSK'), 5: (41, 0, 'WPA2 WPA2-EAP-SHA256', '802.1X-SHA256'),
    6: (42, 0, 'WPA2 WPA2-PSK-SHA256', 'PSK-SHA256'), 7: (43, 0, 'WPA2 WPA2-TDLS', 'TDLS'), 8: (44, 1, 'WPA3 WPA3-SAE', 'SAE'),
    9: (45, 1, 'WPA3 WPA3-SAE-FT', 'FT-SAE'), 10: (46, 1, 'WPA3 WPA3-AP-PEER', 'AP-PEER-KEY'),
    11: (47, 1, 'WPA3 WPA3-EAP-SUITEB-SHA256', '802.1X-SUITE-B'), 12: (48, 1, 'WPA3 WPA3-EAP-SUITEB-SHA384', '802.1X-SUITE-B-192'),
    13: (49, 1, 'WPA3 WPA3-EAP-FT-SHA384', 'FT-802.1X-SHA384'), 14: (50, 1, 'WPA3 WPA3-FILS-SHA256', 'FILS-SHA256'),
    15: (51, 1, 'WPA3 WPA3-FILS-SHA384', 'FILS-SHA384'), 16: (52, 1, 'WPA3 WPA3-FILS-FT-SHA256', 'FT-FILS-SHA256'),
    17: (53, 1, 'WPA3 WPA3-FILS-FT-SHA384', 'FT-FILS-SHA384'), 18: (54, 1, 'OWE', 'OWE'),
    19: (55, 1, 'WPA2 WPA2-PSK-FT-SHA384', 'FT-PSK-SHA384'), 20: (56, 1, 'WPA2 WPA2-PSK-SHA384', 'PSK-SHA384'),
    21: (36, 0, 'PASN', 'PASN'), 22: (49, 1, 'WPA3 WPA3-EAP-FT-SHA384', 'FT-802.1X-SHA384-UNRESTRICTED'),
    23: (6, 1, 'WPA3 WPA3-EAP-SHA384', '802.1X-SHA384'), 24: (35, 1, 'WPA3 WPA3-SAE-EXT-KEY', 'SAE-EXT-KEY'),
    25: (35, 1, 'WPA3 WPA3-SAE-FT WPA3-SAE-EXT-KEY', 'FT-SAE-EXT-KEY'), 99: (None, 0, 'WPA2', '00-0F-AC:99'),
}
# The known vendors' ones: OUI and type, bit, words, name.
OTHERS = {
    '00409600': (21, 'WPA2 WPA2-CCKM', 'CCKM'), '506f9a01': (19, 'OSEN', 'OSEN'), '506f9a02': (20, 'DPP', 'DPP'),
    '0050f202': (38, 'WPA2 WPA2-PSK', 'WPA-PSK'), '0050f201': (37, 'WPA2 WPA2-EAP', 'WPA-802.1X'),
    '01020304': (None, 'WPA2', '01-02-03:4'),
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
    reported = networks(start, tmp_path, [rsne(akms=[n]) for n in AKMS])
    for (bit, wpa3, words, name), n in zip(AKMS.values(), reported):
        bits = WPA | WPA2 | 1 << 10 | 1 << 26 | (1 << bit if bit else 0) | WPA3 * wpa3
        assert n['dot11.advertisedssid.crypt_bitfield'] == bits | (1 << 45) * (name == 'FT-SAE-EXT-KEY'), name
        assert n['dot11.advertisedssid.crypt_string'] == words + ' AES-CCMP'
        assert n['norn.advertisedssid.rsn']['norn.rsn.akms'] == [name]


def test_the_ways_of_vendors(start, tmp_path):
    head = b'\1\0\0\x0f\xac\4' + suites([4])
    reported = networks(start, tmp_path, [element(48, head + b'\1\0' + bytes.fromhex(n) + b'\0\0') for n in OTHERS])
    for (bit, words, name), n in zip(OTHERS.values(), reported):
        assert n['dot11.advertisedssid.crypt_bitfield'] == WPA | WPA2 | 1 << 10 | 1 << 26 | (1 << bit if bit else 0), name
        assert n['dot11.advertisedssid.crypt_string'] == words + ' AES-CCMP'
        assert n['norn.advertisedssid.rsn']['norn.rsn.akms'] == [name]


OSEN = vendor('506f9a12', b'\0\x0f\xac\7' + suites([4]) + b'\1\0\x50\x6f\x9a\1')
WAPI_PSK = element(68, b'\1\0' + suites([2], '001472') + suites([1], '001472') + b'\0\x14\x72\1\0\0')
PRIVATE, OPEN = 0x11, 1
OVERRIDES = vendor('506f9a29', rsne(akms=[8], capabilities=0xc0)[2:]) + vendor('506f9a2a', rsne(akms=[24], group=9, pairwise=[9])[2:])
# What a beacon has, and what it is called.
KINDS = [
    (PRIVATE, b'', 'WEP'), (OPEN, b'', 'Open'), (PRIVATE, vendor('0050f204', b'\x10\x4a\0\1\x10'), 'WEP'),
    (OPEN, vendor('0050f204', b'\x10\x4a\0\1\x10'), 'Open'),
    (OPEN, rsne(), 'WPA2 WPA2-PSK AES-CCMP'), (PRIVATE, element(48, b'\1\0'), 'WPA2 WPA2-EAP AES-CCMP'),
    (OPEN, element(48, b'\1\0'), 'WPA2 WPA2-EAP AES-CCMP'), (PRIVATE, element(48), 'WPA2'), (OPEN, element(48, b'\1'), 'WPA2'),
    (OPEN, element(48, b'\2\0\0\x0f\xac\4'), 'WPA2'), (PRIVATE, element(48, rsne()[2:8] + b'\xff' * 14), 'WPA2 AES-CCMP'),
    (PRIVATE, element(48, rsne()[2:12]), 'WPA2 AES-CCMP'), (OPEN, element(48, rsne()[2:5]), 'WPA2'),
    (PRIVATE, rsne(group=2, pairwise=[2]), 'WPA2 WPA2-PSK TKIP'), (OPEN, vendor('0050f201'), 'WPA1'),
    (OPEN, vendor('0050f201', b'\1\0'), 'WPA1 WPA1-EAP TKIP'),
    (PRIVATE, vendor('0050f201', b'\1\0\0\x50\xf2\2' + suites([2], '0050f2') + suites([2], '0050f2')) + rsne(),
     'WPA1 WPA2 WPA2-PSK TKIP AES-CCMP'),
    (PRIVATE, rsne(akms=[2, 8]), 'WPA2 WPA3 WPA2-PSK WPA3-SAE AES-CCMP'), (PRIVATE, OSEN, 'OSEN AES-CCMP'),
    (OPEN, vendor('506f9a12'), 'OSEN'), (PRIVATE, WAPI_PSK, 'WAPI WAPI-PSK SMS4'), (OPEN, element(68, b'\1\0\0\0'), 'Open'),
    (PRIVATE, element(68, b'\1\0\0\0'), 'WEP'), (PRIVATE, WAPI_PSK + rsne(), 'WPA2 WAPI WPA2-PSK AES-CCMP SMS4'),
    (PRIVATE, rsne(akms=[2]) + OVERRIDES, 'WPA2 WPA3 WPA2-PSK WPA3-SAE WPA3-SAE-EXT-KEY AES-CCMP AES-GCMP256'),
    (OPEN, OVERRIDES, 'WPA3 WPA3-SAE WPA3-SAE-EXT-KEY AES-CCMP AES-GCMP256'),
]


def test_encryption_is_called_what_it_is(start, tmp_path):
    c = Capture()
    addresses = [f'00:0d:00:00:01:{i:02x}' for i in range(len(KINDS))]
    for address, (capability, more, _) in zip(addresses, KINDS):
        c.beacon(bssid=address, more=more, capability=capability)
    found = devices(start, tmp_path, c)
    for address, (capability, more, words) in zip(addresses, KINDS):
        n = found[address]['dot11.device']['dot11.device.advertised_ssid_map'][0]
        assert n['dot11.advertisedssid.crypt_string'] == words, (capability, more.hex())
        assert found[address]['kismet.device.base.crypt'] == words
        assert (words == 'Open') == (n['dot11.advertisedssid.crypt_bitfield'] == 0)
    overridden = found[addresses[-2]]['dot11.device']['dot11.device.advertised_ssid_map'][0]
    assert overridden['norn.advertisedssid.rsn_override']['norn.rsn.akms'] == ['SAE']
    assert overridden['norn.advertisedssid.rsn_override_2']['norn.rsn.pairwise_ciphers'] == ['GCMP-256']
    assert (overridden['dot11.advertisedssid.wpa_mfp_supported'], overridden['dot11.advertisedssid.wpa_mfp_required']) == (1, 0)


def test_what_is_cut_off_is_not_called_open(start, tmp_path):
    """A frame whose elements are torn, and a capture that keeps the first octets of each frame."""
    torn = devices(start, tmp_path, Capture().beacon(more=b'\x7f\x14\1\0'))[AP]
    assert torn['kismet.device.base.crypt'] == 'Encrypted'


def test_a_capture_of_short_frames(start, tmp_path):
    cut = Capture().beacon(more=rsne())
    cut.most = 24 + 12 + 5 + 6 + 3  # up to the channel
    assert devices(start, tmp_path, cut)[AP]['kismet.device.base.crypt'] == 'Encrypted'


def test_every_cipher(start, tmp_path):
    reported = networks(start, tmp_path, [rsne(group=n, pairwise=[]) for n in CIPHERS] + [rsne(group=7, pairwise=[n]) for n in CIPHERS])
    for (group, _, says, word, name), n in zip(CIPHERS.values(), reported):
        assert n['dot11.advertisedssid.crypt_bitfield'] == says | WPA | WPA2 | 1 << group | 1 << 38, name
        assert n['dot11.advertisedssid.crypt_string'] == (f'{word} WPA2 WPA2-PSK' if says == WEP else f'WPA2 WPA2-PSK {word}')
        assert n['norn.advertisedssid.rsn']['norn.rsn.group_cipher'] == name
    for (_, pair, says, word, name), n in zip(CIPHERS.values(), reported[len(CIPHERS):]):
        assert n['dot11.advertisedssid.crypt_bitfield'] == says | WPA | WPA2 | 1 << pair | 1 << 38, name
        assert n['dot11.advertisedssid.crypt_string'] == (f'{word} WPA2 WPA2-PSK' if says == WEP else f'WPA2 WPA2-PSK {word}')
        assert n['norn.advertisedssid.rsn']['norn.rsn.pairwise_ciphers'] == [name]
        assert n['norn.advertisedssid.rsn']['norn.rsn.group_cipher'] == 'no group traffic'


def test_the_older_bits(start, tmp_path):
    tkip, both, wps = (vendor('0050f201', b'\1\0\0\x50\xf2\2' + suites([2], '0050f2') + suites([2], '0050f2')), rsne(group=2),
                       vendor('0050f204', b'\x10\x4a\0\1\x10'))
    reported = networks(start, tmp_path, [tkip, tkip + both, rsne(akms=[1]), rsne(akms=[8]), wps])
    assert [n['dot11.advertisedssid.crypt_set'] for n in reported] == [
        1 << 5 | 1 << 6 | 1 << 7 | 1 << 27, 1 << 5 | 1 << 6 | 1 << 7 | 1 << 9 | 1 << 27 | 1 << 28,
        1 << 6 | 1 << 9 | 1 << 11 | 1 << 28, 1 << 6 | 1 << 9 | 1 << 28 | 1 << 29, 1 << 1]
    assert reported[0]['dot11.advertisedssid.crypt_string'] == 'WPA1 WPA1-PSK TKIP'
    assert reported[1]['dot11.advertisedssid.crypt_string'] == 'WPA1 WPA2 WPA2-PSK TKIP AES-CCMP'


def test_protection_of_management_frames(start, tmp_path):
    pmkids = [bytes([n]) * 16 for n in (1, 2)]
    reported = networks(start, tmp_path, [
        rsne(), rsne(capabilities=0x80), rsne(capabilities=0xc0, pmkids=pmkids, management=12),
        rsne(akms=[8]) + element(244, b'\x20'), rsne(akms=[24]) + element(244, b'\x72\3\x20')])
    mfp = [(n['dot11.advertisedssid.wpa_mfp_supported'], n['dot11.advertisedssid.wpa_mfp_required']) for n in reported]
    assert mfp == [(0, 0), (1, 0), (1, 1), (0, 0), (0, 0)]
    rsn = [n['norn.advertisedssid.rsn'] for n in reported]
    assert 'norn.rsn.group_management_cipher' not in rsn[0]
    assert rsn[1]['norn.rsn.group_management_cipher'] == 'BIP-CMAC-128'  # what the standard takes it to be
    assert rsn[2]['norn.rsn.group_management_cipher'] == 'BIP-GMAC-256'
    assert rsn[2]['norn.rsn.pmkids'] == [p.hex().upper() for p in pmkids] and rsn[2]['norn.rsn.capabilities'] == 0xc0
    assert 'norn.advertisedssid.rsn_extensions' not in reported[2]
    assert reported[3]['norn.advertisedssid.rsn_extensions'] == ['SAE hash-to-element']
    assert reported[4]['norn.advertisedssid.rsn_extensions'] == [
        'protected TWT', 'SAE hash-to-element', 'SAE-PK', 'secure LTF', 'secure RTT', 'SSID protection']


def test_what_a_station_asks_for(start, tmp_path):
    c = Capture().beacon(more=rsne(akms=[2, 8])).associate(more=rsne(akms=[8], capabilities=0xc0, pmkids=[b'p' * 16]))
    probed, = devices(start, tmp_path, c)[STATION]['dot11.device']['dot11.device.probed_ssid_map']
    assert probed['norn.probedssid.rsn']['norn.rsn.akms'] == ['SAE']
    assert probed['norn.probedssid.rsn']['norn.rsn.pmkids'] == [(b'p' * 16).hex().upper()]
    assert probed['dot11.probedssid.crypt_string'] == 'WPA3 WPA3-SAE AES-CCMP'
    assert (probed['dot11.probedssid.wpa_mfp_required'], probed['dot11.probedssid.wpa_mfp_supported']) == (1, 1)


def test_owe_and_its_transition(start, tmp_path):
    c = Capture().beacon(ssid=b'cafe', capability=1, more=vendor('506f9a1c', mac(OTHER) + b'\6owe-ca'))
    c.beacon(ssid=b'', bssid=OTHER, more=rsne(akms=[18], capabilities=0xc0) + vendor('506f9a1c', mac(AP) + b'\4cafe'))
    found = devices(start, tmp_path, c)
    names = {m: found[m]['dot11.device']['dot11.device.advertised_ssid_map'][0] for m in (AP, OTHER)}
    assert [names[m]['dot11.advertisedssid.owe_ssid'] for m in (AP, OTHER)] == ['owe-ca', 'cafe']
    assert [names[m]['dot11.advertisedssid.owe_bssid'].lower() for m in (AP, OTHER)] == [OTHER, AP]
    assert names[AP]['dot11.advertisedssid.crypt_string'] == 'Open'
    assert names[OTHER]['dot11.advertisedssid.crypt_string'] == 'OWE AES-CCMP'
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


@pytest.mark.parametrize('wep, words', [(True, 'WEP'), (False, 'WPA')])
@pytest.mark.parametrize('from_ap', [True, False])
def test_data_alone_says_that_it_is_protected(start, tmp_path, wep, words, from_ap):
    """Of a network that was not seen itself; what it says outranks it later."""
    c = Capture().protected(7, from_ap=from_ap, wep=wep).data(ARP, bssid=OTHER)
    found = devices(start, tmp_path, c)
    assert found[AP]['kismet.device.base.crypt'] == words
    assert found[STATION]['kismet.device.base.crypt'] == found[OTHER]['kismet.device.base.crypt'] == ''
    (tmp_path / 'b').mkdir()
    c.beacon(b'net', more=rsne(akms=(8,)), repeat=2).protected(9, from_ap=from_ap, wep=wep)
    assert devices(start, tmp_path / 'b', c)[AP]['kismet.device.base.crypt'] == 'WPA3 WPA3-SAE AES-CCMP'


def test_both_ends_of_a_protected_backhaul(start, tmp_path):
    c = Capture()
    c.add(bytes([8, 0x43, 0, 0]) + mac(AP) + mac(OTHER) + mac(STATION) + b'\x10\0' + mac('00:0f:00:00:00:09') + b'\1\2\0\x20' + b'x' * 40)
    found = devices(start, tmp_path, c)
    assert {a for a, d in found.items() if d['kismet.device.base.crypt']} == {AP, OTHER}
