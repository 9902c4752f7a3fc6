"""Quick paths: what is left out because it is known is known (base/quick.h; tests/unit/app/test_quick.c compares models)."""
import os
import pathlib
import re
import zlib

import pytest

from conftest import BOARD, LOGIN, devices
from frames import AP, Capture, element, rsn, vendor

ROOT = pathlib.Path(os.environ['SAMPLE']).resolve().parents[2]
RATES = element(1, b'\x82\x84\x8b\x96') + element(3, b'\6')


def forged(octets, wanted):
    """Four octets that bring the CRC-32 behind them to the wanted one: it is linear."""
    base = zlib.crc32(octets + bytes(4))
    rows = [(zlib.crc32(octets + (1 << bit).to_bytes(4, 'little')) ^ base, 1 << bit) for bit in range(32)]
    difference, chosen = wanted ^ base, 0
    for bit in range(32):
        pivot = next(r for r in rows if r[0] >> bit & 1)
        rows = [(r[0] ^ pivot[0], r[1] ^ pivot[1]) if r[0] >> bit & 1 else r for r in rows if r is not pivot]
        if difference >> bit & 1:
            difference, chosen = difference ^ pivot[0], chosen ^ pivot[1]
    return chosen.to_bytes(4, 'little')


@pytest.mark.parametrize('quick', ['true', 'false'])
def test_elements_of_one_checksum_are_told_apart(start, tmp_path, quick):
    name = element(0, b'net')
    was = name + RATES + rsn()
    head = name + RATES + element(221, b'\0\x11\x22\0' + bytes(4))[:-4]
    end = forged(head, zlib.crc32(was))
    assert zlib.crc32(head + end) == zlib.crc32(was)
    capture = Capture().beacon(b'net', more=rsn(), repeat=8).beacon(b'net', more=vendor('00112200', end), repeat=8)
    norn = start('-c', str(capture.write(tmp_path / 'c.pcap')), config=BOARD + f'norn_quick_paths={quick}\n')
    norn.wait_done()
    raised = {a['kismet.alert.header'] for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json()}
    assert 'CRYPTODROP' in raised
    crypt = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()[0]['kismet.device.base.crypt']
    assert crypt.startswith('WEP')


def test_a_network_with_two_names_has_the_fingerprint_of_its_latest(start, tmp_path):
    capture = Capture()
    for _ in range(4):
        capture.beacon(b'one', more=rsn()).beacon(b'two', more=rsn(8))
    found = devices(start, tmp_path, capture)[AP]['dot11.device']
    capture.beacon(b'one', more=rsn())
    (tmp_path / 'again').mkdir()
    after = devices(start, tmp_path / 'again', capture)[AP]['dot11.device']
    assert found['dot11.device.beacon_fingerprint'] != after['dot11.device.beacon_fingerprint']


def test_every_quick_path_is_asked_for_in_one_file():
    names = re.findall(r'^\tX\((\w+),', (ROOT / 'src/base/quick.h').read_text(), re.M)
    sources = [p.read_text() for p in sorted((ROOT / 'src').rglob('*.c'))]
    assert len(names) > 5
    assert {n: sum(len(re.findall(rf'\bQUICK_{n}\b', s)) for s in sources) for n in names} == dict.fromkeys(names, 1)
