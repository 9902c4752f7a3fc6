"""Tools that forge ARP, DHCP and routers, run in network namespaces, their frames as an open network would carry them."""
import contextlib
import os
import struct
import subprocess
import time

import pytest

from peers import CONFIG, LOGIN, program, start  # noqa: F401

BSSID = bytes.fromhex('c4411e100012')
GATEWAY, VICTIM, TOOL = (bytes.fromhex(f'02000000000{n}') for n in (1, 2, 3))
LAN = {'ARPPOISONING', 'DHCPSTARVATION', 'ICMPREDIRECT', 'NAMEPOISONING', 'ROGUEDHCP', 'ROGUERA'}
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason='network namespaces need root')
# Tool, its arguments, seconds that it runs, what must be reported.
TOOLS = {
    'arpspoof': (['-i', 'eth0', '-t', '10.9.0.2', '10.9.0.1'], 6, 'ARPPOISONING'),
    'yersinia': (['dhcp', '-attack', '1', '-interface', 'eth0'], 1, 'DHCPSTARVATION'),
    'atk6-fake_router26': (['eth0'], 7, 'ROGUERA'),
}


def ip(*words):
    subprocess.run(['ip', *words], check=True, timeout=20, capture_output=True)


@pytest.fixture
def lan():
    """A bridge in a namespace of its own, and a gateway, a victim and a tool in theirs: inside(name, command...)."""
    names = [f'norn{os.getpid()}{who}' for who in ('bridge', 'gateway', 'victim', 'tool')]
    try:
        for name in names:
            ip('netns', 'add', name)
        ip('-n', names[0], 'link', 'add', 'name', 'br0', 'type', 'bridge')
        ip('-n', names[0], 'link', 'set', 'br0', 'up')
        for n, (name, mac) in enumerate(zip(names[1:], (GATEWAY, VICTIM, TOOL)), 1):
            ip('-n', names[0], 'link', 'add', f'port{n}', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name)
            ip('-n', names[0], 'link', 'set', f'port{n}', 'master', 'br0', 'up')
            ip('-n', name, 'link', 'set', 'eth0', 'address', mac.hex(':'), 'up')
            ip('-n', name, 'addr', 'add', f'10.9.0.{n}/24', 'dev', 'eth0')
        yield lambda who, *command: ['ip', 'netns', 'exec', f'norn{os.getpid()}{who}', *map(str, command)]
    except subprocess.CalledProcessError as e:
        pytest.skip(f'no network namespaces here: {e.stderr.decode()}')
    finally:
        for name in names:
            subprocess.run(['ip', 'netns', 'del', name], timeout=20, capture_output=True, check=False)


@contextlib.contextmanager
def running(command):
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=20)


def as_wireless(ethernet):
    """The pcap of Ethernet as one of 802.11: what a station sends goes to the access point and comes back from it."""
    data, at, sequence = ethernet.read_bytes(), 24, 0
    out = [struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 105)]
    while at + 16 <= len(data) and len(out) < 4000:
        sec, usec, n, _ = struct.unpack('<IIII', data[at:at + 16])
        frame, at = data[at + 16:at + 16 + n], at + 16 + n
        to, by = frame[:6], frame[6:12]
        for ds, addresses in ((1, BSSID + by + to), (2, to + BSSID + by)):
            if ds == 1 and by == GATEWAY:
                continue
            sequence = (sequence + 1) % 4096
            air = (bytes([8, ds]) + b'\0\0' + addresses + struct.pack('<H', sequence << 4) + b'\xaa\xaa\3\0\0\0' + frame[12:])
            out.append(struct.pack('<IIII', sec, usec, len(air), len(air)) + air)
    return b''.join(out)


@pytest.mark.parametrize('name', TOOLS)
def test_tool(start, lan, tmp_path, name):  # noqa: F811
    arguments, seconds, rule = TOOLS[name]
    capture, air = tmp_path / 'ethernet.pcap', tmp_path / 'air.pcap'
    tool, dumpcap = program(name), program('dumpcap')
    talk = ('import socket, subprocess, sys, time\nwhile True:\n '
            'socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", (sys.argv[1], 9))\n time.sleep(0.5)\n '
            'subprocess.run(["ip", "neigh", "flush", "all"])')  # each asks for the other's address again and again
    with running(lan('bridge', dumpcap, '-q', '-P', '-i', 'br0', '-w', capture, '-a', 'duration:30')):
        time.sleep(1)
        with (running(lan('victim', '/usr/bin/python3', '-c', talk, '10.9.0.1')),
              running(lan('gateway', '/usr/bin/python3', '-c', talk, '10.9.0.2')), running(lan('tool', tool, *arguments))):
            time.sleep(seconds)
    air.write_bytes(as_wireless(capture))
    norn = start('-c', str(air), config=CONFIG)
    norn.wait_done()
    alerts = [a for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json() if a['kismet.alert.header'] in LAN]
    assert {a['kismet.alert.header'] for a in alerts} == {rule}, alerts
    if name != 'yersinia':  # which invents its senders
        assert {a['kismet.alert.source_mac'] for a in alerts} == {TOOL.hex(':').upper()}
