"""Names whose octets a reader does not see: shown, told apart, and reported of where they look like an own one."""
import csv
import pathlib

import pytest

from conftest import BOARD, devices
from frames import AP, OTHER, PROBE_RESP, STATION, Capture, rsn

SHARED = pathlib.Path(__file__).parents[3] / 'shared/cases/wifi/lookalike-ssids.pcap'
MAP = 'dot11.device.advertised_ssid_map'
A = 'dot11.advertisedssid.'


def station(n):
    return f'00:0b:00:00:00:{n:02x}'


NAMES = {b'a\0b': 'a\\u0000b', b'a\0': 'a\\u0000', b'a\0c': 'a\\u0000c', b'\0a': '\\u0000a', b'a\x1b[0m': 'a\\u001b[0m',
         b'a\x7f': 'a\\u007f', b'a\xc2\x9b': 'a\\u009b', b'\xff\0\\': '\\xFF\\x00\\\\'}


def test_what_is_not_seen_is_shown_everywhere(start, tmp_path):
    c = Capture()
    for n, name in enumerate(NAMES):
        c.beacon(name, station(n)).beacon(name, station(n)).beacon(name, station(n), subtype=PROBE_RESP, to=STATION).probe(name)
    found = devices(start, tmp_path, c)
    for n, (name, text) in enumerate(NAMES.items()):
        d = found[station(n)]
        (record,), (answer,) = d['dot11.device'][MAP], d['dot11.device']['dot11.device.responded_ssid_map']
        assert (d['kismet.device.base.name'], record[A + 'ssid'], answer[A + 'ssid']) == (text, text, text)
        assert record['norn.advertisedssid.ssid_hex'] == name.hex().upper() and record['norn.ssid_marks']
    probed = {p['dot11.probedssid.ssid'] for p in found[STATION]['dot11.device']['dot11.device.probed_ssid_map']}
    assert set(NAMES.values()) <= probed


def test_logs_show_them_apart(start, tmp_path):
    c = Capture().tuned(2437)
    for n, name in enumerate(NAMES):
        c.beacon(name, station(n)).beacon(name, station(n))
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=BOARD + (
        f'log_types=wiglecsv\nlog_prefix={tmp_path}\ngps=virtual:lat=52.5,lon=13.4,alt=30\n'))
    norn.wait_done()
    assert norn.stop() == 0
    (path,) = tmp_path.glob('*.wiglecsv')
    with open(path, newline='') as f:
        rows = list(csv.reader(f))[2:]
    # As WiGLE has them: text is written as it is, what is none as elsewhere.
    expected = [n.decode() if b'\0' not in n and n.decode(errors='ignore').encode() == n else text
                for n, text in NAMES.items()]
    assert sorted(row[1] for row in rows) == sorted(expected) and len(set(expected)) == len(NAMES)


def lookalikes(norn):
    return {a['kismet.alert.transmitter_mac'] for a in norn.get('/alerts/all_alerts.json').json()
            if a['kismet.alert.header'] == 'LOOKALIKE'}


def test_equal_names_and_own_addresses_are_none(start, tmp_path):
    c = Capture().beacon(b'CorpNet', AP, rsn()).beacon(b'CorpNet', OTHER, rsn()).beacon(b'CorpNet ', station(1))
    c.beacon(b'CorpNet ', station(2)).beacon(b'\0' * 7, station(3)).beacon(b'', station(4)).beacon(b'\xff\xfe', station(5))
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=BOARD + f'own_ssid=CorpNet\nown_bssid={station(2)}\n')
    norn.wait_done()
    assert lookalikes(norn) == {station(1).upper()}


@pytest.mark.skipif(not SHARED.exists(), reason='shared captures are not there')
def test_five_that_look_alike(start):
    norn = start('-c', str(SHARED), config=BOARD + 'own_ssid=CorpNet\n')
    norn.wait_done()
    five = {f'00:1D:AA:EE:00:0{n}' for n in range(1, 6)}
    assert lookalikes(norn) == five
    records = {d['kismet.device.base.macaddr']: d['dot11.device'][MAP][0]
               for d in norn.get('/devices/views/all/devices.json').json() if MAP in d.get('dot11.device', {})}
    assert {mac for mac, r in records.items() if r['norn.ssid_skeleton'] == 'CorpNet'} == five | {'00:1D:AA:EE:00:00'}
    assert {mac for mac in five if not records[mac]['norn.ssid_marks']} == set()
