"""What real captures raise, as the manual lists it: nothing that their frames do not justify."""
import os
import pathlib
import re
import sys

import pytest

ROOT = pathlib.Path(os.environ['SAMPLE']).resolve().parents[2]
FOLDER = ROOT.parent / 'shared/captures'
MANUAL = ROOT / 'doc/alerts-of-captures.md'
sys.path.insert(0, str(ROOT / 'tests/api'))
from conftest import Norn  # noqa: E402

CONFIG = 'enable_logging=false\nalertbacklog=5000\nhttpd_username=kismet\nhttpd_password=secret\n'


def raised_by(capture, home):
    """Alert: how many were raised and held back."""
    home.mkdir()
    norn = Norn(home, '-c', str(capture), config=CONFIG)
    norn.wait_done()
    found = {}
    for d in norn.get('/alerts/definitions.json').json():
        count = d['norn.alert.definition.raised'], d['norn.alert.definition.held_back']
        if count[0] and d['kismet.alert.definition.class'] != 'SYSTEM':
            found[d['kismet.alert.definition.header']] = count
    assert norn.stop() == 0
    return found


@pytest.mark.skipif(not FOLDER.is_dir(), reason='the captures are not here')
def test_real_captures_raise_what_the_manual_says(tmp_path):
    listed = {}
    for name, alert, count, held in re.findall(r'^\| `([^`]+)` \| `(\w+)` \| (\d+) \| (\d+) \|', MANUAL.read_text(), re.M):
        listed.setdefault(name, {})[alert] = int(count), int(held)
    captures = [p for p in FOLDER.iterdir() if re.search(r'\.(pcap|cap|pcapng|dump)$', p.name)]
    found = {p.name: raised_by(p, tmp_path / p.name) for p in sorted(captures)}
    assert {name: alerts for name, alerts in found.items() if alerts} == listed
