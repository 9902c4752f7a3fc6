"""The live path at full rate: a TAP device whose link is radiotap stands for a radio."""
import fcntl
import os
import struct
import subprocess
import sys
import time

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'api'))
from conftest import LOGIN, start  # noqa: E402,F401

TUNSETIFF, TUNSETLINK, RADIOTAP = 0x400454ca, 0x400454cd, 803
IFF_TAP, IFF_NO_PI = 2, 0x1000


@pytest.fixture
def radio():
    """(descriptor, name): what is written to it is seen."""
    name = f'norntap{os.getpid() % 10000}'
    try:
        fd = os.open('/dev/net/tun', os.O_RDWR)
        fcntl.ioctl(fd, TUNSETIFF, struct.pack('16sH', name.encode(), IFF_TAP | IFF_NO_PI))
        fcntl.ioctl(fd, TUNSETLINK, RADIOTAP)
        subprocess.run(['ip', 'link', 'set', name, 'up'], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f'no TAP device with a radiotap link can be made here: {error}')
    yield fd, name
    os.close(fd)


def source_of(norn):
    return norn.get('/datasource/all_sources.json', auth=LOGIN).json()[0]


def beacon(n):
    mac = struct.pack('>HI', 0x0200, n % 100)
    radiotap = struct.pack('<BBHIHHb', 0, 0, 13, 1 << 3 | 1 << 5, 2437, 0xa0, -44)
    return (radiotap + b'\x80\0\0\0' + b'\xff' * 6 + mac + mac + struct.pack('<H', n % 4096 << 4) + struct.pack('<Q', n) +
            b'\x64\0\x01\x04\0\x03tap\x03\x01\x06')


def test_it_is_added_while_the_server_runs(start, radio):  # noqa: F811
    fd, name = radio
    norn = start(config=f'httpd_username=kismet\nhttpd_password=secret\nhelper_binary_path={os.environ["HELPERS"]}\n')
    reply = norn.post('/datasource/add_source.cmd', auth=LOGIN, data={'json': f'{{"definition":"{name}:type=linuxwifi"}}'})
    assert reply.status_code == 200, reply.text
    end = time.monotonic() + 60
    while not source_of(norn)['kismet.datasource.num_packets']:
        assert time.monotonic() < end, norn.text()
        os.write(fd, beacon(1))
        time.sleep(0.05)


def test_every_frame_is_received_or_counted(start, radio):  # noqa: F811
    fd, name = radio
    norn = start('-c', f'{name}:type=linuxwifi',
                 config=f'httpd_username=kismet\nhttpd_password=secret\nhelper_binary_path={os.environ["HELPERS"]}\n')
    for _ in range(200):
        if source_of(norn)['kismet.datasource.running']:
            break
        time.sleep(0.05)
    assert source_of(norn)['kismet.datasource.dlt'] == 127, norn.text()
    before = source_of(norn)['kismet.datasource.num_packets']  # the kernel's own, such as IPv6 solicitations
    begun, sent = time.monotonic(), 200000
    for n in range(sent):
        os.write(fd, beacon(n))
    rate = sent / (time.monotonic() - begun)
    for _ in range(100):
        time.sleep(0.2)
        s = source_of(norn)
        named = s['norn.datasource.kernel_dropped'] + s['norn.datasource.helper_dropped'] + s['norn.datasource.lost']
        if s['kismet.datasource.num_packets'] - before + named >= sent:
            break
    seen = s['kismet.datasource.num_packets'] - before
    print(f'{rate:.0f} frames a second were written; of {sent}, {seen} came in, '
          f'{s["norn.datasource.kernel_dropped"]} were lost by the kernel, '
          f'{s["norn.datasource.helper_dropped"]} by the helper')
    assert sent <= seen + named <= sent + 50
    devices = norn.get('/devices/last-time/0/devices.json', auth=LOGIN).json()
    ours = [d for d in devices if d['kismet.device.base.commonname'] == 'tap']
    assert len(ours) == 100
    assert ours[0]['kismet.device.base.signal']['kismet.common.signal.last_signal'] == -44
    subprocess.run(['ip', 'link', 'set', name, 'down'], check=True)
    for _ in range(200):
        s = source_of(norn)
        if s['kismet.datasource.error']:
            break
        time.sleep(0.05)
    assert s['kismet.datasource.error'] == 1 and name in s['kismet.datasource.error_reason']
