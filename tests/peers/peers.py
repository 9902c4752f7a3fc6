"""What tests of peers share: other people's programs and files, without which a test is skipped."""
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

NORN, SAMPLE = os.environ['NORN'], os.environ['SAMPLE']
ROOT = pathlib.Path(os.environ['SAMPLE']).resolve().parents[2]
SHARED = ROOT.parent / 'shared'
WPA2 = ROOT / 'tests/captures/wpa2.pcap'
CONFIG = 'httpd_username=kismet\nhttpd_password=secret\n'
sys.path.insert(0, str(ROOT / 'tests/api'))
from conftest import LOGIN, Norn, start, wait_until  # noqa: E402,F401


def program(name):
    """The path of a program that may be in /usr/sbin, or the test is skipped."""
    found = shutil.which(name, path=os.environ.get('PATH', '') + ':/usr/sbin:/sbin')
    return found or pytest.skip(f'{name} is not installed')


def shared(path):
    """A file or folder of ../shared, or the test is skipped."""
    found = SHARED / path
    return found if found.exists() else pytest.skip(f'there is no {path} in ../shared')


def run(name, *arguments, **more):
    """What a program says that has to end well."""
    done = subprocess.run([program(name), *map(str, arguments)], capture_output=True, timeout=60, **more)
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout.decode(errors='replace')
