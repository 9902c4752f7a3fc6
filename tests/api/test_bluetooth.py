"""Bluetooth, seen on the air and reported by a controller: devices, logs, and every rule with an exact and a near miss."""
import os
import pathlib
import sqlite3
import struct
import subprocess

import pytest

from conftest import LOGIN, Norn
from radios import Btle, Hci, ad

MAC = '00:0A:00:00:00:01'
RANDOM = 'C1:0A:00:00:00:01'
FLIPPER, NEAR = '80:E1:26:00:00:01', '80:E1:25:00:00:01'
CONFIG = 'httpd_username=kismet\nhttpd_password=secret\nouifile=/dev/null\n'
BASE = 'kismet.device.base.'
CASES_OF_OTHERS = pathlib.Path(__file__).parents[2].parent / 'shared/cases/wifi'
CAPTURES = pathlib.Path(__file__).parents[2].parent / 'shared/captures'


def devices_of(norn, view='all'):
    return {d[BASE + 'macaddr']: d for d in norn.get(f'/devices/views/{view}/devices.json', auth=LOGIN).json()}


def test_devices_of_the_air(start, tmp_path):
    data = ad(1, b'\6') + ad(3, b'\x0d\x18') + ad(0x15, b'\1' * 16) + ad(9, 'Uhr ü'.encode()) + ad(0x19, b'\xc1\0')
    c = Btle().advertise(MAC, data, channel=12, dbm=-61).advertise(MAC, data, channel=39)
    c.advertise(MAC, ad(0x16, b'\x2c\xfeabc'), kind=4).advertise(MAC, data, broken=True)
    c.advertise(RANDOM, ad(0xff, b'\x4c\0\x10\5'), random=True, kind=2)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=CONFIG)
    norn.wait_done()
    found = devices_of(norn, 'phy-BTLE')
    assert set(found) == {MAC, RANDOM}
    d = found[MAC]
    assert [d[BASE + n] for n in ('phyname', 'type', 'name', 'packets.total', 'channel', 'frequency')] == [
        'BTLE', 'BTLE Device', 'Uhr ü', 3, 'FHSS', 2402000]
    assert d[BASE + 'freq_khz_map'] == {'2402000': 1, '2426000': 1, '2480000': 1}
    assert d[BASE + 'signal']['kismet.common.signal.min_signal'] == -61
    b = d['btle.device']
    assert [b[f'btle.device.{n}'] for n in ('le_limited_discoverable', 'le_general_discoverable', 'br_edr_unsupported')
            ] == [0, 1, 1]
    assert b['norn.btle.appearance'] == 'Watch' and b['norn.btle.address_type'] == 'public'
    assert b['norn.btle.appearance_exact'] == 'Sports Watch' and b['norn.btle.service_names'] == ['Heart Rate']
    assert b['norn.btle.service_uuids'] == ['0000180d-0000-1000-8000-00805f9b34fb']
    assert b['norn.btle.solicitation_uuids'] == ['01010101-0101-0101-0101-010101010101']
    assert b['norn.btle.scan_response_data'] == '06162CFE616263'
    assert found[RANDOM]['btle.device']['norn.btle.company'] == 'Apple, Inc.'
    assert found[RANDOM]['btle.device']['norn.btle.address_type'] == 'random static'
    status = norn.get('/system/status.json', auth=LOGIN).json()
    assert status['norn.system.packets.bad_fcs'] == 1


def test_numbers_are_reported_by_name(start, tmp_path):
    """Companies from udev's list where there is one; services and members that others have by the assigned numbers."""
    rows = {1: (ad(0xff, b'\x99\x04\1'), 'norn.btle.company', 'Ruuvi Innovations Ltd.'),
            2: (ad(0xff, b'\xfe\xff\1'), 'norn.btle.company', '0xfffe'),
            3: (ad(0xff, b'\x4c'), 'norn.btle.company', ''),
            4: (ad(3, b'\x0f\x18\xed\xfe\x99\x99\x0a'), 'norn.btle.service_names', ['Battery', 'Tile']),
            5: (ad(0x16, b'\xfa\xff\x0d\1'), 'norn.btle.service_names', ['ASTM Remote ID']),
            6: (ad(0x19, b'\xc1\3'), 'norn.btle.appearance_exact', 'Keyboard'),
            7: (ad(0x19, b'\xff\3'), 'norn.btle.appearance_exact', 'Human Interface Device'),
            8: (ad(0x19, b'\xff\xff'), 'norn.btle.appearance_exact', '')}
    if pathlib.Path('/usr/lib/udev/hwdb.d/20-bluetooth-vendor-product.hwdb').exists():
        rows[9] = (ad(0xff, b'\3\1\1'), 'norn.btle.company', 'Bang & Olufsen A/S')
    c = Btle()
    for n, (data, _, _) in rows.items():
        c.advertise(f'00:0A:00:00:00:{n:02X}', data)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=CONFIG)
    norn.wait_done()
    found = devices_of(norn)
    for n, (_, name, reported) in rows.items():
        assert found[f'00:0A:00:00:00:{n:02X}']['btle.device'][name] == reported, n


@pytest.mark.skipif(not CASES_OF_OTHERS.exists(), reason='captures of others')
@pytest.mark.parametrize('name', ['odid256_ci', 'odid256_1m'])
def test_the_coding_indicator_hides_no_one(start, name):
    norn = start('-c', str(CASES_OF_OTHERS / f'{name}.pcap'), config=CONFIG)
    norn.wait_done()
    d, = devices_of(norn).values()
    assert d[BASE + 'macaddr'] == 'E0:7D:EA:EB:2F:1C'
    assert d['btle.device']['norn.btle.service_data'][0]['btle.short_service.uuid'] == 0xfffa


def test_random_addresses_are_left_out(start, tmp_path):
    c = Btle().advertise(MAC).advertise(RANDOM, random=True)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=CONFIG + 'btle_ignore_random=true\n')
    norn.wait_done()
    assert set(devices_of(norn)) == {MAC}


def test_devices_of_a_controller(start, tmp_path):
    h = Hci().advertised(RANDOM, ad(8, b'toy') + ad(0x16, b'\x0f\x18\x64') + ad(0x0a, b'\xfc'), random=True, dbm=-70)
    h.found(MAC, 0x240404, dbm=-40).named(MAC, b'Kopfh')
    norn = start('-c', str(h.write(tmp_path / 'h.pcap')), config=CONFIG)
    norn.wait_done()
    found = devices_of(norn, 'phy-Bluetooth')
    assert {(m, d[BASE + 'type'], d[BASE + 'name'], d[BASE + 'packets.total'],
             d[BASE + 'signal']['kismet.common.signal.last_signal']) for m, d in found.items()} == {
        (RANDOM, 'BTLE', 'toy', 1, -70), (MAC, 'BR/EDR', 'Kopfh', 2, -40)}
    b = found[MAC]['bluetooth.device']
    assert (b['bluetooth.device.major_class'], b['bluetooth.device.minor_class']) == ('Audio/Video', 'Headset')
    b = found[RANDOM]['bluetooth.device']
    assert b['bluetooth.device.txpower'] == -4 and b['bluetooth.device.type'] == 2
    assert b['bluetooth.device.service_data_bytes'] == {'0000180f-0000-1000-8000-00805f9b34fb': '64'}


def test_logs_name_the_phy(start, tmp_path):
    c = Btle().advertise(MAC, ad(9, b'a,b')).advertise(MAC, ad(9, b'a,b'))
    h = Hci().found(MAC, 0x240404)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), '-c', str(h.write(tmp_path / 'h.pcap')),
                 config=CONFIG + f'log_types=kismet,wiglecsv\nlog_prefix={tmp_path}\ngps=virtual:lat=1.5,lon=2.5,alt=3\n')
    norn.wait_done()
    assert norn.stop() == 0
    db = sqlite3.connect(next(tmp_path.glob('*.kismet')))
    assert set(db.execute('SELECT phyname, sourcemac, dlt, count(*) FROM packets GROUP BY 1, 2, 3')) == {
        ('BTLE', MAC, 256, 2), ('Bluetooth', MAC, 201, 1)}
    assert set(db.execute('SELECT phyname, type FROM devices')) == {('BTLE', 'BTLE Device'), ('Bluetooth', 'BR/EDR')}
    rows = [line for line in next(tmp_path.glob('*.wiglecsv')).read_text().splitlines()[2:]]
    assert sorted(r.rsplit(',', 1)[1] for r in rows) == ['BLE', 'BT']
    assert any(r.startswith(f'{MAC},"a,b",Misc [LE],') and ',1.500000,2.500000,3.000000,' in r for r in rows)


def popups(air, n, data=ad(0xff, b'\x4c\0\x07\x19\1')):
    for i in range(n):
        report = air.advertise if isinstance(air, Btle) else air.advertised
        report(f'C2:0A:{i:02X}:00:00:00', data, random=True, step=0.1)
    return air


LONG, FITS = ad(0xff, b'\1\2' + b'x' * 29), ad(0xff, b'\1\2' + b'x' * 28)
SERVICE, OTHER_SERVICE = ad(2, struct.pack('<HH', 0x180f, 0x3082)), ad(2, struct.pack('<HH', 0x180f, 0x3084))
CASES = [
    ('BLEEDINGTOOTH', lambda c: Btle(c).advertise(MAC, LONG), lambda c: Btle(c).advertise(MAC, FITS + ad(1, b'\6'))),
    ('BLEEDINGTOOTH', lambda c: Btle(c).advertise(MAC, LONG, kind=6), lambda c: Btle(c).advertise(MAC, LONG, kind=4)),
    ('BLEEDINGTOOTH', lambda c: Btle(c).advertise(MAC, ad(1, b'\6') + LONG),
     lambda c: Btle(c).advertise(MAC, FITS + bytes([60, 0xff]) + b'x')),
    ('FLIPPERZERO', lambda c: Btle(c).advertise(FLIPPER).advertise(FLIPPER), lambda c: Btle(c).advertise(NEAR)),
    ('FLIPPERZERO', lambda c: Btle(c).advertise('80:E1:27:00:00:01', kind=3 + 1), lambda c: Btle(c).advertise('80:E1:28:00:00:01')),
    ('FLIPPERZERO', lambda c: Hci(c).advertised(FLIPPER), lambda c: Hci(c).advertised(NEAR)),
    ('FLIPPERSERVICE', lambda c: Btle(c).advertise(MAC, SERVICE), lambda c: Btle(c).advertise(MAC, OTHER_SERVICE)),
    ('FLIPPERSERVICE', lambda c: Hci(c).advertised(MAC, SERVICE), lambda c: Hci(c).advertised(MAC, OTHER_SERVICE)),
    ('BLEPAIRFLOOD', lambda c: popups(Btle(c), 30), lambda c: popups(Btle(c), 29)),
    ('BLEPAIRFLOOD', lambda c: popups(Hci(c), 30, ad(0x16, b'\x2c\xfe')), lambda c: popups(Hci(c), 30, ad(0x16, b'\x2d\xfe'))),
]


@pytest.fixture(scope='module')
def raised(tmp_path_factory):
    """The alerts of each capture: one server reads them all, each with addresses of its own."""
    home = tmp_path_factory.mktemp('bluetooth')
    captures = [make(2 * n + k + 1) for n, (_, *both) in enumerate(CASES) for k, make in enumerate(both)]
    loud = ''.join(f'alert={name},9000/min,9000/sec\n' for name in {c[0] for c in CASES})
    norn = Norn(home, '-n', *(word for c in captures for word in ('-c', str(c.write(home / f'{c.case}.pcap')))),
                config=CONFIG + loud)
    files = {s['kismet.datasource.uuid']: int(pathlib.Path(s['kismet.datasource.interface']).stem)
             for s in norn.wait_done()}
    found = {c.case: [] for c in captures}
    for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json():
        if a['kismet.alert.class'] != 'SYSTEM':
            found[files[a['norn.alert.datasource']]].append(a)
    assert norn.stop() == 0
    return found


@pytest.mark.parametrize('n', range(len(CASES)), ids=[c[0] for c in CASES])
def test_rule(raised, n):
    name = CASES[n][0]
    assert [a['kismet.alert.header'] for a in raised[2 * n + 1]] == [name]
    assert raised[2 * n + 2] == []
    alert, = raised[2 * n + 1]
    assert alert['kismet.alert.channel'] == 'FHSS' and alert['kismet.alert.device_key'] != '0_0'
    assert alert['kismet.alert.source_mac'] in alert['kismet.alert.text'] or name == 'BLEPAIRFLOOD'
    assert alert['norn.alert.frames'] == (30 if name == 'BLEPAIRFLOOD' else 1)


def test_every_rule_has_a_pair():
    out = subprocess.run([os.environ['GENERATE'], 'rules'], capture_output=True, text=True, check=True).stdout
    rules = {(name, phy) for name, _, _, _, phy in (line.split('\t') for line in out.splitlines())
             if phy in ('BTLE', 'Bluetooth')}
    assert len(rules) >= 7
    made = {(name, 'BTLE' if isinstance(hit(1), Btle) else 'Bluetooth') for name, hit, _ in CASES}
    assert rules == made


@pytest.mark.skipif(not CAPTURES.exists(), reason='captures are elsewhere')
@pytest.mark.parametrize('name', ['ble_pairing.pcap', 'le_secure_connections.pcapng'])
def test_tshark_agrees(start, name):
    """Who advertises, and by what name."""
    norn = start('-c', str(CAPTURES / name), config=CONFIG)
    norn.wait_done()
    found = devices_of(norn)
    rows = subprocess.run(['tshark', '-r', CAPTURES / name, '-Y', 'btle.advertising_address', '-T', 'fields', '-e',
                           'btle.advertising_address', '-e', 'btcommon.eir_ad.entry.device_name'],
                          capture_output=True, text=True, check=True).stdout
    named = {}
    for line in rows.splitlines():
        mac, _, text = line.partition('\t')
        named[mac.upper()] = named.get(mac.upper()) or text
    assert named
    for mac, text in named.items():
        assert found[mac][BASE + 'name'] == text
