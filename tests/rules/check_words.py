#!/usr/bin/python3
"""check_words.py ROOT: no path of one machine and no left-over mark in the files under version control."""
import pathlib
import re
import subprocess
import sys

# Taken apart, so that this file does not match itself.
FORBIDDEN = re.compile('|'.join((
    r'(?<![\w.])/(?:' + 'wo' + r'rk|ho' + r'me|ro' + r'ot)/\w', r'/tmp/ba' + r'sh_', 'Users' + r'/\w',
    r'<<<<<' + '<<', r'>>>>>' + '>>', r'\bXX' + r'X\b', r'\bFIX' + r'ME\b')))

root = pathlib.Path(sys.argv[1])
listed = subprocess.run(['git', '-C', str(root), 'ls-files', '-z'], capture_output=True)
if listed.returncode:
    sys.exit(77)  # not a checkout: nothing to list, skipped
faults = []
for name in filter(None, listed.stdout.decode().split('\0')):
    data = (root / name).read_bytes() if (root / name).is_file() else b'\0'
    if b'\0' in data:
        continue
    for number, line in enumerate(data.decode(errors='replace').splitlines(), 1):
        if FORBIDDEN.search(line):
            faults.append(f'{name}:{number}: {line.strip()}')
print('\n'.join(faults))
sys.exit(bool(faults))
