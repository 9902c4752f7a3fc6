"""Every field that differs from Kismet's records of real captures is named, with its reason, in doc/kismet-differences.md.
The records and captures of others are beside the tree, or the test is skipped."""
import os
import pathlib
import re
import subprocess

import pytest

TREE = pathlib.Path(os.environ['SAMPLE']).parents[2]
SHARED = TREE.parent / 'shared'
pytestmark = pytest.mark.skipif(not (SHARED / 'golden').exists(), reason='captures of others are not here')


def section():
    text = (TREE / 'doc/kismet-differences.md').read_text()
    return text.split('## Every field that differs on real captures')[1].split('\n## ')[0]


def named():
    """The names of the table's first column."""
    rows = [line.split('|')[1] for line in section().splitlines() if line.startswith('| `')]
    return {name for row in rows for name in re.findall('`([^`]+)`', row)}


def left_out():
    return set(re.findall('`([^`]+[.](?:pcap|cap|pcapng|dump))`', section().split('Left out')[1]))


def has_row(path, names):
    return any(path == n or path.endswith('.' + n) or path.endswith('/' + n) for n in names)


def test_every_difference_is_named():
    captures = sorted(f.name[:-5] for f in (SHARED / 'golden').glob('*.json'))
    assert left_out() <= set(captures)
    command = [SHARED / 'tools/compat.py', '--server', os.environ['NORN'], '--show', '10000', *sorted(set(captures) - left_out())]
    out = subprocess.run(['/usr/bin/python3', *command], capture_output=True, text=True, timeout=250).stdout
    agreed = re.search(r'agree: ([\d.]+) % of (\d+) leaves, (\d+) of (\d+) devices', out)
    assert agreed and int(agreed[2]) > 20000 and float(agreed[1]) > 98.5, out[-2000:]
    assert agreed[3] == agreed[4]
    differ = re.findall(r'^ +\d+  (\S.*)\n +e\.g\. (.*)$', out, re.M)
    assert differ
    names = named()
    assert [d for d in differ if not has_row(d[0], names)] == []
