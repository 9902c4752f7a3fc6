"""How often norn.device.same_as errs: real probe requests of stations whose address is known, which here get a
fresh random address after each silence, so that the right answer is known too."""
import pathlib
import random
import struct
import sys
import zlib

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import LOGIN, Norn  # noqa: E402

CAPTURE = pathlib.Path(__file__).resolve().parents[3] / 'shared' / 'captures' / 'brno-probes-1k.pcap'
SILENCE, WINDOW = 5, 120  # seconds: a new address after the first; matches within the second
BOARD = 'httpd_username=kismet\nhttpd_password=secret\nenable_logging=false\n'

pytestmark = pytest.mark.skipif(not CAPTURE.is_file(), reason='no captures')


def probes():
    """(time, frame without radio header and FCS)"""
    data, at = CAPTURE.read_bytes(), 24
    while at < len(data):
        sec, usec, length, _ = struct.unpack_from('<IIII', data, at)
        packet = data[at + 16:at + 16 + length]
        at += 16 + length
        frame = packet[struct.unpack_from('<H', packet, 2)[0]:]
        if struct.pack('<I', zlib.crc32(frame[:-4])) == frame[-4:]:
            frame = frame[:-4]
        if frame[0] == 0x40:
            yield sec + usec / 1e6, frame


def write(path, frames):
    out = [struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 105)]
    for time, frame in frames:
        out.append(struct.pack('<IIII', int(time), int(time % 1 * 1e6), len(frame), len(frame)) + frame)
    path.write_bytes(b''.join(out))
    return path


def disguised(sent):
    """Frames under fresh addresses, who each address is, and how many could be matched."""
    frames, truth, now, last, possible = [], {}, {}, {}, 0
    for time, frame in sent:
        station = frame[10:16]
        if station[0] & 2:
            continue
        if station not in now or time - last[station] > SILENCE:
            possible += station in last and time - last[station] <= WINDOW
            now[station] = b'\2\0\0' + len(truth).to_bytes(3, 'big')
            truth[now[station].hex(':').upper()] = station
        last[station] = time
        frames.append((time, frame[:10] + now[station] + frame[16:]))
    return frames, truth, possible


def links(folder, frames):
    """{address: (earlier address, percent)}"""
    folder.mkdir()
    norn = Norn(folder, '-c', str(write(folder / 'c.pcap', frames)), config=BOARD)
    try:
        norn.wait_done()
        devices = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    finally:
        assert norn.stop() == 0
    found = {}
    for d in devices:
        for same in d['dot11.device'].get('norn.device.same_as', []):
            found[d['kismet.device.base.macaddr']] = (same['norn.same_as.address'], same['norn.same_as.percent'])
    return found


@pytest.mark.parametrize('part', ['all', 'first half', 'second half'])
def test_matches_are_mostly_right(tmp_path, part):
    sent = list(probes())
    half = len(sent) // 2
    frames, truth, possible = disguised({'all': sent, 'first half': sent[:half], 'second half': sent[half:]}[part])
    found = links(tmp_path / 'a', frames)
    right = sum(truth[a] == truth[b] for a, (b, _) in found.items())
    print(f'same_as, {part}: {right} of {len(found)} matches right, {possible} possible')
    assert len(found) > possible / 3
    assert right / len(found) > 0.9


def test_few_are_matched_by_chance(tmp_path):
    real = links(tmp_path / 'real', list(probes()))
    assert all(int(a[:2], 16) & 2 or int(b[:2], 16) & 2 for a, (b, _) in real.items())
    numbers, chance = random.Random(7), 0
    for turn in range(3):
        shift, moved = {}, []
        for time, frame in probes():
            by = shift.setdefault(frame[10:16], numbers.randrange(4096))
            sequence = (struct.unpack_from('<H', frame, 22)[0] + (by << 4)) & 0xffff
            moved.append((time, frame[:22] + struct.pack('<H', sequence) + frame[24:]))
        chance += len(links(tmp_path / str(turn), moved)) / 3
    print(f'same_as: {len(real)} matches of real addresses, {chance:.1f} when their numbers say nothing')
    assert real and chance < len(real) / 4


