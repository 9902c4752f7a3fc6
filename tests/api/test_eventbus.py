"""The event bus, the device monitor and web GPS by websocket."""
import os
import time

import pytest
import websocket

from conftest import LOGIN
from frames import AP, STATION, Capture
from sockets import ask, connect, hear, open_raw, frame

BUS = '/eventbus/events.ws'
CONFIG = 'httpd_username=kismet\nhttpd_password=secret\n'


def subscribe(norn, *names, header=None, **more):
    ws = connect(norn, BUS, header=header)
    for name in names:
        ask(ws, SUBSCRIBE=name, **more)
    return ws


def wait_for(ws, name):
    """The next event of that name, whatever comes before."""
    for _ in range(10000):
        event = hear(ws)
        if name in event:
            return event
    raise AssertionError(name)


def settled(ws):
    """All that was asked before is done when the answer to this is there."""
    ws.send('{"nothing": 1}')
    while 'norn.error' not in hear(ws):
        pass


def add(norn, path):
    assert norn.post('/datasource/add_source.cmd', {'definition': str(path)}, auth=LOGIN).status_code == 200


def test_time_comes_every_second(server):
    ws = subscribe(server, 'TIMESTAMP')
    first, then = hear(ws), hear(ws)
    assert set(first) == {'TIMESTAMP'}
    assert set(first['TIMESTAMP']) == {'kismet.system.timestamp.sec', 'kismet.system.timestamp.usec'}
    gap = then['TIMESTAMP']['kismet.system.timestamp.sec'] - first['TIMESTAMP']['kismet.system.timestamp.sec']
    assert gap in (1, 2)
    ask(ws, UNSUBSCRIBE='TIMESTAMP')
    settled(ws)
    ask(ws, SUBSCRIBE='BATTERY')
    assert set(hear(ws)['BATTERY']) == {f'kismet.system.battery.{x}'
                                        for x in ('percentage', 'charging', 'ac', 'remaining')}


@pytest.mark.parametrize('name, field', [
    ('STATISTICS', 'kismet.system.memory.rss'), ('PACKETCHAIN_STATS', 'kismet.packetchain.packets_rrd'),
    ('GPS_LOCATION', 'kismet.common.location.geopoint'),
])
def test_what_comes_every_second(server, name, field):
    ws = subscribe(server, name)
    assert field in hear(ws)[name]
    ask(ws, SUBSCRIBE=name, fields=[[field, 'x']])
    settled(ws)
    assert list(hear(ws)[name]) == ['x']


def test_messages_and_alerts(start):
    norn = start(config=CONFIG)
    ws = subscribe(norn, 'MESSAGE', 'ALERT')
    settled(ws)
    definition = {'name': 'MINE', 'description': 'x', 'phyname': 'any', 'throttle': '10/min', 'burst': '5/sec'}
    assert norn.post('/alerts/definitions/define_alert.cmd', definition, auth=LOGIN).status_code == 200
    assert norn.post('/alerts/raise_alert.cmd', {'name': 'MINE', 'text': 'here'}, auth=LOGIN).status_code == 200
    alert = wait_for(ws, 'ALERT')['ALERT']
    assert alert['kismet.alert.header'] == 'MINE' and alert['kismet.alert.text'] == 'here'
    assert alert == norn.get('/alerts/all_alerts.json').json()[-1]
    for _ in range(20):
        message = wait_for(ws, 'MESSAGE')['MESSAGE']
        if 'MINE: here' in message['kismet.messagebus.message_string']:
            break
    else:
        raise AssertionError('the alert is no message')


def test_fields(start, tmp_path):
    norn = start(config=CONFIG)
    ws = subscribe(norn, 'NEW_DEVICE', fields=[
        'kismet.device.base.macaddr', ['NEW_DEVICE/kismet.device.base.type', 'kind']])
    settled(ws)
    add(norn, Capture().beacon().write(tmp_path / 'a.pcap'))
    event = hear(ws)
    assert event == {'NEW_DEVICE': {'kismet.device.base.macaddr': AP.upper(), 'kind': 'Wi-Fi AP'}}


def test_networks_and_devices(start, tmp_path):
    norn = start(config=CONFIG)
    ws = subscribe(norn, 'DOT11_ADVERTISED_SSID', 'DOT11_PROBED_SSID', 'NEW_DEVICE')
    settled(ws)
    add(norn, os.environ['SAMPLE'])
    devices = norn.wait_done() and norn.get('/devices/views/all/devices.json').json()
    events = []
    ws.settimeout(2)
    try:
        while True:
            events.append(hear(ws))
    except websocket.WebSocketTimeoutException:
        pass
    new = [e['NEW_DEVICE']['kismet.device.base.macaddr'] for e in events if 'NEW_DEVICE' in e]
    assert sorted(new) == sorted(d['kismet.device.base.macaddr'] for d in devices)
    told = {(e['DOT11_NEW_SSID_BASEDEV']['kismet.device.base.macaddr'],
             e['DOT11_ADVERTISED_SSID']['dot11.advertisedssid.ssid'])
            for e in events if 'DOT11_ADVERTISED_SSID' in e}
    assert told == {(d['kismet.device.base.macaddr'], x['dot11.advertisedssid.ssid']) for d in devices
                    for x in d['dot11.device'].get('dot11.device.advertised_ssid_map', [])}
    assert told
    probes = {(e['DOT11_NEW_SSID_BASEDEV']['kismet.device.base.macaddr'],
               e['DOT11_PROBED_SSID']['dot11.probedssid.ssid'])
              for e in events if 'DOT11_PROBED_SSID' in e}
    assert probes == {(d['kismet.device.base.macaddr'], x['dot11.probedssid.ssid']) for d in devices
                      for x in d['dot11.device'].get('dot11.device.probed_ssid_map', [])}


def test_sources(start, tmp_path):
    norn = start(config=CONFIG)
    ws = subscribe(norn, 'NEW_DATASOURCE', 'DATASOURCE_OPENED', 'DATASOURCE_CLOSED', 'DATASOURCE_PAUSED',
                   'DATASOURCE_RESUMED', 'DATASOURCE_ERROR')
    settled(ws)
    add(norn, str(Capture().beacon(step=3600).beacon().write(tmp_path / 'a.pcap')) + ':realtime=true')
    source = wait_for(ws, 'NEW_DATASOURCE')['NEW_DATASOURCE']
    uuid = source['kismet.datasource.uuid']
    assert wait_for(ws, 'DATASOURCE_OPENED') == {'DATASOURCE_OPENED': uuid}
    for step, name in (('pause', 'DATASOURCE_PAUSED'), ('resume', 'DATASOURCE_RESUMED')):
        norn.post(f'/datasource/by-uuid/{uuid}/{step}_source.cmd', auth=LOGIN)
        assert wait_for(ws, name)[name]['kismet.datasource.uuid'] == uuid
    norn.post(f'/datasource/by-uuid/{uuid}/close_source.cmd', auth=LOGIN)
    assert wait_for(ws, 'DATASOURCE_CLOSED') == {'DATASOURCE_CLOSED': uuid}


def test_without_login_no_definition_is_told(server):
    ws = subscribe(server, 'NEW_DATASOURCE', header=[])
    assert 'login' in hear(ws)['norn.error']
    ask(ws, SUBSCRIBE='TIMESTAMP')
    assert 'TIMESTAMP' in hear(ws)


@pytest.mark.parametrize('text', [
    '', '{', '[]', '"SUBSCRIBE"', '{}', '{"SUBSCRIBE": 1}', '{"SUBSCRIBE": "timestamp"}',
    '{"SUBSCRIBE": "TIMESTAMP", "fields": 1}', '{"SUBSCRIBE": "TIMESTAMP", "fields": [[]]}',
    '{"SUBSCRIBE": "TIMESTAMP", "fields": [1]}', '{"SUBSCRIBE": "TIMESTAMP", "fields": ["%s"]}' % ('x' * 600),
    '[' * 5000,
])
def test_bad_commands_are_told(server, text):
    ws = connect(server, BUS)
    ws.send(text)
    assert hear(ws)['norn.error']
    ask(ws, SUBSCRIBE='TIMESTAMP')  # and the websocket goes on
    assert 'TIMESTAMP' in hear(ws)


def test_binary_messages_close(server):
    for path in (BUS, '/devices/monitor.ws', '/gps/web/update.ws'):
        ws = connect(server, path)
        ws.send_binary(b'{"SUBSCRIBE": "TIMESTAMP"}')
        opcode, data = ws.recv_data()
        assert (opcode, data[:2]) == (websocket.ABNF.OPCODE_CLOSE, b'\x03\xeb')


def test_websockets_are_streams(start):
    norn = start(config=CONFIG)
    ws = subscribe(norn, 'TIMESTAMP')
    hear(ws)
    for _ in range(100):
        streams = norn.get('/streams/all_streams.json', auth=LOGIN).json()
        if streams and streams[0]['kismet.stream.packets']:
            break
        time.sleep(0.05)
    assert streams[0]['kismet.stream.name'] == 'Event bus' and streams[0]['norn.stream.lost'] == 0
    norn.get(f"/streams/by-id/{streams[0]['kismet.stream.stream_id']}/close_stream.cmd", auth=LOGIN)
    norn.post(f"/streams/by-id/{streams[0]['kismet.stream.stream_id']}/close_stream.cmd", auth=LOGIN)
    while (got := ws.recv_data())[0] != websocket.ABNF.OPCODE_CLOSE:
        pass
    assert got[1][:2] == b'\x03\xe8'
    for _ in range(100):
        if not norn.get('/streams/all_streams.json', auth=LOGIN).json():
            break
        time.sleep(0.05)
    else:
        raise AssertionError('the stream stays')


def raise_many(norn, n):
    for i in range(n):
        norn.post('/alerts/raise_alert.cmd', {'name': 'MINE', 'text': f'{i} ' + 'x' * 490}, auth=LOGIN)


def test_a_slow_client_loses_its_own_events(start, tmp_path):
    norn = start(config=CONFIG + 'norn_max_stream_queue=524288\n')
    slow, _ = open_raw(norn, BUS)
    slow.sendall(frame(0x81, b'{"SUBSCRIBE": "NEW_DEVICE"}'))
    quick = subscribe(norn, 'NEW_DEVICE', fields=['kismet.device.base.macaddr'])
    settled(quick)
    capture = Capture()
    for i in range(3000):
        capture.beacon(bssid='02:00:00:00:%02x:%02x' % divmod(i, 256))
    add(norn, capture.write(tmp_path / 'a.pcap'))
    heard = {hear(quick)['NEW_DEVICE']['kismet.device.base.macaddr'] for _ in range(3000)}
    assert len(heard) == 3000
    lost = []
    for _ in range(100):
        lost = sorted(s['norn.stream.lost'] for s in norn.get('/streams/all_streams.json', auth=LOGIN).json())
        if any(lost):
            break
        time.sleep(0.05)
    assert lost[0] == 0 and lost[1] > 0, lost  # the quick one has heard all
    slow.close()


def monitor(norn, path='/devices/monitor.ws', **command):
    ws = connect(norn, path)
    ask(ws, **command)
    return ws


NAME = ['kismet.device.base.macaddr', 'kismet.device.base.username']


def test_monitor_sends_all_and_then_changes(start):
    norn = start('-c', os.environ['SAMPLE'])
    norn.wait_done()
    devices = norn.get('/devices/views/all/devices.json').json()
    time.sleep(1.1)
    ws = monitor(norn, monitor='*', request=7, rate=1, fields=NAME)
    heard = [hear(ws) for _ in devices]
    assert sorted(d[NAME[0]] for d in heard) == sorted(d[NAME[0]] for d in devices)
    key = devices[0]['kismet.device.base.key']
    norn.post(f'/devices/by-key/{key}/set_name.cmd', {'username': 'mine'}, auth=LOGIN)
    assert hear(ws) == {NAME[0]: devices[0][NAME[0]], NAME[1]: 'mine'}
    ask(ws, cancel=7)
    ws.send('{}')
    while 'norn.error' not in hear(ws):
        pass
    norn.post(f'/devices/by-key/{key}/set_name.cmd', {'username': 'other'}, auth=LOGIN)
    ws.settimeout(2.5)
    with pytest.raises(websocket.WebSocketTimeoutException):
        print(hear(ws))


def test_monitor_of_one_device_and_of_views(server):
    devices = server.get('/devices/views/all/devices.json').json()
    one = devices[0]
    for what in (one['kismet.device.base.key'], one['kismet.device.base.macaddr']):
        ws = monitor(server, monitor=what, request=1, rate=1, fields=NAME)
        assert hear(ws)[NAME[0]] == one[NAME[0]]
        ask(ws, monitor='*', request=1, rate=100, format='json')  # replaces
        assert 'kismet.device.base.key' in hear(ws)
    view = 'phydot11_accesspoints'
    aps = server.get(f'/devices/views/{view}/devices.json').json()
    ws = monitor(server, f'/devices/views/{view}/monitor.ws', monitor='*', request=1, rate=60, fields=NAME)
    assert sorted(hear(ws)[NAME[0]] for _ in aps) == sorted(d[NAME[0]] for d in aps)
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect(server, '/devices/views/none/monitor.ws')


@pytest.mark.parametrize('command', [
    {'monitor': 1}, {'monitor': 'x'}, {'monitor': '*', 'rate': 'x'}, {'monitor': '*', 'rate': 0},
    {'monitor': '*', 'rate': -1}, {'monitor': '*', 'rate': 1e300}, {'monitor': '*', 'fields': {}}, {},
])
def test_bad_monitors_are_told(server, command):
    assert hear(monitor(server, **command))['norn.error']


def test_requests_of_one_client_are_bounded(start):
    norn = start(config=CONFIG + 'norn_max_monitors=3\n')
    ws = connect(norn, '/devices/monitor.ws')
    for n in range(4):
        ask(ws, monitor='*', request=n, rate=60)
    assert 'as many' in hear(ws)['norn.error']


def test_a_slow_monitor_gets_everything_late(start, tmp_path):
    norn = start(config=CONFIG)
    capture = Capture()
    for i in range(3000):
        capture.beacon(bssid='02:00:00:00:%02x:%02x' % divmod(i, 256))
    add(norn, capture.write(tmp_path / 'a.pcap'))
    norn.wait_done()
    ws = monitor(norn, monitor='*', request=1, rate=3600)
    time.sleep(1)  # the walk waits for the reader
    heard = {hear(ws)['kismet.device.base.macaddr'] for _ in range(3000)}
    assert len(heard) == 3000
    streams = norn.get('/streams/all_streams.json', auth=LOGIN).json()
    assert streams[0]['norn.stream.lost'] == 0


def test_web_gps(start):
    norn = start(config=CONFIG + 'gps=web:name=webgps\n')
    ws = connect(norn, '/gps/web/update.ws')
    ask(ws, lat=91, lon=0)
    assert 'lat' in hear(ws)['norn.error']
    ask(ws, lat=52.5, lon=13.25, alt=40)
    for _ in range(100):
        place = norn.get('/gps/location.json').json()['kismet.common.location.geopoint']
        if place == [13.25, 52.5]:
            break
        time.sleep(0.02)
    assert place == [13.25, 52.5]
    none = start(config=CONFIG)
    ws = connect(none, '/gps/web/update.ws')
    ask(ws, lat=52.5, lon=13.25)
    assert 'no GPS of type web' in hear(ws)['norn.error']
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect(none, '/gps/web/update.ws', header=[])


def test_meta_gps(start):
    norn = start(config=CONFIG + 'gps=meta:name=van\n')
    ws = connect(norn, '/gps/meta/van/update.ws')
    ask(ws, lat=10, lon=20)
    for _ in range(100):
        gps = norn.get('/gps/all_gps.json').json()[0]
        if gps['norn.gps.state'] == '2D':
            break
        time.sleep(0.02)
    assert gps['kismet.gps.location']['kismet.common.location.geopoint'] == [20, 10]
    ws = connect(norn, '/gps/meta/car/update.ws')
    ask(ws, lat=10, lon=20)
    assert 'no such GPS' in hear(ws)['norn.error']
