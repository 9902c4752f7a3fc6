"""The event bus by websocket."""
import os

import websocket

from conftest import LOGIN, wait_until
from frames import AP, Capture
from sockets import ask, connect, receive, open_raw, frame

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
        event = receive(ws)
        if name in event:
            return event
    raise AssertionError(name)


def settled(ws):
    """All that was asked before is done when the answer to this is there."""
    ws.send('{"nothing": 1}')
    while 'norn.error' not in receive(ws):
        pass


def add(norn, path):
    assert norn.post('/datasource/add_source.cmd', {'definition': str(path)}, auth=LOGIN).status_code == 200


def test_time_comes_every_second(server):
    ws = subscribe(server, 'TIMESTAMP')
    first, then = receive(ws), receive(ws)
    assert set(first) == {'TIMESTAMP'}
    assert set(first['TIMESTAMP']) == {'kismet.system.timestamp.sec', 'kismet.system.timestamp.usec'}
    gap = then['TIMESTAMP']['kismet.system.timestamp.sec'] - first['TIMESTAMP']['kismet.system.timestamp.sec']
    assert gap in (1, 2)
    ask(ws, UNSUBSCRIBE='TIMESTAMP')
    settled(ws)
    ask(ws, SUBSCRIBE='BATTERY')
    assert set(receive(ws)['BATTERY']) == {f'kismet.system.battery.{x}'
                                        for x in ('percentage', 'charging', 'ac', 'remaining')}


def test_what_comes_every_second(server):
    fields = {'STATISTICS': 'kismet.system.memory.rss', 'PACKETCHAIN_STATS': 'kismet.packetchain.packets_rrd',
              'GPS_LOCATION': 'kismet.common.location.geopoint'}
    sockets = [(subscribe(server, name), name, field) for name, field in fields.items()]
    for ws, name, field in sockets:
        assert field in receive(ws)[name]
        ask(ws, SUBSCRIBE=name, fields=[[field, 'x']])
        settled(ws)
    for ws, name, _ in sockets:
        assert list(receive(ws)[name]) == ['x']


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
    event = receive(ws)
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
            events.append(receive(ws))
    except websocket.WebSocketTimeoutException:
        pass
    new = [e['NEW_DEVICE']['kismet.device.base.macaddr'] for e in events if 'NEW_DEVICE' in e]
    assert sorted(new) == sorted(d['kismet.device.base.macaddr'] for d in devices)
    reported = {(e['DOT11_NEW_SSID_BASEDEV']['kismet.device.base.macaddr'],
             e['DOT11_ADVERTISED_SSID']['dot11.advertisedssid.ssid'])
            for e in events if 'DOT11_ADVERTISED_SSID' in e}
    assert reported == {(d['kismet.device.base.macaddr'], x['dot11.advertisedssid.ssid']) for d in devices
                    for x in d['dot11.device'].get('dot11.device.advertised_ssid_map', [])}
    assert reported
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


def test_without_login_no_definition_is_reported(server):
    ws = subscribe(server, 'NEW_DATASOURCE', header=[])
    assert 'login' in receive(ws)['norn.error']
    ask(ws, SUBSCRIBE='TIMESTAMP')
    assert 'TIMESTAMP' in receive(ws)


BAD_COMMANDS = [
    '', '{', '[]', '"SUBSCRIBE"', '{}', '{"SUBSCRIBE": 1}', '{"SUBSCRIBE": "timestamp"}',
    '{"SUBSCRIBE": "TIMESTAMP", "fields": 1}', '{"SUBSCRIBE": "TIMESTAMP", "fields": [[]]}',
    '{"SUBSCRIBE": "TIMESTAMP", "fields": [1]}', '{"SUBSCRIBE": "TIMESTAMP", "fields": ["%s"]}' % ('x' * 600),
    '[' * 5000,
]


def test_bad_commands_are_reported(server):
    ws = connect(server, BUS)
    for text in BAD_COMMANDS:
        ws.send(text)
        assert receive(ws)['norn.error'], text
    ask(ws, SUBSCRIBE='TIMESTAMP')  # and the websocket goes on
    assert 'TIMESTAMP' in receive(ws)


def test_binary_messages_close(server):
    for path in (BUS, '/devices/monitor.ws', '/gps/web/update.ws'):
        ws = connect(server, path)
        ws.send_binary(b'{"SUBSCRIBE": "TIMESTAMP"}')
        opcode, data = ws.recv_data()
        assert (opcode, data[:2]) == (websocket.ABNF.OPCODE_CLOSE, b'\x03\xeb')


def test_websockets_are_streams(start):
    norn = start(config=CONFIG)
    ws = subscribe(norn, 'TIMESTAMP')
    receive(ws)
    streams = wait_until(lambda: [s for s in norn.get('/streams/all_streams.json', auth=LOGIN).json()
                                  if s['kismet.stream.packets']])
    assert streams[0]['kismet.stream.name'] == 'Event bus' and streams[0]['norn.stream.lost'] == 0
    norn.get(f"/streams/by-id/{streams[0]['kismet.stream.stream_id']}/close_stream.cmd", auth=LOGIN)
    norn.post(f"/streams/by-id/{streams[0]['kismet.stream.stream_id']}/close_stream.cmd", auth=LOGIN)
    while (got := ws.recv_data())[0] != websocket.ABNF.OPCODE_CLOSE:
        pass
    assert got[1][:2] == b'\x03\xe8'
    wait_until(lambda: not norn.get('/streams/all_streams.json', auth=LOGIN).json())


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
    seen = {receive(quick)['NEW_DEVICE']['kismet.device.base.macaddr'] for _ in range(3000)}
    assert len(seen) == 3000
    lost = wait_until(lambda: (lost := sorted(
        s['norn.stream.lost'] for s in norn.get('/streams/all_streams.json', auth=LOGIN).json()))[-1] and lost)
    assert lost[0] == 0 and lost[1] > 0, lost  # the quick one has seen all
    slow.close()
