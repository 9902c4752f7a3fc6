"""Every row of the table of rules, and every kind of frame that it looks at: a capture that raises it exactly, and a
near miss that does not. No server reads both; each has addresses and names of its own."""
import os
import re
import subprocess
import zlib

import pytest

from alert_cases import ALL, ALSO, FRAMES, LEARNS
from alert_server import alerts_of, stored

CASES = [(name, kind(2 * n + 1), kind(2 * n + 2), hit, miss) for n, (name, hit, miss, kind) in enumerate(ALL)]
def rules():
    """Name, kinds of frames and the pattern of the text of each row that frames can raise."""
    out = subprocess.run([os.environ['GENERATE'], 'rules'], capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        name, frames, _, text, phy = line.split('\t')
        if phy and phy != 'IEEE802.11':
            continue  # test_bluetooth.py
        pattern = '.*'.join(re.escape(part) for part in re.split(r'\{\w+\}', text))
        if text:
            yield name, {n for n in range(18) if int(frames) >> n & 1}, re.compile(pattern + '$', re.S)


ROWS = list(rules())
SOURCES_MOST = 200  # of one server
LOUD = ''.join(f'alert={name},9000/min,9000/sec\n' for name in {row[0] for row in ROWS})


def addresses_of(frame):
    """BSSID, source and destination of a frame (IEEE 802.11-2020 table 9-30)."""
    one, two, three = (':'.join(f'{b:02X}' for b in frame[i:i + 6]) for i in (4, 10, 16))
    if frame[0] & 0xc == 4:
        return ['00:00:00:00:00:00', two if len(frame) >= 16 else '00:00:00:00:00:00', one]
    is_data, to_ds, from_ds = frame[0] & 0xc == 8, frame[1] & 1, frame[1] & 2
    if is_data and from_ds:
        return [two, three, one]
    return [one, two, three] if is_data and to_ds else [three, two, one]


def kind_of(frame):
    if frame[0] & 0xc != 8:
        return frame[0] >> 4
    return 16 if frame[30:32] == b'\x88\x8e' and frame[33] == 3 else 17


@pytest.fixture(scope='module')
def raised(tmp_path_factory):
    home = tmp_path_factory.mktemp('rules')
    captures = [make(c) for _, c, _, make, _ in CASES], [make(c) for _, _, c, _, make in CASES]
    found = {}
    for kind, of in zip(('hits', 'misses'), captures):
        for n in range(0, len(of), SOURCES_MOST):
            found |= alerts_of(home / f'{kind}{n}', of[n:n + SOURCES_MOST], LOUD, True)
    return found


def frame_of(capture, alert):
    return [f for t, f in capture.frames if abs(t - alert['norn.alert.packet_time']) < 2e-6][-1]


def row_of(alert, frame):
    return [n for n, (name, kinds, text) in enumerate(ROWS) if name == alert['kismet.alert.header'] and
            kind_of(frame) in kinds and text.match(alert['kismet.alert.text'])]


@pytest.mark.parametrize('name,hit,miss,_,__', CASES, ids=[f'{c[0]}-{c[1].case}' for c in CASES])
def test_rule(raised, name, hit, miss, _, __):
    names = [a['kismet.alert.header'] for a in raised[hit.case]]
    assert names.count(name) == 1 and set(names) - {name} <= ALSO.get(name, set()), raised[hit.case]
    assert name not in {a['kismet.alert.header'] for a in raised[miss.case]}, raised[miss.case]
    alert = raised[hit.case][names.index(name)]
    frame = frame_of(hit, alert)
    assert len(row_of(alert, frame)) == 1, alert
    assert alert['norn.alert.frames'] in FRAMES.get(name, (1,))
    assert alert['norn.alert.packet_time'] >= alert['norn.alert.first_time'] >= 1700000000
    assert (alert['norn.alert.packet_time'] > alert['norn.alert.first_time']) == (alert['norn.alert.frames'] > 1)
    assert [alert[f'kismet.alert.{a}_mac'] for a in ('transmitter', 'source', 'dest')] == addresses_of(frame)
    assert alert['kismet.alert.device_key'] != '0_0'
    time, crc = stored(alert)
    assert abs(time - alert['norn.alert.packet_time']) < 2e-6 and crc == alert['norn.alert.packet_hash'] == zlib.crc32(frame)


def test_every_row_and_kind_of_frame_has_a_pair(raised):
    seen = set()
    for name, hit, *_ in CASES:
        for a in raised[hit.case]:
            frame = frame_of(hit, a)
            seen |= {(row, kind_of(frame)) for row in row_of(a, frame) if a['kismet.alert.header'] == name}
    missing = [(name, kind) for n, (name, kinds, _) in enumerate(ROWS)
               for kind in sorted(kinds - LEARNS.get(name, set())) if (n, kind) not in seen]
    assert not missing
