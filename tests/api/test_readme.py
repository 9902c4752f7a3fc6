"""README shows what is seen: what `make run` prints, and what its requests answer."""
import json
import os
import pathlib
import re

from conftest import wait_until

ROOT = pathlib.Path(os.environ['SAMPLE']).parents[2]
README = (ROOT / 'README.md').read_text()


def alike(text):
    """Without what differs from run to run: tokens, ports and folders."""
    text = re.sub(r'\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b', 'TOKEN', text)
    text = re.sub(r'(127\.0\.0\.1(:| port ))\d+', r'\1PORT', text)
    return re.sub(r'\S*/(\.norn/|tests/captures/)', r'\1', text).replace("'tests", 'tests')


def test_the_run_of_the_readme(start):
    shown = alike(''.join(line.strip() + '\n' for line in README.splitlines() if line.startswith('    norn: ')))
    norn = start('-c', os.environ['SAMPLE'], config='')
    assert shown.count('\n') == 5
    wait_until(lambda: 'is read' in norn.text())
    assert sorted(alike(norn.text()).splitlines()) == sorted(shown.splitlines())


def test_the_requests_of_the_readme(server):
    requests = re.findall(r'^    \$ curl -s http://127.0.0.1:2501(\S+)(?: \\\n +-d \'json=(.*)\')?\n    (.*)$', README, re.M)
    assert len(requests) == 2
    for path, command, answer in requests:
        reply = server.post(path, json.loads(command)) if command else server.get(path)
        times = re.compile(r'(?<=sec":)\d+|\d{6,}')  # microseconds may have few digits
        assert times.sub('N', reply.text) == times.sub('N', answer)
