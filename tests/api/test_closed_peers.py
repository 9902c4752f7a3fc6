"""A client that left is noticed, though nothing is to be sent: quiet streams, websockets, requests that are worked on."""
import signal
import socket
import struct
import urllib.parse

import pytest

from conftest import BOARD, LOGIN, wait_until
from sockets import basic, open_raw

SLOTS = 20
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
    norn = start(config=BOARD + f'norn_max_streams={SLOTS}\n')
    kept = []
    for _ in range(READERS // SLOTS):
        readers = []
        while len(readers) < SLOTS:
            s, status = stream(norn)
            if status == b'200':
                readers.append(s)
            elif wait_until(lambda: len(listed(norn)) < SLOTS):  # those before are closed in a moment
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
        sockets = [open_raw(norn, path)[0] for _ in range(SLOTS)]
        wait_until(lambda: len(listed(norn)) == SLOTS)
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


HEAD = f'Host: localhost\r\n{basic()}\r\n'
FORM = HEAD + 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n'
HALF_CLOSED = {
    'what a pool thread answers': f'GET /system/timestamp.json HTTP/1.1\r\n{HEAD}\r\n',
    'a list': f'GET /devices/views/all/devices.json HTTP/1.1\r\n{HEAD}\r\n',
    'a list by a form': f'POST /devices/views/all/devices.json HTTP/1.1\r\n{FORM}\r\njson={{}}',
    'a command': f'POST /poi/create_poi.cmd HTTP/1.1\r\n{FORM}\r\njson={{}}',
    'HTTP/1.0': f'GET /devices/views/all/devices.json HTTP/1.0\r\n{HEAD}\r\n',
}


@pytest.mark.parametrize('request_text', HALF_CLOSED.values(), ids=HALF_CLOSED.keys())
def test_who_has_shut_the_own_half_still_reads(server, request_text):
    """As `printf ... | nc -N` does; several at once, and all there before the server looks."""
    where = urllib.parse.urlsplit(server.url)
    server.process.send_signal(signal.SIGSTOP)
    try:
        readers = [socket.create_connection((where.hostname, where.port), timeout=20) for _ in range(SLOTS)]
        for s in readers:
            s.sendall(request_text.encode())
            s.shutdown(socket.SHUT_WR)
    finally:
        server.process.send_signal(signal.SIGCONT)
    for s in readers:
        with s, s.makefile('rb') as f:
            reply = f.read()  # to the end, which comes at once: no more can be asked
        assert b' 200 OK' in reply[:20]
        assert reply.rstrip().endswith((b'}', b'\r\n0')) or reply.endswith(b']'), reply[-40:]
