"""norn-log on logs of every version of the format, and the examples of its manual page."""
import csv
import io
import json
import os
import pathlib
import re
import sqlite3
import subprocess

import pytest

from frames import AP, Capture
from pcapng import packets, transmitter
from test_norn_log import TOOL, run
from wigle import wigle_rows

MANUAL = pathlib.Path(__file__).parents[2] / 'doc/man/norn-log.1.rst'
PACKET = ['ts_sec', 'ts_usec', 'phyname', 'sourcemac', 'destmac', 'transmac', 'frequency', 'devkey', 'lat', 'lon']
WHERE, REST = ['alt', 'speed', 'heading'], ['packet_len', 'signal', 'datasource', 'dlt', 'packet', 'error']
LATER = {6: ['tags'], 7: ['tags', 'datarate'], 8: ['tags', 'datarate', 'hash', 'packetid'],
         9: ['tags', 'datarate', 'hash', 'packetid', 'packet_full_len']}
DEVICE = {'kismet.device.base.commonname': 'old', 'kismet.device.base.macaddr': AP.upper(),
          'kismet.device.base.phyname': 'IEEE802.11', 'kismet.device.base.crypt': 'WPA2 WPA2-PSK AES-CCMP',
          'kismet.device.base.packets.total': 3}
TABLES = '''
    CREATE TABLE KISMET (kismet_version TEXT, db_version INT, db_module TEXT);
    CREATE TABLE devices (first_time INT, last_time INT, devkey TEXT, phyname TEXT, devmac TEXT, strongest_signal INT,
        min_lat REAL, min_lon REAL, max_lat REAL, max_lon REAL, avg_lat REAL, avg_lon REAL, bytes_data INT, type TEXT,
        device BLOB, UNIQUE(phyname, devmac) ON CONFLICT REPLACE);
    CREATE TABLE data (ts_sec INT, ts_usec INT, phyname TEXT, devmac TEXT, lat REAL, lon REAL, alt REAL, speed REAL,
        heading REAL, datasource TEXT, type TEXT, json BLOB);
    CREATE TABLE datasources (uuid TEXT, typestring TEXT, definition TEXT, name TEXT, interface TEXT, json BLOB,
        UNIQUE(uuid) ON CONFLICT REPLACE);
    CREATE TABLE alerts (ts_sec INT, ts_usec INT, phyname TEXT, devmac TEXT, lat REAL, lon REAL, header TEXT, json BLOB);
    CREATE TABLE messages (ts_sec INT, lat REAL, lon REAL, msgtype TEXT, message TEXT);
    CREATE TABLE snapshots (ts_sec INT, ts_usec INT, lat REAL, lon REAL, snaptype TEXT, json BLOB);
'''


def make_log(path, version):
    """A small log as Kismet of that version leaves it, with three packets and a device at 10.5, 20.25."""
    lat, lon = (10.5, 20.25) if version >= 5 else (1050000, 2025000)
    columns = PACKET + (WHERE if version >= 5 else []) + REST + LATER.get(version, [])
    c = Capture()
    for _ in range(3):
        c.beacon(b'old')
    db = sqlite3.connect(path)
    tables = TABLES if version >= 5 else TABLES.replace('lat REAL', 'lat INT').replace('lon REAL', 'lon INT')
    db.executescript(f'PRAGMA journal_mode = PERSIST; {tables} CREATE TABLE packets ({", ".join(columns)});')
    db.execute('INSERT INTO KISMET VALUES (?, ?, ?)', ('2020', version, 'kismetlog'))
    for n, (when, frame) in enumerate(c.frames):
        row = {'ts_sec': int(when), 'ts_usec': n, 'phyname': 'IEEE802.11', 'sourcemac': AP.upper(), 'frequency': 2412000,
               'destmac': 'FF:FF:FF:FF:FF:FF', 'transmac': '00:00:00:00:00:00', 'devkey': '0', 'lat': lat, 'lon': lon,
               'alt': 7, 'speed': 0, 'heading': 0, 'packet_len': len(frame), 'signal': -40, 'datasource': 'u-1',
               'dlt': 105, 'packet': frame, 'error': 0, 'tags': 'DOT11_BEACON_SSID', 'datarate': 1, 'hash': -5,
               'packetid': n + 1, 'packet_full_len': len(frame)}
        db.execute(f'INSERT INTO packets VALUES ({",".join("?" * len(columns))})', [row[c] for c in columns])
    db.execute('INSERT INTO devices VALUES (1700000000, 1700000001, ?, ?, ?, -40, ?, ?, ?, ?, ?, ?, 0, ?, ?)',
               ('k', 'IEEE802.11', AP.upper(), lat, lon, lat, lon, lat, lon, 'Wi-Fi AP', json.dumps(DEVICE)))
    db.execute("INSERT INTO datasources VALUES ('u-1', 'linuxwifi', 'wlan0', 'air', 'wlan0', '{}')")
    db.execute("INSERT INTO snapshots VALUES (1700000000, 0, ?, ?, 'GPS', '{}')", (lat, lon))
    db.execute("INSERT INTO messages VALUES (1700000000, ?, ?, 'INFO', 'hello')", (lat, lon))
    db.commit()
    db.close()
    return path


@pytest.fixture(scope='module', params=range(4, 10))
def log(request, tmp_path_factory):
    return make_log(tmp_path_factory.mktemp('version') / f'v{request.param}.kismet', request.param)


def test_packets(log, tmp_path):
    run('pcap', log, '--out', tmp_path / 'o.pcapng')
    found = packets((tmp_path / 'o.pcapng').read_bytes())
    assert [transmitter(p) for p in found] == [AP] * 3 and found[1].time == 1700000000.000001
    assert {p.interface for p in found} == {(105, 'wlan0')}
    assert subprocess.run(['capinfos', tmp_path / 'o.pcapng'], stdout=subprocess.DEVNULL, check=False, timeout=30).returncode == 0
    for bound, many in (('location_lat_min=10', 3), ('location_lat_min=11', 0), ('signal_max=-41', 0), ('size_min=10', 3)):
        run('pcap', log, '--out', tmp_path / 'f.pcapng', '--force', '--filter', bound)
        assert len(packets((tmp_path / 'f.pcapng').read_bytes())) == many, bound


def test_positions(log, tmp_path):
    row, = wigle_rows(run('wigle', log).decode())
    assert (row['MAC'], row['SSID'], row['RSSI'], row['Frequency']) == (AP.upper(), 'old', '-40', '2412')
    assert (float(row['CurrentLatitude']), float(row['CurrentLongitude'])) == (10.5, 20.25)
    assert len(wigle_rows(run('wigle', log, '--rate', '0').decode())) == 3
    for what in ('kml', 'gpx'):
        text = run(what, log, '--out', '-')
        assert b'10.5' in text and b'20.25' in text and b'old' in text
        (tmp_path / what).write_bytes(text)
        subprocess.run(['xmllint', '--noout', tmp_path / what], check=True, timeout=30)


def test_bluetooth(tmp_path):
    """Classic devices come as reports and have no packets, LE ones may have some."""
    path = make_log(tmp_path / 'bt.kismet', 9)
    db = sqlite3.connect(path)
    for phy, mac, kind, lat in (('Bluetooth', '00:00:00:00:00:0B', 'BR/EDR', 3.5), ('BTLE', '00:00:00:00:00:1E', 'BTLE Device', 4.5),
                                ('BTLE', '00:00:00:00:00:1F', 'BTLE Device', 0)):
        device = {'kismet.device.base.commonname': f'my, {kind}', 'kismet.device.base.crypt': ''}
        db.execute('INSERT INTO devices VALUES (1700000000, 1700000001, ?, ?, ?, -60, ?, ?, ?, ?, ?, ?, 0, ?, ?)',
                   ('k' + mac, phy, mac, lat, lat, lat, lat, lat, lat, kind, json.dumps(device)))
    db.execute("INSERT INTO packets SELECT ts_sec, ts_usec, 'BTLE', '00:00:00:00:00:1E', destmac, transmac, 2402000, devkey, "
               'lat, lon, alt, speed, heading, packet_len, -70, datasource, 256, packet, error, tags, datarate, hash, packetid, '
               'packet_full_len FROM packets LIMIT 1')
    db.commit()
    db.close()
    rows = {r['MAC']: r for r in wigle_rows(run('wigle', path).decode())}
    assert {mac: (r['Type'], r['AuthMode'], r['CurrentLatitude'], r['RSSI'], r['SSID']) for mac, r in rows.items()} == {
        AP.upper(): ('WIFI', '[WPA2-PSK-CCMP][ESS]', '10.500000', '-40', 'old'),
        '00:00:00:00:00:0B': ('BT', 'Misc [BT]', '3.500000', '-60', 'my, BR/EDR'),
        '00:00:00:00:00:1E': ('BLE', 'Misc [LE]', '10.500000', '-70', 'my, BTLE Device')}


def test_devices_and_figures(log):
    assert json.loads(run('json', log)) == [DEVICE] and json.loads(run('ekjson', log)) == DEVICE
    row, = csv.DictReader(io.StringIO(run('csv', log).decode()))
    assert (row['mac'], row['name'], float(row['lat'])) == (AP.upper(), 'old', 10.5)
    stats = json.loads(run('stats', log, '--json'))
    assert (stats['packets'], stats['devices'], f'v{stats["version"]}') == (3, 1, log.stem)
    assert run('check', log).strip().endswith(b'whole')


def test_what_is_made_is_of_the_present_version(log, tmp_path):
    other = make_log(tmp_path / 'other.kismet', 9)
    for command, inputs, many in (('strip', [log], 3), ('repair', [log], 3), ('merge', [log, other], 6)):
        out = tmp_path / command
        run(command, *inputs, '--out', out)
        db = sqlite3.connect(out)
        assert db.execute('SELECT db_version FROM KISMET').fetchall() == [(9,)]
        assert db.execute('SELECT count(*), min(lat), max(lon) FROM packets').fetchone() == (many, 10.5, 20.25)
        assert db.execute('SELECT sum(length(packet)) > 0 FROM packets').fetchone()[0] == (command != 'strip')
        assert db.execute('SELECT avg_lat, avg_lon FROM devices').fetchall() == [(10.5, 20.25)]
        assert db.execute("SELECT lat FROM snapshots UNION SELECT lat FROM messages").fetchall() == [(10.5,)]
        db.close()
        run('index', out)
        assert run('check', out).strip().endswith(b'whole')


def test_a_log_that_is_too_old(tmp_path):
    assert 'has version 3 of the format; the oldest that can be read is 4' in run('stats', make_log(tmp_path / 'v3.kismet', 3), status=1)


def test_the_examples_of_the_manual(tmp_path):
    """Every one runs as it stands."""
    examples = re.findall(r'^  (norn-log .*)$', MANUAL.read_text().split('EXAMPLES', 1)[1], re.M)
    assert len(examples) == 14
    for name in ('Kismet-1', 'monday', 'tuesday', 'torn'):
        make_log(tmp_path / f'{name}.kismet', 9)
    environment = {**os.environ, 'PATH': f'{TOOL.parent}:{os.environ["PATH"]}'}
    for example in examples:
        done = subprocess.run(['sh', '-ec', example], cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, (example, done.stderr)
        out = re.search(r'--out (\S+)', example)
        assert not out or (tmp_path / out[1]).stat().st_size > 0 or example.startswith('norn-log wigle')
