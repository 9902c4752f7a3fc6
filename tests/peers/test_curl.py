"""curl, as documents and forums show it: plain -d, cookies, logins, a list page by page."""
import json

import pytest
from peers import CONFIG, LOGIN, WPA2, run, start, wait_until  # noqa: F401

PASS = ['-s', '-u', ':'.join(LOGIN)]


def names(norn):
    return [s['kismet.datasource.name'] for s in norn.get('/datasource/all_sources.json', auth=LOGIN).json()]


@pytest.mark.parametrize('body', [
    'json={"definition":"FILE:name=plain"}',
    'definition=FILE:name=plain',
    '{"definition":"FILE:name=plain"}',
])
def test_a_source_is_added(start, body):
    norn = start(config=CONFIG)
    if body.startswith('{'):
        done = run('curl', *PASS, '-H', 'Content-Type: application/json', '-d', body.replace('FILE', str(WPA2)),
                   norn.url + '/datasource/add_source.cmd')
    else:
        done = run('curl', *PASS, '-d', body.replace('FILE', str(WPA2)), norn.url + '/datasource/add_source.cmd')
    json.loads(done)
    wait_until(lambda: names(norn) == ['plain'])


def test_fields_and_expressions(start):
    norn = start('-c', str(WPA2), config=CONFIG)
    norn.wait_done()
    command = 'json={"fields":["kismet.device.base.name"],"regex":[["kismet.device.base.name","^(?=norn).*2$"]]}'
    for how in ('-d', '--data-urlencode'):
        found = json.loads(run('curl', '-s', how, command, norn.url + '/devices/views/all/devices.json'))
        assert found == [{'kismet.device.base.name': 'norn-wpa2'}], how
    rows = json.loads(run('curl', '-s', '-d', 'draw=1&start=0&length=1&search[value]=norn&search[regex]=false&columns[0][data]=0',
                          norn.url + '/devices/views/all/devices.json'))
    assert rows


def test_a_cookie_jar(start, tmp_path):
    norn = start(config=CONFIG)
    jar = ['-s', '-b', tmp_path / 'jar', '-c', tmp_path / 'jar']
    run('curl', *jar, '-u', ':'.join(LOGIN), norn.url + '/session/check_session')
    said = run('curl', *jar, '-w', '%{http_code}', '-o', '/dev/null', norn.url + '/session/check_session')
    assert said == '200' and 'KISMET' in (tmp_path / 'jar').read_text()


def test_a_head_and_a_404(start):
    norn = start(config=CONFIG)
    assert '200' in run('curl', '-sI', norn.url + '/').split('\n')[0]
    assert run('curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', norn.url + '/nowhere') == '404'
    assert run('curl', '-s', '--compressed', norn.url + '/system/timestamp.json').startswith('{')
