"""What every request meets: methods, limits, formats, compression, other listeners."""
import gzip
import http.client
import json
import socket
import ssl
import subprocess
import threading
import urllib.parse

import pytest
import requests

from conftest import LOGIN


def test_methods(server):
    reply = requests.delete(server.url + '/system/timestamp.json', timeout=20)
    assert reply.status_code == 405 and 'GET' in reply.headers['Allow']
    reply = server.get('/devices/by-key/1_2/set_name.cmd')
    assert reply.status_code == 405 and reply.headers['Allow'] == 'POST'
    reply = requests.head(server.url + '/system/timestamp.json', timeout=20)
    assert reply.status_code == 200 and reply.text == ''
    assert server.get('/no/such/path.json').status_code == 404
    assert server.get('/system/timestamp').status_code == 404
    assert server.get('//system///timestamp.json').status_code == 200


def test_limits(server):
    refused = server.get('/' + 'x' * 1100)
    assert refused.status_code == 414 and 'longer than 1023 octets' in refused.text
    assert server.get('/' + 'x' * 200000).status_code in (414, 431)
    big = {'json': '{"x":"' + 'a' * 1100000 + '"}'}
    assert server.post('/devices/summary/devices.json', data=big).status_code == 413
    assert server.get('/system/timestamp.json', headers={'X': 'a' * 100000}).status_code == 431
    assert server.post('/devices/summary/devices.json', data='a=b',
                       headers={'Content-Type': 'text/plain'}).status_code == 400


def test_gzip(server):
    raw = requests.get(server.url + '/devices/all_devices.ekjson', stream=True, timeout=20,
                       headers={'Accept-Encoding': 'gzip'})
    assert raw.headers['Content-Encoding'] == 'gzip'
    lines = gzip.decompress(raw.raw.read()).splitlines()
    plain = server.get('/devices/all_devices.ekjson', headers={'Accept-Encoding': 'identity'}).text
    assert len(lines) == len(plain.splitlines()) > 5
    assert all(json.loads(line)['kismet.device.base.macaddr'] for line in lines)
    plain = server.get('/system/tracked_fields.html', headers={'Accept-Encoding': 'gzip;q=0'})
    assert 'Content-Encoding' not in plain.headers
    assert server.get('/system/tracked_fields.html').text == plain.text


def test_keep_alive(server):
    host, port = server.url[len('http://'):].split(':')
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    for _ in range(3):
        connection.request('GET', '/system/timestamp.json')
        reply = connection.getresponse()
        assert reply.status == 200 and reply.read()
    connection.close()


def test_random_octets_do_no_harm(server):
    host, port = server.url[len('http://'):].split(':')
    for junk in (b'\0' * 1000, b'GET', b'GET / HTTP/9.9\r\n\r\n', b'POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n',
                 b'\xff' * 70000, b'GET /%00%ff HTTP/1.1\r\nHost: a\r\n\r\n'):
        with socket.create_connection((host, int(port)), timeout=10) as s:
            s.sendall(junk)
            s.settimeout(0.3)
            try:
                while s.recv(65536):
                    pass
            except (ConnectionResetError, TimeoutError):
                pass
    assert server.get('/healthz').text == 'ok\n'


def test_many_clients_at_once(server):
    path = '/devices/views/all/devices.json'
    devices = len(server.get(path).json())
    wrong = []

    def ask():
        for _ in range(20):
            reply = requests.get(server.url + path, timeout=20)
            if reply.status_code != 200 or len(json.loads(reply.content)) != devices:
                wrong.append((reply.status_code, len(reply.content)))

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wrong == []


@pytest.mark.parametrize('head, status', [
    ('GET /system/status.json HTTP/1.0\r\n\r\n', b'200'), ('GET /system/status.json HTTP/1.1\r\n\r\n', b'400'),
    ('GET /system/status.json HTTP/1.0\r\nHost: evil.example\r\n\r\n', b'401'),
    ('GET /system/status.json HTTP/1.0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n', b'401'),
    ('POST /poi/create_poi.cmd HTTP/1.0\r\nContent-Length: 0\r\n\r\n', b'403')])
def test_requests_of_old_programs(server, head, status):
    """HTTP/1.0 has no Host field; a client at this machine may read all the same, and command nothing."""
    where = urllib.parse.urlsplit(server.url)
    with socket.create_connection((where.hostname, where.port)) as s:
        s.sendall(head.encode())
        assert s.recv(65536).split()[1] == status


def test_other_listeners(start, tmp_path):
    path = tmp_path / 'socket'
    norn = start(config=f'httpd_bind_address=127.0.0.1\nhttpd_bind_address=::1\n'
                        f'httpd_unix_socket={path}\nhttpd_uri_prefix=/norn\n')
    port = norn.url.rsplit(':', 1)[1]
    assert requests.get(f'http://[::1]:{port}/healthz', timeout=20).text == 'ok\n'
    assert norn.get('/norn/healthz').text == 'ok\n'
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(str(path))
        s.sendall(b'GET /healthz HTTP/1.0\r\n\r\n')
        assert s.makefile('rb').read().endswith(b'ok\n')
    norn.stop()
    assert not path.exists()


def test_static_files_stay_beneath_the_root(start, tmp_path):
    home = tmp_path / 'web'
    home.mkdir()
    (home / 'index.html').write_text('<p>home')
    (home / 'a.css').write_text('x')
    (tmp_path / 'secret').write_text('secret')
    (home / 'link').symlink_to(tmp_path / 'secret')
    norn = start(config=f'httpd_home={home}\n')
    assert norn.get('/').text == '<p>home'
    css = norn.get('/a.css')
    assert css.headers['Content-Type'].startswith('text/css')
    tag = css.headers['ETag']
    assert norn.get('/a.css', headers={'If-None-Match': tag}).status_code == 304
    host, port = norn.url[len('http://'):].split(':')
    for bad in ('/../secret', '/%2e%2e/secret', '/link', '/..%2fsecret', '//../secret', '/none'):
        connection = http.client.HTTPConnection(host, int(port), timeout=20)
        connection.putrequest('GET', bad, skip_host=False)
        connection.endheaders()
        reply = connection.getresponse()
        assert reply.status == 404 and b'secret' not in reply.read(), bad


def test_tls(start, tmp_path):
    key, cert = tmp_path / 'key.pem', tmp_path / 'cert.pem'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out',
                    cert, '-days', '2', '-subj', '/CN=localhost', '-addext',
                    'subjectAltName=IP:127.0.0.1'], check=True, capture_output=True)
    norn = start(config=f'httpd_ssl=true\nhttpd_ssl_cert={cert}\nhttpd_ssl_key={key}\n'
                        'httpd_username=kismet\nhttpd_password=secret\n')
    port = norn.url.rsplit(':', 1)[1]
    reply = requests.get(f'https://127.0.0.1:{port}/session/check_session', auth=LOGIN, verify=cert,
                         timeout=20)
    assert reply.status_code == 200 and 'Secure' in reply.headers['Set-Cookie']
    assert ssl.OPENSSL_VERSION


def test_cors(start):
    norn = start(config='httpd_allow_cors=true\nhttpd_allowed_origin=http://ui.example\n')
    reply = requests.options(norn.url + '/system/status.json', timeout=20,
                             headers={'Origin': 'http://ui.example'})
    assert reply.status_code == 200
    assert reply.headers['Access-Control-Allow-Origin'] == 'http://ui.example'


def test_pages_may_load_tiles_of_the_configured_position_only(start, tmp_path):
    (tmp_path / 'index.html').write_text('<p>home')
    config = f'httpd_home={tmp_path}\nnorn_map_tiles='
    for tiles, allowed in (('https://{s}.tiles.example:8443/{z}/{x}/{y}.png', 'blob: https://*.tiles.example:8443;'),
                           ("https://x; script-src 'unsafe-inline'/{z}", 'blob: ;'), ('', 'blob: ;')):
        norn = start(config=config + tiles + '\n')
        assert allowed in norn.get('/').headers['Content-Security-Policy']
