"""Websockets for tests: a client of Debian's, and one that sends what no client would."""
import base64
import json
import os
import socket
import struct
from urllib.parse import urlparse

import requests
import websocket

from conftest import LOGIN, websockets


def basic(login=LOGIN):
    return 'Authorization: Basic ' + base64.b64encode(':'.join(login).encode()).decode()


def connect(norn, path, header=None, timeout=20, **more):
    ws = websocket.create_connection(
        norn.url.replace('http', 'ws', 1) + path, header=[basic()] if header is None else header,
        timeout=timeout, **more)
    websockets.append(ws)
    return ws


def ask(ws, **command):
    ws.send(json.dumps(command))


def receive(ws):
    return json.loads(ws.recv())


def open_raw(norn, path, *lines, timeout=20):
    """A socket after its upgrade, for frames made by hand."""
    url = urlparse(norn.url)
    s = socket.create_connection((url.hostname, url.port), timeout=timeout)
    key = base64.b64encode(os.urandom(16)).decode()
    s.sendall('\r\n'.join((
        f'GET {path} HTTP/1.1', f'Host: {url.netloc}', 'Upgrade: websocket', 'Connection: Upgrade',
        f'Sec-WebSocket-Key: {key}', 'Sec-WebSocket-Version: 13', basic(), *lines, '', '')).encode())
    head = b''
    while b'\r\n\r\n' not in head:
        got = s.recv(1)
        assert got, head
        head += got
    return s, head


def frame(first, payload=b'', mask=b'abcd'):
    n = len(payload)
    if n < 126:
        length = bytes([0x80 | n])
    elif n < 65536:
        length = b'\xfe' + struct.pack('>H', n)
    else:
        length = b'\xff' + struct.pack('>Q', n)
    return bytes([first]) + length + mask + bytes(c ^ mask[i % 4] for i, c in enumerate(payload))


def read_all(s):
    """Octets until the server closes."""
    data = b''
    while True:
        try:
            got = s.recv(65536)
        except ConnectionResetError:
            return data
        if not got:
            return data
        data += got


class Adapter(requests.adapters.HTTPAdapter):
    """Requests from an address of one's own."""

    def __init__(self, source):
        self.source = source
        super().__init__()

    def init_poolmanager(self, *arguments, **more):
        super().init_poolmanager(*arguments, source_address=(self.source, 0), **more)
