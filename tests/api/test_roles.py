"""Every endpoint by every role: who may gets an answer, who may not is refused."""
import pytest
import requests

from conftest import LOGIN, Norn
from roles import ALLOWED, ROLES, read, routes

REFUSED = 401, 403
BY_ITSELF = '/session/set_password', '/session/check_login'  # which say 403 on their own account


@pytest.fixture(scope='module')
def norn(tmp_path_factory):
    norn = Norn(tmp_path_factory.mktemp('roles'), config='httpd_username=kismet\nhttpd_password=secret\nlog_types=\n')
    yield norn
    assert norn.stop() == 0, norn.text()


def test_each_endpoint_is_in_the_table_and_the_other_way_round(norn):
    assert {(method, path) for _, method, path, _ in routes(norn)} == set(read())


def test_roles(norn):
    cookies = {'none': {}}
    for role in ROLES:
        key = norn.post('/auth/apikey/generate.cmd', {'name': role, 'role': role}, auth=LOGIN).text
        cookies[role] = {'KISMET': key}
    faults = []
    with requests.Session() as session:
        for who, method, path, url in routes(norn):
            if path in BY_ITSELF:
                continue
            for role, cookie in cookies.items():
                reply = session.request(method, norn.url + url, headers={'Cookie': ''.join(f'KISMET={v}' for v in cookie.values())},
                                        stream=True, timeout=20)
                may = role in ALLOWED[who]
                if (reply.status_code not in REFUSED) != may or (not may and role == 'none') != (reply.status_code == 401):
                    faults.append((method, url, role, reply.status_code))
                reply.close()
    assert not faults


def test_without_loopback_reading_needs_a_login(tmp_path):
    norn = Norn(tmp_path, config='httpd_username=kismet\nhttpd_password=secret\nlog_types=\nhttpd_require_login=always\n')
    try:
        for who, method, path, url in routes(norn):
            if path in BY_ITSELF or (who == 'anybody'):
                continue
            reply = requests.request(method, norn.url + url, stream=True, timeout=20)
            assert reply.status_code == 401, (method, url)
            reply.close()
    finally:
        assert norn.stop() == 0
