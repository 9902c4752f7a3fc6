"""The form of requests (RFC 9112): what two programs may read in two ways is refused, and the connection ends."""
import socket
import urllib.parse

import pytest

HOST = 'Host: localhost\r\n'
BODY = 'json={}'
CHUNKS = '7\r\njson={}\r\n0\r\n\r\n'


def get(fields='', path='/healthz', version='HTTP/1.1'):
    return f'GET {path} {version}\r\n{fields}\r\n'


def post(fields, body):
    return ('POST /devices/views/all/devices.json HTTP/1.1\r\n' + HOST
            + 'Content-Type: application/x-www-form-urlencoded\r\n' + fields + '\r\n' + body)


def ask(norn, request):
    """The reply, and whether the connection ended with it; what waits for more is a fault."""
    where = urllib.parse.urlsplit(norn.url)
    with socket.create_connection((where.hostname, where.port), timeout=15) as s:
        s.sendall(request.encode('latin-1'))
        reply = b''
        while b'\r\n\r\n' not in reply:
            more = s.recv(65536)
            assert more, reply
            reply += more
        status = int(reply.split()[1])
        if status == 200:
            return status, False
        while s.recv(65536):
            pass
        return status, True


BAD = {
    'two lengths': post('Content-Length: 7\r\nContent-Length: 7\r\n', BODY),
    'two lengths that differ': post('Content-Length: 5\r\ncontent-length: 7\r\n', BODY),
    'a list of lengths': post('Content-Length: 7, 7\r\n', BODY),
    'space before the colon': post('Content-Length : 7\r\n', BODY),
    'tab before the colon': post('Content-Length\t: 7\r\n', BODY),
    'space before another colon': get(HOST + 'X-A : b\r\n'),
    'space before the colon of Host': get('Host : localhost\r\n'),
    'length and chunks': post('Content-Length: 7\r\nTransfer-Encoding: chunked\r\n', CHUNKS),
    'chunks and length': post('Transfer-Encoding: chunked\r\nContent-Length: 7\r\n', CHUNKS),
    'chunked twice': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', CHUNKS),
    'chunked in HTTP/1.0': post('Transfer-Encoding: chunked\r\n', CHUNKS).replace('HTTP/1.1', 'HTTP/1.0'),
    'no Host': get(),
    'no Host among others': get('X-A: b\r\nX-Host: localhost\r\n'),
    'two Hosts': get(HOST + HOST),
    'two Hosts that differ': get(HOST + 'hOST: example.org\r\n'),
    'a Host of two words': get('Host: a b\r\n'),
    'a Host that is a path': get('Host: localhost/x\r\n'),
    'NUL in a value': get(HOST + 'X-A: a\0b\r\nX-B: c\r\n'),
    'NUL in the last value': get(HOST + 'X-A: a\0b\r\n'),
    'NUL behind a value': get('X-A: a\0\r\n' + HOST),
    'NUL in a name': get(HOST + 'X\0A: b\r\n'),
    'NUL in Host': get('Host: localhost\0.example.org\r\n'),
    'NUL in the method': get(HOST).replace('GET', 'G\0ET'),
    'control character in a value': get(HOST + 'X-A: a\x01b\r\n'),
    'control character in a name': get(HOST + 'X\x01A: b\r\n'),
    'space in a name': get(HOST + 'X A: b\r\n'),
    'no colon': get(HOST + 'X-A\r\n'),
    'a continued line': get(HOST + 'X-A: b\r\n c\r\n'),
    'a continued length': post('Content-Length:\r\n 7\r\n', BODY),
    'a continued request line': get(' X-A: b\r\n' + HOST),
    'LF alone in the head': get('Host: localhost\nX-A: b\r\n'),
    'LF alone everywhere': get(HOST).replace('\r', ''),
    'CR alone in a value': get(HOST + 'X-A: a\rb\r\n'),
    'CR alone between fields': get(HOST + 'X-A: a\rX-B: b\r\n'),
    'a negative length': post('Content-Length: -7\r\n', BODY),
    'a length with a sign': post('Content-Length: +7\r\n', BODY),
    'a length in hexadecimal': post('Content-Length: 0x7\r\n', BODY),
    'an empty length': post('Content-Length:\r\n', BODY),
    'a chunk of no size': post('Transfer-Encoding: chunked\r\n', '\r\njson={}\r\n0\r\n\r\n'),
    'a chunk of no number': post('Transfer-Encoding: chunked\r\n', 'xyz\r\njson={}\r\n0\r\n\r\n'),
    'a chunk with a sign': post('Transfer-Encoding: chunked\r\n', '+7\r\njson={}\r\n0\r\n\r\n'),
    'a negative chunk': post('Transfer-Encoding: chunked\r\n', '-7\r\njson={}\r\n0\r\n\r\n'),
    'a chunk with 0x': post('Transfer-Encoding: chunked\r\n', '0x7\r\njson={}\r\n0\r\n\r\n'),
    'a chunk longer than it says': post('Transfer-Encoding: chunked\r\n', '7\r\njson={}XX0\r\n\r\n'),
    'an unknown version': get(HOST, version='HTTP/1.1x'),
    'NUL behind the last value': get('Host: localhost\0\r\n'),
    'NUL behind a length': post('Content-Length: 7\0\r\n', BODY),
    'NUL behind a coding': post('Transfer-Encoding: chunked\0\r\n', CHUNKS),
    'NUL behind the version': get('', version='HTTP/1.0\0'),
    'NUL in the path': get(HOST, path='/healthz\0x'),
    'NUL behind the path': get(HOST, path='/healthz\0'),
    'NUL in the query': get(HOST, path='/healthz?a=\0b'),
    'CR alone in the path': get(HOST, path='/healthz\rx'),
    'a tab in the path': get(HOST, path='/healthz\tx'),
    'a control character in the query': get(HOST, path='/healthz?a=\x01'),
    'a last field without a name': get(HOST + ': b\r\n'),
    'a field without a name': get(': b\r\n' + HOST),
    'a Host whose port is no number': get('Host: localhost:abc\r\n'),
    'a Host of two ports': get('Host: localhost:1:2\r\n'),
    'a Host whose bracket is open': get('Host: [::1\r\n'),
    'a target of another server': get(HOST, path='http://example.org/healthz'),
    'a target of a server, and another Host': get('Host: example.org\r\n', path='http://localhost/healthz'),
}


@pytest.mark.parametrize('request_text', BAD.values(), ids=BAD.keys())
def test_what_can_be_read_in_two_ways_is_refused(server, request_text):
    assert ask(server, request_text) == (400, True)


@pytest.mark.parametrize('coding', ['gzip', 'identity', 'gzip, chunked', 'chunked, gzip', 'xchunked', '"chunked"', '',
                                    'chunked, chunked', 'chunked\r\nTransfer-Encoding: gzip'])
def test_unknown_codings_are_answered_at_once(server, coding):
    for more in (CHUNKS, ''):  # also when nothing follows
        assert ask(server, post(f'Transfer-Encoding: {coding}\r\n', more)) == (501, True)
    assert ask(server, get(HOST + f'Transfer-Encoding: {coding}\r\n')) == (501, True)


GOOD = {
    'a request': get(HOST),
    'HTTP/1.0': get(version='HTTP/1.0'),
    'a form': post('Content-Length: 7\r\n', BODY),
    'chunks': post('Transfer-Encoding: chunked\r\n', CHUNKS),
    'chunks in capitals': post('transfer-encoding: CHUNKED\r\n', CHUNKS),
    'chunks with extensions': post('Transfer-Encoding: chunked\r\n', '7;a=b\r\njson={}\r\n0\r\nX-A: b\r\n\r\n'),
    'an empty value': get(HOST + 'X-A:\r\nX-B: \r\nX-C:  \t \r\n'),
    'space around a value': get(HOST + 'X-A:   a \t b  \r\n'),
    'no space before a value': get('Host:localhost\r\nX-A:b\r\n'),
    'octets above ASCII': get(HOST + 'X-A: \xe4\xf6\xff\r\n'),
    'an empty Host': get('Host:\r\n'),
    'a target with its server': get(HOST, path='http://localhost/healthz'),
    'a target with its server and port': get('Host: localhost:1\r\n', path='HTTP://localhost:1/healthz?a=b'),
    'a target that is a server': get(HOST, path='http://localhost'),
    'a target of a server and a query': get(HOST, path='https://localhost?a=http://b'),
    'a Host with a port': get('Host: [::1]:2501\r\n'),
    'a long value': get(HOST + 'X-A: ' + 'a' * 8000 + '\r\n'),
    'many fields': get(HOST + ''.join(f'X-{i}: {i}\r\n' for i in range(200))),
}


@pytest.mark.parametrize('request_text', GOOD.values(), ids=GOOD.keys())
def test_what_is_plain_is_answered(server, request_text):
    assert ask(server, request_text) == (200, False)


def test_a_nul_in_a_path_ends_nothing(server):
    assert ask_path(server, '/healthz%00x') == 404
    assert ask_path(server, '/healthz%00') == 404
    assert ask_path(server, '/%68ealthz') == 200
    assert ask_path(server, '/healthz?a=%') == 200


def ask_path(norn, path):
    where = urllib.parse.urlsplit(norn.url)
    with socket.create_connection((where.hostname, where.port), timeout=15) as s:
        s.sendall(get(HOST, path=path).encode())
        return int(s.recv(65536).split()[1])


def test_requests_in_one_piece(server):
    where = urllib.parse.urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port), timeout=15) as s:
        s.sendall((get(HOST) * 3 + post('Content-Length: 7\r\n', BODY) + get(HOST + 'Connection: close\r\n')).encode())
        reply = b''
        while True:
            more = s.recv(65536)
            if not more:
                break
            reply += more
    assert reply.count(b'HTTP/1.1 200 OK') == 5


@pytest.mark.parametrize('n', [100, 3000, 20000])
def test_many_variables_are_answered_at_once(server, n):
    text = '&'.join(f'v{i}=1' for i in range(n))
    where = urllib.parse.urlsplit(server.url)
    for request in (get(HOST, path='/healthz?' + text), post(f'Content-Length: {len(text)}\r\n', text),
                    post(f'Content-Length: {len(text) + 8}\r\n', text + '&json={}')):
        with socket.create_connection((where.hostname, where.port), timeout=15) as s:
            try:
                s.sendall(request.encode())
                reply = s.recv(65536)
            except ConnectionResetError:  # of a head that is too long
                reply = b'HTTP/1.1 431'
            assert int(reply.split()[1]) in (200, 400, 413, 414, 431), reply[:200]
