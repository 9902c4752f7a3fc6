#!/usr/bin/python3
"""test_rules.py ROOT: the checker of rooms sees a planted violation, a ring and a stray library."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check_rooms  # noqa: E402


def plant(files, rules, homes=None):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return check_rooms.check(folder, rules, homes or {})


TREE = {'src/low/a.h': '', 'src/high/b.h': '#include "low/a.h"\n'}
assert plant(TREE, {'low': set(), 'high': {'low'}}) == []
assert 'high may not include low' in plant(TREE, {'low': set(), 'high': set()})[0]
assert 'ring' in plant({}, {'low': {'high'}, 'high': {'low'}})[0]
assert 'no line' in plant(TREE, {'high': {'low'}})[0]
STRAY = {'src/low/a.c': '#include <pcap/pcap.h>\n'}
assert 'at home in high' in plant(STRAY, {'low': set()}, {'pcap': {'high'}})[0]
assert plant(STRAY, {'low': set()}, {'pcap': {'low'}}) == []
assert 'no room' in plant({'src/low/a.c': '#include "gone.h"\n'}, {'low': set()})[0]
