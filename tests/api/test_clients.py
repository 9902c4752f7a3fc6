"""What clients that others wrote send: a Python library's requests, in its order and form, and command lines as they
stand in documentation. Each against a server that reads real frames; in each the reply is used as they use it."""
import json
import os
import shutil
import subprocess
import time

import pytest
import requests

from conftest import LOGIN, Norn
from sockets import connect, receive

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\ngps=web:name=phone\n'
MAC, KEY = 'kismet.device.base.macaddr', 'kismet.device.base.key'


@pytest.fixture(scope='module')
def norn(tmp_path_factory):
    home = tmp_path_factory.mktemp('clients')
    norn = Norn(home, '-c', os.environ['SAMPLE'],
                config=CONFIG + f'log_types=kismet\nlog_prefix={home}\nhelper_binary_path={os.environ["HELPERS"]}\n')
    norn.wait_done()
    yield norn
    assert norn.stop() == 0, norn.text()


class Library:
    """A session that logs in once and then relies on its cookie; commands are the form variable `json`; lists come as
    lines, read while they come."""

    def __init__(self, norn):
        self.root = norn.url + '/'
        self.session = requests.Session()

    def login(self):
        self.session.auth = LOGIN
        reply = self.session.get(self.root + 'session/check_session', timeout=20)
        self.session.auth = None
        return reply.status_code == 200 and 'KISMET' in self.session.cookies

    def get(self, path):
        reply = self.session.get(self.root + path, timeout=20)
        reply.raise_for_status()
        return reply.json()

    def post(self, path, **command):
        reply = self.session.post(self.root + path, data={'json': json.dumps(command)}, timeout=20)
        return reply

    def lines(self, path, **command):
        if command:
            reply = self.session.post(self.root + path, data={'json': json.dumps(command)}, stream=True, timeout=20)
        else:
            reply = self.session.get(self.root + path, stream=True, timeout=20)
        reply.raise_for_status()
        return [json.loads(line) for line in reply.iter_lines() if line]


@pytest.fixture
def library(norn):
    library = Library(norn)
    assert library.login()
    return library


def test_a_library_lists_devices(library):
    every = library.lines('devices/last-time/0/devices.ekjson')
    assert every and {d[KEY] for d in every} == {d[KEY] for d in library.lines('devices/all_devices.ekjson')}
    some = library.lines('devices/last-time/0/devices.ekjson', fields=[MAC], regex=[[MAC, '^00:1D']])
    assert some and all(d[MAC].startswith('00:1D') and len(d) == 1 for d in some)
    recent = library.lines('devices/last-time/-3600/devices.ekjson', fields=[MAC, ['kismet.device.base.signal/'
                           'kismet.common.signal.last_signal', 'signal']])
    assert len(recent) == len(every) and all(set(d) == {MAC, 'signal'} for d in recent)
    assert library.lines(f'devices/last-time/{time.time() + 1000}/devices.ekjson') == []
    macs = [d[MAC] for d in every[:3]]
    assert {d[MAC] for d in library.lines('devices/multimac/devices.ekjson', devices=macs, fields=[MAC])} == set(macs)
    oui = macs[0][:8] + ':00:00:00/FF:FF:FF:00:00:00'
    found = library.post('devices/multimac/devices.json', devices=[oui], fields=None).json()
    assert macs[0] in [d[MAC] for d in found]
    one = library.get(f'devices/by-key/{every[0][KEY]}/device.json')
    assert library.get(f'devices/by-key/{every[0][KEY]}/device.json/{MAC}') == one[MAC]
    signal = 'kismet.device.base.signal/kismet.common.signal.last_signal'
    assert library.get(f'devices/by-key/{every[0][KEY]}/device.json/{signal}') is not None
    assert library.post(f'devices/by-key/{every[0][KEY]}/device.json', fields=[MAC]).json() == {MAC: one[MAC]}


def test_a_library_lists_access_points_and_their_clients(library):
    aps = library.lines('devices/views/phydot11_accesspoints/last-time/0/devices.ekjson',
                        fields=[KEY, 'dot11.device/dot11.device.associated_client_map'])
    assert aps
    clients = {ap[KEY]: ap['dot11.device.associated_client_map'] for ap in aps}
    key = max(clients, key=lambda k: len(clients[k] or ()))
    found = library.lines(f'phy/phy80211/clients-of/{key}/clients.ekjson', fields=[MAC])
    assert {d[MAC] for d in found} == set(clients[key])
    assert len(library.get(f'phy/phy80211/clients-of/{key}/clients.json')) == len(found)


def test_a_library_raises_alerts(library):
    before = time.time()
    definition = {'name': 'LIBRARY', 'description': 'from a library', 'throttle': '10/min', 'burst': '10/sec'}
    assert library.post('alerts/definitions/define_alert.cmd', **definition).status_code == 200
    assert 'LIBRARY' in [d['kismet.alert.definition.header'] for d in library.get('alerts/definitions.json')]
    alert = {'name': 'LIBRARY', 'text': 'here', 'bssid': 'aa:bb:cc:dd:ee:ff', 'source': None, 'channel': '6'}
    assert library.post('alerts/raise_alert.cmd', **alert).status_code == 200
    since = library.get(f'alerts/last-time/{before:.6f}/alerts.json')
    mine, = [a for a in since['kismet.alert.list'] if a['kismet.alert.header'] == 'LIBRARY']
    assert mine['kismet.alert.text'] == 'here' and mine['kismet.alert.transmitter_mac'] == 'AA:BB:CC:DD:EE:FF'
    later = since['kismet.alert.timestamp']
    assert library.get(f'alerts/last-time/{later}/alerts.json')['kismet.alert.list'] == []
    assert mine in library.lines('alerts/all_alerts.ekjson')
    texts = [m['kismet.messagebus.message_string'] for m in library.get('messagebus/last-time/0.0/messages.json')[
        'kismet.messagebus.list']]
    assert any('LIBRARY' in text for text in texts)


def test_a_library_steers_sources(library):
    before = len(library.lines('datasource/all_sources.ekjson'))
    assert library.lines('datasource/list_interfaces.ekjson') == library.get('datasource/list_interfaces.json')
    reply = library.post('datasource/add_source.cmd', definition='example:type=example,name=library,rate=50')
    assert reply.status_code == 200
    uuid = reply.json()['kismet.datasource.uuid']
    assert len(library.lines('datasource/all_sources.ekjson')) == before + 1
    of = f'datasource/by-uuid/{uuid}/'
    assert library.post(of + 'set_channel.cmd', channel='6').status_code == 200
    assert library.get(of + 'source.json')['kismet.datasource.channel'] == '6'
    assert library.post(of + 'set_channel.cmd', hoprate=4).status_code == 200
    assert library.post(of + 'set_channel.cmd', rate=3).status_code == 200
    assert library.get(of + 'source.json')['kismet.datasource.hop_rate'] == 3
    assert library.post(of + 'set_channel.cmd', channels=['1', '11'], hoprate=2, shuffle=1).status_code == 200
    assert library.get(of + 'source.json')['kismet.datasource.hop_channels'] == ['1', '11']
    assert library.post(of + 'set_hop.cmd', hop=True).status_code == 200
    for command in 'pause_source', 'resume_source', 'close_source':
        assert library.session.get(library.root + of + command + '.cmd', timeout=20).status_code == 200


def test_a_library_asks_for_state(library):
    assert library.get('system/status.json')['kismet.system.devices.count'] > 0
    assert abs(library.get('system/timestamp.json')['kismet.system.timestamp.sec'] - time.time()) < 10
    assert library.post('gps/web/update.cmd', lat=1.5, lon=2.5, alt=3, spd=4).status_code == 200
    assert library.get('gps/location.json')['kismet.common.location.geopoint'] == [2.5, 1.5]


def test_a_library_that_has_no_login_is_reported(norn):
    library = Library(norn)
    assert library.get('system/status.json')
    assert library.session.get(library.root + 'session/check_session', timeout=20).status_code == 401
    assert library.post('alerts/raise_alert.cmd', name='X', text='x').status_code == 401
    library.session.auth = ('kismet', 'wrong')
    assert library.session.get(library.root + 'session/check_login', timeout=20).status_code == 403


def run(norn, line):
    """A command line with the server's address in it, as a shell runs it."""
    line = line.replace('localhost:2501', norn.url.removeprefix('http://'))
    return subprocess.run(['bash', '-o', 'pipefail', '-c', line], capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize('line, expected', [
    ('curl -s http://localhost:2501/system/status.json | python3 -m json.tool', 'kismet.system.timestamp.sec'),
    ('curl -s http://localhost:2501/system/status.prettyjson', 'description.kismet.system'),
    ("curl -s -d 'json={\"name\": \"JSONALERT\", \"description\": \"Dynamic alert added at runtime\", "
     "\"throttle\": \"10/min\", \"burst\": \"1/sec\"}' http://kismet:secret@localhost:2501/alerts/definitions/define_alert.cmd",
     ''),
    ('curl -s -X POST -d \'json={"fields": ["kismet.device.base.macaddr"]}\' '
     'http://localhost:2501/devices/last-time/-60/devices.ekjson | head -n 1', 'kismet.device.base.macaddr'),
    ('curl -s -u kismet:secret http://localhost:2501/datasource/all_sources.json', 'kismet.datasource.uuid'),
    ('curl -s --digest -u kismet:secret --basic http://localhost:2501/session/check_session', 'Session valid'),
    ("curl -s 'http://kismet:secret@localhost:2501/logging/kismetdb/pcap/all.pcapng?signal_min=-90&limit=5' "
     '| tshark -r - -T fields -e frame.number 2>/dev/null', '5\n'),
    ('curl -sI http://localhost:2501/system/status.json', 'HTTP/1.1 200'),
    ('curl -s --compressed http://localhost:2501/devices/all_devices.ekjson', 'kismet.device.base.key'),
    ('curl -s -H "Cookie: KISMET=$(curl -s -d \'json={"name":"script","role":"readonly","duration":0}\' '
     'http://kismet:secret@localhost:2501/auth/apikey/generate.cmd)" http://localhost:2501/datasource/all_sources.json',
     'kismet.datasource.uuid'),
])
def test_command_lines(norn, line, expected):
    done = run(norn, line)
    assert done.returncode == 0 and expected in done.stdout, (done.stdout[:500], done.stderr)


def test_a_program_that_logs_in_only_when_it_is_asked(norn):
    if not shutil.which('wget'):
        pytest.skip('no wget')
    done = run(norn, 'wget -q -O- --user kismet --password secret http://localhost:2501/datasource/all_sources.json')
    assert done.returncode == 0 and 'kismet.datasource.uuid' in done.stdout


def test_cookies_as_clients_send_them(norn):
    token = requests.get(norn.url + '/session/check_session', auth=LOGIN, timeout=20).cookies['KISMET']
    for cookie in ('KISMET={}', 'KISMET={}; Path=/; HttpOnly; SameSite=Strict', 'a=b; KISMET={}', 'KISMET="{}"',
                   'a=b;KISMET={}', '$Version=1; KISMET={}; $Path=/', 'KISMET={};', 'KISMET=old; KISMET={}'):
        headers = {'Cookie': cookie.format(token)}
        assert norn.get('/session/check_session', headers=headers).status_code == 200, cookie
        assert norn.get('/session/check_login', headers=headers).status_code == 403
    for cookie in 'kismet={}', 'KISMET={}x', 'KISMETX={}':
        assert norn.get('/session/check_session', headers={'Cookie': cookie.format(token)}).status_code == 401, cookie
    assert norn.get('/datasource/all_sources.json', params={'KISMET': token}).status_code == 200


def test_events_as_a_page_sees_them(norn):
    ws = connect(norn, '/eventbus/events.ws')
    ws.send(json.dumps({'SUBSCRIBE': 'TIMESTAMP'}))
    event = receive(ws)
    assert abs(event['TIMESTAMP']['kismet.system.timestamp.sec'] - time.time()) < 10
    ws = connect(norn, '/devices/monitor.ws')
    ws.send(json.dumps({'monitor': '*', 'request': 31337, 'rate': 1, 'fields': [MAC], 'format': 'json'}))
    assert MAC in receive(ws)


def test_a_library_tunes_with_numbers_and_texts(start):
    """As python-kismet-rest sends it: a rate that is a text, channels that are numbers, and a member no one knows."""
    norn = start('-c', os.environ['SAMPLE'], config=CONFIG + f'helper_binary_path={os.environ["HELPERS"]}\n')
    library = Library(norn)
    assert library.login()
    source = next(s for s in library.lines('datasource/all_sources.itjson'))
    uuid = source['kismet.datasource.uuid']
    assert library.post(f'datasource/by-uuid/{uuid}/set_channel.cmd', rate='123', channels=[1, 2, 3]).status_code == 500
    assert library.post('datasource/add_source.cmd', definition='example:type=example,rate=10,name=tuned').status_code == 200
    tuned = next(s for s in library.lines('datasource/all_sources.itjson') if s['kismet.datasource.name'] == 'tuned')
    path = f'datasource/by-uuid/{tuned["kismet.datasource.uuid"]}/'
    for command, state in ((('set_channel', {'rate': '7', 'channels': [1, 2, 3]}), (1, ['1', '2', '3'], 7)),
                           (('set_channel', {'rate': '123'}), (1, ['1', '2', '3'], 123)),
                           (('set_channel', {'channel': '6'}), (0, ['1', '2', '3'], 123)),
                           (('set_hop', {'hop': True}), (1, ['1', '2', '3'], 123))):
        record = library.post(path + command[0] + '.cmd', **command[1]).json()
        assert tuple(record[f'kismet.datasource.{k}'] for k in ('hopping', 'hop_channels', 'hop_rate')) == state, command
    for step in 'pause', 'resume', 'close', 'open', 'close':
        assert library.post(f'{path}{step}_source.cmd').status_code == 200
