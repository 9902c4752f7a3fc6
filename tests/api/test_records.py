"""Records of networks: the latest frame's, and the channel that networks themselves name."""
import os
import pathlib

import pytest

from conftest import LOGIN, devices
from frames import AP, BROADCAST, STATION, Capture, element, rsn, vendor

HE_6GHZ = bytes([36]) + b'\0\0\2' + b'\0\0\0'  # HE operation with the 6 GHz information


CASES = pathlib.Path(os.environ['SAMPLE']).parents[2].parent / 'shared/cases/wifi'


def he_operation(channel):
    return element(255, HE_6GHZ + bytes([channel, 0, channel, 0, 0]))


def ht_operation(channel):
    return element(61, bytes([channel, 0]) + b'\0' * 20)


def latest(device):
    record = device['dot11.device']['dot11.device.last_beaconed_ssid_record']
    return (record['dot11.advertisedssid.ssid'], device['kismet.device.base.commonname'],
            record['dot11.advertisedssid.crypt_string'], device['kismet.device.base.crypt'])


def two(c, name):
    """A beacon of one of two networks of one access point; each keeps its elements."""
    kinds = {'A': (b'A', rsn(), 0x11), 'B': (b'B', b'', 1), 'C': (b'C', rsn(akm=8), 0x11)}
    ssid, more, capability = kinds[name]
    return c.beacon(ssid, more=more, capability=capability)


WORDS = {'A': 'WPA2 WPA2-PSK AES-CCMP', 'B': 'Open', 'C': 'WPA3 WPA3-SAE AES-CCMP'}


@pytest.mark.parametrize('order', ['AB', 'ABA', 'ABAB', 'ABABA', 'AABBA', 'ABCABC', 'ABCAB', 'ABAA'])
@pytest.mark.parametrize('options', ['', 'dot11_keep_ietags=true\n'])
def test_the_latest_beacon_is_the_latest(start, tmp_path, order, options):
    c = Capture()
    for name in order:
        two(c, name)
    name = order[-1]
    assert latest(devices(start, tmp_path, c, options)[AP]) == (name, name, WORDS[name], WORDS[name])


def test_beacons_and_answers_in_turn(start, tmp_path):
    """Of one name, and other elements: the record is that of the last, though nothing in it is new."""
    for last in ('beacon', 'answer'):
        c = Capture()
        for _ in range(3):
            c.beacon(more=rsn())
            c.answer(more=rsn(akm=8), capability=0x11)
        if last == 'beacon':
            c.beacon(more=rsn()).beacon(more=rsn())
        record = devices(start, tmp_path, c)[AP]['dot11.device']['dot11.device.last_beaconed_ssid_record']
        assert record['dot11.advertisedssid.beacon'] == (last == 'beacon')
        assert record['dot11.advertisedssid.crypt_string'] == ('WPA2 WPA2-PSK AES-CCMP' if last == 'beacon' else WORDS['C'])


def test_a_tim_that_changes_is_no_new_network(start, tmp_path):
    """Beacons that differ in the TIM alone are passed over within a second: not when the other name was between."""
    c = Capture()
    for n in range(12):
        c.beacon(b'A' if n % 2 else b'B', more=element(5, bytes([n % 3, 3, 0, n])) + rsn(), step=0.01)
    found = devices(start, tmp_path, c)[AP]
    assert latest(found)[:2] == ('A', 'A')


def test_probes_follow_the_last_name(start, tmp_path):
    c = Capture().probe(b'x').probe(b'y').probe(b'x').probe(b'y').probe(b'x')
    record = devices(start, tmp_path, c)[STATION]['dot11.device']['dot11.device.last_probed_ssid_record']
    assert record['dot11.probedssid.ssid'] == 'x'


# What the radio is tuned to, what the beacon has, and the channel.
CHANNELS = [
    (2427, dict(channel=6), '6', '6'), (2427, dict(channel=6, more=ht_operation(6)), '6', '6'),
    (2437, dict(channel=5), '5', '5'), (2437, dict(channel=6, more=ht_operation(5)), '5', '5'),
    (2437, dict(channel=0), '6', ''), (2437, dict(channel=255), '6', ''), (2437, dict(channel=99), '6', ''),
    (2437, dict(channel=11, more=ht_operation(0)), '11', '11'), (2437, dict(channel=11, more=ht_operation(255)), '11', '11'),
    (2437, dict(channel=None), '6', ''), (5180, dict(channel=None, more=ht_operation(40)), '40', '40'),
    (5180, dict(channel=None, more=ht_operation(15)), '36', ''),
    (5935, dict(channel=None), '2W6e', ''), (5935, dict(channel=None, more=he_operation(2)), '2W6e', '2W6e'),
    (5955, dict(channel=None, more=he_operation(5)), '5W6e', '5W6e'), (5975, dict(channel=5), '5W6e', '5W6e'),
    (6135, dict(channel=37), '37W6e', '37W6e'), (5180, dict(channel=None, more=he_operation(37)), '37W6e', '37W6e'),
    (6135, dict(channel=None, more=he_operation(0)), '37W6e', ''), (6135, dict(channel=None, more=he_operation(255)), '37W6e', ''),
    (6135, dict(channel=None, more=he_operation(38)), '37W6e', ''), (0, dict(channel=None, more=he_operation(37)), '37W6e', '37W6e'),
    (0, dict(channel=None, more=he_operation(2)), '2W6e', '2W6e'), (0, dict(channel=6), '6', '6'), (0, dict(channel=0), '', ''),
    (0, dict(channel=None), '', ''),
]


def test_the_channel_is_the_networks_own(start, tmp_path):
    captures = {True: Capture().tuned(2412), False: Capture()}
    for n, (mhz, what, _, _) in enumerate(CHANNELS):
        if mhz:
            captures[True].tune(mhz)
        captures[mhz > 0].beacon(bssid=f'00:0d:00:00:02:{n:02x}', **what)
    norn = start(*[a for i, c in enumerate(captures.values()) for a in ('-c', str(c.write(tmp_path / f'{i}.pcap')))],
                 config='httpd_username=kismet\nhttpd_password=secret\n')
    norn.wait_done()
    found = {d['kismet.device.base.macaddr'].lower(): d for d in norn.get('/devices/views/all/devices.json', auth=LOGIN).json()}
    for n, (mhz, what, channel, named) in enumerate(CHANNELS):
        d = found[f'00:0d:00:00:02:{n:02x}']
        record = d['dot11.device']['dot11.device.last_beaconed_ssid_record']
        assert (d['kismet.device.base.channel'], record['dot11.advertisedssid.channel']) == (channel, named), (mhz, what)
        assert d['kismet.device.base.frequency'] == mhz * 1000
    summary = norn.get('/channels/channels.json', auth=LOGIN).json()
    assert {c for c in summary['kismet.channeltracker.channel_map']} >= {'2W6e', '37W6e', '5W6e', '6', '40'}
    assert summary['kismet.channeltracker.frequency_map']['5935000']['kismet.channelrec.channel'] == '2W6e'


def test_data_does_not_move_a_network(start, tmp_path):
    """Its beacons name channel 6; frames of it are seen on the channels beside."""
    c = Capture().tuned(2437).beacon(more=rsn())
    c.tune(2427)
    c.data(b'\xaa\xaa\3\0\0\0\x08\0' + b'x' * 20).data(b'\xaa\xaa\3\0\0\0\x08\0' + b'x' * 20, from_ap=True).disconnect()
    found = devices(start, tmp_path, c)
    assert found[AP]['kismet.device.base.channel'] == '6'
    assert found[STATION]['kismet.device.base.channel'] == '4'


def test_a_probe_to_a_network_does_not_move_it(start, tmp_path):
    c = Capture().tuned(2437).beacon().management(4, AP, STATION, AP, element(0, b'net') + element(3, b'\1'))
    assert devices(start, tmp_path, c)[AP]['kismet.device.base.channel'] == '6'


def test_a_network_that_moves_is_followed(start, tmp_path):
    c = Capture().tuned(2437).beacon(channel=6).beacon(channel=6).beacon(channel=11)
    d = devices(start, tmp_path, c)[AP]
    assert (d['kismet.device.base.channel'], d['dot11.device']['dot11.device.last_beaconed_ssid_record'][
        'dot11.advertisedssid.channel']) == ('11', '11')


# What drops it does so twice: one frame without FCS is not enough (doc/decisions/0056).
@pytest.mark.parametrize('hit, raised', [
    (lambda c: c.beacon(capability=0x11).beacon(capability=0x11).beacon(capability=1).beacon(capability=1), True),  # WEP, then open
    (lambda c: c.beacon(more=rsn()).beacon(more=rsn()).beacon(capability=0x11).beacon(capability=0x11), True),  # WPA2, then WEP alone
    (lambda c: c.beacon(capability=0x11).beacon(capability=0x11).beacon(more=rsn()).beacon(more=rsn()), False),
    (lambda c: c.beacon(b'A', more=rsn()).beacon(b'B', capability=1).beacon(b'A', more=rsn()).beacon(b'B', capability=1), False),
    (lambda c: c.beacon(more=rsn()).answer(more=rsn()).beacon(more=rsn()), False),
    (lambda c: c.beacon(more=rsn()).beacon(more=rsn(akm=99), capability=0x11), False),  # no one's suite
    (lambda c: c.beacon(more=rsn(), capability=1).beacon(more=element(48, b'\1\0'), capability=1), False),
    (lambda c: c.beacon(more=vendor('506f9a12'), capability=1).beacon(more=vendor('506f9a12'), capability=1)
     .beacon(capability=1).beacon(capability=1), True),
])
def test_what_drops_encryption(start, tmp_path, hit, raised):
    norn = start('-c', str(hit(Capture()).write(tmp_path / 'c.pcap')), config='httpd_username=kismet\nhttpd_password=secret\n')
    norn.wait_done()
    names = [a['kismet.alert.header'] for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json()]
    assert ('CRYPTODROP' in names) == raised, names


def test_an_ad_hoc_network_and_its_broadcast(start, tmp_path):
    c = Capture().beacon(b'ibss', capability=0x12, to=BROADCAST)
    d = devices(start, tmp_path, c)[AP]
    assert (d['kismet.device.base.type'], d['kismet.device.base.crypt']) == ('Wi-Fi Ad-Hoc', 'WEP')


@pytest.mark.skipif(not CASES.exists(), reason='captures of others are not here')
@pytest.mark.parametrize('name, crypt, channel', [
    ('crypt-wep', 'WEP', '6'), ('offchannel-ds', 'WPA2 WPA2-PSK AES-CCMP', '6'), ('6ghz-ch2', 'WPA3 WPA3-SAE AES-CCMP', '2W6e')])
def test_captures_of_others(start, tmp_path, name, crypt, channel):
    norn = start('-c', str(CASES / f'{name}.pcap'), config='httpd_username=kismet\nhttpd_password=secret\n')
    norn.wait_done()
    found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    assert found and {(d['kismet.device.base.crypt'], d['kismet.device.base.channel']) for d in found} == {(crypt, channel)}
    assert all(d['dot11.device']['dot11.device.last_beaconed_ssid_record']['dot11.advertisedssid.channel'] in (channel, '') for d in found)
