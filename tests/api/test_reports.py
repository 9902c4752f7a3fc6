"""Reports in JSON: aircraft, sensors, meters, radiation, and what clients found that scan."""
import csv
import json
import pathlib
import sqlite3

import pytest
import websocket

from conftest import LOGIN, wait_until
from sockets import basic
from sensors import PACKET, Sensor, frame3, port_of

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\nouifile=/dev/null\n'
BASE = 'kismet.device.base.'
CAPTURES = pathlib.Path(__file__).parents[2].parent / 'shared/captures'
# An even and an odd half of one position, its callsign and its speed (The 1090 MHz Riddle, chapters 4 to 6).
POSITION = ['8D40621D58C382D690C8AC2863A7', '8D40621D58C386435CC412692AD6']
NAMED, MOVING = '8D4840D6202CC371C32CE0576098', '8D485020994409940838175B284F'


class Reporter(Sensor):
    def __init__(self, norn, kind, number=1):
        self.name = '5FE308BD-0000-0000-0000-00C0CAAB%04X' % number
        super().__init__(port_of(norn), self.name, kind=kind, definition=f'x:name=s{number}')
        self.open()

    def report(self, kind, text):
        text = text if isinstance(text, str) else json.dumps(text)
        self.socket.sendall(frame3(PACKET, {5: {1: kind, 2: 1700000000, 3: 0, 4: text}}))


def devices(norn, view):
    return norn.get(f'/devices/views/{view}/devices.json', auth=LOGIN).json()


def test_aircraft(start):
    norn = start(config=CONFIG)
    r = Reporter(norn, 'rtladsb')
    for n, frame in enumerate([POSITION[1], POSITION[0], NAMED, MOVING]):
        r.report('adsb', {'adsb': f'*{frame};'} if n % 2 else {'adsb': frame.lower()})
    r.report('adsb', {'adsb': NAMED[:-1] + '0'})  # its parity is wrong
    r.report('RTLadsb', {'icao': 'abcdef', 'callsign': 'TEST1', 'altitude': 1000, 'speed': 99.5, 'heading': 90, 'gsas': 'AS',
                       'regid': 'N1', 'mdl': 'toy'})
    found = {d['adsb.device']['adsb.device.icao']: d for d in
             wait_until(lambda: len(devices(norn, 'phy-ADSB')) == 4 and devices(norn, 'phy-ADSB'))}
    d = found['40621D']
    position = d[BASE + 'location']['kismet.common.location.last']
    assert position['kismet.common.location.geopoint'] == pytest.approx([3.91937, 52.2572], abs=1e-4)
    assert position['kismet.common.location.alt'] == pytest.approx(38000 * 0.3048, abs=1)
    assert (d[BASE + 'type'], d[BASE + 'phyname'], d[BASE + 'packets.total']) == ('Airplane', 'ADSB', 2)
    assert d[BASE + 'macaddr'].endswith('40:62:1D') and int(d[BASE + 'macaddr'][:2], 16) & 3 == 2
    assert (found['4840D6'][BASE + 'name'], found['4840D6']['adsb.device']['adsb.device.callsign']) == ('KLM1023',) * 2
    m = found['485020']['adsb.device']
    assert m['norn.adsb.speed'] == pytest.approx(159.2, abs=.1) and m['norn.adsb.heading'] == pytest.approx(182.88, abs=.01)
    assert m['norn.adsb.climb'] == -832 and m['adsb.device.gsas'] == 'GS'
    read = found['ABCDEF']['adsb.device']
    assert (read['adsb.device.callsign'], read['adsb.device.gsas'], read['norn.adsb.altitude']) == ('TEST1', 'AS', 1000)
    assert read['kismet.adsb.icao_record']['adsb.icao.regid'] == 'N1'
    for path in ('/phy/ADSB/map_data.json', '/phy/RTLADSB/map_data.json'):
        whole = norn.get(path).json()
        assert [a['adsb.device']['adsb.device.icao'] for a in whole['kismet.adsb.map.devices']] == ['40621D']
        assert whole['kismet.adsb.map.min_lat'] == whole['kismet.adsb.map.max_lat'] == pytest.approx(52.2572, abs=1e-4)
    picked = norn.post('/phy/ADSB/map_data.json', {'fields': [['kismet.adsb.map.devices/adsb.device/adsb.device.icao', 'a']]})
    assert picked.json() == {'a': ['40621D']}
    assert norn.get('/phy/all_phys.json').json()[8]['kismet.phy.packet_count'] == 5
    r.close()


def test_aircraft_are_looked_up_where_the_list_is(start, tmp_path):
    (tmp_path / '4.json').write_text('{"0621D": {"r": "PH-ABC", "t": "A320"}, "children": ["48"]}')
    (tmp_path / '48.json').write_text('{"40D6": {"t": "B738"}, "5020": 1, "children": ["485"]}')
    (tmp_path / '485.json').write_text('{"broken": ')
    norn = start(config=CONFIG + f'norn_aircraft_files={tmp_path}\n')
    r = Reporter(norn, 'rtladsb')
    for frame in (POSITION[0], NAMED, MOVING):
        r.report('adsb', {'adsb': frame})
    found = {d['adsb.device']['adsb.device.icao']: d['adsb.device']['kismet.adsb.icao_record'] for d in
             wait_until(lambda: len(devices(norn, 'phy-ADSB')) == 3 and devices(norn, 'phy-ADSB'))}
    assert {icao: (x['adsb.icao.regid'], x['adsb.icao.model']) for icao, x in found.items()} == {
        '40621D': ('PH-ABC', 'A320'), '4840D6': ('Unknown', 'B738'), '485020': ('Unknown', 'Unknown')}
    r.close()


DRONE = {'serial_number': '1581F4AAA001', 'device_type': 'Mavic 3', 'drone_lat': 52.5, 'drone_lon': 13.4, 'drone_alt': 80.5,
         'drone_height': 30, 'app_lat': 52.51, 'app_lon': 13.41, 'home_lat': 52.52, 'home_lon': 13.42, 'speed_e': 3, 'speed_n': 4,
         'speed_u': 1, 'freq': 2429.5, 'rssi': -61}


def test_drones_that_an_antsdr_reads(start):
    norn = start(config=CONFIG)
    r = Reporter(norn, 'antsdr-droneid')
    r.report('antsdr-droneid', DRONE)
    r.report('antsdr-droneid', {**DRONE, 'drone_lat': 52.6})
    r.report('antsdr-droneid', {'serial_number': '1581F4AAA002', 'drone_lat': 0, 'drone_lon': 0, 'app_lat': 91, 'app_lon': 13})
    for wrong in ({'device_type': 'Mavic 3'}, {'serial_number': ''}, [], {'serial_number': None}):
        r.report('antsdr-droneid', wrong)
    found = {d['uav.device']['uav.serialnumber']: d for d in
             wait_until(lambda: len(devices(norn, 'phy-UAV')) == 2 and devices(norn, 'phy-UAV'))}
    d, u = found['1581F4AAA001'], found['1581F4AAA001']['uav.device']
    assert (d[BASE + 'type'], d[BASE + 'name'], d[BASE + 'phyname'], d[BASE + 'frequency']) == (
        'UAV', 'Mavic 3 1581F4AAA001', 'UAV', 2429500)
    assert d[BASE + 'signal']['kismet.common.signal.last_signal'] == -61
    assert d[BASE + 'location']['kismet.common.location.last']['kismet.common.location.geopoint'] == [13.4, 52.6]
    assert (u['uav.manufacturer'], u['uav.model'], u['uav.match_type']) == ('DJI', 'Mavic 3', 'DroneID RF')
    assert u['uav.telemetry.home_location']['kismet.common.location.geopoint'] == [13.42, 52.52]
    assert u['uav.telemetry.app_location']['kismet.common.location.geopoint'] == [13.41, 52.51]
    last = u['uav.last_telemetry']
    assert (last['uav.telemetry.v_east'], last['uav.telemetry.height'], len(u['uav.telemetry_history'])) == (3, 30, 2)
    bare = found['1581F4AAA002']
    assert bare['uav.device']['uav.telemetry_history'] == [] and 'uav.telemetry.app_location' not in bare['uav.device']
    assert bare[BASE + 'name'] == '1581F4AAA002'
    r.close()


def socket_of(norn, path):
    return websocket.create_connection(norn.url.replace('http', 'ws', 1) + path, header=[basic()], timeout=10)


def test_squitters_as_they_come(start):
    norn = start(config=CONFIG)
    one, two = Reporter(norn, 'rtladsb', 1), Reporter(norn, 'rtladsb', 2)
    wait_until(lambda: len(norn.get('/datasource/all_sources.json', auth=LOGIN).json()) == 2)
    sockets = [socket_of(norn, path) for path in (
        '/phy/ADSB/raw.ws', '/phy/RTLADSB/raw.ws', '/phy/ADSB/beast.ws', '/phy/RTLADSB/beast.ws',
        f'/datasource/by-uuid/{two.name}/adsb_raw.ws')]
    one.report('adsb', {'adsb': NAMED})
    for s in sockets[:2]:
        assert s.recv() == f'*{NAMED};\n'
    for s in sockets[2:4]:
        got = s.recv()
        assert got[:2] == b'\x1a3' and got.endswith(bytes.fromhex(NAMED))
    two.report('RTL433', {'model': 'other', 'id': 1})
    two.report('adsb', {'adsb': POSITION[0]})
    assert sockets[4].recv() == f'*{POSITION[0]};\n'
    with pytest.raises(websocket.WebSocketBadStatusException):
        socket_of(norn, '/datasource/by-uuid/5FE308BD-0000-0000-0000-00C0CAABCE99/adsb_raw.ws')
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(norn.url.replace('http', 'ws') + '/phy/ADSB/raw.ws', timeout=10)
    for s in sockets:
        s.close()
    one.close()
    two.close()


@pytest.mark.skipif(not CAPTURES.exists(), reason='captures are elsewhere')
def test_a_real_sky(start):
    norn = start(config=CONFIG)
    r = Reporter(norn, 'rtladsb')
    rows = list(csv.reader((CAPTURES / 'adsb-sample.csv').open()))
    for row in rows:
        r.report('adsb', {'adsb': row[1]})
    reported = {row[2].upper() for row in rows}
    found = wait_until(lambda: (lambda d: len(d) == len(reported) and d)(devices(norn, 'phy-ADSB')))
    assert {d['adsb.device']['adsb.device.icao'] for d in found} == reported
    wait_until(lambda: sum(d[BASE + 'packets.total'] for d in devices(norn, 'phy-ADSB')) == len(rows))
    for d in devices(norn, 'phy-ADSB'):
        position = d.get(BASE + 'location', {}).get('kismet.common.location.last')
        assert not position or 0 < position['kismet.common.location.geopoint'][1] < 90
    r.close()


def test_sensors_and_meters(start, tmp_path):
    norn = start(config=CONFIG + f'log_types=kismet\nlog_prefix={tmp_path}\n')
    r = Reporter(norn, 'rtl433')
    r.report('RTL433', {'model': 'Toy-Temp', 'id': 7, 'channel': 'B', 'battery_ok': 1, 'temperature_F': 50, 'humidity': 40,
                      'freq': 433.92, 'rssi': -12.5})
    r.report('RTL433', {'model': 'Toy-Wind', 'id': 'north', 'wind_avg_m_s': 10, 'wind_dir_deg': 90, 'rain_in': 2})
    r.report('RTL433', {'model': 'Toy-Tyre', 'type': 'TPMS', 'id': 'cafe', 'pressure_kPa': 220, 'temperature_C': 30, 'state': 'ok'})
    r.report('RTL433', {'model': 'ERT-SCM', 'id': 99, 'ert_type': 12, 'consumption_data': 4711, 'physical_tamper': 1})
    r.report('RTLamr', {'Time': 'now', 'Type': 'SCM', 'Message': {'ID': 4242, 'Type': 7, 'TamperPhy': 2, 'TamperEnc': 1,
                                                                'Consumption': 815}})
    r.report('RTL433', {'no': 'model'})
    r.report('RTL433', '[1]')
    found = {d[BASE + 'name']: d for d in
             wait_until(lambda: (lambda d: len(d) == 3 and d)(devices(norn, 'phy-RFSENSOR')))}
    t = found['Toy-Temp']
    assert [t[BASE + n] for n in ('type', 'frequency')] == ['Thermometer', 433920]
    parts = t['sensor.device']
    assert parts['sensor.device.common']['sensor.device.battery'] == 'OK'
    assert parts['sensor.device.thermometer']['sensor.device.temperature'] == pytest.approx(10)
    assert parts['sensor.device.thermometer']['sensor.device.temperature_rrd']['kismet.common.rrd.last_value'] == pytest.approx(10)
    assert 'sensor.device.tpms' not in parts and 'sensor.device.weatherstation' not in parts
    w = found['Toy-Wind']['sensor.device']['sensor.device.weatherstation']
    assert w['sensor.device.wind_speed'] == pytest.approx(36) and w['sensor.device.rain'] == pytest.approx(50.8)
    assert found['Toy-Wind'][BASE + 'type'] == 'Weather Station'
    tyre = found['Toy-Tyre']
    assert tyre[BASE + 'type'] == 'TPMS' and tyre['sensor.device']['sensor.device.tpms'][
        'sensor.device.tpms.pressure_psi'] == pytest.approx(31.9, abs=.1)
    meters = {d['meter.device']['meter.device.meter_id']: d for d in
              wait_until(lambda: (lambda d: len(d) == 2 and d)(devices(norn, 'phy-METER')))}
    assert (meters[99][BASE + 'type'], meters[4242][BASE + 'type']) == ('Gas Meter', 'Electric Meter')
    assert meters[4242]['meter.device']['meter.device.consumption'] == 815
    assert meters[4242]['meter.device']['meter.device.endpoint_tamper_flags'] == 1
    assert meters[99]['meter.device']['meter.device.model_vec'] == ['ERT-SCM']
    r.close()
    assert norn.stop() == 0
    db = sqlite3.connect(next(tmp_path.glob('*.kismet')))
    assert dict(db.execute('SELECT phyname, count(*) FROM data GROUP BY 1')) == {'RFSENSOR': 3, 'METER': 2, 'Unknown': 2}
    assert db.execute("SELECT count(*) FROM data WHERE devmac = '00:00:00:00:00:00'").fetchone() == (2,)


def without_histories(v):
    if isinstance(v, dict):
        return {k: without_histories(x) for k, x in v.items() if not k.endswith('_rrd')}
    return v


def test_what_is_logged_comes_back(start, tmp_path):
    """Aircraft, sensors and meters, after a restart, but for their histories."""
    norn = start(config=CONFIG + f'log_types=kismet\nlog_prefix={tmp_path}\n')
    r = Reporter(norn, 'rtl433')
    r.report('adsb', {'icao': 'abcdef', 'callsign': 'TEST1', 'altitude': 1000, 'speed': 99.5, 'heading': 90, 'gsas': 'AS',
                    'regid': 'N1', 'mdl': 'toy', 'atype': 'kite', 'aoperator': 'me'})
    r.report('RTL433', {'model': 'Station', 'id': 7, 'temperature_C': 21.5, 'humidity': 40, 'wind_avg_km_h': 12, 'battery_ok': 1})
    r.report('RTL433', {'model': 'Tyre', 'id': 'x9', 'type': 'TPMS', 'pressure_kPa': 220, 'temperature_C': 30, 'flags': '1a'})
    r.report('RTL433', {'model': 'Remote', 'id': 3, 'switch0': 'OPEN', 'switch1': 'CLOSED'})
    r.report('RTL433', {'model': 'SCMplus', 'id': 12345, 'MeterType': 'Gas', 'EndpointType': '0x9C', 'Consumption': 77})
    before = {d[BASE + 'key']: d for d in wait_until(lambda: len(devices(norn, 'all')) == 5 and devices(norn, 'all'))}
    r.close()
    assert norn.stop() == 0
    again = start('--resume', str(next(tmp_path.glob('*.kismet'))), config=CONFIG)
    after = {d[BASE + 'key']: d for d in devices(again, 'all')}
    assert after.keys() == before.keys()
    parts = [name for d in before.values() for name in d if name in ('adsb.device', 'sensor.device', 'meter.device')]
    assert sorted(parts) == ['adsb.device', 'meter.device'] + ['sensor.device'] * 3
    for key, device in before.items():
        for name in ('adsb.device', 'sensor.device', 'meter.device', BASE + 'type', BASE + 'name', BASE + 'phyname'):
            assert without_histories(after[key].get(name)) == without_histories(device.get(name)), name


@pytest.mark.skipif(not CAPTURES.exists(), reason='captures are elsewhere')
def test_real_sensors(start):
    norn = start(config=CONFIG)
    r = Reporter(norn, 'rtl433')
    lines = [line for line in (CAPTURES / 'rtl433-samples.json').read_text().splitlines() if line.strip()]
    for line in lines:
        r.report('RTL433', line)
    found = wait_until(lambda: (lambda d: sum(x[BASE + 'packets.total'] for x in d) == len(lines) and d)(
        devices(norn, 'phy-RFSENSOR') + devices(norn, 'phy-METER')))
    assert len({d[BASE + 'name'] for d in found}) >= 60
    kinds = {d[BASE + 'type'] for d in found}
    assert {'Thermometer', 'Weather Station', 'Lightning Sensor', 'AQI'} <= kinds
    for d in found:
        t = d['sensor.device'].get('sensor.device.thermometer', {}).get('sensor.device.temperature', 20)
        assert -205 < t < 80, d  # one says -204.8
    r.close()


def test_radiation(start):
    norn = start(config=CONFIG)
    r = Reporter(norn, 'btgeiger')
    events = socket_of(norn, '/eventbus/events.ws')
    events.send('{"SUBSCRIBE": "RADIATION"}')
    events.send('{"SUBSCRIBE": "TIMESTAMP"}')
    assert 'TIMESTAMP' in events.recv()  # what was asked before holds
    r.report('radiation', {'cps': 3.5, 'usv': 0.12, 'spectrum': [1, 2, 3]})
    r.report('radiacode', {'cpm': 120, 'spectrum': {'counts': [1, 0, 1, 1]}})
    r.report('radview', {'other': 1})
    sensor, = wait_until(lambda: (lambda s: s and s[0]['norn.radiation.cps'] == 2 and s)(
        norn.get('/radiation/sensors/all_sensors.json').json()))
    assert sensor['radiation.sensor.datasource'].upper() == r.name and sensor['radiation.sensor.type'] == 'radiation'
    assert sensor['radiation.sensor.usv_rrd']['kismet.common.rrd.last_value'] == pytest.approx(0.12)
    assert sensor['radiation.sensor.cps_rrd']['kismet.common.rrd.last_value_n1'] == pytest.approx(3.5)
    assert sensor['radiation.sensor.aggregate_spectrum'] == [2, 2, 4, 1]
    while True:
        got = json.loads(events.recv())
        if 'RADIATION' in got:
            assert got['RADIATION']['norn.radiation.cps'] == 3.5
            break
    events.close()
    r.close()


SCAN = '5FE308BD-0000-0000-0000-00C0CAAB0001'


def test_networks_that_a_client_found(start):
    norn = start(config=CONFIG)
    key = norn.post('/auth/apikey/generate.cmd', {'name': 'phone', 'role': 'scanreport', 'duration': 0}, auth=LOGIN).text
    reports = [{'bssid': '00:0A:00:00:00:01', 'ssid': 'caf\u00e9', 'capabilities': '[WPA2-PSK-CCMP+TKIP][WPS][ESS]',
                'channel': '6', 'freqkhz': 2437000, 'signal': -55, 'timestamp': 1700000000, 'lat': 1.5, 'lon': 2.5, 'alt': 3},
               {'bssid': '00:0A:00:00:00:02', 'ssid': 'open', 'signal': -70, 'encryption': []},
               {'bssid': '00:0A:00:00:00:03', 'ssid': 'old', 'capabilities': '[WEP][ESS]'},
               {'bssid': '00:0A:00:00:00:04', 'ssid': 'new', 'capabilities': '[RSN-SAE-CCMP][ESS]'}]
    body = {'source_uuid': SCAN, 'source_name': 'phone', 'reports': reports}
    path = '/phy/phy80211/scan/scan_report.cmd'
    assert norn.post(path, body).status_code == 401
    for _ in range(2):
        assert norn.post(path, body, cookies={'KISMET': key}).status_code == 200
    found = {d[BASE + 'macaddr'][-1]: d for d in devices(norn, 'phydot11_accesspoints')}
    assert {n: (d[BASE + 'name'], d[BASE + 'crypt'], d[BASE + 'packets.total']) for n, d in found.items()} == {
        '1': ('caf\u00e9', 'WPA2 WPA2-PSK TKIP AES-CCMP', 2), '2': ('open', 'Open', 2), '3': ('old', 'WEP', 2),
        '4': ('new', 'WPA3 WPA3-SAE AES-CCMP', 2)}
    d = found['1']
    assert (d[BASE + 'frequency'], d[BASE + 'channel'], d[BASE + 'first_time']) == (2437000, '6', 1700000000)
    assert d[BASE + 'signal']['kismet.common.signal.last_signal'] == -55
    assert d[BASE + 'location']['kismet.common.location.last']['kismet.common.location.geopoint'] == [2.5, 1.5]
    assert [s['kismet.common.seenby.uuid'] for s in d[BASE + 'seenby']] == [SCAN.lower()] or [
        s['kismet.common.seenby.uuid'].upper() for s in d[BASE + 'seenby']] == [SCAN]
    source, = norn.get('/datasource/all_sources.json', auth=LOGIN).json()
    assert (source['kismet.datasource.name'], source['kismet.datasource.uuid'].upper()) == ('phone', SCAN)
    assert norn.get('/alerts/all_alerts.json').json() == [] or all(
        a['kismet.alert.class'] == 'SYSTEM' for a in norn.get('/alerts/all_alerts.json').json())
    for wrong in ({}, {'source_uuid': 'x', 'reports': []}, {'source_name': 'a', 'reports': 1},
                  {'source_name': 'a', 'reports': [{'ssid': 'none'}]}):
        assert norn.post(path, wrong, auth=LOGIN).status_code == 400


def test_bluetooth_devices_that_a_client_found(start):
    norn = start(config=CONFIG)
    path = '/phy/phybluetooth/scan/scan_report.json'
    body = {'source_name': 'phone', 'reports': [
        {'btaddr': '00:0B:00:00:00:01', 'name': 'watch', 'devicetype': 'BTLE', 'txpowerlevel': 4, 'pathloss': 60, 'signal': -56,
         'scan_data': '020106', 'service_data': {'0000180F-0000-1000-8000-00805F9B34FB': '64'}},
        {'btaddr': '80:E1:26:00:00:01'}]}
    assert norn.post(path, body, auth=LOGIN).status_code == 200
    found = {d[BASE + 'macaddr']: d for d in devices(norn, 'phy-Bluetooth')}
    d = found['00:0B:00:00:00:01']
    assert (d[BASE + 'name'], d[BASE + 'type']) == ('watch', 'BTLE')
    b = d['bluetooth.device']
    assert (b['bluetooth.device.txpower'], b['bluetooth.device.pathloss'], b['bluetooth.device.scan_data_bytes']) == (
        4, 60, '020106')
    assert b['bluetooth.device.service_data_bytes'] == {'0000180F-0000-1000-8000-00805F9B34FB': '64'}
    assert 'FLIPPERZERO' in {a['kismet.alert.header'] for a in norn.get('/alerts/all_alerts.json').json()}
    source, = norn.get('/datasource/all_sources.json', auth=LOGIN).json()
    uuid = source['kismet.datasource.uuid']
    assert norn.post(f'/datasource/by-uuid/{uuid}/close_source.cmd', {}, auth=LOGIN).status_code == 200
    body['reports'] = [{'btaddr': '00:0B:00:00:00:09'}]
    norn.post(path, body, auth=LOGIN)
    assert '00:0B:00:00:00:09' not in {d[BASE + 'macaddr'] for d in devices(norn, 'all')}
    assert norn.post(f'/datasource/by-uuid/{uuid}/open_source.cmd', {}, auth=LOGIN).status_code == 200
    norn.post(path, body, auth=LOGIN)
    assert '00:0B:00:00:00:09' in {d[BASE + 'macaddr'] for d in devices(norn, 'all')}
