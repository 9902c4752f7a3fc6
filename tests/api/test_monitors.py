"""The device monitor and web GPS by websocket."""
import os
import time

import pytest
import websocket

from conftest import LOGIN, wait_until
from frames import Capture
from sockets import ask, connect, receive

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\n'


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
    seen = [receive(ws) for _ in devices]
    assert sorted(d[NAME[0]] for d in seen) == sorted(d[NAME[0]] for d in devices)
    key = devices[0]['kismet.device.base.key']
    norn.post(f'/devices/by-key/{key}/set_name.cmd', {'username': 'mine'}, auth=LOGIN)
    assert receive(ws) == {NAME[0]: devices[0][NAME[0]], NAME[1]: 'mine'}
    ask(ws, cancel=7)
    ws.send('{}')
    while 'norn.error' not in receive(ws):
        pass
    norn.post(f'/devices/by-key/{key}/set_name.cmd', {'username': 'other'}, auth=LOGIN)
    ws.settimeout(2.5)
    with pytest.raises(websocket.WebSocketTimeoutException):
        print(receive(ws))


def test_monitor_of_one_device_and_of_views(server):
    devices = server.get('/devices/views/all/devices.json').json()
    one = devices[0]
    for what in (one['kismet.device.base.key'], one['kismet.device.base.macaddr']):
        ws = monitor(server, monitor=what, request=1, rate=1, fields=NAME)
        assert receive(ws)[NAME[0]] == one[NAME[0]]
        ask(ws, monitor='*', request=1, rate=100, format='json')  # replaces
        assert 'kismet.device.base.key' in receive(ws)
    view = 'phydot11_accesspoints'
    aps = server.get(f'/devices/views/{view}/devices.json').json()
    ws = monitor(server, f'/devices/views/{view}/monitor.ws', monitor='*', request=1, rate=60, fields=NAME)
    assert sorted(receive(ws)[NAME[0]] for _ in aps) == sorted(d[NAME[0]] for d in aps)
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect(server, '/devices/views/none/monitor.ws')


def test_monitor_of_a_mask(server):
    """AA:BB:CC:00:00:00/FF:FF:FF:00:00:00 is every device of that maker, in a view too."""
    mask = '00:1D:AA:00:00:00/FF:FF:FF:00:00:00'
    makers = [d[NAME[0]] for d in server.get('/devices/views/all/devices.json').json() if d[NAME[0]].startswith('00:1D:AA')]
    for path in ('/devices/monitor.ws', '/devices/views/all/monitor.ws'):
        ws = monitor(server, path, monitor=mask, request=1, rate=60, fields=NAME)
        assert sorted(receive(ws)[NAME[0]] for _ in makers) == sorted(makers) and len(makers) > 1
        ws.settimeout(0.5)
        with pytest.raises(websocket.WebSocketTimeoutException):
            print(receive(ws))


def test_monitor_of_a_list_of_keys(start, tmp_path):
    norn = start('-c', os.environ['SAMPLE'])
    norn.wait_done()
    keys = [d['kismet.device.base.key'] for d in norn.get('/devices/views/all/devices.json').json()][:5]
    ws = monitor(norn, monitor=keys + ['4202770D00000000_FFFFFFFFFFFF'], request=1, rate=1, fields=['kismet.device.base.key', NAME[1]])
    assert sorted(receive(ws)['kismet.device.base.key'] for _ in keys) == sorted(keys)
    norn.post(f'/devices/by-key/{keys[3]}/set_name.cmd', {'username': 'mine'}, auth=LOGIN)
    reported = receive(ws)
    while reported.get(NAME[1]) != 'mine':
        reported = receive(ws)
    assert reported['kismet.device.base.key'] == keys[3]
    for bad in ([1], ['x'], keys * 1000, [keys]):
        assert receive(monitor(norn, monitor=bad, request=2))['norn.error']
    of_view = monitor(norn, '/devices/views/all/monitor.ws', monitor=keys, request=1)
    assert receive(of_view)['norn.error']


BAD_MONITORS = [
    {'monitor': 1}, {'monitor': 'x'}, {'monitor': '*', 'rate': 'x'}, {'monitor': '*', 'rate': 0},
    {'monitor': '*', 'rate': -1}, {'monitor': '*', 'rate': 1e300}, {'monitor': '*', 'fields': {}}, {},
]


def test_bad_monitors_are_reported(server):
    for command in BAD_MONITORS:
        assert receive(monitor(server, **command))['norn.error'], command


def test_requests_of_one_client_are_bounded(start):
    norn = start(config=CONFIG + 'norn_max_monitors=3\n')
    ws = connect(norn, '/devices/monitor.ws')
    for n in range(4):
        ask(ws, monitor='*', request=n, rate=60)
    assert 'limit of 3 requests' in receive(ws)['norn.error']


def test_a_slow_monitor_gets_everything_late(start, tmp_path):
    norn = start(config=CONFIG)
    capture = Capture()
    for i in range(1200):
        capture.beacon(bssid='02:00:00:00:%02x:%02x' % divmod(i, 256))
    norn.post('/datasource/add_source.cmd', {'definition': str(capture.write(tmp_path / 'a.pcap'))}, auth=LOGIN)
    norn.wait_done()
    ws = monitor(norn, monitor='*', request=1, rate=3600)
    time.sleep(1)  # the walk waits for the reader
    seen = {receive(ws)['kismet.device.base.macaddr'] for _ in range(1200)}
    assert len(seen) == 1200
    streams = norn.get('/streams/all_streams.json', auth=LOGIN).json()
    assert streams[0]['norn.stream.lost'] == 0


def test_web_gps(start):
    norn = start(config=CONFIG + 'gps=web:name=webgps\n')
    ws = connect(norn, '/gps/web/update.ws')
    ask(ws, lat=91, lon=0)
    assert 'lat' in receive(ws)['norn.error']
    ask(ws, lat=52.5, lon=13.25, alt=40)
    wait_until(lambda: norn.get('/gps/location.json').json()['kismet.common.location.geopoint'] == [13.25, 52.5])
    none = start(config=CONFIG)
    ws = connect(none, '/gps/web/update.ws')
    ask(ws, lat=52.5, lon=13.25)
    assert 'no GPS of type web' in receive(ws)['norn.error']
    with pytest.raises(websocket.WebSocketBadStatusException):
        connect(none, '/gps/web/update.ws', header=[])


def test_meta_gps(start):
    norn = start(config=CONFIG + 'gps=meta:name=van\n')
    ws = connect(norn, '/gps/meta/van/update.ws')
    ask(ws, lat=10, lon=20)
    gps = wait_until(lambda: next((g for g in norn.get('/gps/all_gps.json').json() if g['norn.gps.state'] == '2D'), None))
    assert gps['kismet.gps.location']['kismet.common.location.geopoint'] == [20, 10]
    ws = connect(norn, '/gps/meta/car/update.ws')
    ask(ws, lat=10, lon=20)
    assert 'no GPS of type meta' in receive(ws)['norn.error']
