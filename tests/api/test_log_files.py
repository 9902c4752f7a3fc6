"""Files of logs: they make way for the next without a lost packet, and survive what happens to their disk."""
import os
import pathlib
import sqlite3
import subprocess
import time

import pytest

from conftest import LOGIN
from frames import Capture
from test_logs import CONFIG
from test_streams import tshark

NUMBERED = 20000


def numbered(path, n=NUMBERED):
    """Probes that carry a number each, in all their octets' place."""
    c = Capture()
    for i in range(n):
        c.probe(b'%06d' % i + b'x' * 20, source='02:00:00:00:00:%02x' % (i % 256), step=0.001)
    return c.write(path)


def wait(what, seconds=20):
    for _ in range(int(seconds / 0.1)):
        if what():
            return
        time.sleep(0.1)
    raise AssertionError('it does not happen')


def folder_of(tmp_path):
    folder = tmp_path / 'logs'
    folder.mkdir()
    return folder


def ids(path):
    db = sqlite3.connect(path)
    assert db.execute('PRAGMA integrity_check').fetchone() == ('ok',)
    return [r[0] for r in db.execute('SELECT packetid FROM packets ORDER BY rowid')]


def test_rotation_loses_no_packet(start, tmp_path):
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap")}:pps=5000', config=CONFIG + 'log_types=kismet,pcapng\n'
                 f'kis_log_rotate_mb=1\nlog_prefix={folder}\n')
    norn.wait_done()
    wait(lambda: all(a['norn.logfile.packets'] == NUMBERED
                     for a in norn.get('/logging/active.json', auth=LOGIN).json()))
    active = {a['kismet.log.type_driver']['kismet.logfile.type.class']: a
              for a in norn.get('/logging/active.json', auth=LOGIN).json()}
    assert all(a['norn.logfile.lost'] == 0 for a in active.values())
    assert norn.stop() == 0
    files = sorted(folder.glob('*.kismet'), key=lambda f: ids(f)[:1])
    assert len(files) >= active['kismet']['norn.logfile.files'] >= 3  # one more may begin before the stop
    assert [i for f in files for i in ids(f)] == list(range(1, NUMBERED + 1))
    captures = sorted(folder.glob('*.pcapng'), key=lambda f: f.stat().st_mtime)
    assert len(captures) >= 2
    assert sum(len(tshark(f, 'wlan.ta')) for f in captures) == NUMBERED


def test_budget(start, tmp_path):
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap")}:pps=5000', config=CONFIG + 'log_types=pcapng\n'
                 f'pcapng_log_max_mb=1\nkis_log_keep=2\nlog_prefix={folder}\nlog_template=%p/%n.%l\n')
    norn.wait_done()
    wait(lambda: norn.get('/logging/active.json', auth=LOGIN).json()[0]['norn.logfile.files'] >= 2)
    assert norn.stop() == 0
    assert 1 <= len(list(folder.iterdir())) <= 2


def test_a_removed_file(start, tmp_path):
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap")}:pps=1000',
                 config=CONFIG + f'log_types=kismet\nlog_prefix={folder}\n')
    wait(lambda: list(folder.glob('*.kismet')))
    for f in folder.iterdir():
        f.unlink()
    wait(lambda: list(folder.glob('*.kismet')))
    alerts = norn.get('/alerts/all_alerts.json').json()
    assert any(a['kismet.alert.header'] == 'LOGFAILED' and 'removed' in a['kismet.alert.text'] for a in alerts)
    wait(lambda: 'Logging goes on in' in norn.text())
    time.sleep(1)
    assert norn.stop() == 0
    assert ids(next(folder.glob('*.kismet')))


def test_a_full_disk(start, tmp_path, monkeypatch):
    """The disk is a tmpfs of a namespace of our own."""
    folder = folder_of(tmp_path)
    script = tmp_path / 'norn'
    script.write_text(f'#!/bin/sh\nexec unshare -rm sh -c \'mount -t tmpfs -o size=20m none {folder} && '
                      f'exec "$0" "$@"\' {os.environ["NORN"]} "$@"\n')
    script.chmod(0o755)
    if subprocess.run(['unshare', '-rm', 'true'], check=False, timeout=10).returncode != 0:
        pytest.skip('namespaces are not allowed here')
    monkeypatch.setenv('NORN', str(script))
    norn = start('-c', f'{numbered(tmp_path / "n.pcap")}:pps=700',
                 config=CONFIG + f'log_types=kismet,pcapng\nlog_prefix={folder}\n')
    inside = pathlib.Path(f'/proc/{norn.process.pid}/root{folder}')
    wait(lambda: len(list(inside.iterdir())) >= 2)
    time.sleep(2)
    with pytest.raises(OSError):
        with open(inside / 'filler', 'wb', buffering=0) as f:
            while True:
                f.write(bytes(65536))
    wait(lambda: norn.text().count('is given up') == 2)
    assert norn.get('/system/status.json').status_code == 200
    alerts = norn.get('/alerts/all_alerts.json').json()
    assert any(a['kismet.alert.header'] == 'LOGFAILED' for a in alerts)
    (inside / 'filler').unlink()
    wait(lambda: norn.text().count('Logging goes on in') == 2)
    wait(lambda: all(a['norn.logfile.lost'] > 0 for a in norn.get('/logging/active.json', auth=LOGIN).json()))
    time.sleep(1)
    for f in inside.glob('*.kismet'):
        (tmp_path / f.name).write_bytes(f.read_bytes())
        if (inside / (f.name + '-wal')).exists():
            (tmp_path / (f.name + '-wal')).write_bytes((inside / (f.name + '-wal')).read_bytes())
        assert ids(tmp_path / f.name)
    for f in inside.glob('*.pcapng'):
        assert subprocess.run(['capinfos', f], stdout=subprocess.DEVNULL, check=False, timeout=30).returncode == 0


def test_evicted_devices_are_written_as_they_go(start, tmp_path):
    folder = folder_of(tmp_path)
    c = Capture()
    for i in range(6000):
        c.probe(source='00:11:22:33:%02x:%02x' % (i // 256, i % 256), step=0.001)
    norn = start('-c', f'{c.write(tmp_path / "c.pcap")}:pps=4000', config=CONFIG +
                 f'log_types=kismet\nlog_prefix={folder}\ntracker_max_devices=500\n')
    norn.wait_done()
    time.sleep(2)
    assert int(norn.get('/system/status.json').json()['kismet.system.devices.count']) < 1000
    assert norn.stop() == 0
    db = sqlite3.connect(next(folder.iterdir()))
    assert db.execute("SELECT count(*) FROM devices WHERE devmac LIKE '00:11:22:33:%'").fetchone()[0] == 6000


def test_places_and_radio_headers(start, tmp_path):
    """pcapppi as tshark reads it, wiglecsv as WigleWifi-1.6."""
    folder = folder_of(tmp_path)
    c = Capture()
    for _ in range(100):
        c.beacon(b'a,b', step=0.1)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=CONFIG + f'log_types=pcapppi,wiglecsv\n'
                 f'log_prefix={folder}\ngps=virtual:lat=10.5,lon=-20.25,alt=7\nwigle_log_throttle=2\n')
    norn.wait_done()
    assert norn.stop() == 0
    ppi, = folder.glob('*.pcapppi')
    rows = tshark(ppi, 'wlan.ta', 'ppi_gps.lat', 'ppi_gps.lon', 'ppi_gps.alt')
    assert len(rows) == 100
    assert [round(float(x), 4) for x in rows[0][1:]] == [10.5, -20.25, 7.0]
    wigle, = folder.glob('*.wiglecsv')
    lines = wigle.read_text().splitlines()
    assert lines[0].startswith('WigleWifi-1.6,') and lines[1].startswith('MAC,SSID,AuthMode,FirstSeen,Channel,Frequency,RSSI')
    assert len(lines) == 2 + 5, (lines, norn.text())
    assert '"a,b"' in lines[2] and ',10.500000,-20.250000,7.000000,' in lines[2] and lines[2].endswith(',WIFI')
def test_every_class_starts_and_stops_while_it_runs(start, tmp_path):
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap", 3000)}:pps=1000', config=CONFIG + f'log_prefix={folder}\n')
    classes = [d['kismet.logfile.type.class'] for d in norn.get('/logging/drivers.json').json()]
    assert sorted(classes) == ['kismet', 'pcapng', 'pcapppi', 'wiglecsv']
    logs = [norn.post(f'/logging/by-class/{c}/start.cmd', {'title': 'Mine'}, auth=LOGIN).json() for c in classes]
    assert len(norn.get('/logging/active.json', auth=LOGIN).json()) == 4
    time.sleep(1)
    for log in logs:
        assert pathlib.Path(log['kismet.logfile.path']).name.startswith('Mine-')
        assert norn.post(f'/logging/by-uuid/{log["kismet.logfile.uuid"]}/stop.cmd', auth=LOGIN).status_code == 200
    assert norn.get('/logging/active.json', auth=LOGIN).json() == []
    assert ids(next(folder.glob('*.kismet')))
    assert tshark(next(folder.glob('*.pcapng')), 'wlan.ta') and tshark(next(folder.glob('*.pcapppi')), 'wlan.ta')
