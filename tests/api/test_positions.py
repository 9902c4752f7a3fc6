"""Where frames were seen: a source's own GPS, a sensor's, and what came before the fix; in devices and in logs."""
import json
import socket
import sqlite3
import struct
import time

from conftest import LOGIN, wait_until
from frames import AP, Capture
from pcapng import packets
from sensors import PACKET, Sensor, frame3, port_of
from test_receivers import gps, sentence, wait_for
from test_sensors import beacon
from test_streams import tshark

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\nkis_log_device_rate=1\n'
UUID = '5FE308BD-0000-0000-0000-00C0CAABCE%02X'


def positions(norn):
    """Last position of every device, (lat, lon) or None, by address."""
    found = {}
    for line in norn.get('/devices/all_devices.ekjson').text.splitlines():
        device = json.loads(line)
        position = device.get('kismet.device.base.location', {}).get('kismet.common.location.last', {})
        lon, lat = position.get('kismet.common.location.geopoint', (None, None))
        found[device['kismet.device.base.macaddr'].lower()] = None if lat is None else (round(lat, 5), round(lon, 5))
    return found


def rows(folder, sql='SELECT sourcemac, lat, lon FROM packets ORDER BY rowid'):
    db = sqlite3.connect(f'file:{next(folder.glob("*.kismet"))}?mode=ro', uri=True)
    found = db.execute(sql).fetchall()
    db.close()
    return found


def name(n):
    return '02:00:00:00:00:%02x' % n


def folder_of(tmp_path):
    folder = tmp_path / 'logs'
    folder.mkdir()
    return folder


def test_a_source_with_a_gps_of_its_own(start, tmp_path):
    """metagps=van: its position, or none; other sources have the server's."""
    norn = start('-c', f'{Capture().beacon().write(tmp_path / "a.pcap")}:metagps=van', config=CONFIG +
                 'gps=virtual:lat=1,lon=2\n')
    source, = norn.wait_done()
    assert source['norn.datasource.metagps'] == 'van'
    assert positions(norn) == {AP: None}
    assert gps(norn, 'van')['kismet.gps.type']['kismet.gps.type.class'] == 'meta'
    assert norn.post('/gps/meta/van/update.cmd', {'lat': 10, 'lon': 20}, auth=LOGIN).status_code == 200
    other = '00:0d:00:00:00:77'
    for path, options in ((Capture().beacon(bssid=other).write(tmp_path / 'b.pcap'), ':metagps=van'),
                          (Capture().beacon(bssid=name(7)).write(tmp_path / 'c.pcap'), '')):
        assert norn.post('/datasource/add_source.cmd', {'definition': f'{path}{options}'},
                         auth=LOGIN).status_code == 200
    wait_until(lambda: len(positions(norn)) == 3)
    assert positions(norn) == {AP: None, other: (10, 20), name(7): (1, 2)}


def test_a_sensors_own_position(start, tmp_path):
    """What the sensor says is in its packets' devices and in the log, the server's in the others."""
    folder = folder_of(tmp_path)
    norn = start(config=CONFIG + f'gps=virtual:lat=1,lon=2\nlog_types=kismet,wiglecsv\nlog_prefix={folder}\n')
    sensor = Sensor(port_of(norn), UUID % 1)
    sensor.open()
    sensor.send(beacon(1), gps=(40.5, -3.25))
    sensor.send(beacon(2))
    wait_until(lambda: len(positions(norn)) == 2)
    assert positions(norn) == {name(1): (40.5, -3.25), name(2): (1, 2)}
    wait_until(lambda: len(rows(folder)) == 2)
    sensor.close()
    assert norn.stop() == 0
    assert [(m.lower(), lat, lon) for m, lat, lon in rows(folder)] == [(name(1), 40.5, -3.25), (name(2), 1, 2)]
    assert [tuple(r) for r in rows(folder, 'SELECT devmac, min_lat, round(avg_lat, 9), max_lon FROM devices ORDER BY devmac')] == [
        (name(1).upper(), 40.5, 40.5, -3.25), (name(2).upper(), 1, 1, 2)]
    table = next(folder.glob('*.wiglecsv')).read_text()
    assert '40.500000,-3.250000' in table and '1.000000,2.000000' in table


def test_what_came_before_the_first_fix(start, tmp_path):
    folder = folder_of(tmp_path)
    norn = start(config=CONFIG + f'gps=web:name=webgps\nlog_types=kismet\nlog_prefix={folder}\ngps_backfill=true\n')
    sensor, own = Sensor(port_of(norn), UUID % 2), Sensor(port_of(norn), UUID % 3, definition='wlan1:metagps=van')
    sensor.open(), own.open()
    sensor.send(beacon(1))
    own.send(beacon(2))
    wait_until(lambda: len(positions(norn)) == 2 and len(rows(folder)) == 2)
    assert set(positions(norn).values()) == {None}
    assert norn.post('/gps/web/update.cmd', {'lat': 5, 'lon': 6, 'alt': 7}, auth=LOGIN).status_code == 200
    wait_until(lambda: positions(norn) == {name(1): (5, 6), name(2): None})
    wait_until(lambda: sorted(r[1:] for r in rows(folder)) == [(0, 0), (5, 6)])
    sensor.send(beacon(3))
    wait_until(lambda: positions(norn).get(name(3)) == (5, 6))
    sensor.close(), own.close()
    assert norn.stop() == 0
    assert {m.lower(): lat for m, lat in rows(folder, 'SELECT devmac, round(avg_lat, 9) FROM devices')} == {
        name(1): 5, name(2): 0, name(3): 5}
    assert {m.lower(): lat for m, lat in rows(folder, 'SELECT devmac, lat FROM norn_sightings')} == {
        name(1): 5, name(2): None, name(3): 5}


def test_sightings_before_the_first_fix(start, tmp_path):
    """Those that are in the log already are changed there."""
    folder = folder_of(tmp_path)
    norn = start(config=CONFIG + f'gps=web:name=webgps\nlog_types=kismet\nlog_prefix={folder}\ngps_backfill=true\n'
                 'norn_sighting_seconds=1\n')
    sensor, own = Sensor(port_of(norn), UUID % 2), Sensor(port_of(norn), UUID % 3, definition='wlan1:metagps=van')
    sensor.open(), own.open()
    sensor.send(beacon(1))
    own.send(beacon(2))
    sensor.close(), own.close()  # which ends their minutes
    ask = 'SELECT devmac, lat, lon FROM norn_sightings ORDER BY devmac'
    wait_until(lambda: rows(folder, ask) == [(name(1).upper(), None, None), (name(2).upper(), None, None)])
    assert norn.post('/gps/web/update.cmd', {'lat': 5, 'lon': 6, 'alt': 7}, auth=LOGIN).status_code == 200
    wait_until(lambda: rows(folder, ask) == [(name(1).upper(), 5, 6), (name(2).upper(), None, None)])
    assert norn.stop() == 0


def test_a_gap_is_filled_by_the_line(start, tmp_path):
    """The receiver says that it has no position, and a little later has one elsewhere."""
    folder = folder_of(tmp_path)
    listener = socket.create_server(('127.0.0.1', 0))
    norn = start(config=CONFIG + f'gps=tcp:host=127.0.0.1,port={listener.getsockname()[1]}\ngps_backfill=true\n'
                 f'log_types=kismet\nlog_prefix={folder}\n')
    receiver, _ = listener.accept()
    sensor = Sensor(port_of(norn), UUID % 4)
    sensor.open()
    receiver.sendall(sentence('GPGGA,092700.0,1000.0000,N,02000.0000,E,1,08,1.0,50.0,M,55.2,M,,'))
    wait_for(norn, 'tcpgps', '3D')
    receiver.sendall(sentence('GPGGA,092701.0,,,,,0,00,,,M,,M,,') + sentence('GPRMC,092701.0,V,,,,,,,280526,,,N'))
    wait_for(norn, 'tcpgps', 'no fix')
    for n in range(1, 5):  # about one a second is enough, for rows and devices know when they were seen
        sensor.send(beacon(n))
        time.sleep(0.2)
    wait_until(lambda: len(rows(folder)) == 4)
    receiver.sendall(sentence('GPGGA,092703.0,1200.0000,N,02200.0000,E,1,08,1.0,50.0,M,55.2,M,,'))
    filled = wait_until(lambda: all(r[1] for r in rows(folder)) and rows(folder))
    lat = [r[1] for r in filled]
    assert lat == sorted(lat) and 10 <= lat[0] < lat[-1] <= 12 and all(abs(r[2] - r[1] - 10) < 1e-6 for r in filled)
    assert all(position and 10 <= position[0] <= 12 for position in positions(norn).values())
    receiver.close(), sensor.close(), listener.close()
    assert norn.stop() == 0
    assert all(10 <= lat <= 12 and abs(lon - lat - 10) < 1e-6 for lat, lon in rows(folder, 'SELECT lat, lon FROM norn_sightings'))


def test_reports_that_are_no_packets(start, tmp_path):
    """They are rows of `data` and blocks of pcapng with an option of Kismet's; what is no JSON is left out."""
    folder = folder_of(tmp_path)
    norn = start(config=CONFIG + f'gps=virtual:lat=1,lon=2\nlog_types=kismet,pcapng,pcapppi\nlog_prefix={folder}\n')
    sensor = Sensor(port_of(norn), UUID % 5)
    sensor.open()
    text = json.dumps({'model': 'Oregon-v1', 'id': 7, 'name': 'caf\u00e9'}, ensure_ascii=False)
    for body in ({1: 'RTL433', 4: text}, {1: 'RTL433', 4: '{"cut": '}, {1: 'x' * 100, 4: '{}'}):
        sensor.socket.sendall(frame3(PACKET, {5: body}))
    sensor.socket.sendall(frame3(PACKET, {1: {1: 40.5, 2: -3.25, 3: 600.0, 4: 3, 8: 1, 9: 0}, 5: {1: 'adsb', 4: '{}'}}))
    sensor.send(beacon(1))
    wait_until(lambda: len(rows(folder)) == 1)
    sensor.close()
    assert norn.stop() == 0
    found = rows(folder, 'SELECT phyname, devmac, lat, lon, alt, datasource, type, json FROM data ORDER BY rowid')
    uuid, zero = (UUID % 5).upper(), '00:00:00:00:00:00'
    sensor_mac = found[0][1]
    assert sensor_mac.endswith(':00:00:07')
    assert [(*r[:5], r[5].upper(), r[6], r[7].decode()) for r in found] == [
        ('RFSENSOR', sensor_mac, 1, 2, 0, uuid, 'RTL433', text), ('Unknown', zero, 40.5, -3.25, 600, uuid, 'adsb', '{}')]
    path = next(folder.glob('*.pcapng'))
    first, second, third = packets(path.read_bytes())
    assert first.data == second.data == b'' and len(third.data) > 0
    assert dict(first.options)[2988] == struct.pack('<IBBH', 55922, 0x48, 1, len(text.encode())) + text.encode()
    assert len(tshark(path, 'frame.number')) == 3 and len(tshark(next(folder.glob('*.pcapppi')), 'wlan.ta')) == 1
