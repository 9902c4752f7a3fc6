"""gpsd: the real one, which gpsfake feeds, and what it says of two receivers at a time."""
import json
import re
import socket
import threading

import pytest
from peers import CONFIG, program, shared, start, wait_until  # noqa: F401
from test_receivers import free_port, gpsfake, gps, wait_for  # noqa: F401

# As gpsd 3.22 begins, and reports a receiver on the roof that has a fix, and one in the drawer that has none.
VERSION = {'class': 'VERSION', 'release': '3.22', 'rev': '3.22', 'proto_major': 3, 'proto_minor': 14}
DEVICES = {'class': 'DEVICES', 'devices': [
    {'class': 'DEVICE', 'path': path, 'driver': 'NMEA0183', 'activated': '2026-11-25T09:00:00.000Z', 'native': 0,
     'bps': 9600, 'parity': 'N', 'stopbits': 1, 'cycle': 1.0} for path in ('/dev/ttyUSB0', '/dev/ttyACM0')]}
WATCH = {'class': 'WATCH', 'enable': True, 'json': True, 'nmea': False, 'raw': 0, 'scaled': False, 'timing': False,
         'split24': False, 'pps': False}
FIX = {'class': 'TPV', 'device': '/dev/ttyUSB0', 'mode': 3, 'time': '2026-11-25T09:00:00.000Z', 'lat': 53.361,
       'lon': -6.505, 'altHAE': 61.7, 'altMSL': 61.7, 'alt': 61.7, 'epx': 3.1, 'epy': 4.2, 'eph': 7.5, 'speed': 1.5, 'track': 90.0}
NO_FIX = {'class': 'TPV', 'device': '/dev/ttyACM0', 'mode': 1}


class Gpsd(threading.Thread):
    """Sends each client what gpsd says after ?WATCH, the two receivers by turns, until it is stopped."""

    def __init__(self):
        super().__init__(daemon=True)
        self.server = socket.create_server(('127.0.0.1', 0))
        self.port = self.server.getsockname()[1]
        self.over = threading.Event()
        self.asked = b''
        self.start()

    def run(self):
        client, _ = self.server.accept()
        with client:
            self.say(client, VERSION)
            self.asked = client.recv(4096)
            self.say(client, DEVICES, WATCH)
            while not self.over.wait(0.05):
                self.say(client, FIX, NO_FIX)

    def say(self, client, *reports):
        try:
            client.sendall(b''.join(json.dumps(r).encode() + b'\r\n' for r in reports))
        except OSError:
            self.over.set()

    def stop(self):
        self.over.set()
        self.server.close()
        self.join(timeout=10)


def test_one_of_two_receivers_has_a_fix(start):
    """The one without a fix does not take the position from the one that has it."""
    gpsd = Gpsd()
    try:
        norn = start(config=CONFIG + f'gps=gpsd:name=car,host=127.0.0.1,port={gpsd.port},reconnect=true\n')
        wait_until(lambda: norn.get('/gps/location.json').json().get('kismet.common.location.fix') == 3)
        assert b'?WATCH' in gpsd.asked and b'"json":true' in gpsd.asked.replace(b' ', b'')
        positions = [norn.get('/gps/location.json').json() for _ in range(20)]
        assert all(p['kismet.common.location.fix'] == 3 for p in positions)
        assert all(p['kismet.common.location.geopoint'] == [-6.505, 53.361] for p in positions)
    finally:
        gpsd.stop()


@pytest.mark.parametrize('name', ['nmea-haicom-305N.log', 'nmea-ublox-neo-m9n.log'])
def test_gpsd_passes_on_what_a_receiver_reports(start, gpsfake, tmp_path, name):
    """gpsfake plays what a receiver said to a gpsd of its own, which norn listens to."""
    program('gpsd')
    log = shared(f'captures/{name}')
    begin, end = gpsfake
    port = free_port()
    begin(port, log)
    norn = start(config=CONFIG + f'gps=gpsd:name=roof,host=localhost,port={port},reconnect=true\n')
    found = wait_for(norn, 'roof', '2D', '3D')
    lon, lat = found['kismet.gps.location']['kismet.common.location.geopoint']
    degrees = re.findall(rb'GGA,[^,]*,(\d+\.\d+),([NS]),(\d+\.\d+),([EW]),[1-9]', log.read_bytes())
    near = [(float(a[:2]) + float(a[2:]) / 60) * (1 if ns == b'N' else -1) for a, ns, _, _ in degrees]
    assert min(near) - 0.01 < lat < max(near) + 0.01 and lon != 0
    end()
