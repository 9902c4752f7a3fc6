"""Networks that a frame speaks for beside its own: multiple BSSID (IEEE 802.11-2020 11.1.3.8), the pair of OWE, S1G beacons."""
import os
import pathlib
import struct

import pytest

from conftest import BOARD, LOGIN, devices
from frames import AP, OTHER, STATION, Capture, element, mac, rsn, vendor

HE_OPERATION = element(255, bytes([36]) + b'\0\0\2' + b'\0\0\0' + bytes([37, 0, 37, 0, 0]))
CASES = pathlib.Path(os.environ['SAMPLE']).parents[2].parent / 'shared/cases/wifi'


def profile(number, ssid, capability=1, more=b'', index=None):
    body = element(83, struct.pack('<H', capability)) + element(0, ssid) + element(85, bytes([number]) if index is None else index)
    return element(0, body + more)


def multiple(*profiles, indicator=4):
    return element(71, bytes([indicator]) + b''.join(profiles))


def beside(number):
    return f'00:0d:00:00:00:{number:02x}'


def words(device):
    record = device['dot11.device']['dot11.device.last_beaconed_ssid_record']
    return (record['dot11.advertisedssid.ssid'], device['kismet.device.base.crypt'], device['kismet.device.base.channel'],
            device['kismet.device.base.type'])


SAE, GUEST = rsn(akm=8, capabilities=0xc0), profile(1, b'guest')


def test_each_is_a_network(start, tmp_path):
    c = Capture().tuned(2437).beacon(b'main', more=rsn() + multiple(GUEST, profile(2, b'iot', 0x11, SAE), profile(3, b'like', 0x11)))
    found = devices(start, tmp_path, c)
    assert words(found[AP]) == ('main', 'WPA2 WPA2-PSK AES-CCMP', '6', 'Wi-Fi AP')
    assert words(found[beside(2)]) == ('guest', 'Open', '6', 'Wi-Fi AP')
    assert words(found[beside(3)]) == ('iot', 'WPA3 WPA3-SAE AES-CCMP', '6', 'Wi-Fi AP')
    assert words(found[beside(4)]) == ('like', 'WPA2 WPA2-PSK AES-CCMP', '6', 'Wi-Fi AP')  # what it inherits
    keys = {n: found[beside(n)]['kismet.device.base.key'] for n in range(1, 5)}
    related = {n: found[beside(n)]['kismet.device.base.related_devices']['norn_multiple_bssid'] for n in keys}
    assert sorted(related.pop(1)) == sorted(keys[n] for n in (2, 3, 4))
    assert all(r == [keys[1]] for r in related.values())


def test_answers_speak_for_them_too(start, tmp_path):
    found = devices(start, tmp_path, Capture().answer(ssid=b'main', more=rsn() + multiple(GUEST)))
    assert words(found[beside(2)])[:2] == ('guest', 'Open')


def test_at_6_ghz(start, tmp_path):
    c = Capture().beacon(b'main', channel=None, more=SAE + HE_OPERATION + multiple(profile(1, b'six', 0x11)))
    assert words(devices(start, tmp_path, c)[beside(2)])[:3] == ('six', 'WPA3 WPA3-SAE AES-CCMP', '37W6e')


def test_profiles_over_several_elements(start, tmp_path):
    """One element each; and one that goes on in the next, whose first subelement then has no capability."""
    body = element(83, b'\x11\0') + element(0, b'long') + element(85, b'\3\1\4')  # with DTIM period and count
    c = Capture().beacon(b'main', more=rsn() + multiple(GUEST) + multiple(profile(2, b'two'))
                         + multiple(element(0, body)) + multiple(element(0, SAE)))
    found = devices(start, tmp_path, c)
    assert [words(found[beside(n)])[0] for n in (2, 3, 4)] == ['guest', 'two', 'long']
    assert words(found[beside(4)])[1] == 'WPA3 WPA3-SAE AES-CCMP'


def test_their_clients_hang_on_them(start, tmp_path):
    c = Capture().beacon(b'main', more=rsn() + multiple(GUEST)).associate(bssid=beside(2), ssid=b'guest')
    c.data(b'\xaa\xaa\3\0\0\0\x08\0' + b'x' * 20, bssid=beside(2))
    found = devices(start, tmp_path, c)
    assert list(found[STATION]['dot11.device']['dot11.device.client_map']) == [beside(2).upper()]
    assert list(found[beside(2)]['dot11.device']['dot11.device.associated_client_map']) == [STATION.upper()]
    assert not found[AP]['dot11.device'].get('dot11.device.associated_client_map')


def test_a_network_that_is_hidden_and_one_that_changes(start, tmp_path):
    c = Capture().beacon(b'main', more=rsn() + multiple(profile(1, b'')))
    c.beacon(b'main', more=rsn() + multiple(profile(1, b'', 0x11, SAE)))
    found = devices(start, tmp_path, c)
    assert words(found[beside(2)])[:2] == ('', 'WPA3 WPA3-SAE AES-CCMP')


def raised(norn):
    return {a['kismet.alert.header'] for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json()}


def test_what_is_hostile_is_bounded(start, tmp_path):
    """Indexes of zero, of the transmitting one, without a capability, an indicator that there is not, and as many as fit."""
    many = multiple(*[profile(n, b'') for n in range(1, 23)], indicator=8)
    bad = (multiple(profile(0, b'zero')) + multiple(profile(16, b'self')) + multiple(element(0, element(0, b'bare')))
           + multiple(GUEST, indicator=0) + multiple(GUEST, indicator=9) + multiple() + element(71))
    c = Capture().beacon(b'main', more=rsn() + bad).beacon(b'main', more=rsn() + many * 6)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config='httpd_username=kismet\nhttpd_password=secret\n')
    norn.wait_done()
    found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    names = [d['kismet.device.base.commonname'] for d in found]
    assert 'main' in names and not {'zero', 'self', 'bare', 'guest'} & set(names) and len(found) <= 1 + 32
    assert 'CRYPTODROP' not in raised(norn)


def test_owe_networks_are_a_pair(start, tmp_path):
    def owe(bssid, name):
        return vendor('506f9a1c', mac(bssid) + bytes([len(name)]) + name)
    c = Capture().beacon(b'cafe', capability=1, more=owe(OTHER, b'cafe-owe')).beacon(
        b'', bssid=OTHER, more=rsn(akm=18) + owe(AP, b'cafe'))
    found = devices(start, tmp_path, c)
    assert [found[m]['kismet.device.base.crypt'] for m in (AP, OTHER)] == ['Open', 'OWE AES-CCMP']
    for one, other in ((AP, OTHER), (OTHER, AP)):
        assert found[one]['kismet.device.base.related_devices']['norn_owe_transition'] == [found[other]['kismet.device.base.key']]


def test_an_owe_network_that_does_not_transmit(start, tmp_path):
    open_one = vendor('506f9a1c', mac(beside(2)) + b'\3owe')
    hidden = profile(1, b'owe', 0x11, rsn(akm=18) + vendor('506f9a1c', mac(AP) + b'\4cafe'))
    found = devices(start, tmp_path, Capture().beacon(b'cafe', capability=1, more=open_one + multiple(hidden), repeat=2))
    assert words(found[beside(2)])[:2] == ('owe', 'OWE AES-CCMP')
    assert 'norn_owe_transition' in found[AP]['kismet.device.base.related_devices']


def s1g(source, elements, flags=0, fixed=b''):
    """9.3.4.3: frame control (type 3, subtype 1), duration, source, timestamp, change sequence, what the flags say."""
    return struct.pack('<HH', 0x1c | flags << 8, 0) + mac(source) + struct.pack('<IB', 0x01020304, 7) + fixed + elements


@pytest.mark.parametrize('flags, fixed', [(0, b''), (1, b'\0' * 3), (2, b'\0' * 4), (4, b'\0'), (7, b'\0' * 8)])
def test_s1g_beacons(start, tmp_path, flags, fixed):
    compatibility = element(213, b'\0\0' + struct.pack('<HI', 100, 5))
    c = Capture().add(s1g(AP, compatibility + element(0, b'halow') + rsn(akm=8), flags | 0x40, fixed))
    c.add(s1g(AP, compatibility, flags | 0x40, fixed))  # a short one: of no other network
    c.add(s1g(OTHER, compatibility + element(0, b'bare'), flags, fixed)).add(s1g(STATION, element(0, b'wep'), flags | 0x40, fixed))
    found = devices(start, tmp_path, c)
    assert words(found[AP]) == ('halow', 'WPA3 WPA3-SAE AES-CCMP', '', 'Wi-Fi AP')
    assert len(found[AP]['dot11.device']['dot11.device.advertised_ssid_map']) == 1
    assert found[AP]['dot11.device']['dot11.device.bss_timestamp'] == 5 << 32 | 0x01020304
    assert [found[m]['kismet.device.base.crypt'] for m in (OTHER, STATION)] == ['Open', 'WEP']


def test_s1g_beacons_that_are_cut(start, tmp_path):
    whole = s1g(AP, element(0, b'halow'), 7, b'\0' * 8)
    c = Capture()
    for n in range(len(whole)):
        c.add(whole[:n])
    assert all(d['kismet.device.base.commonname'] in ('halow', AP.upper()) for d in devices(start, tmp_path, c).values())


@pytest.mark.skipif(not CASES.exists(), reason='captures of others are not here')
def test_what_others_recorded(start, tmp_path):
    norn = start(*[a for n in ('mbssid', 'owe-transition') for a in ('-c', str(CASES / f'{n}.pcap'))],
                 config='httpd_username=kismet\nhttpd_password=secret\n')
    norn.wait_done()
    found = {d['kismet.device.base.macaddr']: d for d in norn.get('/devices/views/all/devices.json', auth=LOGIN).json()}
    one = {n: found[f'00:1D:AA:00:00:{n:02X}'] for n in (1, 2, 0x10, 0x11, 0x12)}
    assert words(one[0x11])[:3] == ('guest-net', 'Open', '6') and words(one[0x12])[:3] == ('iot-net', 'WPA3 WPA3-SAE AES-CCMP', '6')
    assert one[0x11]['kismet.device.base.related_devices']['norn_multiple_bssid'] == [one[0x10]['kismet.device.base.key']]
    assert one[2]['kismet.device.base.crypt'] == 'OWE AES-CCMP'
    assert one[1]['kismet.device.base.related_devices']['norn_owe_transition'] == [one[2]['kismet.device.base.key']]
    assert 'CRYPTODROP' not in raised(norn)


def alerts(start, tmp_path, capture, options):
    norn = start('-c', str(capture.write(tmp_path / 'a.pcap')), config=BOARD + options)
    norn.wait_done()
    return [(a['kismet.alert.header'], a['kismet.alert.transmitter_mac'].lower(), a['kismet.alert.source_mac'].lower(), a['kismet.alert.text'])
            for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json()
            if a['kismet.alert.class'] != 'SYSTEM']


def test_rules_of_names_and_encryption_look_at_them(start, tmp_path):
    c = Capture().beacon(b'main', more=rsn() + multiple(profile(1, b'own'), profile(2, b'spoofed'), profile(3, b'bait'),
                                                        profile(4, b'iot', 0x11, SAE)), repeat=5)
    c.beacon(b'main', more=rsn() + multiple(profile(1, b'own'), profile(2, b'spoofed'), profile(3, b'bait'), profile(4, b'iot')), repeat=5)
    options = ('own_ssid=own\nown_bssid=00:0e:00:00:00:09\napspoof=mine:ssid="^spoofed$",validmacs="00:0e:00:00:00:09"\n'
               'ssidcanary=bait:ssid="^bait$"\n')
    found = alerts(start, tmp_path, c, options)
    raised = {(header, transmitter): source for header, transmitter, source, _ in found}
    for header, number in (('ROGUEAP', 2), ('OWNWEAKCRYPT', 2), ('APSPOOF', 3), ('SSIDCANARY', 4), ('CRYPTODROP', 5)):
        assert raised.pop((header, beside(number))) == beside(number), found
    assert raised == {}, found
    assert any(beside(5) in text.lower() for header, *_, text in found if header == 'CRYPTODROP')
