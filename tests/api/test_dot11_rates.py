"""Generation, width and highest rate: values of the tables of IEEE 802.11-2020 19.5, 21.5, 802.11ax-2021 27.5 and
802.11be 36.5, with the shortest guard interval."""
import struct

import pytest

from conftest import devices
from frames import Capture, element


def ht(streams, wide=False, short=False):
    return element(45, struct.pack('<HB', 2 * wide | (0x60 if short else 0), 0) + b'\xff' * streams + b'\0' * (23 - streams))


def vht(streams, mcs=9, width=0, short=False):
    vht_map = sum((mcs - 7 if i < streams else 3) << 2 * i for i in range(8))
    return element(191, struct.pack('<IHHHH', width << 2 | short << 5, vht_map, 0, vht_map, 0))


def he_map(streams, mcs):
    return struct.pack('<H', sum(((mcs - 7) // 2 if i < streams else 3) << 2 * i for i in range(8))) * 2


def he(width, streams, mcs=11, streams_160=None):
    bits = {20: 0, 40: 1, 80: 2, 160: 6}[width]
    more = he_map(streams if streams_160 is None else streams_160, mcs) if width == 160 else b''
    return element(255, b'\x23' + b'\0' * 6 + bytes([bits << 1]) + b'\0' * 10 + he_map(streams, mcs) + more)


def eht(streams, wide=False, maps=1):
    """As many streams with MCS 9, 11 and 13, for as many widths."""
    return element(255, b'\x6c\0\0' + bytes([2 * wide]) + b'\0' * 8 + bytes([streams * 17]) * 3 * maps)


def he_operation(six=None, width=0):
    if six is None:
        return element(255, b'\x24\0\0\0\x3f\0\0')
    return element(255, b'\x24' + (1 << 17).to_bytes(3, 'little') + b'\x80\0\0' + bytes([six, width, 0, 0, 6]))


def eht_operation(width):
    return element(255, b'\x6a\1\0\0\0\0' + bytes([width, 0, 0]))


def ht_operation(channel, offset=0):
    return element(61, bytes([channel, offset | (4 if offset else 0)]) + b'\0' * 20)


def vht_operation(width, first=42, second=0):
    return element(192, bytes([width, first, second, 0, 0]))


CASES = [  # elements, generation, MHz, Mbit/s of what Kismet reckons with, and of all
    (b'', 'b/g/a', 20, 11.0, 11.0),
    (element(50, b'\x0c\x48\x6c'), 'b/g/a', 20, 54.0, 54.0),
    (element(50, b'\x6c\xfb\xff'), 'b/g/a', 20, 54.0, 54.0),  # selectors are no rates
    (ht(1) + ht_operation(6), 'n', 20, 65.0, 65.0),
    (ht(1, short=True) + ht_operation(6), 'n', 20, 72.2, 72.2),
    (ht(2, True, True) + ht_operation(6, 1), 'n', 40, 300.0, 300.0),
    (ht(3, True) + ht_operation(6, 3), 'n', 40, 405.0, 405.0),
    (ht(4, True, True) + ht_operation(6, 3), 'n', 40, 600.0, 600.0),
    (ht(1) + ht_operation(36, 1) + vht(1, 7) + vht_operation(1), 'ac', 80, 292.5, 292.5),
    (ht(1) + ht_operation(36, 1) + vht(1, 8) + vht_operation(1), 'ac', 80, 351.0, 351.0),
    (ht(1) + ht_operation(36, 1) + vht(1, 9, short=True) + vht_operation(1), 'ac', 80, 433.3, 433.3),
    (ht(1) + ht_operation(36, 1) + vht(4, 9, short=True) + vht_operation(1), 'ac', 80, 1733.3, 1733.3),
    (ht(1) + ht_operation(36, 1) + vht(2, 9, 1, True) + vht_operation(1, 42, 50), 'ac', 160, 1733.3, 1733.3),
    (ht(1) + ht_operation(36, 1) + vht(8, 9, 1, True) + vht_operation(2, 50), 'ac', 160, 6933.3, 6933.3),
    (ht(1) + ht_operation(6) + he(20, 1) + he_operation(), 'ax', 20, 65.0, 143.4),
    (ht(1) + ht_operation(6, 1) + he(40, 2) + he_operation(), 'ax', 40, 65.0, 573.5),
    (ht(1) + ht_operation(36, 1) + vht(2) + vht_operation(1) + he(80, 2) + he_operation(), 'ax', 80, 780.0, 1201.0),
    (ht(1) + ht_operation(36, 1) + vht(2) + vht_operation(1) + he(80, 8) + he_operation(), 'ax', 80, 780.0, 4803.9),
    (ht(1) + ht_operation(36, 1) + vht(2) + vht_operation(1) + he(80, 2, 7) + he_operation(), 'ax', 80, 780.0, 780.0),
    (he(160, 4, 9, 2) + he_operation(37, 3), 'ax', 160, 11.0, 1921.6),
    (he(160, 8) + he_operation(37, 2), 'ax', 80, 11.0, 9607.8),
    (he(20, 1) + he_operation(1, 0) + eht(1) + eht_operation(0), 'be', 20, 11.0, 172.1),
    (he(160, 2) + he_operation(37, 3) + eht(2, True, 3) + eht_operation(4), 'be', 320, 11.0, 5764.7),
    (he(160, 2) + he_operation(37, 3) + eht(8, True, 3) + eht_operation(4), 'be', 320, 11.0, 23058.8),
    (he(160, 2) + he_operation(37, 3) + eht(4, False, 2) + eht_operation(3), 'be', 160, 11.0, 5764.7),
]


def test_generation_width_and_rate(start, tmp_path):
    c = Capture()
    for i, (more, *_) in enumerate(CASES):
        c.beacon(bssid=f'00:0d:00:00:02:{i:02x}', more=more)
        c.frames[-1] = (c.frames[-1][0], c.frames[-1][1].replace(b'\x82\x84\x8b\x96', b'\x82\x84\x0b\x16', 1))
    found = devices(start, tmp_path, c)
    for i, (_, generation, width, rate, most) in enumerate(CASES):
        n = found[f'00:0d:00:00:02:{i:02x}']['dot11.device']['dot11.device.advertised_ssid_map'][0]
        assert (n['norn.advertisedssid.generation'], n['norn.advertisedssid.width_mhz']) == (generation, width), i
        assert n['dot11.advertisedssid.maxrate'] == rate, i
        assert n['norn.advertisedssid.max_rate'] == most, i


@pytest.mark.parametrize('operation, mode, first, second', [
    (b'', '', 0, 0), (ht_operation(6), 'HT20', 0, 0), (ht_operation(6, 1), 'HT40+', 0, 0), (ht_operation(6, 3), 'HT40-', 0, 0),
    (ht_operation(36, 1) + vht_operation(0, 0), 'HT40+', 0, 0), (ht_operation(36, 1) + vht_operation(1), 'HT80', 5210, 0),
    (ht_operation(36, 1) + vht_operation(2, 50), 'HT160', 5250, 0),
    (ht_operation(36, 1) + vht_operation(3, 42, 155), 'HT80+80', 5210, 5775),
])
def test_modes_and_centres(start, tmp_path, operation, mode, first, second):
    n, = devices(start, tmp_path, Capture().beacon(more=operation))['00:0d:00:00:00:01']['dot11.device'][
        'dot11.device.advertised_ssid_map']
    assert (n['dot11.advertisedssid.ht_mode'], n['dot11.advertisedssid.ht_center_1'], n['dot11.advertisedssid.ht_center_2']) \
        == (mode, first, second)


@pytest.mark.parametrize('mhz, channel', [
    (2412, '1'), (2472, '13'), (2484, '14'), (4920, '184'), (5180, '36'), (5825, '165'), (5885, '177'), (5935, '2W6e'),
    (5955, '1W6e'), (6415, '93W6e'), (7115, '233W6e'), (58320, '58320MHz'), (64800, '64800MHz'), (5040, '5040MHz'), (5080, '16'), (4920, '184'), (902, '902MHz'), (7130, '7130MHz'), (7130, '7130MHz'),
])
def test_channels_by_frequency(start, tmp_path, mhz, channel):
    found = devices(start, tmp_path, Capture().tuned(mhz).probe())
    assert [d['kismet.device.base.channel'] for d in found.values()] == [channel]
    assert found['00:0c:00:00:00:02']['kismet.device.base.frequency'] == mhz * 1000
