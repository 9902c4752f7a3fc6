"""Receivers: gpsd fed by gpsfake, NMEA over a serial line (a pseudo-terminal) and over TCP."""
import contextlib
import os
import pty
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest

from conftest import LOGIN, wait_until

NOWHERE = {'kismet.common.location.geopoint': [0, 0], 'kismet.common.location.time_sec': 0,
           'kismet.common.location.time_usec': 0}

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\n'


def sentence(text):
    total = 0
    for c in text:
        total ^= ord(c)
    return f'${text}*{total:02X}\r\n'.encode()


def walk(n):
    """n positions on the way east, one a sentence pair."""
    for i in range(n):
        second, east = i % 60, 630.3372 + i * 0.001
        time_of_day = f'0927{second:02d}.000'
        yield (sentence(f'GPGGA,{time_of_day},5321.6802,N,{east:010.4f},E,1,08,1.03,61.7,M,55.2,M,,') +
               sentence(f'GPRMC,{time_of_day},A,5321.6802,N,{east:010.4f},E,10.0,90.0,280526,,,A'))


def gps(norn, name):
    return next(g for g in norn.get('/gps/all_gps.json').json() if g['kismet.gps.name'] == name)


def wait_for(norn, name, *states):
    for _ in range(1500):
        found = gps(norn, name)
        if found['norn.gps.state'] in states:
            return found
        time.sleep(0.01)
    raise AssertionError((states, found, norn.text()))


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


@pytest.fixture
def gpsfake(tmp_path):
    if not shutil.which('gpsfake'):
        pytest.skip('gpsfake is not installed')
    running = []

    def go(port, *logs):
        running.append(subprocess.Popen(['gpsfake', '-q', '-P', str(port), '-c', '0.02', *logs], cwd=tmp_path,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True))

    def end():
        while running:
            process = running.pop()
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    yield go, end
    end()


def test_gpsd_comes_and_goes(start, gpsfake, tmp_path):
    begin, end = gpsfake
    port = free_port()
    norn = start(config=CONFIG + f'gps=gpsd:name=roof,port={port}\n')
    wait_until(lambda: gps(norn, 'roof')['norn.gps.trouble'])
    assert 'Connection refused' in gps(norn, 'roof')['norn.gps.trouble']
    assert gps(norn, 'roof')['norn.gps.state'] == 'none' and not gps(norn, 'roof')['kismet.gps.connected']
    log = tmp_path / 'walk.log'
    log.write_bytes(b''.join(walk(400)))
    begin(port, log)
    wait_for(norn, 'roof', '3D')
    location = norn.get('/gps/location.json').json()
    lon, lat = location['kismet.common.location.geopoint']
    assert abs(lat - 53.361337) < 1e-5 and 6.5056 < lon < 6.513
    assert abs(location['kismet.common.location.alt'] - 61.7) < 0.1
    assert gps(norn, 'roof')['norn.gps.trouble'] == ''
    end()
    wait_for(norn, 'roof', 'none')
    assert norn.get('/gps/location.json').json() == NOWHERE


def test_serial(start):
    master, slave = pty.openpty()
    norn = start(config=CONFIG + f'gps=serial:device={os.ttyname(slave)},baud=9600\n')
    os.close(slave)
    wait_for(norn, 'serialgps', 'connected')
    os.write(master, b'$GPGGA,half a line')
    os.write(master, b'\r\n' + b'x' * 500 + b'\r\n' + sentence('GPRMC,092751.0,V,,,,,,,280511,,,N'))
    assert wait_for(norn, 'serialgps', 'no fix')['norn.gps.bad_lines'] == 2
    for piece in walk(3):
        for octet in range(0, len(piece), 7):
            os.write(master, piece[octet:octet + 7])
    wait_for(norn, 'serialgps', '3D')  # by the first sentence; the speed stands in the second
    found = wait_until(lambda: position['kismet.common.location.speed'] and position
                       if (position := gps(norn, 'serialgps')['kismet.gps.location']) else None)
    assert abs(found['kismet.common.location.speed'] - 18.52) < 0.01
    assert abs(found['norn.common.location.accuracy'] - 10.3) < 0.01
    os.close(master)
    wait_for(norn, 'serialgps', 'none')


def test_tcp_and_priorities(start):
    server = socket.create_server(('127.0.0.1', 0))
    port = server.getsockname()[1]

    def serve():
        connection, _ = server.accept()
        with connection, contextlib.suppress(OSError):
            for piece in walk(50):
                connection.sendall(piece)
                time.sleep(0.01)
            connection.recv(1)

    threading.Thread(target=serve, daemon=True).start()
    norn = start(config=CONFIG + f'gps=virtual:lat=1,lon=2\ngps=tcp:host=127.0.0.1,port={port}\n')
    wait_for(norn, 'tcpgps', '3D')
    lon, lat = norn.get('/gps/location.json').json()['kismet.common.location.geopoint']
    assert abs(lat - 53.361337) < 1e-5
    uuid = gps(norn, 'tcpgps')['kismet.gps.uuid']
    assert norn.post(f'/gps/by-uuid/{uuid}/remove_gps.cmd', auth=LOGIN).status_code == 200
    server.close()
    assert norn.get('/gps/location.json').json()['kismet.common.location.geopoint'] == [2, 1]


def test_meta(start):
    norn = start(config=CONFIG + 'gps=meta:name=van\n')
    position = {'lat': 10, 'lon': 20}
    assert norn.post('/gps/meta/van/update.cmd', position, auth=LOGIN).status_code == 200
    assert norn.post('/gps/meta/car/update.cmd', position, auth=LOGIN).status_code == 404
    assert gps(norn, 'van')['norn.gps.state'] == '2D'
    assert norn.get('/gps/location.json').json() == NOWHERE


@pytest.mark.parametrize('definition, says', [
    ('serial', 'device='), ('tcp:host=x', 'port='), ('tcp:port=5', 'host='), ('gpsd:port=0', 'port=0: expected a number'),
    ('serial:device=/dev/x,baud=1', 'baud=1: expected a number'), ('virtual:lat=x,lon=1', 'lat= and lon='),
    ('pigeon', 'gpsd serial tcp'), ('web:uuid=1', 'UUID')])
def test_definitions_that_are_wrong(server, definition, says):
    answer = server.post('/gps/add_gps.cmd', {'definition': definition}, auth=LOGIN)
    assert answer.status_code == 500 and says in answer.text
