"""Doors: the guard of what changes something, guesses, sessions, secrets, TLS and proxies."""
import json
import os
import socket
import ssl
import subprocess

import pytest
import requests
import websocket

from conftest import LOGIN, Norn, wait_until
from roles import routes
from sockets import Adapter, connect

CHECK = '/session/check_session'
NAME = '/devices/by-key/1_2/set_name.cmd'
BOARD = 'httpd_username=kismet\nhttpd_password=secret\n'
FOREIGN = (
    {'Origin': 'http://evil.example'}, {'Origin': 'null'}, {'Sec-Fetch-Site': 'cross-site'},
    {'Sec-Fetch-Site': 'same-site'}, {'Referer': 'http://evil.example/page'}, {'Host': 'evil.example'},
    {'Host': '127.0.0.1.evil.example'}, {'Origin': 'http://localhost:1'},
)


def own(norn):
    return {'Origin': norn.url, 'Sec-Fetch-Site': 'same-origin', 'Referer': norn.url + '/'}


def commands(norn):
    """Every route that changes something or needs a role, by its methods."""
    for who, method, path, url in routes(norn):
        if who not in ('anybody', 'reader', 'login') or path in ('/session/set_password', '/session/logout'):
            yield method, url


def test_no_foreign_page_gives_any_command(server):
    tried = 0
    with requests.Session() as session:
        for method, path in commands(server):
            for headers in FOREIGN:
                reply = session.request(method, server.url + path, auth=LOGIN, headers=headers, timeout=20)
                assert reply.status_code == 403, (method, path, headers, reply.text)
            tried += 1
    assert tried > 40


def test_no_foreign_page_takes_a_stream(server):
    tried = 0
    for who, method, path, url in routes(server):
        if who == 'login' and path != CHECK:
            for headers in FOREIGN[:5]:
                reply = requests.request(method, server.url + url, auth=LOGIN, headers=headers, timeout=20, stream=True)
                assert reply.status_code == 403, (method, url, headers)
            tried += 1
    assert tried > 5
    stream = requests.get(server.url + '/pcap/all_packets.pcapng', auth=LOGIN, headers=own(server), timeout=20, stream=True)
    assert stream.status_code == 200
    stream.close()


def test_scripts_and_own_pages_do(server):
    for headers in {}, own(server), {'Sec-Fetch-Site': 'none'}, {'Host': 'localhost'}, {'Referer': ''}:
        assert server.post(NAME, {'username': 'x'}, auth=LOGIN, headers=headers).status_code == 404, headers


def test_websockets(server):
    for path in '/eventbus/events.ws', '/devices/monitor.ws', '/debug/echo.ws', '/gps/web/update.ws':
        for more in {'origin': 'http://evil.example'}, {'header': ['Sec-Fetch-Site: cross-site']}:
            with pytest.raises(websocket.WebSocketBadStatusException, match='403'):
                connect(server, path, **more)


def test_sensors_connect_under_whatever_name(server):
    path = '/gps/web/update.ws'
    connect(server, path, host='server.example', suppress_origin=True).close()
    with pytest.raises(websocket.WebSocketBadStatusException, match='403'):
        connect(server, path, host='server.example', origin='http://server.example')


def test_names_that_the_operator_gives(start):
    norn = start(config=BOARD + 'httpd_allowed_host=sensor.example.org,other.example:99\n')
    for host, status in (('sensor.example.org', 404), ('SENSOR.example.org:1234', 404), ('other.example:99', 404),
                         ('other.example', 403), (socket.gethostname(), 404), ('x.example.org', 403)):
        reply = norn.post(NAME, {'username': 'x'}, auth=LOGIN, headers={'Host': host})
        assert reply.status_code == status, host
    assert 'httpd_allowed_host=x.example.org' in reply.text


def test_a_wrong_name_or_proxy_in_the_configuration_is_reported(start, tmp_path):
    for line in 'httpd_trusted_proxy=10.0.0.0/33', 'httpd_allowed_host=http://x/':
        home = tmp_path / line[:16]
        home.mkdir()
        with pytest.raises(AssertionError, match=line.split('=')[0]):
            Norn(home, config=BOARD + line + '\n')
        said = subprocess.run([os.environ['NORN'], '-f', home / 'norn.conf', '--homedir', home, '--check'],
                              capture_output=True, text=True, timeout=20)
        assert said.returncode == 1 and line in said.stdout


def test_a_session_for_each_login(start):
    norn = start()
    one, two = requests.Session(), requests.Session()
    for s in one, two:
        assert s.get(norn.url + CHECK, auth=LOGIN, timeout=20).status_code == 200
    assert one.cookies['KISMET'] != two.cookies['KISMET']
    listed = one.get(norn.url + '/session/all_sessions.json', timeout=20).json()
    assert len(listed) == 2 and [s['norn.session.current'] for s in listed].count(1) == 1
    assert all(s['norn.session.address'] == '127.0.0.1' and s['norn.session.created'] for s in listed)
    assert 'KISMET' not in json.dumps(listed) and two.cookies['KISMET'] not in json.dumps(listed)
    token = one.cookies['KISMET']
    assert one.post(norn.url + '/session/logout', timeout=20).status_code == 200
    assert norn.get(CHECK, headers={'Cookie': f'KISMET={token}'}).status_code == 401
    assert two.get(norn.url + CHECK, timeout=20).status_code == 200
    norn.stop()
    kept = (norn.home / '.norn/session.db').read_text()
    assert two.cookies['KISMET'] not in kept and 'secret' not in kept
    again = start('--homedir', str(norn.home))
    cookie = {'Cookie': 'KISMET=' + two.cookies['KISMET']}
    assert again.get(CHECK, headers=cookie).status_code == 200
    ident = again.get('/session/all_sessions.json', headers=cookie).json()[0]['norn.session.id']
    assert again.post(f'/session/by-id/{ident}/end_session.cmd', headers=cookie).status_code == 200
    assert again.get(CHECK, headers=cookie).status_code == 401
    assert again.post(f'/session/by-id/{ident}/end_session.cmd', auth=LOGIN).status_code == 404


REFUSED = ['x:type=nosuch,password=geheim', 'x:password=geheim', 'x:password = geheim,name=y', 'x:password=a,geheim',
           'x:password="geheim', 'x:secret=a,geheim,type=example', 'x:api_token=geheim,wrong', 'x:psk=geheim,channel=',
           'http://user:geheim@host/x', 'http://user:geheim@host/x:name=y', 'x:type=example,key=geheim,=y',
           '/no/such/file:password=geheim', 'wlan99:wepkey=geheim', 'x:auth="geheim"y,name=z']


@pytest.mark.parametrize('definition', REFUSED)
def test_secrets_in_definitions_that_are_refused(start, tmp_path, definition):
    """They stand neither in the server's own log nor in messages and alerts, however the definition is written."""
    norn = start('-c', definition)
    norn.post('/datasource/add_source.cmd', {'definition': definition}, auth=LOGIN)
    norn.post('/gps/add_gps.cmd', {'definition': definition}, auth=LOGIN)
    assert norn.get('/datasource/all_sources.json', auth=LOGIN).json()
    assert 'geheim' not in norn.text()
    for path in '/messagebus/all_messages.json', '/alerts/all_alerts.json', '/datasource/all_sources.json', '/gps/all_gps.json':
        assert 'geheim' not in norn.get(path).text, path
    assert norn.stop() == 0 and 'geheim' not in norn.text()


def test_secrets_are_masked_for_who_has_no_login(start, tmp_path):
    norn = start('-c', 'example:type=example,name=x,password=geheim1,api_key="geheim,2",url=http://u:geheim3@h/')
    for path in '/datasource/all_sources.json', '/datasource/all_sources.prettyjson', '/messagebus/all_messages.json', \
            '/alerts/all_alerts.json':
        text = norn.get(path).text
        assert 'geheim' not in text, path
    uuid = norn.get('/datasource/all_sources.json').json()[0]['kismet.datasource.uuid']
    path = f'/datasource/by-uuid/{uuid}/source.json'
    assert '***' in norn.get(path).text and 'geheim' not in norn.get(path).text
    assert 'geheim' not in norn.get(path, auth=('kismet', 'wrong')).text
    assert all(s in norn.get(path, auth=LOGIN).text for s in ('geheim1', 'geheim,2', 'geheim3'))
    reader = norn.post('/auth/apikey/generate.cmd', {'name': 'r', 'role': 'readonly'}, auth=LOGIN).text
    assert 'geheim' not in norn.get(path, headers={'Cookie': f'KISMET={reader}'}).text
    gps = {'definition': 'gpsd:host=localhost,port=1,password=geheim4'}
    assert norn.post('/gps/add_gps.cmd', gps, auth=LOGIN).status_code == 200
    assert 'geheim' not in norn.get('/gps/all_gps.json').text
    assert 'geheim4' in norn.get('/gps/all_gps.json', auth=LOGIN).text


def test_without_a_login_401_says_how_to_set_one(start):
    norn = start(config='')
    reply = norn.post(NAME, {'username': 'x'})
    assert reply.status_code == 401
    for words in 'none is set yet', 'norn --set-password', 'first_login_token', 'httpd_password=':
        assert words in reply.text
    token = (norn.home / '.norn/first_login_token').read_text().strip()
    assert token in norn.text() and token not in norn.get('/messagebus/all_messages.json').text
    assert (norn.home / '.norn/first_login_token').stat().st_mode & 0o777 == 0o600
    for headers in FOREIGN:
        form = {'username': 'a', 'password': 'b', 'token': token}
        assert norn.post('/session/set_password', data=form, headers=headers).status_code == 403, headers
    assert norn.get('/session/check_setup_ok').status_code == 500


def set_password(norn, password, *arguments):
    return subprocess.run([norn.process.args[0], '-f', norn.config, '--homedir', norn.home, *arguments],
                          input=password + '\n', text=True, capture_output=True, timeout=20)


def test_set_password_on_the_terminal(start):
    norn = start(config='')
    assert set_password(norn, '', '--set-password').returncode == 1
    assert set_password(norn, '$6$not=a hash', '--set-password=me').returncode == 0
    me = ('me', '$6$not=a hash')
    wait_until(lambda: norn.get('/session/check_setup_ok').status_code == 200)
    assert norn.get(CHECK, auth=me).status_code == 200
    assert not (norn.home / '.norn/first_login_token').exists()
    cookie = {'Cookie': 'KISMET=' + norn.get(CHECK, auth=me).cookies['KISMET']}
    assert norn.get(CHECK, headers=cookie).status_code == 200
    assert set_password(norn, 'another', '--set-password').returncode == 0
    wait_until(lambda: norn.get(CHECK, headers=cookie).status_code == 401)
    assert norn.get(CHECK, auth=('me', 'another')).status_code == 200
    assert norn.get(CHECK, headers=cookie).status_code == 401
    assert start().process.poll() is None
    fixed = start(config=BOARD)
    assert 'configuration' in set_password(fixed, 'x', '--set-password').stderr


@pytest.mark.parametrize('password', ('$', '$y$', '$6$rounds=5000$salt$' + 'a' * 86, '$2b$12$' + 'a' * 53))
def test_a_password_that_begins_with_a_dollar(start, password):
    norn = start(config=f'httpd_username=kismet\nhttpd_password={password}\n')
    assert norn.get(CHECK, auth=('kismet', password)).status_code == 200
    assert norn.get(CHECK, auth=('kismet', password + 'x')).status_code == 401


HASH = '$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/'


def test_hashes_have_a_directive_of_their_own(start, tmp_path):
    norn = start(config=f'httpd_username=kismet\nhttpd_password_hash={HASH}\n')
    assert norn.get('/session/check_setup_ok').status_code == 406
    assert norn.get(CHECK, auth=('kismet', HASH)).status_code == 401
    assert norn.get(CHECK, auth=('kismet', 'password')).status_code == 200


def test_early_login_files(start, tmp_path):
    early = tmp_path / 'early.conf'
    early.write_text(f'httpd_username=me\nhttpd_password={HASH}\n')
    norn = start(config=f'httpd_auth_file={early}\n')
    assert norn.get(CHECK, auth=('me', 'password')).status_code == 200
    plain = tmp_path / 'plain.conf'
    plain.write_text('httpd_username=me\nhttpd_password=$ecret\n')
    norn = start(config=f'httpd_auth_file={plain}\n')
    assert norn.get(CHECK, auth=('me', '$ecret')).status_code == 200


def test_tls_1_2_at_least(start, tmp_path):
    cert, key = tmp_path / 'cert.pem', tmp_path / 'key.pem'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
                    '-keyout', key, '-out', cert], check=True, capture_output=True, timeout=60)
    norn = start(config=BOARD + f'httpd_ssl=true\nhttpd_ssl_cert={cert}\nhttpd_ssl_key={key}\n')
    port = int(norn.url.rsplit(':', 1)[1])

    def shake(version):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers('ALL:@SECLEVEL=0')
        context.minimum_version = context.maximum_version = version
        with socket.create_connection(('127.0.0.1', port), timeout=10) as s, context.wrap_socket(s) as t:
            return t.version()

    assert shake(ssl.TLSVersion.TLSv1_2) == 'TLSv1.2' and shake(ssl.TLSVersion.TLSv1_3) == 'TLSv1.3'
    for old in ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1:
        with pytest.raises((ssl.SSLError, OSError)):
            shake(old)
    cookie = requests.get(norn.url + CHECK, auth=LOGIN, verify=False, timeout=20).headers['Set-Cookie']
    assert 'Secure' in cookie and 'HttpOnly' in cookie and 'SameSite=Strict' in cookie


def test_an_untrusted_proxy_is_not_heeded(server):
    reported = {'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Host': 'sensor.example', 'X-Forwarded-Proto': 'https',
            'Host': 'sensor.example', 'Origin': 'https://sensor.example'}
    reply = server.post(NAME, {'username': 'x'}, auth=LOGIN, headers=reported)
    assert reply.status_code == 403 and 'httpd_trusted_proxy=127.0.0.1' in reply.text
    assert 'httpd_trusted_proxy=127.0.0.1' in server.get('/system/timestamp.json', headers=reported).text


def test_a_trusted_proxy_is_heeded(start):
    norn = start(config=BOARD + 'httpd_trusted_proxy=127.0.0.1\n')
    reported = {'Host': 'sensor.example', 'Origin': 'https://sensor.example:8443', 'X-Forwarded-For': '192.0.2.7',
            'X-Forwarded-Proto': 'https'}
    reply = norn.post(NAME, {'username': 'x'}, auth=LOGIN, headers=reported)
    assert reply.status_code == 404 and "from 192.0.2.7" in norn.text()
    assert 'Secure' in reply.headers['Set-Cookie']
    assert norn.get('/system/timestamp.json', headers=reported).status_code == 401
    assert norn.post(NAME, {}, auth=LOGIN, headers=reported | {'Origin': 'https://evil.example'}).status_code == 403
    forwarded = {'Host': '127.0.0.1', 'Origin': 'http://sensor.example:81',
                 'Forwarded': 'for=10.0.0.1, for="[2001:db8::7]:4711";host="sensor.example:81";proto=http'}
    assert norn.post(NAME, {'username': 'x'}, auth=LOGIN, headers=forwarded).status_code == 404
    assert "from 2001:db8::7" in norn.text()
    elsewhere = requests.Session()
    elsewhere.mount('http://', Adapter('127.0.0.5'))  # which is no proxy of ours
    assert elsewhere.post(norn.url + NAME, json={}, auth=LOGIN, headers=reported, timeout=20).status_code == 403
    assert connect(norn, '/eventbus/events.ws', header=[f'{k}: {v}' for k, v in reported.items() if k[0] == 'X'] + [
        'Authorization: Basic a2lzbWV0OnNlY3JldA=='], host='sensor.example', origin='https://sensor.example:8443')
