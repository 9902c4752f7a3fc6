"""Logs: what sqlite3 and Wireshark's tools find in them, and packets of the past over REST."""
import json
import os
import sqlite3
import subprocess
import time

import pytest

from conftest import LOGIN, wait_until
from frames import AP, Capture, STATION
from pcapng import packets, transmitter
from test_streams import tshark

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\nkis_log_device_rate=1\nkis_log_datasource_rate=1\n'


def capture(tmp_path, n=500):
    c = Capture()
    for i in range(n):
        c.beacon(step=0.5, more=b'\xdd\4' + i.to_bytes(4, 'big')).probe(b'p%d' % i, step=0.5)
    return c.write(tmp_path / 'c.pcap')


UUID = '11111111-2222-3333-4444-555555555555'


@pytest.fixture
def logged(start, tmp_path):
    folder = tmp_path / 'logs'
    folder.mkdir()
    norn = start('-c', f'{capture(tmp_path)}:name=air,uuid={UUID}', config=CONFIG + 'log_types=kismet,pcapng\n'
                 f'log_prefix={folder}\ngps=virtual:lat=10.5,lon=20.25,alt=7\n')
    norn.wait_done()
    wait_until(lambda: all(a['norn.logfile.packets'] == 1000 for a in norn.get('/logging/active.json', auth=LOGIN).json()))
    norn.folder = folder
    return norn


def query(norn, parameters=None, filters=None):
    """(transmitter, time) of the packets."""
    path = '/logging/kismetdb/pcap/x.pcapng'
    if filters is None:
        reply = norn.get(path, params=parameters, auth=LOGIN)
    else:
        reply = norn.post(path, {'filter': filters}, auth=LOGIN)
    assert reply.status_code == 200, reply.text
    return [(transmitter(p), p.time) for p in packets(reply.content)]


def test_packets_of_the_past(logged, tmp_path):
    norn = logged
    assert norn.get('/logging/kismetdb/pcap/x.pcapng').status_code == 401
    wait_until(lambda: len(query(norn)) == 1000)
    assert {r[0] for r in query(norn, {'address_source': AP})} == {AP}
    assert len(query(norn, {'address_source': AP, 'limit': 7})) == 7
    some = query(norn, {'timestamp_start': 1700000010.25, 'timestamp_end': 1700000012})
    assert [r[1] for r in some] == [1700000010.5, 1700000011, 1700000011.5, 1700000012]
    assert len(query(norn, filters={'timestamp_start': 1700000499.5})) == 1
    key = [json.loads(x) for x in norn.get('/devices/all_devices.ekjson').text.splitlines()]
    station = [d['kismet.device.base.key'] for d in key if d['kismet.device.base.macaddr'] == STATION.upper()][0]
    assert {r[0] for r in query(norn, {'device_id': station})} == {STATION}
    assert len(query(norn, {'datasource': UUID, 'dlt': 105})) == 1000
    assert len(query(norn, {'dlt': 127})) == 0
    assert len(query(norn, filters={'location_lat_min': 10, 'location_lat_max': 11,
                                    'location_lon_min': 20, 'location_lon_max': 21})) == 1000
    assert len(query(norn, {'location_lat_min': 11})) == 0
    assert len(query(norn, {'size_min': 60})) + len(query(norn, {'size_max': 59})) == 1000
    assert len(query(norn, {'unknown': 'x'})) == 1000
    (tmp_path / 'out.pcapng').write_bytes(norn.get('/logging/kismetdb/pcap/x.pcapng', auth=LOGIN).content)
    assert len(tshark(tmp_path / 'out.pcapng', 'wlan.ta')) == 1000
    for bad in ({'timestamp_start': 'x'}, {'address_source': "' OR 1=1"}, {'limit': 'all'}, {'datasource': 'x'},
                {'device_id': "x' --"}, {'signal_min': '1e99x'}):
        assert norn.get('/logging/kismetdb/pcap/x.pcapng', params=bad, auth=LOGIN).status_code == 400, bad
    assert norn.post('/logging/kismetdb/pcap/drop.cmd', {'drop_before': 1700000400}, auth=LOGIN).status_code == 200
    left = [r[1] for r in query(norn)]
    assert left and min(left) >= 1700000401


def test_a_log_waits_for_who_holds_it(logged):
    norn = logged
    db = sqlite3.connect(next(norn.folder.glob('*.kismet')), timeout=5, isolation_level=None)
    db.execute('BEGIN IMMEDIATE')
    assert norn.post('/datasource/add_source.cmd', {'definition': 'nothing.pcap'}, auth=LOGIN).status_code == 500
    time.sleep(2)  # the message of it is due
    db.execute('COMMIT')
    rows = 'SELECT count(*) FROM messages WHERE message LIKE "%nothing.pcap%"'
    wait_until(lambda: db.execute(rows).fetchone()[0])
    db.close()
    assert 'given up' not in norn.text()


def test_kismetdb(logged):
    norn = logged
    active = norn.get('/logging/active.json', auth=LOGIN).json()
    assert {a['kismet.log.type_driver']['kismet.logfile.type.class'] for a in active} == {'kismet', 'pcapng'}
    assert all(a['norn.logfile.packets'] == 1000 and a['norn.logfile.lost'] == 0 for a in active)
    assert norn.stop() == 0
    files = sorted(norn.folder.iterdir())
    assert [f.suffix for f in files] == ['.kismet', '.pcapng'], files
    db = sqlite3.connect(files[0])
    assert db.execute('SELECT db_version, db_module FROM KISMET').fetchall() == [(9, 'kismetlog')]
    assert db.execute('PRAGMA integrity_check').fetchone() == ('ok',)
    rows = db.execute('SELECT sourcemac, transmac, destmac, phyname, dlt, lat, lon, datasource, devkey, '
                      'ts_sec, ts_usec, packet_len, error FROM packets ORDER BY rowid').fetchall()
    assert len(rows) == 1000
    assert rows[0][:7] == (AP.upper(), AP.upper(), 'FF:FF:FF:FF:FF:FF', 'IEEE802.11', 105, 10.5, 20.25)
    assert rows[0][7] == '11111111-2222-3333-4444-555555555555' and rows[1][10] == 500000
    devices = db.execute('SELECT devkey, devmac, type, device FROM devices ORDER BY devmac').fetchall()
    assert [d[1] for d in devices] == [STATION.upper(), AP.upper()]
    assert json.loads(devices[1][3])['kismet.device.base.key'] == devices[1][0] == rows[0][8]
    assert json.loads(devices[1][3])['kismet.device.base.packets.total'] == 500
    assert db.execute('SELECT typestring, name FROM datasources').fetchall() == [('pcapfile', 'air')]
    assert db.execute("SELECT count(*) FROM messages WHERE message LIKE '%is read%'").fetchone()[0] == 1
    assert db.execute("SELECT count(*) FROM snapshots WHERE snaptype = 'GPS'").fetchone()[0] >= 1
    assert db.execute("SELECT count(*) FROM alerts WHERE header = 'GLOBALHTTPDUSER'").fetchone()[0] == 1
    assert len(tshark(files[1], 'wlan.ta')) == 1000
    info = subprocess.run(['capinfos', files[1]], capture_output=True, text=True, timeout=30)
    assert info.returncode == 0


def test_beacons_that_say_nothing_new(start, tmp_path):
    """Of a beacon ten times a second one in ten seconds stays; changed ones stay, and the number of the others is noted."""
    c = Capture()
    for i in range(600):
        c.beacon(step=0.1, more=b'\xdd\4abcd' if i < 300 else b'\xdd\4abce')
    path = c.write(tmp_path / 'b.pcap')
    rows = {}
    for how in 'changed', 'all':
        folder = tmp_path / how
        folder.mkdir()
        norn = start('-c', str(path), config=CONFIG + f'log_types=kismet\nlog_prefix={folder}\nkis_log_beacons={how}\n')
        norn.wait_done()
        assert norn.stop() == 0
        db = sqlite3.connect(next(folder.iterdir()))
        rows[how] = db.execute('SELECT ts_sec, ts_usec, tags FROM packets').fetchall()
        assert db.execute('SELECT count(*), max(last_row), sum(last_row - first_row + 1) FROM norn_blocks').fetchone() \
            == (1, len(rows[how]), len(rows[how]))
    assert len(rows['all']) == 600
    assert len(rows['changed']) == 6
    assert rows['changed'][1][2] in ('DOT11_BEACON_SSID NORN_BEACONS_LEFT_OUT_99', 'DOT11_BEACON_SSID NORN_BEACONS_LEFT_OUT_100')
    assert 29 <= rows['changed'][3][0] - rows['changed'][0][0] <= 30


def test_start_and_stop(start, tmp_path):
    folder = tmp_path / 'logs'
    folder.mkdir()
    norn = start(config=CONFIG + f'log_prefix={folder}\n')
    assert norn.get('/logging/active.json').json() == []
    classes = {d['kismet.logfile.type.class'] for d in norn.get('/logging/drivers.json').json()}
    assert classes >= {'kismet', 'pcapng'}
    assert norn.get('/logging/kismetdb/pcap/x.pcapng', auth=LOGIN).status_code == 404
    start_path = '/logging/by-class/pcapng/start'
    assert norn.get(start_path + '.cmd').status_code == 401
    one = norn.get(start_path + '.cmd', auth=LOGIN).json()
    two = norn.post(start_path + '.json', {'title': 'Other'}, auth=LOGIN).json()
    assert '/Other-' in two['kismet.logfile.path'] and '/Kismet-' in one['kismet.logfile.path']
    assert norn.post(start_path + '.cmd', {'title': '../x'}, auth=LOGIN).status_code == 400
    assert norn.post('/logging/by-class/none/start.cmd', auth=LOGIN).status_code == 404
    assert norn.post('/logging/by-class/kismet/start.cmd', auth=LOGIN).status_code == 200
    assert norn.post('/logging/by-class/kismet/start.cmd', auth=LOGIN).status_code == 500
    uuid = one['kismet.logfile.uuid']
    assert norn.post(f'/logging/by-uuid/{uuid}/stop.cmd').status_code == 401
    assert norn.post(f'/logging/by-uuid/{uuid}/stop.cmd', auth=LOGIN).status_code == 200
    assert norn.post(f'/logging/by-uuid/{uuid}/stop.json', auth=LOGIN).status_code == 404
    assert len(norn.get('/logging/active.json', auth=LOGIN).json()) == 2


def test_a_folder_that_is_not_there_yet(start, tmp_path):
    """It is reported, the server continues, and logs begin when they can."""
    folder = tmp_path / 'later'
    norn = start(config=CONFIG + f'log_types=kismet,pcapng,none\nlog_prefix={folder}\n')
    logs = norn.get('/logging/active.json', auth=LOGIN).json()
    assert [a['kismet.logfile.open'] for a in logs] == [0, 0]
    text = norn.text()
    assert 'log_types=kismet' in text and str(folder) in text and "no log class 'none'" in text
    failed = [a for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json()
              if a['kismet.alert.header'] == 'LOGFAILED']
    assert len(failed) >= 1 and 'tried again' in failed[0]['kismet.alert.text']
    assert norn.post('/logging/by-class/wiglecsv/start.cmd', {}, auth=LOGIN).status_code != 200
    folder.mkdir()
    wait_until(lambda: all(a['kismet.logfile.open'] for a in norn.get('/logging/active.json', auth=LOGIN).json()))
    assert sorted(f.suffix for f in folder.iterdir() if f.suffix in ('.kismet', '.pcapng')) == ['.kismet', '.pcapng']
    assert 'Logging continues in' in norn.text()


def devices_of(norn):
    of = {}
    for line in norn.get('/devices/all_devices.ekjson', auth=LOGIN).text.splitlines():
        d = json.loads(line)
        of[d['kismet.device.base.macaddr']] = {k: d[k] for k in (
            'kismet.device.base.type', 'kismet.device.base.commonname', 'kismet.device.base.packets.total',
            'kismet.device.base.first_time', 'kismet.device.base.last_time', 'kismet.device.base.crypt',
            'kismet.device.base.channel', 'kismet.device.base.frequency')}
        position = d.get('kismet.device.base.location', {}).get('kismet.common.location.avg_loc', {})
        of[d['kismet.device.base.macaddr']]['position'] = position.get('kismet.common.location.geopoint')
    return of


def test_a_log_as_source(start, tmp_path):
    """A replayed log yields the devices of the live run, with their positions."""
    folder = tmp_path / 'logs'
    folder.mkdir()
    first = start('-c', str(capture(tmp_path)), '-c', os.environ['SAMPLE'], config=CONFIG +
                  f'log_types=kismet\nlog_prefix={folder}\nkis_log_beacons=all\ngps=virtual:lat=10.5,lon=20.25,alt=7\n')
    first.wait_done()
    live = devices_of(first)
    assert first.stop() == 0
    log = next(folder.iterdir())
    again = start('-c', str(log))
    source, = again.wait_done()
    assert source['kismet.datasource.type_driver']['kismet.datasource.driver.type'] == 'kismetdb'
    assert devices_of(again) == live and len(live) > 2
    broken = tmp_path / 'broken.kismet'
    broken.write_bytes(log.read_bytes()[:5000])
    other = start('-c', str(broken))
    wait_until(lambda: 'not a readable kismetdb log' in other.text())
