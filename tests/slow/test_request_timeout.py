"""Clients that begin a request and do not end it, and addresses with too many connections."""
import ctypes
import os
import socket
import subprocess
import sys
import threading
import time

import pytest
import requests

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'api'))
from conftest import LOGIN, Norn  # noqa: E402, F401
from conftest import start  # noqa: E402, F401

CLONE_NEWNET = 0x40000000
HEAD = b'POST /devices/summary/devices.json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n'


def open_to(norn):
    host, port = norn.url.removeprefix('http://').split(':')
    s = socket.create_connection((host, int(port)), timeout=60)
    return s


def read_end(s):
    octets = b''
    try:
        while part := s.recv(65536):
            octets += part
    except ConnectionResetError:
        pass
    return octets


def drip(s, stop):
    """A body of one octet in half a second."""
    s.sendall(HEAD)
    while not stop.is_set():
        try:
            s.sendall(b'a')
        except OSError:
            return
        time.sleep(0.5)


def test_a_request_that_does_not_come_is_reported_so(start):  # noqa: F811
    norn = start('-c', os.environ['SAMPLE'])
    idle, head, body, dripped = (open_to(norn) for _ in range(4))
    kept = requests.Session()
    assert kept.get(norn.url + '/healthz', timeout=20).status_code == 200
    stop = threading.Event()
    dripping = threading.Thread(target=drip, args=(dripped, stop))
    dripping.start()
    head.sendall(b'GET /system/status.json HTTP/1.1\r\nHost: loc')
    body.sendall(HEAD + b'json=')
    with requests.get(norn.url + '/pcap/all_packets.pcapng', auth=LOGIN, stream=True, timeout=60) as stream:
        for s in head, body, dripped:
            reply = read_end(s)
            assert reply.startswith(b'HTTP/1.1 408 ') and reply.endswith(b'did not come in time.'), reply
        stop.set()
        dripping.join()
        assert kept.get(norn.url + '/healthz', timeout=20).status_code == 200
        assert stream.raw.read(4) == b'\x0a\x0d\x0d\x0a'  # what is answered may take its time
        listed = requests.get(norn.url + '/streams/all_streams.json', timeout=20).json()
        assert len(listed) == 1
        requests.post(f'{norn.url}/streams/by-id/{listed[0]["kismet.stream.stream_id"]}/close_stream.cmd', auth=LOGIN,
                      timeout=20)
    assert read_end(idle) == b''  # a client that asked for nothing gets nothing


@pytest.fixture
def own_network():
    """This process moves to a host of its own, which has an address beyond loopback."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
    if libc.unshare(CLONE_NEWNET) != 0:
        pytest.skip('network namespaces need the rights of root')
    try:
        for words in ('link set lo up', 'address add 192.0.2.1/32 dev lo', 'address add 192.0.2.2/32 dev lo'):
            subprocess.run(['ip', *words.split()], check=True, timeout=20)
        yield
    finally:
        libc.setns(before, CLONE_NEWNET)
        os.close(before)


def ask(s):
    s.sendall(b'GET /healthz HTTP/1.1\r\nHost: 192.0.2.1\r\n\r\n')
    return s.recv(65536)


def test_connections_of_an_address(own_network, start):  # noqa: F811
    norn = start(config='httpd_username=kismet\nhttpd_password=secret\nhttpd_bind_address=192.0.2.1\n'
                        'norn_max_address_connections=4\n')
    port = int(norn.url.rsplit(':', 1)[1])
    held = [socket.create_connection(('192.0.2.1', port), timeout=20) for _ in range(4)]
    for s in held:
        assert ask(s).startswith(b'HTTP/1.1 200 ')
    with socket.create_connection(('192.0.2.1', port), timeout=20) as one_more:
        reply = ask(one_more)
        assert reply.startswith(b'HTTP/1.1 429 ') and b'norn_max_address_connections' in reply + one_more.recv(65536)
    with socket.create_connection(('192.0.2.1', port), timeout=20, source_address=('192.0.2.2', 0)) as other:
        assert ask(other).startswith(b'HTTP/1.1 200 ')
    held.pop().close()
    for _ in range(200):
        with socket.create_connection(('192.0.2.1', port), timeout=20) as again:
            if ask(again).startswith(b'HTTP/1.1 200 '):
                break
        time.sleep(0.05)
    else:
        raise AssertionError('the slot of a closed connection stays taken')
    for s in held:
        assert ask(s).startswith(b'HTTP/1.1 200 ')
