"""Sessions and Logins: who may do what."""
import json
import time

import requests

from conftest import BOARD, LOGIN

CHECK = '/session/check_session'


def test_check_session_prompts_and_a_login_gives_a_cookie(server):
    reply = server.get(CHECK)
    assert reply.status_code == 401 and 'Basic' in reply.headers['WWW-Authenticate']
    reply = server.get(CHECK, auth=LOGIN)
    cookie = reply.headers['Set-Cookie']
    assert reply.status_code == 200 and 'HttpOnly' in cookie and 'SameSite=Strict' in cookie
    token = reply.cookies['KISMET']
    assert server.get(CHECK, headers={'Cookie': f'KISMET={token}'}).status_code == 200
    assert server.get(CHECK, headers={'Cookie': f'KISMET={token}; Path=/; HttpOnly'}).status_code == 200
    assert server.get(CHECK, headers={'Cookie': f'a=b; KISMET={token}'}).status_code == 200
    assert server.get(f'{CHECK}?KISMET={token}').status_code == 200
    assert server.get(CHECK, headers={'Cookie': 'KISMET=' + '0' * 32}).status_code == 401
    assert server.get(f'{CHECK}?user=kismet&password=secret').status_code == 200


def test_check_login_looks_at_no_cookie(server):
    token = server.get(CHECK, auth=LOGIN).cookies['KISMET']
    cookie = {'Cookie': f'KISMET={token}'}
    assert server.get('/session/check_login', headers=cookie).status_code == 403
    assert server.get('/session/check_login', auth=LOGIN).status_code == 200
    assert server.get('/session/check_login', auth=('kismet', 'wrong')).status_code == 403
    assert server.get('/session/check_login', auth=('wrong', 'secret')).status_code == 403


def test_a_wrong_login_is_answered_late(server):
    begin = time.monotonic()
    assert server.get(CHECK, auth=('kismet', 'wrong')).status_code == 401
    assert time.monotonic() - begin > 0.4


def test_global_login_cannot_be_changed(server):
    assert server.get('/session/check_setup_ok').status_code == 406
    form = {'username': 'a', 'password': 'b'}
    assert server.post('/session/set_password', data=form).status_code == 403


def test_first_login_is_set_once_and_outlives_the_run(start):
    norn = start(config='')
    assert norn.get('/session/check_setup_ok').status_code == 500
    assert norn.post('/session/set_password', data={'username': 'me'}).status_code == 400
    form = {'username': 'me', 'password': 'a long one'}
    token = (norn.home / '.norn/first_login_token').read_text().strip()
    for wrong in {}, {'token': ''}, {'token': 'x'}, {'token': token[:-1]}, {'token': token + 'A'}:
        refused = norn.post('/session/set_password', data=form | wrong)
        assert refused.status_code == 403 and 'first_login_token' in refused.text, wrong
    shown = norn.get('/messagebus/all_messages.json').text  # where Kismet's pages show it
    assert 'The first login was not set' in shown and 'first_login_token' in shown and token not in shown
    assert norn.post('/session/set_password', data=form | {'token': token}).status_code == 200
    assert norn.get('/session/check_setup_ok').status_code == 200
    assert norn.post('/session/set_password', data=form).status_code == 403
    me = ('me', 'a long one')
    assert norn.get(CHECK, auth=me).status_code == 200
    assert norn.get(CHECK, auth=('me', 'other')).status_code == 401
    kept = list((norn.home / '.norn').glob('*httpd*'))
    assert kept and 'a long one' not in kept[0].read_text()
    assert kept[0].stat().st_mode & 0o777 == 0o600
    norn.stop()
    again = start('--homedir', str(norn.home), config='')
    assert again.get(CHECK, auth=me).status_code == 200
    new = {'username': 'me', 'password': 'another'}
    session = requests.Session()
    assert session.get(again.url + CHECK, auth=me, timeout=20).status_code == 200
    for old in {}, {'old_password': 'x'}, {'token': token}:
        assert session.post(again.url + '/session/set_password', data=new | old, timeout=20).status_code == 403, old
    assert again.post('/session/set_password', data=new, auth=me).status_code == 200
    assert again.get(CHECK, auth=me).status_code == 401
    assert again.get(CHECK, auth=('me', 'another')).status_code == 200
    third = {'username': 'me', 'password': 'third'}  # a client that knows the old one needs no session
    assert again.post('/session/set_password', data=third | {'old_password': 'wrong'}).status_code == 403
    assert again.post('/session/set_password', data=third | {'old_password': 'another'}).status_code == 200
    assert again.get(CHECK, auth=('me', 'third')).status_code == 200


def test_sessions_outlive_the_run_before_they_are_used(start):
    norn = start()
    given = [norn.get(CHECK, auth=LOGIN).cookies['KISMET'],
             norn.post('/poi/create_poi.cmd', {}, auth=LOGIN).cookies['KISMET']]
    norn.stop()
    again = start('--homedir', str(norn.home))
    for token in given:
        assert again.get(CHECK, headers={'Cookie': f'KISMET={token}'}).status_code == 200


def test_all_api_keys_are_listed(start, tmp_path):
    (tmp_path / '.norn').mkdir()
    keys = [{'token': f'{i:032X}', 'name': f'key {i}', 'role': 'readonly'} for i in range(520)]
    (tmp_path / '.norn/session.db').write_text(json.dumps(keys))  # as early versions wrote it
    norn = start('--homedir', str(tmp_path), config=BOARD + 'norn_max_sessions=600\n')
    assert len(norn.get('/auth/apikey/list.json', auth=LOGIN).json()) == len(keys)


def test_api_keys_have_roles_and_end(start):
    norn = start()

    def make(name, role, duration=0):
        return norn.post('/auth/apikey/generate.cmd',
                         {'name': name, 'role': role, 'duration': duration}, auth=LOGIN)

    key = make('reader', 'readonly').text
    cookie = {'Cookie': f'KISMET={key}'}
    assert norn.get(CHECK, headers=cookie).status_code == 200
    assert norn.get('/auth/apikey/list.json', headers=cookie).status_code == 403
    assert make('reader', 'readonly').status_code == 400
    assert make('x', 'king').status_code == 400
    short = make('short', 'admin', 1).text
    listed = norn.get('/auth/apikey/list.json', auth=LOGIN).json()
    assert {k['kismet.httpd.auth.name'] for k in listed} == {'reader', 'short'}
    time.sleep(2)
    assert norn.get(CHECK, headers={'Cookie': f'KISMET={short}'}).status_code == 401
    norn.stop()
    again = start('--homedir', str(norn.home))
    assert again.get(CHECK, headers=cookie).status_code == 200
    revoked = again.post('/auth/apikey/revoke.cmd', {'name': 'reader'}, auth=LOGIN)
    assert revoked.status_code == 200 and again.get(CHECK, headers=cookie).status_code == 401


def test_commands_from_foreign_pages_are_refused(server):
    path = '/devices/by-key/1_2/set_name.cmd'
    command = {'username': 'x'}
    foreign = {'Origin': 'http://attacker.example'}
    assert server.post(path, command, auth=LOGIN, headers=foreign).status_code == 403
    own = {'Origin': server.url}
    assert server.post(path, command, auth=LOGIN, headers=own).status_code == 404


def test_other_names_and_proxies_need_a_login(server):
    path = '/system/timestamp.json'
    assert server.get(path).status_code == 200
    port = server.url.rsplit(':', 1)[1]
    for host in ('attacker.example', '127.attacker.example', '127.0.0.1.attacker.example',
                 'localhost.attacker.example', '[::1', '127.0.0.1:x', ''):
        assert server.get(path, headers={'Host': host}).status_code in (400, 401), host
    for host in (f'localhost:{port}', f'[::1]:{port}', '127.0.0.2'):
        assert server.get(path, headers={'Host': host}).status_code == 200, host
    for name in ('Forwarded', 'Via', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP'):
        assert server.get(path, headers={name: 'x'}).status_code == 401, name
        assert server.get(path, headers={name: 'x'}, auth=LOGIN).status_code == 200, name


def test_require_login(start):
    norn = start(config='httpd_username=kismet\nhttpd_password=secret\nhttpd_require_login=always\n')
    assert norn.get('/system/timestamp.json').status_code == 401
    assert norn.get('/system/timestamp.json', auth=LOGIN).status_code == 200
    assert norn.get('/healthz').status_code == 200


def test_logout_takes_the_cookie_back(server):
    client = requests.Session()
    assert client.get(server.url + '/session/check_session', auth=LOGIN).status_code == 200
    assert client.get(server.url + '/session/check_session').status_code == 200
    assert client.post(server.url + '/session/logout').text == 'Logged out\n'
    assert not client.cookies
    assert client.get(server.url + '/session/check_session').status_code == 401
