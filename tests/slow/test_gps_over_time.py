"""Positions over time: gpsd replays what real receivers said, and a receiver falls silent."""
import json
import os
import pathlib
import pty
import re
import sqlite3
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(os.environ['SAMPLE']).resolve().parents[2]
FOLDER = ROOT.parent / 'shared/captures'
sys.path.insert(0, str(ROOT / 'tests/api'))
from conftest import start  # noqa: E402,F401
from frames import Capture  # noqa: E402
from test_receivers import CONFIG, free_port, gps, gpsfake, sentence, wait_for, walk  # noqa: E402,F401


def positions_of(log):
    """The range of degrees that a log of NMEA has: least and greatest latitude and longitude."""
    lat, lon = [], []
    for a, ns, b, ew in re.findall(r'\$..GGA,[^,]*,(\d+\.\d+),([NS]),(\d+\.\d+),([EW]),[1-9]', log.read_text(errors='replace')):
        lat.append((int(a[:2]) + float(a[2:]) / 60) * (1 if ns == 'N' else -1))
        lon.append((int(b[:3]) + float(b[3:]) / 60) * (1 if ew == 'E' else -1))
    return min(lat), max(lat), min(lon), max(lon)


@pytest.mark.skipif(not FOLDER.is_dir(), reason='the captures are not here')
@pytest.mark.parametrize('log', ['nmea-haicom-305N.log', 'nmea-ublox-neo-m9n.log'])
def test_gpsd_replays_a_receiver(start, gpsfake, tmp_path, log):  # noqa: F811
    """Its positions are in devices, packets and the track of the log."""
    begin, end = gpsfake
    port, folder = free_port(), tmp_path / 'logs'
    folder.mkdir()
    least_lat, most_lat, least_lon, most_lon = positions_of(FOLDER / log)
    begin(port, FOLDER / log)
    norn = start(config=CONFIG + f'gps=gpsd:name=roof,port={port}\nlog_types=kismet,pcapppi,wiglecsv\n'
                 f'log_prefix={folder}\nkis_log_device_rate=1\n')
    wait_for(norn, 'roof', '2D', '3D')
    capture = Capture()
    capture.each(range(50), lambda c, i: c.probe(b'%d' % i, step=1).beacon())
    path = capture.write(tmp_path / 'c.pcap')
    norn.post('/datasource/add_source.cmd', {'definition': f'{path}:pps=25'}, auth=('kismet', 'secret'))
    norn.wait_done()
    assert norn.stop() == 0
    end()
    db = sqlite3.connect(next(folder.glob('*.kismet')))
    near = 0.001
    rows = db.execute('SELECT lat, lon FROM packets WHERE lat != 0').fetchall()
    assert rows
    rows += db.execute("SELECT lat, lon FROM snapshots WHERE snaptype = 'GPS' AND lat != 0").fetchall()
    rows += db.execute('SELECT avg_lat, avg_lon FROM devices').fetchall()
    for lat, lon in rows:
        assert least_lat - near <= lat <= most_lat + near and least_lon - near <= lon <= most_lon + near
    tracked = [json.loads(r[0]) for r in db.execute("SELECT json FROM snapshots WHERE snaptype = 'GPS'")]
    assert all(t['kismet.gps.name'] == 'roof' for t in tracked)
    assert len(next(folder.glob('*.wiglecsv')).read_text().splitlines()) > 2
    shown = subprocess.run(['tshark', '-r', next(folder.glob('*.pcapppi')), '-T', 'fields', '-e', 'ppi_gps.lat'],
                           capture_output=True, text=True, check=True, timeout=60).stdout.split()
    assert shown and all(least_lat - near <= float(lat) <= most_lat + near for lat in shown)


def test_gpsd_with_two_receivers(start, gpsfake, tmp_path):  # noqa: F811
    """One sees no satellite; the position of the other is there all the time, and each has a line of its own."""
    begin, end = gpsfake
    port, good, void = free_port(), tmp_path / 'good.log', tmp_path / 'void.log'
    good.write_bytes(b''.join(walk(600)))
    void.write_bytes(b''.join(sentence(f'GPRMC,0927{i % 60:02d}.000,V,,,,,,,280526,,,N') +
                              sentence(f'GPGGA,0927{i % 60:02d}.000,,,,,0,00,99.9,,M,,M,,') for i in range(600)))
    begin(port, void, good)
    norn = start(config=CONFIG + f'gps=gpsd:name=roof,port={port}\n')
    wait_for(norn, 'roof', '3D')
    for _ in range(60):
        lon, lat = norn.get('/gps/location.json').json()['kismet.common.location.geopoint']
        assert abs(lat - 53.361337) < 1e-5 and 6.5056 < lon < 6.516
        time.sleep(0.05)
    receivers = gps(norn, 'roof')['norn.gps.receivers']
    assert sorted(r['norn.gps.receiver.state'] for r in receivers) == ['3D', 'no fix'], receivers
    end()
    wait_for(norn, 'roof', 'none')


def test_a_position_becomes_stale(start):  # noqa: F811
    """A receiver that says nothing more keeps its last position, which is no longer used after ten seconds."""
    master, slave = pty.openpty()
    norn = start(config=CONFIG + f'gps=serial:device={os.ttyname(slave)}\n')
    os.close(slave)
    wait_for(norn, 'serialgps', 'connected')
    os.write(master, sentence('GPGGA,092700.0,1000.0000,N,02000.0000,E,1,08,1.0,50.0,M,55.2,M,,'))
    assert wait_for(norn, 'serialgps', '3D')['norn.gps.age'] <= 1
    assert norn.get('/gps/location.json').json()['kismet.common.location.geopoint'] == [20, 10]
    for _ in range(300):
        found = gps(norn, 'serialgps')
        if found['norn.gps.state'] == 'stale':
            break
        time.sleep(0.1)
    assert found['norn.gps.state'] == 'stale' and found['norn.gps.age'] >= 10
    assert norn.get('/gps/location.json').json() ['kismet.common.location.geopoint'] == [0, 0]
    os.write(master, sentence('GPGGA,092730.0,1000.0000,N,02100.0000,E,1,08,1.0,50.0,M,55.2,M,,'))
    wait_for(norn, 'serialgps', '3D')
    assert norn.get('/gps/location.json').json()['kismet.common.location.geopoint'] == [21, 10]
    os.close(master)
