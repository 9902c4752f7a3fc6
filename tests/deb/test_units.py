"""The units under systemd itself, which systemd-nspawn boots; TAP devices with a radiotap link stand for radios."""
import contextlib
import fcntl
import os
import pathlib
import shutil
import struct
import subprocess
import threading
import time

import pytest

from debian import copy, needs_debian, run
from test_packages import INSTALL

TUNSETIFF, TUNSETLINK, RADIOTAP = 0x400454ca, 0x400454cd, 803
IFF_TAP, IFF_NO_PI = 2, 0x1000
SECONDS = 150
UNIT = """[Unit]
After=multi-user.target
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/inside.sh
StandardOutput=file:/told
StandardError=file:/errors
TimeoutStartSec=120
"""


def beacon(n):
    mac = struct.pack('>HI', 0x0200, n % 100)
    radiotap = struct.pack('<BBHIHHb', 0, 0, 13, 1 << 3 | 1 << 5, 2437, 0xa0, -44)
    return (radiotap + b'\x80\0\0\0' + b'\xff' * 6 + mac + mac + struct.pack('<H', n % 4096 << 4) + struct.pack('<Q', n) +
            b'\x64\0\x01\x04\0\x03tap\x03\x01\x06')


@pytest.fixture
def radios():
    fds, end = [], threading.Event()
    try:
        for name in (b'norna', b'nornb'):
            fds.append(os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK))
            fcntl.ioctl(fds[-1], TUNSETIFF, struct.pack('16sH', name, IFF_TAP | IFF_NO_PI))
            fcntl.ioctl(fds[-1], TUNSETLINK, RADIOTAP)
    except OSError as error:
        pytest.skip(f'no TAP device with a radiotap link can be made here: {error}')

    def send():
        n = 0
        while not end.wait(0.02):
            n += 1
            for fd in fds:
                try:
                    os.write(fd, beacon(n))
                except OSError:
                    pass  # down, or gone with the machine

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    yield
    end.set()
    thread.join()
    for fd in fds:
        os.close(fd)


def give_radios(machine):
    """Moves them into the network of the machine, as soon as it has one."""
    ours = os.readlink('/proc/self/ns/net')
    while machine.poll() is None:
        for child in pathlib.Path(f'/proc/{machine.pid}/task/{machine.pid}/children').read_text().split():
            with contextlib.suppress(OSError):
                if os.readlink(f'/proc/{child}/ns/net') != ours:
                    for name in ('norna', 'nornb'):
                        subprocess.run(['ip', 'link', 'set', name, 'netns', child], check=True)
                    return
        time.sleep(0.05)


def boot(root):
    (root / 'etc/systemd/system/inside.service').write_text(UNIT)
    wants = root / 'etc/systemd/system/default.target.wants'
    wants.mkdir(exist_ok=True)
    (wants / 'inside.service').symlink_to('../inside.service')
    (root / 'etc/systemd/system/default.target').symlink_to('/lib/systemd/system/multi-user.target')
    shutil.copy(pathlib.Path(__file__).parent / 'inside.sh', root / 'inside.sh')
    with open(root / 'etc/norn/norn.conf', 'a') as conf:
        conf.write('httpd_username=k\nhttpd_password=s\nlog_types=kismet\n')
    # two TAP devices have one address, of which their UUIDs are made
    (root / 'etc/norn/sensor-norna.conf').write_text("NORN_SOURCE='norna:name=sensor,uuid=00000001-0000-0000-0000-000000000001'\n")
    with open(root / 'console', 'wb') as console:
        machine = subprocess.Popen(
            ['systemd-nspawn', '--boot', '-D', root, f'--machine=norn-{os.getpid()}', '--register=no', '--keep-unit',
             '--private-network', '--console=pipe'],
            stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        try:
            give_radios(machine)
            machine.wait(timeout=SECONDS)
        finally:
            machine.kill()
            machine.wait()


def test_units_run_confined_and_capture(radios):
    needs_debian()
    if not shutil.which('systemd-nspawn'):
        pytest.skip('no systemd-nspawn: apt install systemd-container')
    with copy() as root:
        run(root, INSTALL)
        boot(root)
        if not (root / 'told').exists():
            console = (root / 'console').read_text(errors='replace')
            pytest.skip('systemd does not boot in a container here: ' + console[-500:])
        text = (root / 'told').read_text()
        told = dict((line + ' ').split(' ', 1) for line in text.splitlines())
        told = {name: value.strip() for name, value in told.items()}
        more = text + (root / 'journal').read_text() + (root / 'errors').read_text()
    assert told['active'] == 'active', more
    assert told['user'] == 'norn:norn'
    assert 'CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1 Seccomp: 2' in told['privileges']
    assert told.get('socket') == 'heard' and told.get('sensor') == 'heard', more
    assert told['helper'].startswith('norn-capture:norn-capture') and 'CapBnd: 0000000000003000' in told['helper'], more
    assert 'tap' in told['device']
    assert told.get('watchdog') == 'fed' and told['watchdog_usec'] == '30s'
    assert 'devices' in told['status']
    assert told['logs'] == '1' and int(told['state']) >= 1 and told['stopped'] == 'success', more
    assert int(told['journal']) >= 1 and told['raw'] == '0', more
