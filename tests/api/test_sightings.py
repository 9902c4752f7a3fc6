"""Sightings: what a log says of each device, datasource and minute, against what tshark counts; and what norn-log, events
and metrics make of them."""
import collections
import csv
import io
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess

import pytest

from conftest import LOGIN, wait_until
from frames import AP, Capture, STATION
from sockets import connect
from test_streams import tshark

TOOL = pathlib.Path(os.environ['NORN']).absolute().parent / 'tools' / 'norn-log'
BOARD = 'httpd_username=kismet\nhttpd_password=secret\n'
LOGGED = BOARD + 'log_types=kismet\n'
FIELDS = ['frame.time_epoch', 'frame.len', 'radiotap.length', 'wlan.fc.type', 'wlan.fc.subtype', 'wlan.fc.ds', 'wlan.fc.retry',
          'wlan.bssid', 'wlan.sa', 'wlan.da', 'wlan.ta', 'wlan.ra']
MANAGEMENT, DATA = '0', '2'
NULLS, RESERVED = ('4', '12'), {MANAGEMENT: ('7', '15'), DATA: ('7', '13')}


def single(mac):
    return bool(mac) and not int(mac[:2], 16) & 1 and mac != '00:00:00:00:00:00'


def roles(frame):
    """(address, whether it is named as the network alone): each device that a frame has, in the order of the phy."""
    named = [('ta', False), ('ra', False)] if (frame['wlan.fc.type'], frame['wlan.fc.ds']) == (DATA, '0x03') else [
        ('bssid', frame['wlan.bssid'] != frame['wlan.sa'])]
    found = {}
    for role, only in [*named, ('sa', False), ('da', False)]:
        mac = frame[f'wlan.{role}']
        if single(mac):
            found.setdefault(mac, only)
    return found.items()


def witnessed(path, seconds=60):
    """By minute and address what tshark counts: frames, sent ones, octets, retries."""
    known, rows = set(), collections.defaultdict(lambda: [0, 0, 0, 0])
    for values in tshark(path, *FIELDS):
        frame = dict(zip(FIELDS, values))
        kind = frame['wlan.fc.type']
        if kind not in RESERVED or frame['wlan.fc.subtype'] in RESERVED[kind] or not frame['wlan.ta']:
            continue
        start = int(float(frame['frame.time_epoch'])) // seconds * seconds
        for mac, only in roles(frame):
            if kind == DATA and frame['wlan.fc.subtype'] in NULLS and mac not in known:
                continue
            known.add(mac)
            row = rows[start, mac.upper()]
            if only:
                continue
            row[0] += 1
            row[1] += mac in (frame['wlan.sa'], frame['wlan.ta'])
            row[2] += int(frame['frame.len']) - int(frame['radiotap.length'] or 0)
            row[3] += frame['wlan.fc.retry'] in ('1', 'True')
    return dict(rows)


def the_log(norn):
    return next(norn.home.glob('*.kismet'))


def rows_of(path, sql):
    db = sqlite3.connect(path)
    found = db.execute(sql).fetchall()
    db.close()
    return found


def logged(path):
    return {(start, mac): list(rest) for start, mac, *rest in rows_of(
        path, 'SELECT start, devmac, sum(frames), sum(sent), sum(octets), sum(retries) FROM norn_sightings '
              'GROUP BY start, devmac')}


def busy(minutes=5):
    """Some minutes of two networks' life, each second some frames."""
    c = Capture().tune(2437)
    c.time = 1700000000.25
    for i in range(minutes * 60):
        c.beacon(more=b'\xdd\4' + i.to_bytes(4, 'big'), step=0.1)
        c.probe(b'p%d' % i, step=0.1)
        if i % 3 == 0:
            c.add(c.header(2, 0, 1 | (8 if i % 2 else 0), AP, STATION, '00:0e:00:00:00:09') + b'\xaa' * (20 + i % 50), step=0.1)
        if 60 < i < 100:
            c.probe(b'q%d' % i, source='02:0e:00:00:01:%02x' % i, step=0.1)
        c.time = 1700000000.25 + i + 1
    return c


def run(start, capture, config=LOGGED, *more):
    norn = start('-c', str(capture), *more, config=config)
    norn.wait_done()
    return norn


def test_a_log_says_what_tshark_counts(start, tmp_path):
    for name, path in (('sample', os.environ['SAMPLE']), ('busy', busy().write(tmp_path / 'busy.pcap'))):
        norn = run(start, path)
        assert norn.stop() == 0
        mine, theirs = logged(the_log(norn)), witnessed(path)
        assert mine == theirs, name
        if name == 'busy':
            assert len({start for start, _ in mine}) == 6 and len(mine) > 50


def test_sums_are_the_devices(start, tmp_path):
    """Over all its sightings `frames` less `duplicates` of a device are its packets, and `sent` those that it sent."""
    c = busy(2)
    for frame in c.frames[:50]:
        c.add(frame[1])
    path = c.write(tmp_path / 'a.pcap')
    norn = run(start, f'{path}:uuid=11111111-2222-3333-4444-555555555555', LOGGED,
               '-c', f'{path}:uuid=11111111-2222-3333-4444-666666666666')
    devices = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    assert norn.stop() == 0
    sums = dict(rows_of(the_log(norn), 'SELECT devmac, sum(frames - duplicates) FROM norn_sightings GROUP BY devmac'))
    assert sums == {d['kismet.device.base.macaddr']: d['kismet.device.base.packets.total'] for d in devices}
    sources = rows_of(the_log(norn), 'SELECT count(DISTINCT datasource), count(*) FROM norn_sightings')
    assert sources[0][0] == 2
    mixed, = rows_of(the_log(norn), 'SELECT count(*) FROM norn_sightings s LEFT JOIN devices d USING (phyname, devmac) '
                     'WHERE d.devkey IS NULL')
    assert mixed == (0,)


def test_the_minute_is_an_option(start, tmp_path):
    path = busy(2).write(tmp_path / 'a.pcap')
    norn = run(start, path, LOGGED + 'norn_sighting_seconds=10\n')
    assert norn.stop() == 0
    assert logged(the_log(norn)) == witnessed(path, 10)
    assert rows_of(the_log(norn), 'SELECT DISTINCT seconds FROM norn_sightings') == [(10,)]


def test_signal_network_and_position(start, tmp_path):
    c = Capture()
    for dbm in (-70, -50, -60):
        c.tune(2437, dbm).probe(b'x%d' % dbm, step=1)
    c.add(c.header(2, 0, 1, AP, STATION, '00:0e:00:00:00:09') + b'\xaa' * 20)
    norn = run(start, c.write(tmp_path / 'a.pcap'), LOGGED + 'gps=virtual:lat=10.5,lon=20.25,alt=7\n')
    assert norn.stop() == 0
    row, = rows_of(the_log(norn), 'SELECT bssid, frequency, signal_type, signal_min, signal_max, signal_mean, lat, lon, alerts '
                   f"FROM norn_sightings WHERE devmac = '{STATION.upper()}'")
    assert row == (AP.upper(), 2437000, 'dbm', -70, -50, -60, 10.5, 20.25, 0)


def test_what_is_left_out(start, tmp_path):
    path = busy(1).write(tmp_path / 'a.pcap')
    norn = run(start, path, LOGGED + f'kis_log_device_filter=IEEE802.11,{STATION},block\n')
    assert norn.stop() == 0
    assert {mac for _, mac in logged(the_log(norn))} >= {AP.upper()}
    assert STATION.upper() not in {mac for _, mac in logged(the_log(norn))}
    norn = run(start, path, LOGGED + 'norn_log_sightings=false\n')
    assert norn.stop() == 0
    assert logged(the_log(norn)) == {}


def test_old_ones_are_deleted(start, tmp_path):
    norn = run(start, busy(1).write(tmp_path / 'a.pcap'), LOGGED + 'norn_log_sighting_timeout=1\n')
    wait_until(lambda: (m := metrics(norn))['norn_sightings_total'] > 0 and m['norn_sightings_open'] == 0)
    written = "SELECT value FROM norn_state WHERE name = 'written'"
    for _ in range(2):  # whatever was being written is there, and what was there was looked at
        before = wait_until(lambda: rows_of(the_log(norn), written))
        wait_until(lambda before=before: rows_of(the_log(norn), written) > before)
    assert norn.stop() == 0
    assert logged(the_log(norn)) == {}


def metrics(norn):
    text = norn.get('/metrics', auth=LOGIN).text
    return {name: int(n) for name, n in re.findall(r'^(norn_sightings\w*) (\d+)$', text, re.M)}


def test_metrics_and_memory(start, tmp_path):
    norn = run(start, busy(3).write(tmp_path / 'a.pcap'), BOARD)
    found = wait_until(lambda: (m := metrics(norn))['norn_sightings_open'] == 0 and m)
    assert found['norn_sightings_total'] == found['norn_sightings_kept'] == len(witnessed(tmp_path / 'a.pcap'))
    assert 0 < found['norn_sightings_bytes'] < 67108864 and found['norn_sightings_dropped_total'] == 0
    c = Capture()
    c.each(range(3000), lambda c, i: c.probe(b'x', source='02:0e:00:01:%02x:%02x' % (i >> 8, i & 255), step=0.001))
    norn = run(start, c.write(tmp_path / 'b.pcap'), BOARD + 'norn_sighting_bytes=131072\n')
    found = wait_until(lambda: (m := metrics(norn))['norn_sightings_total'] == 3000 and m)
    assert found['norn_sightings_bytes'] <= 131072
    assert found['norn_sightings_dropped_total'] == 3000 - found['norn_sightings_kept'] > 0


def test_events(start, tmp_path):
    path = busy(3).write(tmp_path / 'a.pcap')
    norn = start(config=BOARD)
    events = connect(norn, '/eventbus/events.ws')
    events.send('{"SUBSCRIBE": "SIGHTING"}')
    events.send('{"SUBSCRIBE": "TIMESTAMP"}')
    assert 'TIMESTAMP' in events.recv()  # what was asked before holds
    reply = norn.post('/datasource/add_source.cmd', {'definition': str(path)}, auth=LOGIN)
    assert reply.status_code == 200
    theirs, mine = witnessed(path), {}
    while len(mine) < len(theirs):
        got = json.loads(events.recv()).get('SIGHTING')
        if got:
            mine[got['norn.sighting.start'], got['norn.sighting.macaddr']] = [
                got[f'norn.sighting.{n}'] for n in ('frames', 'sent', 'octets', 'retries')]
            assert got['norn.sighting.phyname'] == 'IEEE802.11' and got['norn.sighting.number'] > 0
    assert mine == theirs
    events.close()


def test_goes_on_after_a_kill(start, tmp_path):
    """What was in the log stays, and a run that goes on in the same file adds to it."""
    norn = run(start, busy(3).write(tmp_path / 'a.pcap'))
    theirs = witnessed(tmp_path / 'a.pcap')
    wait_until(lambda: logged(the_log(norn)) == theirs)
    log = the_log(norn)
    norn.process.send_signal(signal.SIGKILL)
    norn.process.wait()
    norn.stop = lambda: 0
    assert logged(log) == theirs
    c = busy(2)
    for i, (time, frame) in enumerate(c.frames):
        c.frames[i] = (time + 3600, frame)
    again = start('--resume', str(log), '-c', str(c.write(tmp_path / 'b.pcap')), config=LOGGED + 'norn_resume_log=same\n')
    again.wait_done()
    assert again.stop() == 0
    assert logged(log) == {**theirs, **witnessed(tmp_path / 'b.pcap')}
    rows, last = rows_of(log, 'SELECT (SELECT max(rowid) FROM norn_sightings), (SELECT max(last_row) FROM norn_sighting_blocks)')[0]
    assert rows == last
    keys, = rows_of(log, "SELECT count(DISTINCT block) FROM norn_sighting_block_keys WHERE key = "
                    f"{int(AP.replace(':', ''), 16)}")
    blocks, = rows_of(log, 'SELECT count(*) FROM norn_sighting_blocks')
    assert keys == blocks


def test_rotation_loses_none(start, tmp_path):
    """Each is in one file of a log that is rotated while they come."""
    path = busy(10).write(tmp_path / 'a.pcap')
    norn = start('-c', f'{path}:pps=400', config=LOGGED + 'kis_log_rotate_mb=1\nkis_log_beacons=all\n')
    norn.wait_done()
    assert norn.stop() == 0
    files = sorted(norn.home.glob('*.kismet'))
    whole = collections.Counter()
    for file in files:
        for key, counts in logged(file).items():
            whole[key] += counts[0]
    assert +whole == +collections.Counter({key: counts[0] for key, counts in witnessed(path).items()})


def tool(*arguments, status=0):
    done = subprocess.run([TOOL, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stderr


@pytest.fixture
def log(start, tmp_path):
    norn = run(start, busy(2).write(tmp_path / 'a.pcap'))
    assert norn.stop() == 0
    return the_log(norn)


def test_norn_log_exports(log, tmp_path):
    table = list(csv.DictReader(io.StringIO(tool('sightings', log))))
    records = [json.loads(line) for line in tool('sightings', log, '--json').splitlines()]
    theirs = witnessed(tmp_path / 'a.pcap')
    assert {(int(r['start']), r['mac']): [int(r[n]) for n in ('frames', 'sent', 'octets', 'retries')] for r in table} == theirs
    assert {(r['norn.sighting.start'], r['norn.sighting.macaddr']): [
        r[f'norn.sighting.{n}'] for n in ('frames', 'sent', 'octets', 'retries')] for r in records} == theirs
    keys = {key for key, in rows_of(log, 'SELECT devkey FROM devices')}
    assert {r['norn.sighting.key'] for r in records} == keys
    assert json.loads(tool('stats', log, '--json'))['norn_sightings'] == len(theirs)


def test_norn_log_by_time_and_device(start, tmp_path):
    """By the index of a log with some runs of rows, and without one."""
    path = busy(8).write(tmp_path / 'a.pcap')
    norn = run(start, path, LOGGED + 'norn_sighting_seconds=1\n')
    assert norn.stop() == 0
    theirs, log = witnessed(path, 1), the_log(norn)
    assert rows_of(log, 'SELECT count(*) FROM norn_sighting_blocks')[0][0] == 1
    db = sqlite3.connect(log)  # as if there were more of them, and some rows in none
    db.execute('DELETE FROM norn_sighting_blocks')
    db.execute('DELETE FROM norn_sighting_block_keys')
    for i in range(5):
        first, last = i * 200 + 1, i * 200 + 200
        db.execute('INSERT INTO norn_sighting_blocks SELECT ?, ?, ?, min(start) * 1000000, max(start) * 1000000 '
                   'FROM norn_sightings WHERE rowid BETWEEN ? AND ?', (i, first, last, first, last))
        for mac, in db.execute('SELECT DISTINCT devmac FROM norn_sightings WHERE rowid BETWEEN ? AND ?', (first, last)):
            db.execute('INSERT INTO norn_sighting_block_keys VALUES (?, ?)', (int(mac.replace(':', ''), 16), i))
    db.commit()
    db.close()
    tool('merge', log, '--out', tmp_path / 'none')
    key = dict(rows_of(log, 'SELECT devmac, devkey FROM devices'))
    begin = 1700000000
    spans = [(0, 0), (begin + 100, 0), (0, begin + 70), (begin + 100, begin + 101), (begin + 90, begin + 200), (begin + 9999, 0)]
    for file in (log, tmp_path / 'none'):
        for first, last in spans:
            for mac in (None, STATION.upper(), AP.upper(), '02:0E:00:00:01:40'):
                options = [*(['--from', first] if first else []), *(['--to', last] if last else []),
                           *(['--device', key[mac]] if mac else [])]
                rows = list(csv.DictReader(io.StringIO(tool('sightings', file, *map(str, options)))))
                assert sorted((int(r['start']), r['mac']) for r in rows) == sorted(
                    (s, m) for s, m in theirs if s + 1 > first and (not last or s < last) and (not mac or m == mac)), options
    for bad in (['--from', 'x'], ['--to', ''], ['--device', 'nonsense']):
        assert 'is not a valid' in tool('sightings', log, *bad, status=2)


def test_norn_log_copies(log, tmp_path):
    before = logged(log)
    for command in ('strip', 'repair', 'merge'):
        tool(command, log, '--out', tmp_path / command)
        assert logged(tmp_path / command) == before, command
        assert tool('check', tmp_path / command).endswith('whole\n')
    tool('merge', log, tmp_path / 'strip', '--out', tmp_path / 'both')
    assert {k: [2 * n for n in v] for k, v in before.items()} == logged(tmp_path / 'both')
    tool('index', tmp_path / 'both')
    plan = rows_of(tmp_path / 'both', f"EXPLAIN QUERY PLAN SELECT * FROM norn_sightings WHERE devmac = '{AP}' AND start > 5")
    assert 'norn_sightings_device' in plan[0][3]


def test_norn_log_of_others(log, tmp_path):
    """A log without sightings, and one with rows that are none."""
    db = sqlite3.connect(log)
    db.execute(f"UPDATE norn_sightings SET devmac = 'x', phyname = '=1+1' WHERE devmac = '{STATION.upper()}'")
    db.commit()
    db.close()
    assert 'rows that are no sightings' in tool('sightings', log, status=1)
    db = sqlite3.connect(log)
    db.execute('DROP TABLE norn_sightings')
    db.commit()
    db.close()
    assert tool('sightings', log).count('\n') == 1
    assert json.loads(tool('stats', log, '--json'))['norn_sightings'] == 0
    tool('merge', log, '--out', tmp_path / 'm')
    assert rows_of(tmp_path / 'm', 'SELECT count(*) FROM norn_sightings') == [(0,)]
