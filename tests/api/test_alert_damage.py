"""An honest access point that is received with bit errors and without an FCS: what falls over in single frames is no attack."""
import random
import struct

import pytest

from alert_cases import station
from alert_server import alerts_of
from frames import AP, ASSOC_RESP, AUTH, BROADCAST, Capture, STATION, element, rsn, vendor

SECONDS = 17
FEW = 3
HIGH = 15
BEACON = (rsn(2, 0x80) + element(42, b'\0') + element(50, b'\x0c\x12\x18\x60') + element(45, b'\xef\1' + b'\0' * 24)
          + element(61, b'\6' + b'\0' * 21) + element(127, b'\0' * 8) + element(191, b'\0' * 12) + element(7, b'US \1\x0b\x1e')
          + vendor('0050f202', b'\1\1' + b'\0' * 18) + vendor('0050f204', b'\x10\x4a\0\1\x10\x10\x44\0\1\2'))


def life(c):
    """Beacons, answers, one station's traffic and a login: as a laptop beside the access point sees it."""
    for n in range(SECONDS * 10):
        c.beacon(more=element(5, bytes([n % 3, 3, 0, n % 7])) + BEACON, step=0.02)
        if n % 5 == 0:
            c.probe(source=station(n % 4), step=0.01).answer(more=BEACON, step=0.01)
        if n == 20:
            c.authenticate(step=0.01)
            c.management(AUTH, STATION, AP, AP, struct.pack('<HHH', 0, 2, 0), step=0.01).associate(rsn(2, 0x80), step=0.01)
            c.management(ASSOC_RESP, STATION, AP, AP, b'\x11\0\0\0\1\xc0' + element(1, b'\x82'), step=0.01)
            for number, info in enumerate((0x8a, 0x10a, 0x13ca, 0x30a)):
                c.key(info, number % 2 == 0, bytes([number + 1]) * 32 if number < 3 else b'\0' * 32, number // 2 + 1, step=0.01)
        for m in range(3):
            c.protected(n * 3 + m, b'%d' % n * 30, from_ap=m == 1, sequence=n * 3 + m, step=0.01)
        if n % 30 == 0:
            c.null(n % 60 == 0, step=0.01).control(11, AP, STATION, 300, step=0.001).control(13, STATION, step=0.001)
        c.time = 1700000000.0 + (n + 1) / 10
    return c


def damaged(c, share, most, seed):
    """So large a share of the frames with up to that many bits that fell over, wherever."""
    chance = random.Random(seed)
    for n, (time, frame) in enumerate(c.frames):
        if chance.random() < share:
            frame = bytearray(frame)
            for _ in range(chance.randint(1, most)):
                at = chance.randrange(len(frame) * 8)
                frame[at // 8] ^= 1 << at % 8
            c.frames[n] = time, bytes(frame)
    return c


CASES = [(share, most, seed) for share, most in ((0.02, 1), (0.1, 2), (0.3, 4), (0.6, 12)) for seed in range(4)]


@pytest.fixture(scope='module')
def raised(tmp_path_factory):
    captures = [damaged(life(Capture(n + 1)), *case) for n, case in enumerate(CASES)]
    return alerts_of(tmp_path_factory.mktemp('damage') / 'home', captures)


@pytest.mark.parametrize('number', range(len(CASES)), ids=['-'.join(map(str, case)) for case in CASES])
def test_bit_errors_are_no_attack(raised, number):
    alerts = [(a['kismet.alert.severity'], a['kismet.alert.header'], a['kismet.alert.text']) for a in raised[number + 1]
              if a['norn.alert.frames']]
    assert not [a for a in alerts if a[0] >= HIGH]
    assert len(alerts) <= FEW, alerts
