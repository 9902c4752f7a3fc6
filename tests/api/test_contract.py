"""The sentences of the REST reference, one test each."""
import json
import os
import time

import pytest
import requests

from conftest import LOGIN, Norn
from frames import AP, Capture, STATION

SUMMARY = '/devices/summary/devices.json'
MAC = 'kismet.device.base.macaddr'


def test_unknown_keys_of_a_command_are_no_error(server):
    reply = server.post(SUMMARY, {'fields': [MAC], 'of a later version': {'a': [1]}})
    assert reply.status_code == 200 and set(reply.json()[0]) == {MAC}


def test_keys_are_case_sensitive(server):
    assert len(server.post(SUMMARY, {'Fields': [MAC]}).json()[0]) > 1
    assert server.post('/datasource/add_source.cmd', {'Definition': 'x'}, auth=LOGIN).status_code == 400


def test_commands_come_as_form_variable_or_json(server):
    form = server.post(SUMMARY, data={'json': '{"fields": ["%s"]}' % MAC})
    assert form.json() == server.post(SUMMARY, {'fields': [MAC]}).json()


def test_configuration_needs_a_login_and_the_rest_does_not(server):
    for path in ('/session/all_sessions.json', '/auth/apikey/list.json'):
        assert server.get(path).status_code == 401, path
        assert server.get(path, auth=LOGIN).status_code == 200, path
    for path in ('/system/status.json', '/devices/views/all_views.json', '/alerts/definitions.json',
                 '/datasource/all_sources.json', '/logging/active.json', '/channels/channels.json', '/messagebus/all_messages.json', '/phy/all_phys.json'):
        assert server.get(path).status_code == 200, path


def test_formats_of_lines_have_no_pretty_form(server):
    assert server.get('/devices/all_devices.ekjson').status_code == 200
    for other in ('prettyjson', 'json'):
        assert server.get(f'/devices/all_devices.{other}').status_code == 404


def test_dev_is_another_spelling_of_devices(server):
    key = server.post(SUMMARY, {'fields': ['kismet.device.base.key']}).json()[0]['kismet.device.base.key']
    tag = {'tagname': 'contract', 'tagvalue': 'kept'}
    assert server.post(f'/dev/by-key/{key}/set_tag.cmd', tag, auth=LOGIN).status_code == 200
    device = server.get(f'/devices/by-key/{key}/device.json').json()
    assert device['kismet.device.base.tags']['contract'] == 'kept'


def test_a_path_behind_the_extension_gives_part_of_a_device(server):
    key = server.post(SUMMARY, {'fields': ['kismet.device.base.key']}).json()[0]['kismet.device.base.key']
    whole = server.get(f'/devices/by-key/{key}/device.json').json()
    assert server.get(f'/devices/by-key/{key}/device.json/{MAC}').json() == whole[MAC]
    assert server.get(f'/devices/by-key/{key}/device.json/no.such.field').status_code == 404


UUID, UNKNOWN = '11111111-2222-3333-4444-555555555555', '00000000-0000-0000-0000-000000000000'
KEY = '4202770D00000000_10000000D00'
NEEDS_LOGIN = [('post', f'/{root}/by-key/{KEY}/{what}.cmd') for root in ('devices', 'dev') for what in ('set_name', 'set_tag')] + [
    ('post', f'/alerts/definitions/{name}.{end}') for name in ('define_alert', 'defice_alert') for end in ('cmd', 'json')] + [
    ('post', '/alerts/raise_alert.cmd'), ('post', '/gps/web/update.cmd')] + [
    ('post', f'/datasource/add_source.{end}') for end in ('cmd', 'json')] + [
    ('post', f'/datasource/by-uuid/{UUID}/{what}.{end}') for what in ('set_channel', 'set_hop') for end in ('cmd', 'json')] + [
    ('get', f'/datasource/by-uuid/{UUID}/{what}_source.cmd')
    for what in ('close', 'open', 'disable', 'enable', 'pause', 'resume')] + [
    ('get', path) for path in (
        '/pcap/all_packets.pcapng', '/datasource/pcap/all_sources.pcapng',
        f'/datasource/pcap/by-uuid/{UUID}/{UUID}.pcapng', f'/devices/by-key/{KEY}/pcap/{KEY}.pcapng',
        '/streams/by-id/1/close_stream.cmd', f'/phy/phy80211/by-key/{KEY}/pcap/{KEY}-handshake.pcap',
        f'/phy/phy80211/by-bssid/{AP}/pcap/{AP}.pcapng')] + [
    (method, f'/logging/by-class/pcapng/start.{end}') for method in ('get', 'post') for end in ('cmd', 'json')] + [
    ('get', f'/logging/by-uuid/{UUID}/stop.{end}') for end in ('cmd', 'json')] + [
    (method, '/logging/kismetdb/pcap/any.pcapng') for method in ('get', 'post')] + [
    ('post', f'/phy/phy80211/fingerprints/whitelist/{what}.cmd')
    for what in ('new/insert', f'by-mac/{AP}/update', f'by-mac/{AP}/delete', 'bulk/insert', 'bulk/delete')]


@pytest.mark.parametrize('method, path', NEEDS_LOGIN)
def test_login_required(server, method, path):
    reply = server.post(path, {}) if method == 'post' else server.get(path)
    assert reply.status_code == 401 and reply.headers['WWW-Authenticate'].startswith('Basic ')


@pytest.fixture(scope='module')
def air(tmp_path_factory):
    """A network with a station, and a network without one, seen by a source of a known uuid."""
    home = tmp_path_factory.mktemp('contract')
    capture = Capture().beacon(b'Linksys').associate().beacon(b'SomePrefix-5', bssid='02:00:00:00:00:05')
    norn = Norn(home, '-c', f'{capture.write(home / "air.pcap")}:uuid={UUID},name=air',
                config='httpd_username=kismet\nhttpd_password=secret\nenable_logging=false\nalertbacklog=3\n')
    norn.wait_done()
    yield norn
    assert norn.stop() == 0, norn.text()


def key_of(norn, mac):
    found, = norn.post(f'/devices/by-mac/{mac}/devices.json', {'fields': ['kismet.device.base.key']}).json()
    return found['kismet.device.base.key']


def test_the_content_type_may_show_a_character_set(air):
    reply = air.post(SUMMARY, data='json=' + json.dumps({'fields': [MAC]}), headers={
        'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8'})
    assert reply.status_code == 200 and all(set(d) == {MAC} for d in reply.json())


def test_fields_have_their_last_name_or_their_alias(air):
    signal = 'kismet.device.base.signal/kismet.common.signal.last_signal'
    wanted = ['kismet.device.base.channel', signal, ['kismet.device.base.channel', 'base.channel'],
              [signal, 'base.last.signal']]
    for device in air.post(SUMMARY, {'fields': wanted}).json():
        assert set(device) == {'kismet.device.base.channel', 'kismet.common.signal.last_signal', 'base.channel',
                               'base.last.signal'}
        assert device['base.channel'] == device['kismet.device.base.channel']
    twice = air.post(SUMMARY, {'fields': [signal, 'kismet.device.base.signal/kismet.common.signal.last_signal']})
    assert twice.text.count('last_signal') == len(twice.json())


def test_any_expression_is_enough_and_paths_visit_all_elements(air):
    ssid = 'dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid'
    found = air.post(SUMMARY, {'fields': [MAC], 'regex': [[ssid, '^SomePrefix.*'], [ssid, '^Linksys$']]}).json()
    assert {d[MAC] for d in found} == {AP.upper(), '02:00:00:00:00:05'}
    assert air.post(SUMMARY, {'regex': [['kismet.device.base.packets.total', '.*']]}).json() == []


def test_times_are_server_times_or_seconds_before_now(air):
    whole = {d[MAC] for d in air.post(SUMMARY, {'fields': [MAC]}).json()}
    now = time.time()
    for since, all_of_them in ((now - 3600, True), (-3600, True), (0, True), (now + 3600, False)):
        for path in f'/devices/last-time/{since}/devices', f'/devices/views/all/by-time/{since}/devices':
            for end in 'json', 'ekjson':
                reply = air.get(f'{path}.{end}')
                text = reply.text if end == 'json' else '[' + ','.join(reply.text.splitlines()) + ']'
                assert {d[MAC] for d in json.loads(text)} == (whole if all_of_them else set()), (path, end)
        for path in '/devices/by-phy/IEEE802.11/devices.json', '/devices/views/all/devices.json':
            reply = air.post(path, {'fields': [MAC], 'last_time': int(since), 'regex': [[MAC, '']]})
            assert {d[MAC] for d in reply.json()} == (whole if all_of_them else set()), path


def test_masked_addresses_find_by_maker(air):
    found = air.post('/devices/multimac/devices.json', {'devices': [AP.upper()[:8] + ':00:00:00/FF:FF:FF:00:00:00',
                                                                     STATION], 'fields': [MAC]}).json()
    assert {d[MAC] for d in found} == {AP.upper(), STATION.upper()}
    assert air.post('/devices/multimac/devices.json', {'fields': [MAC]}).status_code == 400  # devices: required


def test_clients_of_an_access_point_are_whole_records(air):
    path = f'/phy/phy80211/clients-of/{key_of(air, AP)}/clients.json'
    whole, = air.get(path).json()
    assert whole == air.get(f'/devices/by-key/{key_of(air, STATION)}/device.json').json()
    assert air.post(path, {'fields': [MAC]}).json() == [{MAC: STATION.upper()}]
    assert air.get(f'/phy/phy80211/clients-of/{key_of(air, "02:00:00:00:00:05")}/clients.json').json() == []


def test_a_handshake_that_was_not_seen_is_an_empty_pcap(air):
    key = key_of(air, '02:00:00:00:00:05')
    reply = air.get(f'/phy/phy80211/by-key/{key}/pcap/{key}-handshake.pcap', auth=LOGIN)
    assert reply.status_code == 200 and len(reply.content) >= 24 and reply.content[:4] in (
        b'\xd4\xc3\xb2\xa1', b'\xa1\xb2\xc3\xd4')


def test_without_a_kismetdb_there_are_no_packets_of_the_past(air):
    path = '/logging/kismetdb/pcap/any.pcapng'
    assert air.get(path, auth=LOGIN).status_code == 404
    assert air.post(path, {'filter': {'limit': 1}}, auth=LOGIN).status_code == 404


def test_the_backlog_of_alerts_has_the_size_of_its_option(air):
    definition = {'name': 'BACKLOG', 'description': 'x', 'throttle': '100/min', 'burst': '100/sec'}
    assert air.post('/alerts/definitions/define_alert.cmd', definition, auth=LOGIN).status_code == 200
    for i in range(5):
        assert air.post('/alerts/raise_alert.cmd', {'name': 'BACKLOG', 'text': str(i)}, auth=LOGIN).status_code == 200
    assert [a['kismet.alert.text'] for a in air.get('/alerts/all_alerts.json').json()] == ['2', '3', '4']
    assert any('BACKLOG' in m['kismet.messagebus.message_string']
               for m in air.get('/messagebus/all_messages.json').json())


def test_an_alert_of_a_phy_that_is_not_there_is_not_defined(air):
    definition = {'name': 'OFPHY', 'description': 'x', 'throttle': '1/min', 'burst': '1/sec', 'phyname': 'none'}
    assert air.post('/alerts/definitions/define_alert.cmd', definition, auth=LOGIN).status_code == 400
    assert 'OFPHY' not in air.get('/alerts/definitions.json').text
    assert air.post('/alerts/raise_alert.cmd', {'name': 'OFPHY', 'text': 'x'}, auth=LOGIN).status_code == 400


def test_at_most_fifty_messages_are_kept(air):
    for i in range(60):
        air.post(f'/devices/by-key/{KEY}/set_name.cmd', {'username': str(i)}, auth=LOGIN)
    assert len(air.get('/messagebus/all_messages.json').json()) == 50


def test_sources_close_and_open_again(air):
    of = f'/datasource/by-uuid/{UUID}/'
    assert air.get(of + 'close_source.cmd', auth=LOGIN).status_code == 200
    assert UUID in air.get('/datasource/all_sources.json', auth=LOGIN).text  # it stays in the list
    again = air.get(of + 'open_source.cmd', auth=LOGIN).json()
    assert again['kismet.datasource.uuid'] == UUID and again['kismet.datasource.name'] == 'air'
    for command in ('channel', {'channel': '6'}), ('rate', {'hoprate': 5}):
        assert air.post(of + 'set_channel.cmd', command[1], auth=LOGIN).status_code == 500  # a file has no channels
    assert air.get(f'/datasource/by-uuid/{UNKNOWN}/close_source.cmd', auth=LOGIN).status_code == 404
    assert air.post('/datasource/add_source.cmd', {'definition': '/no/such/file'}, auth=LOGIN).status_code == 500
    assert air.get('/datasource/list_interfaces.cmd').status_code == 200


def test_a_log_of_another_title(air, tmp_path):
    record = air.post('/logging/by-class/pcapng/start.cmd', {'title': 'Other-Title'}, auth=LOGIN).json()
    assert 'Other-Title' in os.path.basename(record['kismet.logfile.path'])
    stop = f'/logging/by-uuid/{record["kismet.logfile.uuid"]}/stop.cmd'
    assert [air.get(stop, auth=LOGIN).status_code for _ in range(2)] == [200, 404]  # it must be open


def test_a_position_by_post(air):
    position = {'lat': 1, 'lon': 2}
    assert air.post('/gps/web/update.cmd', position, auth=LOGIN).status_code == 404  # there is no gps=web


@pytest.mark.parametrize('method, path, status', [
    ('DELETE', '/system/status.json', 405), ('PUT', '/system/status.json', 405), ('GET', '/alerts/raise_alert.cmd', 405),
    ('POST', '/openapi.json', 405), ('GET', '/system/status.xml', 404), ('GET', '/system/status', 404),
    ('GET', '/devices/views/none/devices.json', 404), ('GET', '/devices/by-phy/none/devices.json', 404),
    ('GET', '/devices/by-key/1_2/device.json', 404), ('GET', '/devices/by-key/x/device.json', 400),
    ('GET', '/devices/by-mac/x/devices.json', 400), ('GET', '/devices/last-time/x/devices.json', 400)])
def test_statuses(air, method, path, status):
    reply = requests.request(method, air.url + path, timeout=20, auth=LOGIN)
    assert reply.status_code == status and len(reply.text.strip()) > 10  # with a sentence
