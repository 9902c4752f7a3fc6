"""Device Handling, Device Views, Device Editing and Phy Handling."""
import json
import time

import pytest

from conftest import LOGIN

MAC = 'kismet.device.base.macaddr'
KEY = 'kismet.device.base.key'
PACKETS = 'kismet.device.base.packets.total'
AP_VIEW = '/devices/views/phydot11_accesspoints/devices.json'


@pytest.fixture(scope='module')
def devices(server):
    lines = server.get('/devices/all_devices.ekjson').text.splitlines()
    assert len(lines) > 5
    return [json.loads(line) for line in lines]


def macs(reply):
    assert reply.status_code == 200, reply.text
    return sorted(d[MAC] for d in reply.json())


def test_all_ways_to_list_agree(server, devices):
    everything = sorted(d[MAC] for d in devices)
    assert macs(server.get('/devices/views/all/devices.json')) == everything
    assert macs(server.get('/devices/last-time/0/devices.json')) == everything
    assert macs(server.get('/devices/views/all/by-time/0/devices.json')) == everything
    assert macs(server.get('/devices/views/all/last-time/-3600/devices.json')) == everything
    assert macs(server.post('/devices/summary/devices.json', {'fields': [MAC]})) == everything
    assert macs(server.post('/devices/by-phy/IEEE802.11/devices.json', {})) == everything
    assert macs(server.get('/devices/views/phy/IEEE802.11/devices.json')) == everything


def test_nothing_changed_after_now(server):
    later = int(time.time()) + 5
    assert server.get(f'/devices/last-time/{later}/devices.json').json() == []
    assert server.post('/devices/views/all/devices.json', {'last_time': later}).json() == []
    assert server.post('/devices/by-phy/IEEE802.11/devices.json', {'last_time': later}).json() == []
    assert server.post('/devices/views/all/devices.json', {'last_time': -3600}).json() != []


@pytest.mark.parametrize('path, status', [
    ('/devices/last-time/x/devices.json', 400),
    ('/devices/views/none/devices.json', 404),
    ('/devices/by-phy/none/devices.json', 404),
    ('/devices/by-key/1_2/device.json', 404),
    ('/devices/by-key/none/device.json', 400),
    ('/devices/by-mac/none/devices.json', 400),
    ('/devices/views/all/devices.nope', 404),
])
def test_errors_have_their_status_and_a_sentence(server, path, status):
    reply = server.get(path)
    assert reply.status_code == status and len(reply.text) > 10


def test_a_device_by_key_and_what_is_in_it(server, devices):
    for d in devices[:3]:
        path = f'/devices/by-key/{d[KEY]}/device'
        assert server.get(path + '.json').json()[MAC] == d[MAC]
        assert server.get(f'{path}.json/{MAC}').json() == d[MAC]
        assert server.get(f'{path}.json/kismet.device.base.signal').status_code in (200, 404)
        assert server.get(f'{path}.json/no.such.field').status_code == 404
        reply = server.post(path + '.json', {'fields': [[MAC, 'mac'], 'no.such.field']})
        assert reply.json() == {'mac': d[MAC], 'no.such.field': 0}


def test_addresses_and_masks(server, devices):
    wanted = devices[0][MAC]
    assert macs(server.get(f'/devices/by-mac/{wanted}/devices.json')) == [wanted]
    assert macs(server.get(f'/devices/by-mac/{wanted.lower()}/devices.json')) == [wanted]
    same_vendor = sorted(d[MAC] for d in devices if d[MAC][:8] == wanted[:8])
    mask = f'{wanted[:8]}:00:00:00/FF:FF:FF:00:00:00'
    reply = server.post('/devices/multimac/devices.json', {'devices': [mask], 'fields': [MAC]})
    assert macs(reply) == same_vendor
    assert server.post('/devices/multimac/devices.json', {}).status_code == 400
    assert server.post('/devices/multimac/devices.json', {'devices': ['x']}).status_code == 400


def test_several_keys(server, devices):
    keys = [d[KEY] for d in devices[:3]]
    command = {'devices': keys + ['1_2'], 'fields': [KEY]}
    reply = server.post('/devices/multikey/devices.json', command).json()
    assert [d[KEY] for d in reply] == keys
    reply = server.post('/devices/multikey/as-object/devices.json', command).json()
    assert sorted(reply) == sorted(keys)


def test_commands_come_as_form_multipart_or_json(server, devices):
    command = json.dumps({'fields': [MAC]})
    path = '/devices/views/all/devices.json'
    whole = sorted(d[MAC] for d in devices)
    assert macs(server.post(path, data={'json': command})) == whole
    assert macs(server.post(path, files={'json': (None, command)})) == whole
    assert macs(server.post(path, data=command, headers={'Content-Type': 'application/json'})) == whole
    assert server.post(path, data={'json': '{"fields": ['}).status_code == 400
    assert server.post(path, {'fields': 'x'}).status_code == 400
    assert server.post(path, {'fields': [['a', 'b', 'c']]}).status_code == 400
    assert server.post(path, {'unknown': 1, 'fields': [MAC]}).status_code == 200


def test_expressions_match_any_term(server, devices):
    path = '/devices/views/all/devices.json'
    first, second = devices[0][MAC], devices[1][MAC]
    terms = [[MAC, f'^{first}$'], [MAC, f'^{second}$']]
    assert macs(server.post(path, {'regex': terms})) == sorted([first, second])
    assert server.post(path, {'regex': [[PACKETS, '.']]}).json() == []
    for wrong in ([[MAC, '(']], 'x', [[MAC]], [[MAC, 'x']] * 33, [[MAC, 'x' * 2000]]):
        assert server.post(path, {'regex': wrong}).status_code == 400


def test_ssids_in_the_map_are_found(server, devices):
    ssid_path = 'dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid'
    reply = server.post('/devices/views/all/devices.json',
                        {'fields': [MAC, ssid_path], 'regex': [[ssid_path, '.']]}).json()
    assert reply and all(isinstance(d['dot11.advertisedssid.ssid'], list) for d in reply)


def test_datatables_page(server, devices):
    path = '/devices/views/all/devices.json'
    command = json.dumps({'datatable': True, 'fields': [MAC, PACKETS],
                          'colmap': {'0': [MAC], '1': [PACKETS]}})

    def page(**more):
        form = {'json': command, 'draw': '7', 'start': '0', 'length': '3',
                'order[0][column]': '1', 'order[0][dir]': 'desc', **more}
        reply = server.post(path, data=form)
        assert reply.status_code == 200, reply.text
        return reply.json()

    counts = sorted((d[PACKETS] for d in devices), reverse=True)
    reply = page()
    assert reply['draw'] == 7 and reply['recordsTotal'] == len(devices)
    assert [d[PACKETS] for d in reply['data']] == counts[:3]
    assert [d[PACKETS] for d in page(start='3')['data']] == counts[3:6]
    assert [d[PACKETS] for d in page(**{'order[0][dir]': 'asc'})['data']] == counts[::-1][:3]
    found = page(**{'search[value]': devices[0][MAC].lower()})
    assert found['recordsFiltered'] == 1 and found['data'][0][MAC] == devices[0][MAC]
    assert len(page(length='0')['data']) == len(devices)
    seen = [d[MAC] for start in range(0, len(devices), 3) for d in page(start=str(start))['data']]
    assert sorted(seen) == sorted(d[MAC] for d in devices)


def test_tabulator_page(server, devices):
    path = f'/devices/views/all/devices.json?page=1&size=2&sort={PACKETS}&sort_dir=desc'
    reply = server.post(path, {'fields': [PACKETS]}).json()
    counts = sorted((d[PACKETS] for d in devices), reverse=True)
    assert [d[PACKETS] for d in reply['data']] == counts[2:4]
    assert reply['last_row'] == reply['total_row'] == len(devices)
    assert reply['last_page'] == (len(devices) + 1) // 2


def test_line_formats(server, devices):
    for form in ('ekjson', 'itjson'):
        lines = server.get(f'/devices/views/all/devices.{form}').text.splitlines()
        assert len(lines) == len(devices) and all(MAC in json.loads(line) for line in lines)
    assert MAC.replace('.', '_') in server.get('/devices/views/all/devices.tjson').json()[0]
    pretty = server.get('/devices/views/all/devices.prettyjson').json()[0]
    assert pretty[MAC] and pretty['description.' + MAC].startswith('mac_addr')
    assert server.get('/devices/all_devices.prettyjson').status_code == 404


def test_views_and_phys(server, devices):
    views = {v['kismet.devices.view.id']: v for v in server.get('/devices/views/all_views.json').json()}
    assert views['all']['kismet.devices.view.size'] == len(devices)
    assert len(server.get(AP_VIEW).json()) == views['phydot11_accesspoints']['kismet.devices.view.size']
    seenby = [v for v in views if v.startswith('seenby-')]
    assert len(seenby) == 1
    assert len(server.get(f'/devices/views/{seenby[0]}/devices.json').json()) == len(devices)
    uuid = seenby[0][len('seenby-'):]
    assert len(server.get(f'/devices/views/seenby-uuid/{uuid}/devices.json').json()) == len(devices)
    phys = server.get('/phy/all_phys.json').json()
    wifi = [p for p in phys if p['kismet.phy.phy_name'] == 'IEEE802.11'][0]
    assert wifi['kismet.phy.device_count'] == len(devices) and wifi['kismet.phy.packet_count'] > 0


def test_names_and_tags_outlive_the_run(start, tmp_path):
    import os
    norn = start('-c', os.environ['SAMPLE'])
    norn.wait_done()
    key = json.loads(norn.get('/devices/all_devices.ekjson').text.splitlines()[0])[KEY]
    name = 'The "hall"\n\u00e9'
    path = f'/devices/by-key/{key}'
    assert norn.post(f'{path}/set_name.cmd', {'username': name}).status_code == 401
    assert norn.post(f'{path}/set_name.cmd', {'username': name}, auth=LOGIN).status_code == 200
    tag = {'tagname': 'notes', 'tagvalue': 'x\ty'}
    assert norn.post(f'/dev/by-key/{key}/set_tag.cmd', tag, auth=LOGIN).status_code == 200
    assert norn.post(f'{path}/set_tag.cmd', {'tagname': 'x'}, auth=LOGIN).status_code == 400
    assert norn.post('/devices/by-key/1_2/set_name.cmd', {'username': 'x'}, auth=LOGIN).status_code == 404
    assert norn.stop() == 0
    again = start('--homedir', str(norn.home), '-c', os.environ['SAMPLE'])
    again.wait_done()
    device = again.get(f'{path}/device.json').json()
    assert device['kismet.device.base.username'] == name
    assert device['kismet.device.base.commonname'] == name
    assert device['kismet.device.base.tags'] == {'notes': 'x\ty'}


def test_least_signal(server):
    fields = ['kismet.device.base.signal/kismet.common.signal.last_signal']
    every = server.post('/devices/views/all/devices.json', {'fields': fields}).json()
    some = server.post('/devices/views/all/devices.json', {'fields': fields, 'norn.signal_min': -50}).json()
    assert some == [d for d in every if -50 <= d['kismet.common.signal.last_signal'] < 0]
    assert 0 < len(some) < len(every)
    page = server.post('/devices/views/all/devices.json', data={
        'json': '{"datatable": true, "norn.signal_min": -50}', 'start': 0, 'length': 500, 'draw': 1}).json()
    assert page['recordsFiltered'] == len(some)
    assert server.post('/devices/views/all/devices.json', {'norn.signal_min': 'x'}).status_code == 400
