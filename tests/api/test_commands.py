"""Commands in every form that clients send them, what their arguments may be, and what they answer."""
import json
import os
import subprocess

import pytest
import requests

from conftest import LOGIN, Norn
from helpers import CONFIG, command, running, wait_for

MAC = 'kismet.device.base.macaddr'
VIEW = '/devices/views/all/devices.json'
FORM = {'Content-Type': 'application/x-www-form-urlencoded'}
FIELDS = {'fields': [MAC]}


@pytest.fixture(scope='module')
def norn(tmp_path_factory):
    home = tmp_path_factory.mktemp('commands')
    norn = Norn(home, '-c', os.environ['SAMPLE'], config=CONFIG + f'log_prefix={home}\ngps=web:name=phone\n'
                f'log_types=kismet\n')
    norn.wait_done()
    norn.key = norn.get(VIEW).json()[0]['kismet.device.base.key']
    norn.uuid = norn.get('/datasource/all_sources.json', auth=LOGIN).json()[0]['kismet.datasource.uuid']
    yield norn
    assert norn.stop() == 0, norn.text()


def curl(norn, path, *arguments):
    out = subprocess.run(['curl', '-s', '-g', '-u', ':'.join(LOGIN), '-w', '\n%{http_code}', *arguments, norn.url + path],
                         capture_output=True, text=True, timeout=20, check=True).stdout
    body, _, status = out.rpartition('\n')
    return int(status), body


def test_a_command_in_every_form(norn):
    raw = json.dumps(FIELDS)
    expected = norn.post(VIEW, FIELDS).json()
    assert expected and all(set(d) == {MAC} for d in expected)
    for arguments in (['-d', 'json=' + raw], ['-d', 'json=' + json.dumps(FIELDS, indent=1)], ['-F', 'json=' + raw],
                      ['--data-urlencode', 'json=' + raw], ['--data-binary', 'json=' + raw + '\r\n'],
                      ['-H', 'Content-Type:', '-d', 'json=' + raw], ['-H', 'Content-Type:', '-d', raw],
                      ['-H', 'Content-Type: text/plain', '-d', raw], ['-d', raw],
                      ['-H', 'Content-Type: text/plain; charset=UTF-8', '-d', 'json=' + raw],
                      ['-H', 'Content-Type: application/json; charset=utf-8', '-d', raw],
                      ['-d', 'unknown&other=&=&json=' + raw + '&more=1'], ['-G', '--data-urlencode', 'json=' + raw]):
        status, body = curl(norn, VIEW, *arguments)
        assert status == 200 and json.loads(body) == expected, arguments
    status, body = curl(norn, VIEW + '?json=' + raw.replace(' ', ''))
    assert status == 200 and json.loads(body) == expected


@pytest.mark.parametrize('name', ['a=b=c', 'a&b', 'two  spaces', 'a+b', '100%', '%zz', 'ümlaut 🛰', '"quoted"', "it's", '{[}]'])
def test_names_come_as_they_were_sent(norn, name):
    path = f'/devices/by-key/{norn.key}/set_name.cmd'
    whole = json.dumps({'username': name}, ensure_ascii=False)
    for arguments in (['-d', 'json=' + whole], ['--data-urlencode', 'json=' + whole], ['-F', 'json=' + whole],
                      ['-d', whole, '-H', 'Content-Type: application/json'], ['--data-urlencode', 'username=' + name]):
        assert curl(norn, path, *arguments)[0] == 200, arguments
        device = norn.get(f'/devices/by-key/{norn.key}/device.json').json()
        assert device['kismet.device.base.username'] == name, arguments


def test_expressions_with_every_sign_of_a_form(norn):
    for expression in '^(?=00)', '^[^&]+$', '^..:(?!=&+).*', '^(?:0|[0-9A-F])+':
        raw = 'json=' + json.dumps({**FIELDS, 'regex': [[MAC, expression]]})
        unencoded, encoded = curl(norn, VIEW, '-d', raw), curl(norn, VIEW, '--data-urlencode', raw)
        assert unencoded == encoded and unencoded[0] == 200 and unencoded[1] != '[]', expression


def test_many_variables_that_no_one_knows(norn):
    columns = ['data', 'name', 'searchable', 'orderable', 'search][value', 'search][regex']
    form = {f'columns[{i}][{c}]': 'x' for i in range(40) for c in columns}
    form |= {'draw': 3, 'start': 0, 'length': 5, 'json': json.dumps({**FIELDS, 'datatable': True})}
    page = norn.post(VIEW, data=form).json()
    assert page['draw'] == 3 and len(page['data']) == 5
    many = '&'.join(f'v{i}={i}' for i in range(50000)) + '&json=' + json.dumps(FIELDS)
    assert norn.post(VIEW, data=many, headers=FORM).status_code == 200


def test_what_is_no_command(norn):
    for body in '[]', '"text"', '5', 'null', '[{"fields":[]}]':
        for more in ({'data': {'json': body}}, {'data': body, 'headers': {'Content-Type': 'application/json'}}):
            assert norn.post(VIEW, **more).status_code == 400, body
    for body in '{"fields":', '{"fields":[}', '{fields:[]}':
        assert norn.post(VIEW, data={'json': body}).status_code == 400, body
    assert norn.get(VIEW + '?json={').status_code == 400
    assert norn.post(VIEW, data='<x/>', headers={'Content-Type': 'application/xml'}).status_code == 400


ALERT = {'name': 'TYPED', 'description': 'x', 'throttle': '1/min', 'burst': '1/sec'}


@pytest.mark.parametrize('path, good, wrong', [
    ('/alerts/definitions/define_alert', ALERT, {'phyname': [1, True, [], {}], 'severity': ['x', 10.5, []],
                                                 'class': [1, {}], 'name': [1, None], 'throttle': [1, 'x']}),
    ('/alerts/raise_alert', {'name': 'TYPED', 'text': 'x'}, {'bssid': [1, [], 'x'], 'source': [{}, 'x:y'], 'dest': [0],
                                                             'other': [True], 'channel': [[], True], 'text': [[]]}),
    ('/logging/by-class/pcapng/start', {}, {'title': [1, [], {}, True]}),
    ('/logging/kismetdb/pcap/drop', {'drop_before': 0}, {'drop_before': ['x', 1.5, None, True]}),
    ('/phy/phy80211/fingerprints/whitelist/new/insert', {'macaddr': '00:00:00:00:00:09'},
     {'beacon_hash': [1.5, 'x', [], True], 'macaddr': [1, 'x']}),
    ('/datasource/add_source', {'definition': 'x'}, {'definition': [1, [], None, '']}),
    ('/datasource/by-uuid/{uuid}/set_channel', {'channels': [1]}, {
        'channels': ['1', 1, {}, [[]], [None], ['1,2']], 'hoprate': ['x', [], 0, -1, 1e9, True], 'shuffle': ['x', [], {}],
        'channel': [[], True, {}]}),
    ('/gps/web/update', {'lat': 1, 'lon': 2}, {'alt': ['x', []], 'spd': [{}], 'lat': [True, 91, None]}),
    ('/gps/add_gps', {'definition': 'virtual:lat=1,lon=2'}, {'definition': [1, None]}),
    ('/devices/by-key/{key}/set_tag', {'tagname': 'a', 'tagvalue': 'b'}, {'tagname': [[], None, ''], 'tagvalue': [{}, True]}),
    ('/poi/create_poi', {}, {'note': [7, []]}),
    ('/auth/apikey/generate', {'name': 'k', 'role': 'readonly'}, {'duration': ['x', 1.5, []], 'role': [1, 'x']}),
    ('/filters/class/kismetdb_devices/set_default', {'default': True}, {'default': [None, [], 'perhaps']}),
    ('/devices/views/all/devices', {}, {'fields': ['x', {}, 1], 'regex': ['x', 1, [1]], 'last_time': ['x', []],
                                        'datatable': ['x', []], 'norn.signal_min': [-1.5, 1, 'x']})])
def test_wrong_types_are_refused(norn, path, good, wrong):
    path = path.format(uuid=norn.uuid, key=norn.key)
    for name, values in wrong.items():
        for value in values:
            reply = norn.post(path + '.cmd', {**good, name: value}, auth=LOGIN)
            assert reply.status_code == 400 and len(reply.text) > 10, (name, value, reply.text)
            assert reply.headers['Content-Type'].startswith('text/plain')


def test_filters_of_packets_are_an_object(norn):
    for value in [], 1, 'x':
        assert norn.post('/logging/kismetdb/pcap/x.pcapng', {'filter': value}, auth=LOGIN).status_code == 400
    assert norn.post('/logging/kismetdb/pcap/x.pcapng', {'filter': None}, auth=LOGIN).status_code == 200


def test_numbers_and_truths_of_clients(norn):
    tag = {'tagname': 7, 'tagvalue': 2.5}
    assert norn.post(f'/devices/by-key/{norn.key}/set_tag.cmd', tag, auth=LOGIN).status_code == 200
    assert norn.get(f'/devices/by-key/{norn.key}/device.json').json()['kismet.device.base.tags']['7'] == '2.5'
    for truth in True, 1, '1', 'true':
        assert norn.post(VIEW, {**FIELDS, 'datatable': truth}).json()['draw'] == 0
    for truth in False, 0, None, 'false':
        assert isinstance(norn.post(VIEW, {**FIELDS, 'datatable': truth}).json(), list)
    assert norn.post(VIEW, {**FIELDS, 'last_time': '-60.5'}).status_code == 200


def test_alerts_that_are_held_back_and_off(norn):
    define, throw = '/alerts/definitions/define_alert.cmd', '/alerts/raise_alert.cmd'
    assert norn.post(define, {**ALERT, 'name': 'HELD'}, auth=LOGIN).json() == {'norn.result': 'Added alert'}
    held = {'name': 'HELD', 'text': 5, 'channel': 6, 'bssid': '00:11:22:33:44:55', 'source': ''}
    assert [norn.post(throw, held, auth=LOGIN).status_code for _ in range(2)] == [200, 429]
    raised = norn.get('/alerts/all_alerts.json').json()[-1]
    assert raised['kismet.alert.channel'] == '6' and raised['kismet.alert.text'] == '5'
    assert norn.post(define, {**ALERT, 'name': 'OFF', 'throttle': '0/min'}, auth=LOGIN).status_code == 200
    off = norn.post(throw, {**held, 'name': 'OFF'}, auth=LOGIN)
    assert off.status_code == 409 and 'is off' in off.text


def test_commands_answer_json(norn):
    for path, body in ((f'/devices/by-key/{norn.key}/set_name', {'username': 'x'}), ('/poi/create_poi', {}),
                       ('/gps/web/update', {'lat': 1, 'lon': 2}),
                       ('/devices/alerts/mac/found/add', {'mac': '00:11:22:33:44:55'})):
        for end in 'cmd', 'json':
            reply = norn.post(f'{path}.{end}', body, auth=LOGIN)
            assert reply.headers['Content-Type'] == 'application/json' and reply.json()['norn.result'], path
    key = norn.post('/auth/apikey/generate.json', {'name': 'a', 'role': 'readonly'}, auth=LOGIN).json()
    assert key['kismet.httpd.auth.role'] == 'readonly' and len(key['kismet.httpd.auth.token']) == 32
    bare = norn.post('/auth/apikey/generate.cmd', {'name': 'b', 'role': 'readonly'}, auth=LOGIN)
    assert bare.headers['Content-Type'].startswith('text/plain') and len(bare.text) == 32
    for path in '/healthz', '/session/check_session':
        assert norn.get(path, auth=LOGIN).headers['Content-Type'].startswith('text/plain')
    for end in 'ekjson', 'itjson':
        assert norn.get(f'/devices/views/all/devices.{end}').headers['Content-Type'] == 'application/x-ndjson'


def test_audit_names_the_source(norn):
    assert norn.get(f'/datasource/by-uuid/{norn.uuid}/pause_source.cmd', auth=LOGIN).status_code == 200
    said = [m['kismet.messagebus.message_string'] for m in norn.get('/messagebus/all_messages.json').json()]
    line = next(m for m in reversed(said) if 'pause_source' in m)
    assert norn.uuid in line and 'sample.pcap' in line and '{uuid}' not in line


def test_downloads_have_the_name_of_their_url(norn):
    for path, name in ((f'/phy/phy80211/by-key/{norn.key}/pcap/{norn.key}-handshake.pcap', f'{norn.key}-handshake.pcap'),
                       ('/logging/kismetdb/pcap/my%20title.pcapng?limit=1', 'my title.pcapng'),
                       ('/logging/kismetdb/pcap/a%22%0d%0ab.pcapng?limit=1', 'ab.pcapng'),
                       ('/logging/kismetdb/pcap/Stra%C3%9Fe.pcapng?limit=1', "Strae.pcapng\"; filename*=UTF-8''Stra%C3%9Fe.pcapng")):
        reply = norn.get(path, auth=LOGIN)
        assert reply.headers['Content-Disposition'].startswith(f'attachment; filename="{name}'), path
    for path, name in ((f'/datasource/pcap/by-uuid/{norn.uuid}/{norn.uuid}.pcapng', f'{norn.uuid}.pcapng'),
                       ('/pcap/all_packets.pcapng', 'all_packets.pcapng'),
                       (f'/devices/pcap/by-key/{norn.key}/packets.pcapng', f'{norn.key}.pcapng')):
        with requests.get(norn.url + path, auth=LOGIN, stream=True, timeout=20) as reply:
            assert reply.headers['Content-Disposition'] == f'attachment; filename="{name}"', path


def test_how_channels_change(start):
    norn = start(config=CONFIG)
    add = norn.post('/datasource/add_source.cmd', {'definition': 'example:type=example,rate=200'}, auth=LOGIN)
    uuid = add.json()['kismet.datasource.uuid']
    wait_for(norn, running)

    def tune(**wanted):
        reply = command(norn, uuid, 'set_channel', wanted)
        assert reply.status_code == 200, reply.text
        d = reply.json()
        return [d[f'kismet.datasource.{x}'] for x in ('hopping', 'channel', 'hop_channels', 'hop_rate', 'hop_shuffle')]

    assert tune(channels=[1, 6, 11], rate=5) == [1, '', ['1', '6', '11'], 5, tune(hoprate='5')[4]]
    assert tune(shuffle=1)[4] == 1 and tune(shuffle=False)[4] == 0 and tune(shuffle=True)[4] == 1
    assert tune(channel=6, hoprate='nothing')[:2] == [0, '6']
    assert tune(hoprate=9) == [0, '6', ['1', '6', '11'], 9, 1]
    assert tune(shuffle=0) == [0, '6', ['1', '6', '11'], 9, 0]
    again = command(norn, uuid, 'set_hop').json()
    assert (again['kismet.datasource.hopping'], again['kismet.datasource.hop_rate']) == (1, 9)
