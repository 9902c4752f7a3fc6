"""What radios say of the frames that they hand over, and what they put behind them: damage is not believed, and a source
that says what is not so is found out."""
import pathlib
import random
import re
import struct
import zlib

import pytest

from conftest import BOARD, LOGIN
from frames import AP, Capture, OTHER, STATION, mac

CASES = pathlib.Path(__file__).resolve().parents[3] / 'shared/cases/wifi'
needs_cases = pytest.mark.skipif(not CASES.exists(), reason='no shared captures')
QUIET = BOARD + 'log_types=none\n'
BASE = 'kismet.device.base.'
FCS, BAD = 0x10, 0x40


def fcs(frame, right=True):
    return struct.pack('<I', zlib.crc32(frame) ^ (0 if right else 0x5a5a5a5a))


def radiotap(flags, version=0):
    return struct.pack('<BBHIBxHH', version, 0, 14, 1 << 1 | 1 << 3, flags, 2437, 0)


class Radio(Capture):
    """Frames whose radio header says `flags`, with `behind(frame)` behind each."""

    def say(self, flags, behind=lambda frame: b'', version=0):
        self.radio, self.behind = radiotap(flags, version), behind
        return self

    def add(self, frame, step=0.1, repeat=1):
        return super().add(frame + self.behind(frame), step, repeat)


def read(start, path):
    norn = start('-c', str(path), config=QUIET)
    source = norn.wait_done()[0]
    found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    status = norn.get('/system/status.json', auth=LOGIN).json()
    alerts = {a['kismet.alert.header'] for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json()}
    counts = {k.rsplit('.', 1)[1]: v for k, v in status.items() if k.startswith('norn.system.packets')}
    said = re.findall(r"WARNING: Source '[^']*': (.*)", norn.text())
    return {d[BASE + 'macaddr']: d for d in found}, counts, said, alerts, source


def of_frames(start, tmp_path, capture):
    return read(start, capture.write(tmp_path / 'c.pcap'))


def busy(c, bssid=AP, n=20):
    """What a network sends in two seconds: beacons, data and frames of its station."""
    for i in range(n):
        c.beacon(bssid=bssid)
        c.data(bytes([i]) * 40, flags=0x40, bssid=bssid)
        c.add(b'\xd4\0\0\0' + mac(STATION))
    return c


@pytest.mark.parametrize('flags,behind', [(BAD, ''), (BAD | FCS, 'right'), (BAD | FCS, 'wrong')])
def test_damaged_frames_are_believed_nowhere(start, tmp_path, flags, behind):
    c = busy(Radio().say(FCS, fcs))
    c.say(flags, {'': lambda f: b'', 'right': fcs, 'wrong': lambda f: fcs(f, False)}[behind])
    c.beacon(b'damaged', repeat=3).beacon(b'other', bssid=OTHER, repeat=3).disconnect(reason=0xffff)
    found, counts, said, alerts, _ = of_frames(start, tmp_path, c)
    assert set(found) == {AP.upper(), STATION.upper()} and found[AP.upper()][BASE + 'name'] == 'net'
    assert counts['bad_fcs'] == 7 and not said and not alerts & {'DEAUTHCODEINVALID'}


@pytest.mark.parametrize('behind', [lambda f: b'', lambda f: bytes(4)], ids=['nothing', 'zeros'])
def test_damage_at_the_begin_is_no_habit(start, tmp_path, behind):
    """Frames with a wrong FCS come first, and are many; an FCS is there."""
    c = Radio().say(FCS, lambda f: fcs(f, False) if behind(f) == b'' else behind(f))
    c.beacon(b'attacker', bssid=OTHER, repeat=100)
    busy(c.say(FCS, fcs), n=40)
    found, counts, said, _, _ = of_frames(start, tmp_path, c)
    assert set(found) == {AP.upper(), STATION.upper()} and counts['bad_fcs'] == 100 and not said


def test_an_fcs_that_is_claimed_and_not_there(start, tmp_path):
    found, counts, said, _, source = of_frames(start, tmp_path, busy(Radio().say(FCS)))
    assert found[AP.upper()][BASE + 'name'] == 'net' and counts == {'packets': 60, 'duplicate': 19, 'bad_fcs': 0, 'unreadable': 0}
    assert len(said) == 1 and 'FCS' in said[0] and said[0] == source['kismet.datasource.warning']


def test_an_fcs_that_is_there_and_not_claimed(start, tmp_path):
    c = busy(Radio().say(0, fcs))
    c.say(0, lambda f: fcs(f, False)).beacon(b'damaged', repeat=2)
    found, counts, said, _, _ = of_frames(start, tmp_path, c)
    assert found[AP.upper()][BASE + 'name'] == 'net' and counts['bad_fcs'] == 2
    assert len(said) == 1 and 'FCS' in said[0]


def test_frames_that_were_sent_have_no_fcs(start, tmp_path):
    """What a radio sends itself stands among what it received: without an FCS, and says so."""
    c = Radio().say(FCS, fcs)
    for _ in range(10):
        busy(c.say(FCS, fcs), n=3)
        c.say(0).data(b'sent', station=OTHER)
    found, counts, said, _, _ = of_frames(start, tmp_path, c)
    assert OTHER.upper() in found and counts['bad_fcs'] == 0 and not said


@pytest.mark.parametrize('n', [1, 3, 8, 12])
def test_octets_of_no_frame(start, tmp_path, n):
    noise = random.Random(n)
    c = busy(Radio().say(0, lambda f: bytes(noise.randrange(1, 256) for _ in range(n))))
    found, _, said, alerts, _ = of_frames(start, tmp_path, c)
    assert set(found) == {AP.upper(), STATION.upper()} and 'MALFORMMGMT' not in alerts
    assert len(said) == 1 and said[0].startswith(f'{n} octets')


def test_torn_elements_are_no_habit_of_the_radio(start, tmp_path):
    """A network whose own elements are torn is reported as before."""
    c = Radio().say(0).beacon(more=b'\xdd\x20\0\x50\xf2', repeat=20)
    _, _, said, alerts, _ = of_frames(start, tmp_path, c)
    assert not said and 'MALFORMMGMT' in alerts


@pytest.mark.parametrize('version', [1, 3, 0x11, 0xff])
def test_other_versions_of_radiotap_are_not_read(start, tmp_path, version):
    found, counts, _, _, _ = of_frames(start, tmp_path, Radio().say(0, version=version).beacon(repeat=5))
    assert not found and counts['unreadable'] == 5


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack('<II', kind, len(body) + 12) + body + struct.pack('<I', len(body) + 12)


def pcapng(path, interfaces, packets, options=b''):
    """interfaces: link types with their options; packets: (interface, octets)."""
    out = [block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))]
    out += [block(1, struct.pack('<HHI', kind, 0, 0) + more) for kind, more in interfaces]
    for i, (interface, data) in enumerate(packets):
        us = 1700000000000000 + i * 100000
        out.append(block(6, struct.pack('<IIIII', interface, us >> 32, us & 0xffffffff, len(data), len(data)) + data
                         + bytes(-len(data) % 4) + options))
    path.write_bytes(b''.join(out))
    return path


def option(code, data):
    return struct.pack('<HH', code, len(data)) + data + bytes(-len(data) % 4)


def test_each_interface_for_itself(start, tmp_path):
    """One interface claims an FCS and has none, the other has one; a third's capture says so of bare frames."""

    packets = []
    for n in range(12):
        a, b, c = (Capture(case).beacon(timestamp=n).frames[0][1] for case in (1, 2, 3))
        packets += [(0, radiotap(FCS) + a), (1, radiotap(FCS) + b + fcs(b)), (2, c + fcs(c)),
                    (1, radiotap(FCS) + b[:60] + b'!' + b[61:] + fcs(b)), (2, c + fcs(c, False))]
    path = pcapng(tmp_path / 'c.pcapng', [(127, b''), (127, b''), (105, option(13, b'\x20') + option(0, b''))], packets)
    found, counts, said, _, _ = read(start, path)
    assert {d[BASE + 'name'] for d in found.values()} == {'net1', 'net2', 'net3'}
    assert counts['bad_fcs'] == 24
    assert len(said) == 1 and said[0].startswith('interface 0: ')


GPS = struct.pack('<IBBHIIII', 55922, 0x47, 1, 12, 14, round((13.4 + 180) * 1e7), round((52.5 + 180) * 1e7), 1800340400)


def test_positions_of_packets_are_read(start, tmp_path):
    frame = Capture().beacon().frames[0][1]
    path = pcapng(tmp_path / 'c.pcapng', [(105, b'')], [(0, frame)] * 3, option(2989, GPS) + option(0, b''))
    found = read(start, path)[0]
    assert found[AP.upper()][BASE + 'location']['kismet.common.location.last']['kismet.common.location.geopoint'] == [13.4, 52.5]


@pytest.mark.parametrize('raw', [GPS[:n] for n in (0, 3, 4, 11, 12, 16)] + [GPS[:6] + b'\xff\xff' + GPS[8:], GPS[:12] + b'\xff' * 12])
def test_positions_that_are_none(start, tmp_path, raw):
    frame = Capture().beacon().frames[0][1]
    for i, options in enumerate((option(2989, raw), struct.pack('<HH', 2989, 0xffff) + raw)):
        found = read(start, pcapng(tmp_path / f'{i}.pcapng', [(105, b'')], [(0, frame)] * 3, options))[0]
        assert BASE + 'location' not in found[AP.upper()] or not found[AP.upper()][BASE + 'location']


@pytest.mark.parametrize('kind', ['pcapng', 'pcapppi'])
def test_positions_that_norn_wrote_are_read_again(start, tmp_path, kind):
    c = Capture().beacon(repeat=3)
    first = start('-c', str(c.write(tmp_path / 'c.pcap')),
                  config=BOARD + f'log_types={kind}\nlog_prefix={tmp_path}\ngps=virtual:lat=-33.856784,lon=151.215297,alt=12.5\n')
    first.wait_done()
    first.stop()
    log = next(p for p in tmp_path.iterdir() if p.suffix == '.' + kind)
    found = read(start, log)[0]
    last = found[AP.upper()][BASE + 'location']['kismet.common.location.last']
    assert last['kismet.common.location.geopoint'] == pytest.approx([151.215297, -33.856784], abs=1.01e-7)
    assert last['kismet.common.location.alt'] == pytest.approx(12.5, abs=0.05)


@needs_cases
def test_case_of_marked_frames(start):
    found, counts, _, _, _ = read(start, CASES / 'badfcs-flag.pcap')
    assert list(found) == ['00:1D:AA:00:00:01'] and counts['bad_fcs'] == 200


@needs_cases
def test_case_of_a_claimed_fcs(start):
    found, counts, said, alerts, _ = read(start, CASES / 'fcs-flag-without-fcs.pcap')
    assert counts['packets'] == 70 and counts['bad_fcs'] == counts['unreadable'] == 0 and len(said) == 1
    assert found['00:1D:AA:00:00:01'][BASE + 'name'] == 'no-fcs-there' and 'MALFORMMGMT' not in alerts


@needs_cases
def test_case_of_octets_behind_frames(start):
    found, counts, said, alerts, _ = read(start, CASES / 'ath11k-trailing-garbage.pcap')
    assert found['00:1D:AA:00:00:01'][BASE + 'name'] == 'ath11k-net' and counts['bad_fcs'] == 0
    assert len(said) == 1 and '8 octets' in said[0] and 'MALFORMMGMT' not in alerts


@needs_cases
def test_case_of_octets_before_the_header(start):
    found, counts, _, _, _ = read(start, CASES / 'rt-3-junk-before.pcap')
    assert not found and counts['unreadable'] == 1


@needs_cases
def test_case_of_positions(start):
    found = read(start, CASES / 'g-kismet-gps.pcapng')[0]
    for d in found.values():
        assert d[BASE + 'location']['kismet.common.location.last']['kismet.common.location.geopoint'] == [52.5, 13.4]
