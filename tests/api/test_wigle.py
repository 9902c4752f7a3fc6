"""Rows for wigle.net: networks alone, each by what it is, also from a log."""
import os
import pathlib
import struct
import subprocess

import pytest

from frames import AP, OTHER, STATION, Capture, element, rsn, vendor
from wigle import wigle_rows

CASES = pathlib.Path(os.environ['SAMPLE']).parents[2].parent / 'shared/cases/wifi'
TOOL = pathlib.Path(os.environ['NORN']).parent / 'tools/norn-log'
WPA1 = vendor('0050f201', b'\1\0\0\x50\xf2\2\1\0\0\x50\xf2\2\1\0\0\x50\xf2\2')
WAPI = element(68, b'\1\0\1\0\0\x14\x72\2\1\0\0\x14\x72\1\0\x14\x72\1\0\0')
DPP = element(48, b'\1\0\0\x0f\xac\4\1\0\0\x0f\xac\4\1\0\x50\x6f\x9a\2\0\0')


def rows(start, tmp_path, capture, mode='', options=''):
    """By address: of the log as it is written, which that from a log of devices and packets must equal."""
    folder = tmp_path / 'logs'
    folder.mkdir()
    norn = start('-c', str(capture), config='httpd_username=kismet\nhttpd_password=secret\nlog_types=kismet,wiglecsv\n'
                 f'log_prefix={folder}\ngps=virtual:lat=10.5,lon=-20.25,alt=7\n' + options)
    norn.wait_done()
    assert norn.stop() == 0
    live = {r['MAC'].lower(): r for r in wigle_rows(next(folder.glob('*.wiglecsv')).read_bytes().decode())}
    log = subprocess.run([TOOL, 'wigle', next(folder.glob('*.kismet'))], capture_output=True, timeout=60, check=True).stdout
    again = {r['MAC'].lower(): r for r in wigle_rows(log.decode())}
    same = ('SSID', 'AuthMode', 'Channel', 'Frequency', 'Type')
    assert {m: [r[k] for k in same] for m, r in again.items()} == {m: [r[k] for k in same] for m, r in live.items()}
    return live


MODES = [
    (dict(capability=1), '[ESS]'), (dict(capability=0x11), '[WEP][ESS]'), (dict(more=rsn(1)), '[WPA2-EAP-CCMP][ESS]'),
    (dict(more=rsn(5)), '[WPA2-EAP-SHA256-CCMP][ESS]'), (dict(more=rsn(3)), '[WPA2-FT/EAP-CCMP][ESS]'),
    (dict(more=rsn(4)), '[WPA2-FT/PSK-CCMP][ESS]'), (dict(more=rsn(12)), '[WPA3-EAP_SUITE_B_192-CCMP][ESS]'),
    (dict(more=rsn(8)), '[WPA3-SAE-CCMP][ESS]'), (dict(more=rsn(24)), '[WPA3-SAE_EXT_KEY-CCMP][ESS]'),
    (dict(more=rsn(18)), '[RSN-OWE-CCMP][ESS]'), (dict(more=DPP), '[RSN-DPP-CCMP][ESS]'), (dict(more=WPA1), '[WPA-PSK-TKIP][ESS]'),
    (dict(more=WPA1 + rsn()), '[WPA-PSK-CCMP+TKIP][WPA2-PSK-CCMP+TKIP][ESS]'), (dict(more=WAPI), '[WAPI-WAPI-PSK-SMS4][ESS]'),
    (dict(more=rsn(14)), '[WPA3-FILS-SHA256-CCMP][ESS]'), (dict(capability=0x12), '[WEP][IBSS]'), (dict(more=rsn(99)), '[WPA2-CCMP][ESS]'),
]


def test_each_mode(start, tmp_path):
    c = Capture().tuned(2437)
    for n, (what, _) in enumerate(MODES):
        c.beacon(b'net%d' % n, bssid=f'00:0d:00:00:03:{n:02x}', **what)
    found = rows(start, tmp_path, c.write(tmp_path / 'c.pcap'))
    assert [found[f'00:0d:00:00:03:{n:02x}']['AuthMode'] for n in range(len(MODES))] == [mode for _, mode in MODES]


def test_channel_and_frequency_are_the_networks(start, tmp_path):
    c = Capture().tuned(2427).beacon(b'off', channel=6)
    c.tune(5935)
    c.beacon(b'six', bssid=OTHER, channel=None)
    c.tune(6135)
    c.beacon(b'37', bssid='00:0e:00:00:00:05', channel=None)
    c.tune(5180)
    c.beacon(b'ht', bssid='00:0e:00:00:00:04', channel=None, more=element(61, bytes([40]) + b'\0' * 21))
    found = rows(start, tmp_path, c.write(tmp_path / 'c.pcap'))
    assert {r['SSID']: (r['Channel'], r['Frequency']) for r in found.values()} == {
        'off': ('6', '2437'), 'six': ('2', '5935'), '37': ('37', '6135'), 'ht': ('40', '5200')}


NAMES = ['a,b', 'say "hi"', '"', ',', 'line\nbreak', 'cr\rx', 'tab\tx', '=1+1', '\u4f60\u597d', ' both ', '\\', 'a\\"b', '']


def test_names_are_their_octets_in_quotes(start, tmp_path):
    c = Capture().tuned(2437)
    for n, name in enumerate(NAMES):
        c.beacon(name.encode(), bssid=f'00:0d:00:00:04:{n:02x}')
    c.beacon(b'\xb2\xe2', bssid=AP).beacon(b'nul\0x', bssid=OTHER)
    found = rows(start, tmp_path, c.write(tmp_path / 'c.pcap'))
    assert [found[f'00:0d:00:00:04:{n:02x}']['SSID'] for n in range(len(NAMES))] == NAMES
    assert (found[AP]['SSID'], found[OTHER]['SSID']) == ('\\xB2\\xE2', 'nul\\u0000x')


def test_clients_have_no_row(start, tmp_path):
    c = Capture().tuned(2437).beacon().probe(step=2).authenticate(step=2).associate(step=2)
    c.management(12, AP, STATION, AP, struct.pack('<H', 3)).management(13, AP, STATION, AP, b'\x7f\0\0\0')
    c.add(c.header(2, 0, 0, OTHER, STATION, AP) + b'x' * 20).probe(source=OTHER, step=2)
    assert set(rows(start, tmp_path, c.write(tmp_path / 'c.pcap'))) == {AP}


@pytest.mark.skipif(not CASES.exists(), reason='captures of others are not here')
def test_captures_of_others(start, tmp_path):
    (tmp_path / 'modes').mkdir()
    modes = {r['SSID']: r['AuthMode'] for r in rows(start, tmp_path / 'modes', CASES / 'wigle-authmodes.pcap').values()}
    assert modes == {
        'eap': '[WPA2-EAP-CCMP][ESS]', 'eap-sha256': '[WPA2-EAP-SHA256-CCMP][ESS]', 'fteap-only': '[WPA2-FT/EAP-CCMP][ESS]',
        'suiteb192': '[WPA3-EAP_SUITE_B_192-GCMP-256][ESS]', 'owe': '[RSN-OWE-CCMP][ESS]', 'dpp': '[RSN-DPP-CCMP][ESS]',
        'wep': '[WEP][ESS]', 'wpa-wpa2-mixed': '[WPA-PSK-CCMP+TKIP][WPA2-PSK-CCMP+TKIP][ESS]',
        'wpa2-wpa3': '[WPA2-PSK-CCMP][WPA3-SAE-CCMP][ESS]', 'wpa1': '[WPA-PSK-TKIP][ESS]', 'sae': '[WPA3-SAE-CCMP][ESS]',
        'fils': '[WPA3-FILS-SHA256-CCMP][ESS]', 'wapi': '[WAPI-WAPI-CERT-SMS4][ESS]'}
    for name, found in (('probe-and-auth-client', {'net'}), ('crypt-wep', {'wep'})):
        (tmp_path / name).mkdir()
        assert {r['SSID'] for r in rows(start, tmp_path / name, CASES / f'{name}.pcap').values()} == found
    (tmp_path / 'names').mkdir()
    names = [r['SSID'] for r in rows(start, tmp_path / 'names', CASES / 'ssid-csv.pcap').values()]
    assert len(names) == 10 and 'say "hi"' in names and 'a,b' in names and 'line\nbreak' in names


def test_networks_that_do_not_transmit(start, tmp_path):
    """Each for which a beacon speaks has a row of its own, where the beacon was received."""
    guest = element(0, element(83, b'\1\0') + element(0, b'guest') + element(85, b'\1'))
    iot = element(0, element(83, b'\x11\0') + element(0, b'iot') + element(85, b'\2') + rsn(8))
    c = Capture().tuned(2437).beacon(b'main', more=rsn() + element(71, b'\2' + guest + iot), repeat=3).associate(bssid='00:0d:00:00:00:02')
    found = rows(start, tmp_path, c.write(tmp_path / 'c.pcap'))
    assert {m: (r['SSID'], r['AuthMode'], r['Channel'], r['CurrentLatitude']) for m, r in found.items()} == {
        '00:0d:00:00:00:01': ('main', '[WPA2-PSK-CCMP][ESS]', '6', '10.500000'),
        '00:0d:00:00:00:02': ('guest', '[ESS]', '6', '10.500000'),
        '00:0d:00:00:00:03': ('iot', '[WPA3-SAE-CCMP][ESS]', '6', '10.500000')}
