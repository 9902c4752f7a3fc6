"""Frames whose FCS was not checked: of a network that has repeated itself one frame that says something else changes
nothing and raises nothing, two equal ones do. A frame whose FCS is right counts at once."""
import pathlib
import sqlite3
import struct
import zlib

import pytest

from conftest import BOARD, LOGIN
from frames import AP, OTHER, Capture, element, rsn, vendor

CASES = pathlib.Path(__file__).resolve().parents[3] / 'shared/cases/wifi'
BASE = 'kismet.device.base.'
CONTENT = (rsn(2) + element(7, b'DE \1\x0d\x14') + element(50, b'\x0c\x12\x18\x60') + element(61, b'\6' + bytes(21))
           + vendor('0050f204', b'\x10\x4a\0\1\x10\x10\x44\0\1\2\x10\x21\0\3abc') + vendor('00037f01', b'\1\1\0\0'))
TIMES = {'kismet.device.base.last_time', 'kismet.device.base.mod_time', 'kismet.device.base.first_time'}


def beacons(c, n=12):
    for i in range(n):
        c.beacon(more=CONTENT, timestamp=i * 102400)
    return c


def spoil(frame, octets, bit=0):
    at = frame.index(octets)
    return frame[:at] + bytes([frame[at] ^ 1 << bit]) + frame[at + 1:]


# What is damaged, as it stands in the beacon: octets of which the first one loses a bit, or gets one.
DAMAGE = {
    'name': (b'net', 1), 'first rate': (b'\x82\x84', 3), 'channel': (b'\6' + rsn(2)[:2], 0), 'suite': (b'\2\0\0' + b'\7\6DE', 3),
    'RSN version': (b'\1\0\0\x0f\xac\4', 1), 'country': (b'DE ', 0), 'more rates': (b'\x0c\x12', 6), 'HT': (b'\6' + bytes(21), 1),
    'WPS state': (b'\2\x10\x21', 0), 'WPS maker': (b'abc', 5), 'vendor': (b'\1\1\0\0', 2),
    'length of the name': (b'\3net', 0), 'length of RSN': (rsn(2)[1:4], 6), 'number of an element': (b'\x07\x06DE', 4),
    'capabilities': (b'\x11\0' + b'\0\3net', 4), 'interval': (b'\x64\0\x11', 7),
}


def reported(start, tmp_path, c, verified=False):
    if verified:
        c.frames = [(t, f + struct.pack('<I', zlib.crc32(f))) for t, f in c.frames]
    norn = start('-c', str(c.write(tmp_path / f'{len(c.frames)}{verified}.pcap')), config=BOARD + 'log_types=none\n')
    norn.wait_done()
    found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    alerts = sorted(a['kismet.alert.header'] for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json()
                    if a['kismet.alert.phy_id'] != 4294967295 and a['kismet.alert.transmitter_mac'] != '00:00:00:00:00:00')
    assert len(found) == 1
    own = found[0]
    record = own['dot11.device']
    names = sorted(r['dot11.advertisedssid.ssid'] for r in record['dot11.device.advertised_ssid_map'])
    network = record['dot11.device.last_beaconed_ssid_record']
    shown = {k: v for k, v in network.items() if 'time' not in k and 'rate' not in k and 'location' not in k}
    return own[BASE + 'name'], own[BASE + 'channel'], own[BASE + 'crypt'], names, shown, alerts


def damaged(c, what):
    octets, bit = DAMAGE[what]
    c.beacon(more=CONTENT, timestamp=5000000)
    time, frame = c.frames.pop()
    c.radios.pop()
    return c.add(spoil(frame, octets, bit))


@pytest.fixture(scope='module')
def plain(tmp_path_factory):
    from conftest import Norn
    homes = []

    def go(*arguments, **more):
        homes.append(Norn(tmp_path_factory.mktemp('plain'), *arguments, **more))
        return homes[-1]
    yield reported(go, tmp_path_factory.mktemp('c'), beacons(Capture()))
    for norn in homes:
        assert norn.stop() == 0


@pytest.mark.parametrize('what', DAMAGE)
def test_one_damaged_beacon_changes_nothing(start, tmp_path, plain, what):
    last = 'country' if what == 'name' else 'name'  # as the last of all
    assert reported(start, tmp_path, damaged(beacons(damaged(beacons(Capture(), 6), what), 4), last)) == plain


def test_two_equal_ones_do(start, tmp_path):
    c = damaged(damaged(beacons(Capture(), 6), 'name'), 'name')
    name, *_, names, _, _ = reported(start, tmp_path, c)
    assert name == 'let' and names == ['let', 'net']


def test_also_with_others_between_them(start, tmp_path):
    c = damaged(beacons(damaged(beacons(Capture(), 6), 'name'), 2), 'name')
    assert reported(start, tmp_path, c)[0] == 'let'


def test_one_whose_fcs_is_right_counts_at_once(start, tmp_path):
    assert reported(start, tmp_path, damaged(beacons(Capture(), 6), 'name'), verified=True)[0] == 'let'


def test_what_changes_all_the_time_is_believed(start, tmp_path):
    c = beacons(Capture(), 6)
    for i in range(12):
        c.beacon(b'name%d' % i)
    assert reported(start, tmp_path, c)[0] == 'name11'


def test_two_names_by_turns(start, tmp_path):
    c = Capture()
    for i in range(10):
        c.beacon(b'one', repeat=3).beacon(b'two')
    assert reported(start, tmp_path, c)[3] == ['one', 'two']


def test_the_sender_of_a_damaged_address_is_no_one(start, tmp_path):
    c = beacons(Capture(), 6)
    _, frame = c.frames[-1]
    for at in (10, 16):
        c.add(frame[:at + 5] + bytes([frame[at + 5] ^ 4]) + frame[at + 6:])
    reported(start, tmp_path, c)  # one device


@pytest.mark.skipif(not CASES.exists(), reason='no shared captures')
def test_case_of_bit_errors(start):
    norn = start('-c', str(CASES / 'bit-errors-in-ssid-no-fcs.pcap'), config=BOARD)
    norn.wait_done()
    own, = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    assert own[BASE + 'name'] == 'HomeNet' and own[BASE + 'packets.total'] == 200
    assert len(own['dot11.device']['dot11.device.advertised_ssid_map']) == 1


@pytest.mark.parametrize('marked', [False, True])
def test_a_source_may_ignore_the_checksum(start, tmp_path, marked):
    """fcs=ignore takes frames whose FCS is wrong, as of a driver that garbles it; not those that the radio marks among good ones."""
    c = Capture()
    for n in range(12):
        c.beacon(b'net', more=CONTENT)
    c.frames = [(t, f + struct.pack('<I', zlib.crc32(f) ^ (0x11111111 * (n % 7 + 1)))) for n, (t, f) in enumerate(c.frames)]
    flags = [0x50 if marked and n % 3 == 0 else 0x10 for n in range(len(c.frames))]
    c.radios = [struct.pack('<BBHIB', 0, 0, 9, 1 << 1, f) for f in flags]
    c.radio = c.radios[0]
    path = c.write(tmp_path / 'c.pcap')
    seen = {}
    for options in ('', ':fcs=ignore'):
        norn = start('-c', f'{path}{options}', config=BOARD)
        norn.wait_done()
        seen[options] = [(d[BASE + 'name'], d[BASE + 'packets.total']) for d in norn.get('/devices/views/all/devices.json', auth=LOGIN).json()]
        source = norn.get('/datasource/all_sources.json', auth=LOGIN).json()[0]
        assert source['kismet.datasource.num_packets'] == 12
    assert seen == {'': [], ':fcs=ignore': [('net', 8 if marked else 12)]}


def test_what_a_log_calls_damaged(start, tmp_path):
    """The column `error` of a kismetdb: the octets of a bare frame do not show it."""
    c = Capture().beacon(b'good', more=CONTENT).beacon(b'bad', bssid=OTHER, more=CONTENT)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=BOARD + f'log_types=kismet\nlog_prefix={tmp_path}\n')
    norn.wait_done()
    assert norn.stop() == 0
    log = next(tmp_path.glob('*.kismet'))
    with sqlite3.connect(log) as db:
        assert db.execute('SELECT count(*) FROM packets WHERE error = 0').fetchone() == (2,)
        db.execute('UPDATE packets SET error = 1 WHERE sourcemac = ?', (OTHER.upper(),))
    for options, names in ('', ['good']), (':fcs=ignore', ['bad', 'good']):
        again = start('-c', f'{log}{options}', config=BOARD + 'log_types=none\n')
        again.wait_done()
        assert sorted(d[BASE + 'name'] for d in again.get('/devices/views/all/devices.json', auth=LOGIN).json()) == names
