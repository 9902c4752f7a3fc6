"""Several receivers behind one gpsd, and positions that no one should believe."""
import contextlib
import json
import os
import pty
import socket
import threading
import time

import pytest

from conftest import LOGIN, wait_until
from frames import Capture
from sensors import Sensor, port_of
from test_norn_log import run
from test_receivers import CONFIG, gps, sentence, wait_for
from test_sensors import beacon
from wigle import wigle_rows


class Gpsd:
    """A gpsd that says what the test asks it to, in the octets of the real one."""

    def __init__(self):
        self.server = socket.create_server(('127.0.0.1', 0))
        self.port = self.server.getsockname()[1]
        self.connection = None
        self.ready = threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            self.connection, _ = self.server.accept()
            self.send({'class': 'VERSION', 'release': '3.22', 'proto_major': 3, 'proto_minor': 14})
            assert b'WATCH' in self.connection.recv(200)
            self.ready.set()

    def send(self, *reports):
        self.connection.sendall(b''.join(json.dumps(r).encode() + b'\r\n' for r in reports))

    def tpv(self, device, mode, lat=None, lon=None, **more):
        fix = {} if lat is None else {'lat': lat, 'lon': lon}
        self.send({'class': 'TPV', 'device': device, 'mode': mode, **fix, **more})

    def close(self):
        self.server.close()
        if self.connection:
            self.connection.close()


@pytest.fixture
def fake(start):
    gpsd = Gpsd()

    def go(more=''):
        norn = start(config=CONFIG + f'gps=gpsd:name=roof,port={gpsd.port}\n' + more)
        assert gpsd.ready.wait(20)
        return norn, gpsd

    yield go
    gpsd.close()


def here(norn):
    return norn.get('/gps/location.json').json()['kismet.common.location.geopoint']


def receivers(norn):
    return {r['norn.gps.receiver.device']: r for r in gps(norn, 'roof')['norn.gps.receivers']}


A, B = '/dev/ttyACM0', '/dev/ttyUSB0'


def test_more_receivers_than_are_kept(fake):
    """The one with a fix is kept, wherever it comes."""
    norn, gpsd = fake()
    for n in range(12):
        gpsd.tpv(f'/dev/ttyS{n}', 1)
    gpsd.tpv(A, 3, 50.1, 8.6, altMSL=100.5)
    gpsd.tpv('/dev/ttyS99', 1)
    wait_until(lambda: here(norn) == [8.6, 50.1])
    assert len(receivers(norn)) == 8 and receivers(norn)[A]['norn.gps.receiver.state'] == '3D'


def test_one_without_a_fix_leaves_the_position_to_the_other(fake):
    norn, gpsd = fake()
    for _ in range(5):
        gpsd.tpv(A, 3, 50.1, 8.6, altMSL=100.5)
        gpsd.tpv(B, 1)
        gpsd.send({'class': 'SKY', 'device': B, 'satellites': []})
        wait_until(lambda: here(norn) == [8.6, 50.1])
    wait_until(lambda: len(receivers(norn)) == 2)
    assert 'has lost its position' not in norn.text()
    assert receivers(norn)[A]['norn.gps.receiver.state'] == '3D'
    assert receivers(norn)[B]['norn.gps.receiver.state'] == 'no fix'
    gpsd.tpv(B, 3, 50.2, 8.7, altMSL=90)  # the one that is used stays so
    wait_until(lambda: receivers(norn)[B]['norn.gps.receiver.state'] == '3D')
    assert here(norn) == [8.6, 50.1]
    gpsd.tpv(A, 1)
    wait_until(lambda: here(norn) == [8.7, 50.2])
    assert gps(norn, 'roof')['norn.gps.state'] == '3D' and B in norn.text()
    gpsd.send({'class': 'DEVICE', 'path': B, 'activated': 0})
    wait_until(lambda: here(norn) == [0, 0])
    assert gps(norn, 'roof')['norn.gps.state'] == 'no fix'
    gpsd.tpv(A, 2, 50.1, 8.6)
    wait_until(lambda: here(norn) == [8.6, 50.1])
    gpsd.send({'class': 'DEVICES', 'devices': []})
    wait_until(lambda: here(norn) == [0, 0])


def test_more_receivers_than_there_is_room_for(fake):
    norn, gpsd = fake()
    for i in range(40):
        gpsd.tpv(f'/dev/tty{i}', 3, 50.1, 8.6, altMSL=1)
    gpsd.tpv('/dev/tty0', 3, 50.1001, 8.6, altMSL=1)
    wait_until(lambda: here(norn) == [8.6, 50.1001])
    assert len(receivers(norn)) == 8


@pytest.mark.parametrize('wrong, words', [
    ({'lat': 0.0, 'lon': 0.0}, '0/0'), ({'time': '1999-08-22T10:00:00.000Z'}, '1999-08-22'),
    ({'time': '2006-12-31T10:00:00.000Z'}, '2006-12-31'), ({'lat': 51.1, 'time': '2026-11-01T10:00:03.000Z'}, 'km/h'),
    ({'speed': 3000.0}, 'km/h')])
def test_doubts(fake, wrong, words):
    norn, gpsd = fake()
    good = {'lat': 50.1, 'lon': 8.6, 'altMSL': 100, 'time': '2026-11-01T10:00:00.000Z'}
    if 'km/h' in words:
        gpsd.tpv(A, 3, **good)
        wait_until(lambda: here(norn) == [8.6, 50.1])
    gpsd.tpv(A, 3, **{**good, **wrong})
    wait_until(lambda: gps(norn, 'roof')['norn.gps.state'] == 'doubted')
    found = gps(norn, 'roof')
    assert words in found['norn.gps.doubt'] and words in receivers(norn)[A]['norn.gps.receiver.doubt']
    assert here(norn) == ([8.6, 50.1] if 'km/h' in words else [0, 0])
    messages = norn.get('/messagebus/last-time/0/messages.json').json()['kismet.messagebus.list']
    assert any('doubted' in m['kismet.messagebus.message_string'] and words in m['kismet.messagebus.message_string']
               for m in messages)
    for _ in range(50):
        gpsd.tpv(A, 3, **{**good, **wrong})
    gpsd.tpv(A, 3, **{**good, 'lat': 50.1001, 'time': '2026-11-01T10:00:04.000Z'})
    wait_until(lambda: here(norn) == [8.6, 50.1001])
    assert gps(norn, 'roof')['norn.gps.state'] == '3D' and gps(norn, 'roof')['norn.gps.doubt'] == ''
    assert norn.text().count('is doubted') == 1


def test_an_airliner_is_believed(fake):
    norn, gpsd = fake()
    for i in range(30):
        gpsd.tpv(A, 3, 50 + i * 0.0023, 8.6, altMSL=11000, speed=255.0, time=f'2026-11-01T10:00:{i:02d}.000Z')
    wait_until(lambda: here(norn) == [8.6, round(50 + 29 * 0.0023, 4)])
    assert 'doubted' not in norn.text()


def test_doubted_positions_are_not_those_of_devices(fake, tmp_path):
    norn, gpsd = fake()
    gpsd.tpv(A, 3, 0.0, 0.0, altMSL=1)
    gpsd.tpv(B, 3, 48.5, 9.5, altMSL=1, time='2004-01-01T00:00:00Z')
    wait_until(lambda: len(receivers(norn)) == 2 and norn.text().count('is doubted') == 2)
    norn.post('/datasource/add_source.cmd', {'definition': str(Capture().beacon().write(tmp_path / 'c.pcap'))}, auth=LOGIN)
    norn.wait_done()
    device = json.loads(norn.get('/devices/all_devices.ekjson').text.splitlines()[0])
    assert not device.get('kismet.device.base.location')


@pytest.mark.parametrize('reported, metres, metres_high', [
    ({'eph': 7.25, 'epx': 3, 'epy': 4}, 7.25, 123.5), ({'epx': 3, 'epy': 4}, 5, 123.5), ({}, 0, 123.5),
    ({'eph': 7.25, 'mode': 2}, 7.25, 0)])
def test_accuracy_reaches_wigle(fake, tmp_path, reported, metres, metres_high):
    folder = tmp_path / 'logs'
    folder.mkdir()
    norn, gpsd = fake(f'log_types=wiglecsv,kismet\nlog_prefix={folder}\n')
    gpsd.tpv(A, reported.get('mode', 3), 50.1, 8.6, altMSL=123.5, **{k: v for k, v in reported.items() if k != 'mode'})
    wait_until(lambda: here(norn) == [8.6, 50.1])
    norn.post('/datasource/add_source.cmd', {'definition': str(Capture().beacon().write(tmp_path / 'c.pcap'))}, auth=LOGIN)
    norn.wait_done()
    time.sleep(1.2)  # the position is in the log once a second
    assert norn.stop() == 0
    row, = wigle_rows(next(folder.glob('*.wiglecsv')).read_text())
    assert float(row['AccuracyMeters']) == metres and float(row['AltitudeMeters']) == metres_high
    later, = wigle_rows(run('wigle', next(folder.glob('*.kismet'))).decode())
    assert float(later['AccuracyMeters']) == metres and float(later['AltitudeMeters']) == metres_high


def test_accuracy_of_a_web_gps(start, tmp_path):
    norn = start(config=CONFIG + f'gps=web:name=webgps\nlog_types=wiglecsv\nlog_prefix={tmp_path}\n')
    fix = {'lat': 50.1, 'lon': 8.6, 'alt': 5}
    for wrong in (-1, 'x', 1e9):
        assert norn.post('/gps/web/update.cmd', {**fix, 'accuracy': wrong}, auth=LOGIN).status_code == 400
    assert norn.post('/gps/web/update.cmd', {**fix, 'accuracy': 21.5}, auth=LOGIN).status_code == 200
    assert norn.get('/gps/location.json').json()['norn.common.location.accuracy'] == 21.5
    assert norn.post('/gps/web/update.cmd', {'lat': 0, 'lon': 0}, auth=LOGIN).status_code == 200
    assert here(norn) == [8.6, 50.1] and gps(norn, 'webgps')['norn.gps.state'] == 'doubted'
    norn.post('/datasource/add_source.cmd', {'definition': str(Capture().beacon().write(tmp_path / 'c.pcap'))}, auth=LOGIN)
    norn.wait_done()
    assert norn.stop() == 0
    row, = wigle_rows(next(tmp_path.glob('*.wiglecsv')).read_text())
    assert float(row['AccuracyMeters']) == 21.5


def rmc(status='A', lat='5321.6802,N', lon='00630.3372,W', date='011126', mode='A', second=0):
    return sentence(f'GPRMC,0927{second:02d},{status},{lat},{lon},0.0,0.0,{date},,,{mode}')


@pytest.mark.parametrize('said, words', [
    (rmc(lat='0000.0000,N', lon='00000.0000,E'), '0/0'), (rmc(date='220899'), '1999-08-22'),
    (rmc(date='060180'), '1980-01-06'), (rmc(date='311214'), '2014-12-31')])
def test_nmea_that_is_doubted(start, said, words):
    master, slave = pty.openpty()
    norn = start(config=CONFIG + f'gps=serial:device={os.ttyname(slave)}\n')
    os.close(slave)
    wait_for(norn, 'serialgps', 'connected')
    os.write(master, said)
    assert words in wait_for(norn, 'serialgps', 'doubted')['norn.gps.doubt']
    assert here(norn) == [0, 0]
    os.write(master, rmc(second=30))
    wait_for(norn, 'serialgps', '2D')
    for void in (rmc(status='V'), rmc(mode='N'), sentence('GPGGA,092700,,,,,0,00,99.9,,M,,M,,'),
                 sentence('GPGLL,5321.6802,N,00630.3372,W,092700,V')):
        os.write(master, void)
        wait_for(norn, 'serialgps', 'no fix')
        assert here(norn) == [0, 0]
        os.write(master, rmc(second=31))
        wait_for(norn, 'serialgps', '2D')
    os.close(master)


@pytest.mark.parametrize('fix, sec, words', [((0.0, 0.0), 1790000000, 'at 0/0'), ((48.5, 9.5), 935280000, 'before 2015')])
def test_a_sensor_whose_positions_cannot_be(start, fix, sec, words):
    """They are reported once, and are no positions of devices; the next that can be is."""
    norn = start(config=CONFIG)
    sensor = Sensor(port_of(norn), '5FE308BD-0000-0000-0000-00C0CAABCE77')
    sensor.open()
    for n in (1, 2):
        sensor.send(beacon(n), gps=fix, sec=sec)
    wait_until(lambda: len(norn.get('/devices/all_devices.ekjson').text.splitlines()) == 2)
    wait_until(lambda: words in norn.text())
    for line in norn.get('/devices/all_devices.ekjson').text.splitlines():
        assert not json.loads(line).get('kismet.device.base.location')
    assert norn.text().count('are doubted') == 1
    sensor.send(beacon(3), gps=(48.5, 9.5), sec=1790000000)
    wait_until(lambda: '9.5' in norn.get('/devices/all_devices.ekjson').text)
