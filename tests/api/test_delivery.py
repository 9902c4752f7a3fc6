"""Alerts that leave the machine, to receivers that stand here."""
import http.server
import json
import os
import re
import socket
import ssl
import subprocess
import threading
import time

import pytest

from conftest import LOGIN, wait_until
from frames import Capture, rsn

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\n'
LINE = re.compile(r'<(\d+)>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\S+) norn (\d+) (\S+) '
                  r'\[norn@32473 ((?:[a-z_]+="(?:[^"\\\]]|\\.)*" ?)+)\] (.*)')


def parse_strictly(octets):
    """A message as the grammar of RFC 5424 section 6 has it; its message id and text."""
    grammar = re.compile(
        rb'<(?:0|[1-9]\d{0,2})>[1-9]\d{0,2} '
        rb'\d{4}-(?:0\d|1[0-2])-[0-3]\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d) '
        rb'([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) '
        rb'((?:\[[!#-<>-\\^-~]{1,32}(?: [!#-<>-\\^-~]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*\])+|-)(?: (.*))?', re.S)
    found = grammar.fullmatch(octets)
    assert found and int(octets[1:octets.index(b'>')]) <= 191, octets
    found[5].decode()
    text = found[6] or b''
    if text.startswith(b'\xef\xbb\xbf'):
        return found[4].decode(), text[3:].decode()
    assert text.isascii(), text
    return found[4].decode(), text.decode()


def test_every_message_is_as_the_standard_has_it(start, tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(10)
        sock.bind(('127.0.0.1', 0))
        norn = start(config=CONFIG + f'norn_alert_syslog=udp:127.0.0.1:{sock.getsockname()[1]}\nalert=ADVCRYPTCHANGE,9/min,9/sec\n')
        names = ('caf\u00e9', 'a"b\\c]d', '100%s', 'line\nend')
        capture = Capture()
        for i, n in enumerate(names):
            for akm in (2, 2, 8, 8):  # what is not checked counts when it comes twice
                capture.beacon(n.encode(), f'00:0d:00:00:00:{i:02x}', rsn(akm))
        norn.post('/datasource/add_source.cmd', {'definition': str(capture.write(tmp_path / 'a.pcap'))}, auth=LOGIN)
        texts = []
        while len(texts) < 4:
            name, text = parse_strictly(sock.recv(65536))
            texts += [text] if name == 'ADVCRYPTCHANGE' else []
        assert "'caf\u00e9'" in texts[0] and all('\n' not in t for t in texts)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv('no_proxy', '*')


def define(norn, name='REPORTED', severity=15, rate='1000/min'):
    command = {'name': name, 'description': 'x', 'throttle': rate, 'burst': '1000/sec', 'severity': severity,
               'class': 'OTHER'}
    assert norn.post('/alerts/definitions/define_alert.cmd', command, auth=LOGIN).status_code == 200


def report(norn, text, name='REPORTED'):
    command = {'name': name, 'text': text, 'source': '00:0c:00:00:00:02'}
    assert norn.post('/alerts/raise_alert.cmd', command, auth=LOGIN).status_code == 200


def receiver(norn, number=0):
    return norn.get('/alerts/receivers.json', auth=LOGIN).json()[number]


def take_datagram(sock, name):
    """The message of that alert; the server's own alerts come first."""
    while True:
        found = LINE.fullmatch(sock.recv(65536).decode())
        assert found
        if found[5] == name:
            return found


@pytest.mark.parametrize('kind', ['udp', 'unix'])
def test_syslog_datagrams(start, tmp_path, kind):
    sock = socket.socket(socket.AF_UNIX if kind == 'unix' else socket.AF_INET, socket.SOCK_DGRAM)
    with sock:
        sock.settimeout(10)
        sock.bind(str(tmp_path / 's') if kind == 'unix' else ('127.0.0.1', 0))
        where = tmp_path / 's' if kind == 'unix' else f'127.0.0.1:{sock.getsockname()[1]}'
        norn = start(config=CONFIG + f'norn_alert_syslog={kind}:{where}\nnorn_alert_syslog_facility=4\n')
        define(norn)
        report(norn, 'it "happened"\nhere]')
        found = take_datagram(sock, 'REPORTED')
        assert found[1] == str(4 * 8 + 3) and int(found[4]) == norn.process.pid
        assert 'class="OTHER" severity="15"' in found[6] and 'source="00:0C:00:00:00:02"' in found[6]
        assert found[7] == 'it "happened" here]'
        wait_until(lambda: receiver(norn)['norn.receiver.waiting'] == 0)
        assert receiver(norn)['norn.receiver.lost'] == 0
    assert norn.get('/alerts/receivers.json').status_code == 401


def take_frames(connection, want):
    """Octet counted messages, until there are so many of the wanted name."""
    data, texts = b'', []
    while len(texts) < want:
        more = connection.recv(65536)
        assert more
        data += more
        while True:
            head, space, rest = data.partition(b' ')
            if not space or len(rest) < int(head):
                break
            found = LINE.fullmatch(rest[:int(head)].decode())
            assert found
            texts += [found[7]] if found[5] == 'REPORTED' else []
            data = rest[int(head):]
    return texts


def test_syslog_over_tcp_outlives_its_server(start):
    with socket.create_server(('127.0.0.1', 0)) as server:
        server.settimeout(10)
        port = server.getsockname()[1]
        norn = start(config=CONFIG + f'norn_alert_syslog=tcp:127.0.0.1:{port}\n')
        define(norn)
        report(norn, 'one')
        report(norn, 'two')
        connection = server.accept()[0]
        connection.settimeout(10)
        with connection:
            assert take_frames(connection, 2) == ['one', 'two']
    report(norn, 'three')  # no one listens
    wait_until(lambda: receiver(norn)['norn.receiver.failed'] >= 1)
    assert receiver(norn)['norn.receiver.error'] and receiver(norn)['norn.receiver.waiting'] == 1
    with socket.create_server(('127.0.0.1', port)) as server:
        server.settimeout(10)
        connection = server.accept()[0]
        connection.settimeout(10)
        with connection:
            assert take_frames(connection, 1) == ['three']
        wait_until(lambda: receiver(norn)['norn.receiver.error'] == '')


class Hook:
    """An HTTP server that keeps what is posted, and answers as set, then 204."""

    def __init__(self, answers=(), context=None):
        hook, self.posts, self.answers = self, [], list(answers)

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
                mine = body['kismet.alert.header'] == 'REPORTED'
                status = hook.answers.pop(0) if mine and hook.answers else 204
                if mine:
                    hook.posts.append((status, self.path, dict(self.headers), body, time.monotonic()))
                self.send_response(status)
                self.send_header('Content-Length', '0')
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={'poll_interval': 0.05})
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def certificate(tmp_path):
    key, cert = tmp_path / 'key.pem', tmp_path / 'cert.pem'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days',
                    '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
                   check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def test_webhook_over_tls_is_tried_again(start, certificate):
    cert, context = certificate
    with Hook([503], context) as hook:
        norn = start(config=CONFIG + f'norn_alert_webhook=https://127.0.0.1:{hook.port}/secret/path\n'
                     f'norn_alert_webhook_ca={cert}\nnorn_alert_webhook_header=X-Token: abc\n')
        define(norn)
        report(norn, 'one')
        report(norn, 'two')
        wait_until(lambda: len(hook.posts) == 3)
        assert [(p[0], p[3]['kismet.alert.text']) for p in hook.posts] == [(503, 'one'), (204, 'one'), (204, 'two')]
        assert hook.posts[1][4] - hook.posts[0][4] >= 0.9
        _, path, headers, body, _ = hook.posts[-1]
        assert path == '/secret/path' and headers['X-Token'] == 'abc'
        assert headers['Content-Type'] == 'application/json'
        assert body in norn.get('/alerts/all_alerts.json').json()
        wait_until(lambda: receiver(norn)['norn.receiver.waiting'] == 0)
        shown = receiver(norn)
        assert shown['norn.receiver.target'] == f'https://127.0.0.1:{hook.port}'
        assert shown['norn.receiver.failed'] == 1 and shown['norn.receiver.lost'] == 0


def test_webhook_with_a_certificate_of_no_one(start, certificate):
    with Hook([], certificate[1]) as hook:
        norn = start(config=CONFIG + f'norn_alert_webhook=https://127.0.0.1:{hook.port}/\nnorn_alert_tries=1\n')
        define(norn)
        report(norn, 'one')
        wait_until(lambda: receiver(norn)['norn.receiver.lost'] >= 1)
        assert 'certificate' in receiver(norn)['norn.receiver.error'] and not hook.posts


def test_what_is_refused_is_given_up(start):
    with Hook([400, 503, 503]) as hook:
        norn = start(config=CONFIG + f'norn_alert_webhook=http://127.0.0.1:{hook.port}/\nnorn_alert_tries=2\n'
                     'norn_alert_severity=10\n')
        define(norn)
        define(norn, 'QUIET', 5)
        report(norn, 'refused')
        report(norn, 'tried twice')
        report(norn, 'not sent', 'QUIET')
        report(norn, 'taken')
        wait_until(lambda: hook.posts and hook.posts[-1][0] == 204)
        assert [p[3]['kismet.alert.text'] for p in hook.posts] == ['refused', 'tried twice', 'tried twice', 'taken']
        wait_until(lambda: receiver(norn)['norn.receiver.waiting'] == 0)
        assert receiver(norn)['norn.receiver.lost'] == 2


def test_the_queue_is_bounded(start):
    with socket.create_server(('127.0.0.1', 0)) as silent:  # takes connections, answers nothing
        port = silent.getsockname()[1]
        norn = start(config=CONFIG + f'norn_alert_webhook=http://127.0.0.1:{port}/\nnorn_max_alert_queue=3\n')
        define(norn)
        for n in range(20):
            report(norn, str(n))
        shown = receiver(norn)
        assert shown['norn.receiver.waiting'] <= 3 and shown['norn.receiver.lost'] >= 17
        begin = time.monotonic()
        assert norn.stop() == 0
        assert time.monotonic() - begin < 9  # what waits for a mute receiver holds no one up for long


def test_bad_receivers_are_reported(tmp_path):
    conf = tmp_path / 'bad.conf'
    conf.write_text('httpd_port=0\nnorn_alert_syslog=udp:nowhere\nnorn_alert_syslog=x:1\n'
                    'norn_alert_webhook=http://192.0.2.1/secret\n')
    out = subprocess.run([os.environ['NORN'], '--check', '-f', conf, '--homedir', tmp_path],
                         capture_output=True, text=True, timeout=20)
    assert out.returncode == 1
    assert out.stderr.count('norn_alert_syslog=') == 2 and 'norn_alert_webhook=http://192.0.2.1:' in out.stderr
    assert 'secret' not in out.stderr
