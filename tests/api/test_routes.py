"""Every endpoint by every way to ask for it: both methods, every format, a selection, HEAD; and commands by their
other names. That replies are as the schemas say is checked by conftest.py on the way."""
import json
import os
import threading

import pytest
import requests

from conftest import LOGIN

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\ngps=web:name=phone\n'
LOG = {'title': 'chosen'}
FORMATS = 'json', 'cmd', 'jcmd', 'prettyjson', 'ekjson', 'itjson', 'tjson'
MOVES = {'/system/status', '/packetchain/packet_stats', '/streams/all_streams', '/streams/by-id/{id}/stream_info',
         '/channels/channels'}  # what differs from one request to the next


class Reader(threading.Thread):
    """Keeps a stream open until the server ends it."""

    def __init__(self, norn, path):
        super().__init__()
        self.reply = requests.get(norn.url + path, auth=LOGIN, stream=True, timeout=(20, 300))
        assert self.reply.status_code == 200, path
        self.octets = b''
        self.start()

    def run(self):
        self.octets = b''.join(self.reply.iter_content(65536))


@pytest.fixture(scope='module')
def norn(tmp_path_factory):
    from conftest import Norn
    home = tmp_path_factory.mktemp('routes')
    norn = Norn(home, '-c', os.environ['SAMPLE'], config=CONFIG + f'log_prefix={home}\n')
    norn.wait_done()
    norn.reader = Reader(norn, '/pcap/all_packets.pcapng')
    norn.parameters = parameters(norn)
    yield norn
    norn.post(f'/streams/by-id/{norn.parameters["id"]}/close_stream.cmd', auth=LOGIN)
    norn.reader.join()
    assert norn.stop() == 0, norn.text()


def first(norn, path, name):
    return norn.get(path, auth=LOGIN).json()[0][name]


def parameters(norn):
    """Values that mean something here for what stands in braces."""
    device = next(d for d in norn.get('/devices/views/phydot11_accesspoints/devices.json').json()
                  if d['dot11.device'].get('dot11.device.associated_client_map'))
    return {
        'key': device['kismet.device.base.key'], 'mac': device['kismet.device.base.macaddr'], 'time': '0',
        'phy': 'IEEE802.11', 'view': 'all', 'type': 'found',
        'uuid': first(norn, '/datasource/all_sources.json', 'kismet.datasource.uuid'),
        'gps': first(norn, '/gps/all_gps.json', 'kismet.gps.uuid'),
        'alert': first(norn, '/alerts/all_alerts.json', 'kismet.alert.hash'),
        'hash': first(norn, '/phy/phy80211/ssids/views/ssids.json', 'dot11.ssidgroup.hash'),
        'id': first(norn, '/streams/all_streams.json', 'kismet.stream.stream_id'),
    }


def fill(norn, path):
    values = dict(norn.parameters)
    if path.startswith('/gps/'):
        values['uuid'] = values['gps']
    if path.startswith('/filters/'):
        values['id'] = 'kismetdb_devices' if '/class/' in path else 'kismetdb_packets'
    if path.startswith('/alerts/'):
        values['id'] = values['alert']
    if path.startswith('/devices/views/{kind}'):
        values.update(kind='phy', view='IEEE802.11')
    return path.removesuffix('.{extension}').format(**values)


def reading_routes(norn, method):
    """(path, operation) of all that change nothing, take every format and name things that are known here."""
    known = {*norn.parameters, 'kind'}
    for path, item in norn.get('/openapi.json', auth=LOGIN).json()['paths'].items():
        operation = item.get(method)
        extension = [p for p in (operation or {}).get('parameters', ()) if p['name'] == 'extension']
        if path.endswith('/close_stream.{extension}'):
            continue  # would end what the others look at
        if extension and 'tjson' in extension[0]['schema']['enum'] and (
                'application/json' in operation['responses']['200']['content']) and (
                {p['name'] for p in operation['parameters']} - {'extension'} <= known):
            yield path.removesuffix('.{extension}'), operation


def ask(norn, method, path, command=None):
    more = {'auth': LOGIN} if command is None else {'auth': LOGIN, 'json': command}
    reply = norn.get(path, **more) if method == 'get' else norn.post(path, **more)
    assert reply.status_code == 200, f'{method} {path}: {reply.status_code} {reply.text}'
    return reply


def test_get_and_post_say_the_same(norn):
    seen = 0
    post = {path for path, _ in reading_routes(norn, 'post')}
    for path, _ in reading_routes(norn, 'get'):
        if path not in post:
            continue
        seen += 1
        one = ask(norn, 'get', fill(norn, path) + '.json').json()
        other = ask(norn, 'post', fill(norn, path) + '.json').json()
        assert type(one) is type(other)
        if path not in MOVES and not isinstance(one, dict):
            assert one == other or len(one) == len(other), path
    assert seen > 50


def test_every_format(norn):
    for method in 'get', 'post':
        for path, operation in reading_routes(norn, method):
            if path.endswith('/multimac/devices') or '/multikey/' in path:
                continue
            for extension in FORMATS if method == 'get' else ('cmd', 'ekjson'):
                reply = ask(norn, method, f'{fill(norn, path)}.{extension}')
                if extension == 'prettyjson' and ':' in reply.text:
                    assert '"description.' in reply.text, path
                if extension == 'tjson' and '$ref' in json.dumps(operation['responses']):
                    assert not any('.' in name for name in names(reply.json())), path


def names(value):
    """The names of a record, or of the first of a list."""
    if isinstance(value, list):
        return names(value[0]) if value else []
    return [name for name in value if name.startswith('kismet')] if isinstance(value, dict) else []


def test_lists_in_a_wrapper_are_lines(norn):
    for path, wrapped in (('/messagebus/last-time/0/messages', 'kismet.messagebus.list'),
                          ('/alerts/last-time/0/alerts', 'kismet.alert.list'),
                          ('/alerts/wrapped/last-time/0/alerts', 'kismet.alert.list')):
        whole = norn.get(path + '.json').json()
        for extension in 'ekjson', 'itjson':
            lines = norn.get(f'{path}.{extension}').text.splitlines()
            assert lines and [json.loads(line) for line in lines] == whole[wrapped], path


def test_head_is_get_without_a_body(norn):
    for path, _ in reading_routes(norn, 'get'):
        url = norn.url + fill(norn, path) + '.json'
        head = requests.head(url, auth=LOGIN, timeout=20)
        assert (head.status_code, head.content) == (200, b''), path
        assert head.headers['Content-Type'].startswith('application/json'), path


def test_a_selection_gives_its_names_alone(norn):
    for path, _ in reading_routes(norn, 'post'):
        if path.endswith('/multimac/devices') or '/multikey/' in path:
            continue
        reply = ask(norn, 'post', fill(norn, path) + '.json', {'fields': [['no.such.field', 'mine']]}).json()
        if isinstance(reply, list) and reply and isinstance(reply[0], dict):
            assert all(set(item) == {'mine'} for item in reply), path


def test_devices_by_several_names(norn):
    key, mac = norn.parameters['key'], norn.parameters['mac']
    for extension in FORMATS:
        for path, command in (('/devices/multimac/devices', {'devices': [mac]}),
                              ('/devices/multikey/devices', {'devices': [key]}),
                              ('/devices/multikey/as-object/devices', {'devices': [key]})):
            assert mac in ask(norn, 'post', f'{path}.{extension}', command).text


def test_devices_by_method_and_time(norn):
    field = 'kismet.device.base.macaddr'
    every = {d[field] for d in ask(norn, 'get', '/devices/by-phy/IEEE802.11/devices.json').json()}
    for path in ('/devices/last-time/0/devices', '/devices/views/all/by-time/0/devices',
                 '/devices/views/all/last-time/0/devices', '/devices/views/phy/IEEE802.11/devices',
                 '/devices/views/phy/IEEE802.11/last-time/0/devices'):
        devices = ask(norn, 'post', path + '.json', {'fields': [field]}).json()
        assert {d[field] for d in devices} == every and all(set(d) == {field} for d in devices), path
        regex = [[field, '^' + norn.parameters['mac'] + '$']]
        devices = ask(norn, 'post', path + '.json', {'fields': [field], 'regex': regex}).json()
        assert devices == [{field: norn.parameters['mac']}], path
    lines = ask(norn, 'post', '/devices/all_devices.ekjson', {'fields': [field]}).text.splitlines()
    assert {json.loads(line)[field] for line in lines} == every
    mine, = ask(norn, 'post', f'/devices/by-mac/{norn.parameters["mac"]}/devices.json', {'fields': [field]}).json()
    assert mine == {field: norn.parameters['mac']}


def test_names_and_tags_by_both_spellings(norn):
    key = norn.parameters['key']
    for root in 'devices', 'dev':
        for end in 'cmd', 'json':
            name = f'{root} {end}'
            assert norn.post(f'/{root}/by-key/{key}/set_name.{end}', {'username': name}, auth=LOGIN).status_code == 200
            tag = {'tagname': 'note', 'tagvalue': name}
            assert norn.post(f'/{root}/by-key/{key}/set_tag.{end}', tag, auth=LOGIN).status_code == 200
            device = norn.get(f'/devices/by-key/{key}/device.json').json()
            assert device['kismet.device.base.username'] == device['kismet.device.base.tags']['note'] == name


def test_alerts_by_both_spellings(norn):
    for i, (define, throw) in enumerate((('define_alert', 'raise_alert'), ('defice_alert', 'raise_alerts'))):
        name = f'SPELL{i}'
        definition = {'name': name, 'description': 'x', 'throttle': '10/min', 'burst': '1/sec'}
        assert norn.post(f'/alerts/definitions/{define}.json', definition, auth=LOGIN).status_code == 200
        assert norn.post(f'/alerts/{throw}.cmd', {'name': name, 'text': 'here'}, auth=LOGIN).status_code == 200
        assert name in [a['kismet.alert.header'] for a in norn.get('/alerts/all_alerts.json').json()]


def test_sources_by_get_and_by_post(start):
    norn = start('-c', os.environ['SAMPLE'] + ':pps=100')
    uuid = first(norn, '/datasource/all_sources.json', 'kismet.datasource.uuid')
    for method in 'get', 'post':
        for command, state in (('pause', 'running'), ('resume', 'running'), ('close', 'closed'), ('open', 'running'),
                               ('disable', 'closed'), ('enable', 'running')):
            record = ask(norn, method, f'/datasource/by-uuid/{uuid}/{command}_source.cmd').json()
            assert record['norn.datasource.state'] == state, command
            assert record['kismet.datasource.paused'] == (command == 'pause')
            assert norn.get(f'/datasource/by-uuid/{uuid}/source.json', auth=LOGIN).json()[
                'norn.datasource.state'] == state


def test_streams_by_every_spelling(norn):
    key, mac = norn.parameters['key'], norn.parameters['mac']
    uuid = norn.parameters['uuid']
    paths = ('/datasource/pcap/all_sources.pcapng', f'/datasource/pcap/by-uuid/{uuid}/{uuid}.pcapng',
             f'/devices/by-key/{key}/pcap/{key}.pcapng', f'/devices/pcap/by-key/{key}/packets.pcapng',
             f'/phy/phy80211/by-bssid/{mac}/pcap/{mac}.pcapng', f'/phy/phy80211/pcap/by-bssid/{mac}/packets.pcapng')
    before = {s['kismet.stream.stream_id'] for s in norn.get('/streams/all_streams.json').json()}
    readers = [Reader(norn, path) for path in paths]
    mine = {s['kismet.stream.stream_id'] for s in norn.get('/streams/all_streams.json').json()} - before
    assert len(mine) == len(paths)
    for i, stream in enumerate(sorted(mine)):
        ask(norn, 'get' if i % 2 else 'post', f'/streams/by-id/{stream}/close_stream.cmd')
    for reader in readers:
        reader.join()
        assert reader.octets[:4] == b'\x0a\x0d\x0d\x0a'


def test_logs_and_gps_by_get_and_by_post(norn):
    for method in 'get', 'post':
        command = None if method == 'get' else LOG
        record = ask(norn, method, '/logging/by-class/pcapng/start.json', command).json()
        assert (command is None) == ('chosen' not in record['kismet.logfile.path'])
        uuid = record['kismet.logfile.uuid']
        assert uuid in ask(norn, method, '/logging/active.json').text
        ask(norn, method, f'/logging/by-uuid/{uuid}/stop.cmd')
        before = {g['kismet.gps.uuid'] for g in norn.get('/gps/all_gps.json').json()}
        assert norn.post('/gps/add_gps.cmd', {'definition': 'virtual:lat=1,lon=2'}, auth=LOGIN).status_code == 200
        uuid, = {g['kismet.gps.uuid'] for g in norn.get('/gps/all_gps.json').json()} - before
        ask(norn, method, f'/gps/by-uuid/{uuid}/remove_gps.cmd')
        assert {g['kismet.gps.uuid'] for g in norn.get('/gps/all_gps.json').json()} == before
