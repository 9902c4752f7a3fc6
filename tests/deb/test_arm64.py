"""The packages for arm64, whose programs an emulator runs."""
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from debian import run

ROOT = pathlib.Path(os.environ.get('ARM64', 'none'))
INSIDE = """
set -e
for package in norn norn-log norn-capture-linux-wifi; do dpkg-deb -x /deb/${package}_*_arm64.deb /arm64; done
cp -R /arm64/usr/share/norn /usr/share/
/qemu-aarch64-static /arm64/usr/bin/norn --help
/qemu-aarch64-static /arm64/usr/bin/norn-log --help
/qemu-aarch64-static /arm64/usr/bin/norn_cap_linux_wifi --list
mkdir -p /state && cd /state
/qemu-aarch64-static /arm64/usr/bin/norn --homedir /state --confdir /arm64/etc/norn -T kismet -c /sample.pcap &
norn=$!
for i in $(seq 300); do
	devices=$(curl -s http://127.0.0.1:2501/system/status.json | grep -o '"kismet.system.devices.count":[0-9]*') || true
	[ "${devices##*:}" != 74 ] || break
	sleep 0.1
done
echo "$devices"
kill $norn
wait $norn && echo 'ended well'
/qemu-aarch64-static /arm64/usr/bin/norn-log check *.kismet
"""


@pytest.fixture
def root():
    if not list(ROOT.glob('deb/*_arm64.deb')) or os.getuid():
        pytest.skip('no packages for arm64: as root, make deb-arm64')
    shutil.copy(pathlib.Path(__file__).parents[1] / 'captures' / 'sample.pcap', ROOT / 'sample.pcap')
    yield ROOT
    for folder in ('arm64', 'state'):
        shutil.rmtree(ROOT / folder, ignore_errors=True)


def test_programs_are_of_arm64_and_run(root):
    told = run(root, INSIDE)
    program = (root / 'arm64/usr/bin/norn').read_bytes()
    assert program[:5] == b'\x7fELF\x02' and program[18:20] == b'\xb7\0'  # EM_AARCH64
    assert 'Usage: norn ' in told and 'Usage: norn-log' in told, told
    assert re.search(r'"kismet.system.devices.count":74\n', told), told
    assert 'ended well' in told, told


def test_lintian_finds_nothing(root):
    if not shutil.which('lintian'):
        pytest.skip('no lintian')
    done = subprocess.run(['lintian', '--allow-root', *root.glob('deb/*.changes')], capture_output=True, text=True)
    assert done.stdout == '' and done.returncode == 0, done.stdout
