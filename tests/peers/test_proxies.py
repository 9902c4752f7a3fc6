"""Behind nginx, Caddy and Apache, with the configurations of doc/proxy.md."""
import os
import signal
import socket
import subprocess

import pytest
import requests
import websocket

from peers import CONFIG, LOGIN, ROOT, program, start, wait_until  # noqa: F401

# Of each program: how it is started, what its configuration needs beside the document's text, and what of that text
# stands for this test's addresses. {norn}, {port} and {certificate} are filled in.
NGINX = '''
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
{site}
}}
'''
CADDY = '''
{{
admin off
auto_https disable_redirects
default_sni sensor.example
storage file_system {home}/caddy
default_bind 127.0.0.1
}}
{site}
'''
APACHE = '''
ServerRoot {home}
ServerName localhost
PidFile {home}/pid
ErrorLog {home}/error.log
DefaultRuntimeDir {home}
Mutex posixsem
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule ssl_module {modules}/mod_ssl.so
LoadModule headers_module {modules}/mod_headers.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
LoadModule proxy_wstunnel_module {modules}/mod_proxy_wstunnel.so
Listen 127.0.0.1:{port}
{site}
'''
PROXIES = {
    'nginx': {
        'section': 'nginx', 'main': NGINX, 'run': lambda p, home: [p, '-p', home, '-c', home / 'conf', '-e', home / 'error.log'],
        'replace': [('http://127.0.0.1:2501', '{norn}'), ('listen 443 ssl', 'listen 127.0.0.1:{port} ssl'),
                    ('/etc/ssl/sensor', '{certificate}')]},
    'caddy': {
        'section': 'Caddy', 'main': CADDY, 'run': lambda p, home: [p, 'run', '--adapter', 'caddyfile', '--config', home / 'conf'],
        'replace': [('127.0.0.1:2501', '{norn}'),
                    ('sensor.example {{\n', 'https://sensor.example:{port} {{\n tls {certificate}.pem {certificate}.key\n')]},
    'apache2': {
        'section': 'Apache', 'main': APACHE, 'run': lambda p, home: [p, '-DFOREGROUND', '-f', home / 'conf'],
        'replace': [('http://127.0.0.1:2501', '{norn}'), ('*:443', '127.0.0.1:{port}'), ('/etc/ssl/sensor', '{certificate}')]},
}


class From(requests.adapters.HTTPAdapter):
    """A client of an address that is not the proxy's."""

    def init_poolmanager(self, *arguments, **more):
        super().init_poolmanager(*arguments, source_address=('127.0.0.5', 0), **more)


NAME = '/devices/by-key/1_2/set_name.cmd'


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def documented(name, **values):
    """What the document says for that program, with this test's addresses."""
    text = (ROOT / 'doc/proxy.md').read_text().split(f'## {PROXIES[name]["section"]}\n')[1].split('## ')[0]
    text = '\n'.join(line[4:] for line in text.splitlines() if line.startswith('    '))  # the code, not the words below it
    for old, new in PROXIES[name]['replace']:
        old = old.replace('{{', '{')
        assert old in text, old
        text = text.replace(old, new.format(**values))
    return text


@pytest.fixture
def proxy(tmp_path):
    """Starts a proxy of PROXIES, and returns when it takes connections."""
    running = []

    def go(name, site, port):
        home = tmp_path / name
        home.mkdir()
        made = PROXIES[name]['main'].format(home=home, site=site, port=port, modules='/usr/lib/apache2/modules')
        (home / 'conf').write_text(made)
        running.append(subprocess.Popen(PROXIES[name]['run'](program(name), home), stderr=subprocess.DEVNULL,
                                        env=os.environ | {'HOME': str(home)}))

        def serves():
            assert running[-1].poll() is None, f'{name} refuses its configuration'
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


@pytest.mark.parametrize('name', PROXIES)
def test_as_documented(start, proxy, tmp_path, name):  # noqa: F811
    program(name)
    norn = start('-c', os.environ['SAMPLE'], config=CONFIG + 'httpd_trusted_proxy=127.0.0.1\n')
    port = free_port()
    address = norn.url.removeprefix('http://') if name == 'caddy' else norn.url
    proxy(name, documented(name, norn=address, port=port, certificate=certificate(tmp_path)), port)
    site, origin = f'https://127.0.0.1:{port}', f'https://sensor.example:{port}'
    page = {'Host': f'sensor.example:{port}', 'Origin': origin, 'Sec-Fetch-Site': 'same-origin', 'Referer': origin + '/'}
    with requests.Session() as s:
        s.verify = s.trust_env = False
        s.mount('https://', From())
        assert s.get(site + '/devices/views/all_views.json', headers=page, timeout=20).status_code == 401
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
def test_host_without_its_port(start, proxy, headers):  # noqa: F811
    """The least that people write: the client's port is in no header."""
    program('nginx')
    norn = start(config=CONFIG + 'httpd_trusted_proxy=127.0.0.1\n')
    port = free_port()
    proxy('nginx', f'server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {norn.url}; proxy_set_header Host $host;{headers} }} }}',
          port)
    site = f'http://127.0.0.1:{port}'
    assert requests.post(site + NAME, json={'username': 'x'}, auth=LOGIN, headers={'Origin': site}, timeout=20).status_code == 404


def test_a_refusal_names_the_cure(start, proxy):  # noqa: F811
    program('nginx')
    norn = start(config=CONFIG)
    port = free_port()
    proxy('nginx', f'server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass {norn.url}; proxy_set_header Host $host;'
          'proxy_set_header X-Forwarded-For $remote_addr; } }', port)
    site = f'http://127.0.0.1:{port}'
    reply = requests.post(site + NAME, json={'username': 'x'}, auth=LOGIN, headers={'Origin': site}, timeout=20)
    assert reply.status_code == 403 and 'httpd_trusted_proxy=127.0.0.1' in reply.text
    assert 'httpd_trusted_proxy=127.0.0.1' in requests.get(site + '/system/status.json', timeout=20).text
