"""Behind nginx, with the configuration of doc/proxy.md."""
import os
import signal
import socket
import subprocess
import textwrap

import pytest
import requests
import websocket

from peers import CONFIG, LOGIN, ROOT, program, start, wait_until  # noqa: F401

MAIN = '''
daemon off;
pid {home}/pid;
error_log {home}/error.log;
events {{}}
http {{
access_log off;
client_body_temp_path {home}/body;
proxy_temp_path {home}/proxy;
fastcgi_temp_path {home}/fastcgi;
uwsgi_temp_path {home}/uwsgi;
scgi_temp_path {home}/scgi;
{http}
}}
'''
class From(requests.adapters.HTTPAdapter):
    """A client of an address that is not the proxy's."""

    def init_poolmanager(self, *arguments, **more):
        super().init_poolmanager(*arguments, source_address=('127.0.0.5', 0), **more)


NAME = '/devices/by-key/1_2/set_name.cmd'


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def documented(norn, listen, certificate):
    """What the document says for nginx, with this test's addresses."""
    text = (ROOT / 'doc/proxy.md').read_text().split('## nginx\n')[1].split('## ')[0]
    text = textwrap.dedent(text)
    for old, new in (('http://127.0.0.1:2501', norn), ('listen 443 ssl', listen), ('/etc/ssl/sensor', str(certificate))):
        assert old in text, old
        text = text.replace(old, new)
    return text


@pytest.fixture
def nginx(tmp_path):
    running = []
    home = tmp_path / 'nginx'
    home.mkdir()

    def go(http, port):
        (home / 'nginx.conf').write_text(MAIN.format(home=home, http=http))
        running.append(subprocess.Popen([program('nginx'), '-p', home, '-c', home / 'nginx.conf', '-e', home / 'error.log'],
                                        stderr=subprocess.DEVNULL))

        def serves():
            with socket.socket() as s:
                return s.connect_ex(('127.0.0.1', port)) == 0
        wait_until(serves)

    yield go
    for process in running:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def certificate(tmp_path):
    path = tmp_path / 'sensor'
    subprocess.run([program('openssl'), 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj',
                    '/CN=sensor.example', '-keyout', f'{path}.key', '-out', f'{path}.pem'],
                   check=True, capture_output=True, timeout=60)
    return path


def test_as_documented(start, nginx, tmp_path):  # noqa: F811
    program('nginx')
    norn = start('-c', os.environ['SAMPLE'], config=CONFIG + 'httpd_trusted_proxy=127.0.0.1\n')
    port = free_port()
    nginx(documented(norn.url, f'listen 127.0.0.1:{port} ssl', certificate(tmp_path)), port)
    site, origin = f'https://127.0.0.1:{port}', f'https://sensor.example:{port}'
    page = {'Host': f'sensor.example:{port}', 'Origin': origin, 'Sec-Fetch-Site': 'same-origin', 'Referer': origin + '/'}
    with requests.Session() as s:
        s.verify = s.trust_env = False
        s.mount('https://', From())
        assert s.get(site + '/devices/views/all_views.json', timeout=20).status_code == 401
        reply = s.get(site + '/session/check_session', headers=page, auth=LOGIN, timeout=20)
        assert reply.status_code == 200 and 'Secure' in reply.headers['Set-Cookie']
        command = {'json': {'username': 'x'}, 'headers': page, 'timeout': 20}
        assert s.post(site + NAME, **command).status_code == 404  # there is no such device
        command['headers'] = page | {'Origin': 'https://evil.example'}
        assert s.post(site + NAME, **command).status_code == 403
        spoofed = page | {'X-Forwarded-For': '198.51.100.1', 'Forwarded': 'for=198.51.100.2;host=evil.example'}
        assert s.post(site + NAME, json={'username': 'x'}, headers=spoofed, timeout=20).status_code == 404
        assert 'from 127.0.0.5:' in norn.text() and '198.51.100' not in norn.text()
        cookie = f'KISMET={s.cookies["KISMET"]}'
    socket_url = f'wss://127.0.0.1:{port}/eventbus/events.ws'
    more = {'sslopt': {'cert_reqs': 0}, 'cookie': cookie, 'timeout': 20, 'host': f'sensor.example:{port}'}
    ws = websocket.create_connection(socket_url, origin=origin, **more)
    ws.send('{"SUBSCRIBE": "TIMESTAMP"}')
    assert 'TIMESTAMP' in ws.recv()
    ws.close()
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(socket_url, origin='https://evil.example', **more)


@pytest.mark.parametrize('headers', ('', 'proxy_set_header X-Forwarded-For $remote_addr;'))
def test_host_without_its_port(start, nginx, headers):  # noqa: F811
    """The least that people write: the client's port is in no header."""
    program('nginx')
    norn = start(config=CONFIG + 'httpd_trusted_proxy=127.0.0.1\n')
    port = free_port()
    nginx(f'server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {norn.url}; proxy_set_header Host $host;{headers} }} }}',
          port)
    site = f'http://127.0.0.1:{port}'
    assert requests.post(site + NAME, json={'username': 'x'}, auth=LOGIN, headers={'Origin': site}, timeout=20).status_code == 404


def test_a_refusal_names_the_cure(start, nginx):  # noqa: F811
    program('nginx')
    norn = start(config=CONFIG)
    port = free_port()
    nginx(f'server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {norn.url}; proxy_set_header Host $host;'
          'proxy_set_header X-Forwarded-For $remote_addr; } }', port)
    site = f'http://127.0.0.1:{port}'
    reply = requests.post(site + NAME, json={'username': 'x'}, auth=LOGIN, headers={'Origin': site}, timeout=20)
    assert reply.status_code == 403 and 'httpd_trusted_proxy=127.0.0.1' in reply.text
    assert 'httpd_trusted_proxy=127.0.0.1' in requests.get(site + '/system/status.json', timeout=20).text
