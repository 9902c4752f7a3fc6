#!/usr/bin/python3
"""check_generated.py GENERATE ROOT [--write]: the documents that tables give are as the tables say."""
import pathlib
import subprocess
import sys

FILES = {  # file: what `generate` is asked for
    'conf/norn.conf': 'conf',
    'doc/man/norn.conf.5.rst': 'options',
    'doc/alerts.md': 'alerts',
    'doc/man/norn-log.1.rst': 'norn-log',
}

generate, root = sys.argv[1], pathlib.Path(sys.argv[2])
stale = []
REST = {'doc/rest.md': 'rest'}  # held by check_endpoints.py
for name, kind in {**FILES, **(REST if '--write' in sys.argv else {})}.items():
    text = subprocess.run([generate, kind], capture_output=True, check=True).stdout
    path = root / name
    if '--write' in sys.argv:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    elif not path.exists() or path.read_bytes() != text:
        stale.append(name)
for name in stale:
    print(f'{name} is not what the tables say: run `make docs`')
sys.exit(bool(stale))
