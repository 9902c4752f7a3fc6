"""Websockets: handshake, logins, frames, slow clients, and a stop with all of them open."""
import os
import struct
import subprocess
import threading
import time

import pytest
import requests
import websocket

from conftest import LOGIN, wait_until
from sockets import basic, connect, frame, open_raw, read_all

ECHO = '/debug/echo.ws'


def status_of(norn, path, header):
    try:
        connect(norn, path, header=header).close()
    except websocket.WebSocketBadStatusException as e:
        return e.status_code
    return 101


def test_messages_come_back(server):
    ws = connect(server, ECHO)
    for text in ('hello', '', 'x' * 126, 'y' * 70000, '\u20ac'):
        ws.send(text)
        assert ws.recv() == text
    ws.send_binary(b'\x00\xff')
    assert ws.recv() == b'\x00\xff'
    ws.ping('are you there')
    opcode, data = ws.recv_data(control_frame=True)
    assert (opcode, data) == (websocket.ABNF.OPCODE_PONG, b'are you there')
    ws.close()


def test_many_messages_in_one_piece(server):
    s, _ = open_raw(server, ECHO)
    s.sendall(b''.join(frame(0x81, b'%d' % i) for i in range(1000)) + frame(0x88, b'\x03\xe8'))
    expected = b''.join(b'\x81' + bytes([len(b'%d' % i)]) + b'%d' % i for i in range(1000))
    assert read_all(s) == expected + b'\x88\x02\x03\xe8'


def test_frames_behind_the_request_itself(server):
    """A client that does not wait for the answer."""
    s, head = open_raw(server, ECHO)
    assert head.startswith(b'HTTP/1.1 101')
    s.sendall(frame(0x01, b'in ') + frame(0x89, b'p') + frame(0x80, b'parts') + frame(0x88))
    assert read_all(s) == b'\x8a\x01p' + b'\x81\x08in parts' + b'\x88\x02\x03\xe8'


def test_logins(server):
    token = server.get('/session/check_session', auth=LOGIN).cookies['KISMET']
    reader = server.post('/auth/apikey/generate.cmd',
                         {'name': 'ws', 'role': 'readonly', 'duration': 0}, auth=LOGIN).text
    assert status_of(server, ECHO, [basic()]) == 101
    assert status_of(server, ECHO, [f'Cookie: KISMET={token}']) == 101
    assert status_of(server, f'{ECHO}?KISMET={token}', []) == 101
    assert status_of(server, f'{ECHO}?user=kismet&password=secret', []) == 101
    assert status_of(server, ECHO, []) == 401
    assert status_of(server, f'{ECHO}?user=kismet&password=wrong', []) == 401
    assert status_of(server, ECHO, [basic(('kismet', 'wrong'))]) == 401
    assert status_of(server, f'{ECHO}?KISMET={reader}', []) == 403
    assert status_of(server, '/debug/nothing.ws', [basic()]) == 404


def test_a_foreign_page_gets_no_websocket(server):
    host = server.url.split('//')[1]
    headers = {'Upgrade': 'websocket', 'Connection': 'Upgrade', 'Sec-WebSocket-Version': '13',
               'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ=='}
    for origin, status in ((None, 101), (f'http://{host}', 101), ('http://evil.example', 403),
                           ('null', 403)):
        more = {'Origin': origin} if origin else {}
        with requests.get(server.url + ECHO, headers=headers | more, auth=LOGIN, stream=True,
                          timeout=20) as reply:
            assert reply.status_code == status
            if status == 101:
                assert reply.headers['Sec-WebSocket-Accept'] == 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='


@pytest.mark.parametrize('change, status', [
    ({'Upgrade': None}, 426), ({'Upgrade': 'h2c'}, 426), ({'Connection': 'keep-alive'}, 426),
    ({'Sec-WebSocket-Version': '8'}, 426), ({'Sec-WebSocket-Version': None}, 426),
    ({'Sec-WebSocket-Key': None}, 400), ({'Sec-WebSocket-Key': 'short'}, 400),
])
def test_handshakes_that_are_none(server, change, status):
    headers = {'Upgrade': 'websocket', 'Connection': 'Upgrade', 'Sec-WebSocket-Version': '13',
               'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ=='} | change
    reply = server.get(ECHO, headers={k: v for k, v in headers.items() if v}, auth=LOGIN)
    assert reply.status_code == status and reply.text.strip()
    if status == 426:
        assert reply.headers['Sec-WebSocket-Version'] == '13'


@pytest.mark.parametrize('data, code', [
    (b'\x81\x01a', 1002), (frame(0xc1, b'a'), 1002), (frame(0x83, b'a'), 1002),
    (frame(0x80, b'a'), 1002), (frame(0x81, b'\xff'), 1007), (frame(0x88, b'\x03'), 1002),
    (b'\x82\xff\x7f' + bytes(11), 1009),
])
def test_broken_frames_end_the_connection(server, data, code):
    s, _ = open_raw(server, ECHO)
    s.sendall(data + frame(0x81, b'not read'))
    assert read_all(s) == b'\x88\x02' + struct.pack('>H', code)


def test_a_message_that_is_too_long(server):
    ws = connect(server, ECHO)
    try:
        ws.send('x' * 262145)
        opcode, data = ws.recv_data()
        assert (opcode, data) == (websocket.ABNF.OPCODE_CLOSE, b'\x03\xf1')
    except (BrokenPipeError, ConnectionResetError):
        pass  # the server need not read on


def test_a_slow_client_holds_up_no_one(start):
    norn = start(config='httpd_username=kismet\nhttpd_password=secret\n'
                 'norn_max_stream_queue=524288\n')
    slow, _ = open_raw(norn, ECHO)
    slow.settimeout(0.2)
    message = frame(0x82, bytes(60000))
    try:
        for _ in range(300):  # 18 MB that it never reads
            slow.sendall(message)
    except TimeoutError:
        pass
    quick = connect(norn, ECHO)
    for i in range(100):
        quick.send(str(i))
        assert quick.recv() == str(i)
    quick.close()
    slow.close()


def test_as_many_as_there_may_be(start):
    norn = start(config='httpd_username=kismet\nhttpd_password=secret\nnorn_max_websockets=3\n')
    all_three = [connect(norn, ECHO) for _ in range(3)]
    for ws in all_three:
        ws.send('x')
        assert ws.recv() == 'x'
    assert status_of(norn, ECHO, [basic()]) == 429
    all_three.pop().close()
    wait_until(lambda: status_of(norn, ECHO, [basic()]) == 101)  # the slot of the closed one is free again


def test_the_server_says_good_bye(start):
    norn = start()
    all_of_them = [connect(norn, ECHO) for _ in range(20)]
    stuck = [open_raw(norn, ECHO)[0] for _ in range(3)]  # these never answer
    for ws in all_of_them:
        ws.send('x')
        assert ws.recv() == 'x'
    codes = []

    def listen(ws):
        opcode, data = ws.recv_data()
        codes.append((opcode, struct.unpack('>H', data[:2])[0]))

    threads = [threading.Thread(target=listen, args=(ws,)) for ws in all_of_them]
    for t in threads:
        t.start()
    assert norn.stop() == 0
    for t in threads:
        t.join(10)
    assert codes == [(websocket.ABNF.OPCODE_CLOSE, 1001)] * 20
    for s in stuck:
        assert read_all(s).startswith(b'\x88')


def cpu_seconds(pid):
    parts = open(f'/proc/{pid}/stat').read().rsplit(') ')[1].split()
    return (int(parts[11]) + int(parts[12])) / os.sysconf('SC_CLK_TCK')


def test_tls(start, tmp_path):
    cert, key = tmp_path / 'cert', tmp_path / 'key'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj',
                    '/CN=localhost', '-keyout', key, '-out', cert, '-days', '2'],
                   check=True, capture_output=True)
    norn = start(config=f'httpd_username=kismet\nhttpd_password=secret\nhttpd_ssl=true\n'
                 f'httpd_ssl_cert={cert}\nhttpd_ssl_key={key}\n')
    open_ones = []
    for n in range(5):
        ws = connect(norn, ECHO, sslopt={'cert_reqs': 0})
        for size in (1, 200, 70000, 200000) if n == 0 else (1, 200):  # the library sends what is large at a length
            ws.send('z' * size)
            assert ws.recv() == 'z' * size
        if n % 2:
            ws.close()
        else:
            open_ones.append(ws)
    before = cpu_seconds(norn.process.pid)
    time.sleep(1)
    assert cpu_seconds(norn.process.pid) - before < 0.5  # nothing spins
    assert norn.stop() == 0
