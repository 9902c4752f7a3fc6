#!/usr/bin/python3
"""test_rules.py ROOT: the checker of rooms sees a planted violation, rings and a stray library."""
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
# A folder with a line of its own is a room of its own.
NESTED = {'src/low/in/a.h': '', 'src/high/b.h': '#include "low/in/a.h"\n'}
assert plant(NESTED, {'low': set(), 'high': {'low'}}) == []
assert 'high may not include low/in' in plant(NESTED, {'low': set(), 'low/in': set(), 'high': {'low'}})[0]
assert plant(NESTED, {'low': set(), 'low/in': set(), 'high': {'low/*'}}) == []
assert 'ring' in plant({}, {'low/in': {'high'}, 'high': {'low/*'}})[0]
assert plant({'src/low/in/a.c': '#include <pcap/pcap.h>\n'}, {'low/in': set()}, {'pcap': {'low'}}) == []
# x.c counts with x.h; a ring is allowed up to a size.
RING = {f'src/low/{n}.h': '' for n in range(15)} | {
    f'src/low/{n}.c': f'#include "low/{n}.h"\n#include "low/{(n + 1) % 15}.h"\n' for n in range(15)}
assert '15 files' in plant(RING, {'low': set()})[0]
assert plant(RING | {'src/low/7.c': ''}, {'low': set()}) == []
