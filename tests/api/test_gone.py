"""Whoever left is noticed, though nothing is to be sent: quiet streams, websockets, requests that are worked on."""
import socket
import struct
import urllib.parse

import pytest

from conftest import BOARD, LOGIN, wait_until
from sockets import basic, open_raw

PLACES = 20
READERS = 200


def stream(norn):
    """A reader of packets, of which none come; its reply's status."""
    where = urllib.parse.urlsplit(norn.url)
    s = socket.create_connection((where.hostname, where.port), timeout=20)
    s.sendall(f'GET /pcap/all_packets.pcapng HTTP/1.1\r\nHost: localhost\r\n{basic()}\r\n\r\n'.encode())
    return s, s.recv(64).split()[1]


def close_politely(s):
    s.close()


def close_hard(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))  # a reset instead of an end
    s.close()


def shut_both(s):
    s.shutdown(socket.SHUT_RDWR)


def listed(norn):
    return norn.get('/streams/all_streams.json', auth=LOGIN).json()


@pytest.mark.parametrize('leave', [close_politely, close_hard, shut_both])
def test_quiet_streams_that_were_left_make_room(start, leave):
    norn = start(config=BOARD + f'norn_max_streams={PLACES}\n')
    kept = []
    for _ in range(READERS // PLACES):
        readers = []
        while len(readers) < PLACES:
            s, status = stream(norn)
            if status == b'200':
                readers.append(s)
            elif wait_until(lambda: len(listed(norn)) < PLACES):  # those before are gone in a moment
                s.close()
        assert stream(norn)[1] == b'429'
        for s in readers:
            leave(s)
        kept += readers
    wait_until(lambda: not listed(norn))


@pytest.mark.parametrize('leave', [close_politely, close_hard])
def test_websockets_that_were_left_go(start, leave):
    norn = start()
    for path in ('/eventbus/events.ws', '/devices/monitor.ws'):
        sockets = [open_raw(norn, path)[0] for _ in range(PLACES)]
        wait_until(lambda: len(listed(norn)) == PLACES)
        for s in sockets:
            leave(s)
        wait_until(lambda: not listed(norn))


def test_readers_that_stay_are_kept(start):
    norn = start()
    s, status = stream(norn)
    assert status == b'200'
    other, _ = stream(norn)
    other.close()
    wait_until(lambda: len(listed(norn)) == 1)
    s.settimeout(1)
    with pytest.raises(TimeoutError):
        while s.recv(4096):  # the file's head, and then nothing, not even an end
            pass
    assert len(listed(norn)) == 1
    s.close()
