"""norn-log: every command on a log of a run, read back by the programs that such files are for."""
import csv
import io
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess

import pytest

from conftest import LOGIN, Norn
from frames import AP, Capture, STATION
from pcapng import packets, transmitter
from test_streams import tshark
from wigle import wigle_rows

TOOL = pathlib.Path(os.environ['NORN']).absolute().parent / 'tools' / 'norn-log'


def run(*arguments, status=0):
    done = subprocess.run([TOOL, *arguments], capture_output=True, timeout=60, check=False)
    assert done.returncode == status, (arguments, done.stderr)
    return done.stdout if status == 0 else done.stderr.decode()


@pytest.fixture(scope='module')
def log(tmp_path_factory):
    folder = tmp_path_factory.mktemp('log')
    c = Capture()
    for i in range(300):
        c.beacon(b'caf<e> & "b", c', step=0.5, more=b'\xdd\4' + i.to_bytes(4, 'big')).probe(b'p%d' % i, step=0.5)
    norn = Norn(folder, '-c', str(c.write(folder / 'c.pcap')), config='httpd_username=kismet\nhttpd_password=secret\n'
                f'log_types=kismet\nlog_prefix={folder}\ngps=virtual:lat=10.5,lon=20.25,alt=7\n')
    norn.wait_done()
    devices = len(norn.get('/devices/all_devices.ekjson', auth=LOGIN).text.splitlines())
    assert norn.stop() == 0
    path = next(folder.glob('*.kismet'))
    return path, devices


def senders(path):
    return [transmitter(p) for p in packets(path.read_bytes())]


def test_pcap(log, tmp_path):
    path, _ = log
    out = tmp_path / 'o.pcapng'
    run('pcap', path, '--out', out)
    assert [r[0] for r in tshark(out, 'wlan.ta')] == senders(out) and len(senders(out)) == 600
    assert 'is there' not in run('pcap', path, '--out', out, status=1)
    run('pcap', path, '--out', out, '--force', '--filter', f'address_source={AP}', '--filter', 'limit=20')
    assert senders(out) == [AP] * 20
    run('pcap', path, '--out', tmp_path / 's.pcapng', '--split-packets', '250')
    parts = sorted(tmp_path.glob('s-*.pcapng'))
    assert [len(senders(p)) for p in parts] == [250, 250, 100]
    run('pcap', path, '--out', tmp_path / 'e.pcapng', '--split-packets', '300')
    assert [len(senders(p)) for p in sorted(tmp_path.glob('e-*.pcapng'))] == [300, 300]
    run('pcap', path, '--out', tmp_path / 'b.pcapng', '--split-size', '20')
    parts = sorted(tmp_path.glob('b-*.pcapng'))
    assert len(parts) > 2 and sum(len(senders(p)) for p in parts) == 600
    assert all(p.stat().st_size < 21000 for p in parts)
    reported = subprocess.run(['capinfos', '-c', '-M', out], capture_output=True, timeout=60, check=True).stdout.decode()
    assert reported.split()[-1] == '20'
    run('pcap', path, '--out', tmp_path / 'u.pcapng', '--split-source')
    part, = tmp_path.glob('u-*.pcapng')
    assert len(senders(part)) == 600
    assert 'no filter' in run('pcap', path, '--filter', 'nothing=1', status=1)


def test_devices(log, tmp_path):
    path, devices = log
    assert len(json.loads(run('json', path))) == devices == 2
    lines = [json.loads(x) for x in run('ekjson', path).splitlines()]
    assert {d['kismet.device.base.macaddr'] for d in lines} == {AP.upper(), STATION.upper()}
    rows = list(csv.DictReader(io.StringIO(run('csv', path).decode())))
    assert {r['mac'] for r in rows} == {AP.upper(), STATION.upper()}
    assert [float(r['lat']) for r in rows] == [10.5, 10.5] and rows[0]['packets'] == '300'
    for what, mark in (('kml', b'<Placemark>'), ('gpx', b'<wpt ')):
        out = tmp_path / what
        run(what, path, '--out', out)
        assert out.read_bytes().count(mark) == 2
        subprocess.run(['xmllint', '--noout', out], check=True, timeout=30)
        assert mark not in run(what, path, '--exclude', '10.5,20.25,100')


def test_wigle(log):
    path, _ = log
    text = run('wigle', path).decode()
    assert text.startswith('WigleWifi-1.6,')
    rows = wigle_rows(text)
    ap = [r for r in rows if r['MAC'] == AP.upper()]
    assert len(rows) == len(ap) == 300 and {r['Type'] for r in rows} == {'WIFI'}
    assert 'b\\", c' in ap[0]['SSID'] or 'b", c' in ap[0]['SSID']
    assert float(ap[0]['CurrentLatitude']) == 10.5 and ap[0]['AuthMode'].endswith('[ESS]')
    assert len(run('wigle', path, '--rate', '60').splitlines()) < 20


def test_whole_logs(log, tmp_path):
    path, _ = log
    stats = json.loads(run('stats', path, '--json'))
    assert (stats['packets'], stats['devices'], stats['version']) == (600, 2, 9)
    assert b'Packets' in run('stats', path)
    assert run('check', path).strip().endswith(b'whole')
    bare, both, mended = tmp_path / 'bare', tmp_path / 'both', tmp_path / 'mended'
    run('strip', path, '--out', bare)
    assert sqlite3.connect(bare).execute('SELECT count(*), sum(length(packet)) FROM packets').fetchone() == (600, 0)
    run('merge', path, path, '--out', both)
    assert json.loads(run('stats', both, '--json'))['packets'] == 1200
    assert json.loads(run('stats', both, '--json'))['devices'] == 2
    run('repair', path, '--out', mended)
    assert json.loads(run('stats', mended, '--json'))['packets'] == 600
    run('index', mended)
    assert run('check', mended).strip().endswith(b'whole')


def old_log(tmp_path):
    """Version 4: positions are whole numbers of a hundred thousandth of a degree, packets have fewer columns."""
    old = tmp_path / 'old.kismet'
    db = sqlite3.connect(old)
    db.executescript('''
        CREATE TABLE KISMET (kismet_version TEXT, db_version INT, db_module TEXT);
        INSERT INTO KISMET VALUES ('2018', 4, 'kismetlog');
        CREATE TABLE devices (first_time INT, last_time INT, devkey TEXT, phyname TEXT, devmac TEXT,
            strongest_signal INT, min_lat INT, min_lon INT, max_lat INT, max_lon INT, avg_lat INT, avg_lon INT,
            bytes_data INT, type TEXT, device BLOB, UNIQUE(phyname, devmac) ON CONFLICT REPLACE);
        INSERT INTO devices VALUES (1, 2, 'k', 'IEEE802.11', '00:11:22:33:44:55', -40, 0, 0, 0, 0, 1050000, 2025000,
            7, 'Wi-Fi AP', '{"kismet.device.base.commonname": "x"}');
        CREATE TABLE packets (ts_sec INT, ts_usec INT, phyname TEXT, sourcemac TEXT, destmac TEXT, transmac TEXT,
            frequency REAL, devkey TEXT, lat INT, lon INT, packet_len INT, signal INT, datasource TEXT, dlt INT,
            packet BLOB, error INT);
        INSERT INTO packets VALUES (1700000000, 5, 'IEEE802.11', '00:11:22:33:44:55', 'FF:FF:FF:FF:FF:FF',
            '00:11:22:33:44:55', 2412000, '0', 1050000, 2025000, 10, -40, 'u', 105, x'd4000000001122334455', 0);
        CREATE TABLE datasources (uuid TEXT, typestring TEXT, definition TEXT, name TEXT, interface TEXT, json BLOB);
        ''')
    db.close()
    return old


def test_an_old_log(tmp_path):
    old = old_log(tmp_path)
    for what in ('kml', 'gpx', 'csv', 'wigle'):
        assert b'10.500000' in run(what, old), what
    assert len(packets_of(old, tmp_path)) == 1
    for bound, many in ((10, 1), (11, 0)):
        position = ('--force', '--filter', f'location_lat_min={bound}')
        assert len(packets_of(old, tmp_path, *position)) == many
    assert json.loads(run('stats', old, '--json'))['packets'] == 1


def test_old_and_new_as_one(log, tmp_path):
    path, _ = log
    old, both, bare = old_log(tmp_path), tmp_path / 'both', tmp_path / 'bare'
    run('merge', old, path, '--out', both)
    db = sqlite3.connect(both)
    assert db.execute('SELECT db_version FROM KISMET').fetchall() == [(9,)]
    assert db.execute('SELECT min(lat), max(lat), count(*), count(packetid) FROM packets').fetchone() == (10.5, 10.5, 601, 600)
    layout = 'SELECT name, sql FROM sqlite_master WHERE type = "table" AND name NOT LIKE "norn%" ORDER BY name'
    assert db.execute(layout).fetchall() == sqlite3.connect(path).execute(layout).fetchall()
    run('strip', old, '--out', bare)
    assert sqlite3.connect(bare).execute('SELECT avg_lat, avg_lon FROM devices').fetchone() == (10.5, 20.25)


def test_what_is_read_is_not_overwritten(log, tmp_path):
    path, _ = log
    link = tmp_path / 'link'
    link.symlink_to(path)
    assert 'is the log that is read' in run('strip', path, '--out', link, '--force', status=1)
    assert json.loads(run('stats', path, '--json'))['packets'] == 600


def test_a_damaged_log(log, tmp_path):
    """A page of packets in the middle is overwritten: readers report it, and repair saves the rest."""
    path, _ = log
    hurt, mended = tmp_path / 'hurt', tmp_path / 'mended'
    shutil.copy(path, hurt)
    db = sqlite3.connect(hurt)
    page = db.execute('PRAGMA page_size').fetchone()[0]
    leaves = [r[0] for r in db.execute("SELECT pageno FROM dbstat WHERE name = 'packets' AND pagetype = 'leaf' ORDER BY path")] \
        if any('DBSTAT' in r[0] for r in db.execute('PRAGMA compile_options')) else []
    db.close()
    if not leaves:
        pytest.skip('this sqlite does not say where pages are')
    with hurt.open('r+b') as f:
        f.seek((leaves[len(leaves) // 2] - 1) * page)
        f.write(b'\xff' * page)
    assert 'cannot be read to its end' in run('pcap', hurt, '--out', tmp_path / 'o.pcapng', status=1)
    assert b'whole' not in subprocess.run([TOOL, 'check', hurt], capture_output=True, timeout=60, check=False).stdout
    run('repair', hurt, '--out', mended)
    left = json.loads(run('stats', mended, '--json'))
    assert 550 < left['packets'] < 600 and left['devices'] == 2
    assert run('check', mended).strip().endswith(b'whole')


@pytest.mark.parametrize('part', [0.2, 0.5, 0.95])
def test_a_cut_log(log, tmp_path, part):
    """A copy that ended early, or whose first page was newer than its end: repair saves what is there."""
    path, _ = log
    cut, mended = tmp_path / 'cut', tmp_path / 'mended'
    whole = path.read_bytes()
    cut.write_bytes(whole[:int(len(whole) * part)])
    assert 'damaged; `norn-log repair` saves' in run('check', cut, status=1)
    run('repair', cut, '--out', mended)
    assert 0 < json.loads(run('stats', mended, '--json'))['packets'] <= 600
    assert run('check', mended).strip().endswith(b'whole')


def test_an_untrusted_schema(log, tmp_path):
    """SQL that stands in the schema of a log is not run."""
    path, _ = log
    odd, out, loot = tmp_path / 'odd', tmp_path / 'out', tmp_path / 'loot'
    shutil.copy(path, odd)
    db = sqlite3.connect(odd)
    db.execute('PRAGMA writable_schema = ON')
    db.execute("UPDATE sqlite_master SET sql = sql || ?  WHERE name = 'messages'",
               (f"; ATTACH '{loot}' AS x; CREATE TABLE x.y (z);",))
    db.commit()
    db.close()
    subprocess.run([TOOL, 'strip', odd, '--out', out], capture_output=True, timeout=60, check=False)
    assert not loot.exists()


def test_faults(tmp_path):
    (tmp_path / 'o.pcapng').write_bytes(b'no database ' * 100)
    assert 'not a kismetdb log' in run('stats', tmp_path / 'o.pcapng', status=1)
    assert 'cannot be read' in run('stats', tmp_path / 'none', status=1)


def packets_of(path, tmp_path, *more):
    run('pcap', path, '--out', tmp_path / 'o.pcapng', *more)
    return packets((tmp_path / 'o.pcapng').read_bytes())


def test_records_that_are_no_json(log, tmp_path):
    """One spoiled record is reported and left out; the others are there."""
    path, _ = log
    odd = tmp_path / 'odd'
    shutil.copy(path, odd)
    db = sqlite3.connect(odd)
    db.execute("INSERT INTO devices (phyname, devmac, avg_lat, avg_lon, type, device) VALUES ('x', ?, 1, 1, ?, ?)",
               ('<\x01"\ufffe', 'a,"b', '{"cut": '))
    db.execute("UPDATE devices SET device = replace(device, '{', '{' || char(10)) WHERE devmac = ?", (AP.upper(),))
    db.commit()
    db.close()
    for what in ('json', 'ekjson'):
        done = subprocess.run([TOOL, what, odd], capture_output=True, timeout=60, check=False)
        assert done.returncode == 1 and b'cannot be read' in done.stderr
        rows = json.loads(done.stdout) if what == 'json' else [json.loads(x) for x in done.stdout.splitlines()]
        assert len(rows) == 2
    rows = list(csv.DictReader(io.StringIO(run('csv', odd).decode())))
    assert len(rows) == 3 and 'a,"b' in {r['type'] for r in rows}
    for what in ('kml', 'gpx'):
        (tmp_path / what).write_bytes(run(what, odd))
        subprocess.run(['xmllint', '--noout', tmp_path / what], check=True, timeout=30)
    bare = sqlite3.connect(tmp_path / 'bare')
    bare.executescript(f"ATTACH '{odd}' AS o; CREATE TABLE KISMET AS SELECT * FROM o.KISMET;"
                       'CREATE TABLE devices AS SELECT * FROM o.devices WHERE 0;')
    bare.close()
    assert json.loads(run('json', tmp_path / 'bare')) == [] and run('ekjson', tmp_path / 'bare') == b''
    assert 'no such table: packets' in run('stats', tmp_path / 'bare', status=1)


def test_two_logs_as_one_track(log, tmp_path):
    path, _ = log
    out = tmp_path / 'two.gpx'
    run('gpx', path, path, '--out', out)
    text = out.read_bytes()
    assert text.count(b'<trk>') == 2 and text.rindex(b'<wpt') < text.index(b'<trk>')
    subprocess.run(['xmllint', '--noout', out], check=True, timeout=30)


def test_the_track_leaves_out_what_is_excluded(log, tmp_path):
    path, _ = log
    way = tmp_path / 'way'
    shutil.copy(path, way)
    db = sqlite3.connect(way)
    db.execute("INSERT INTO snapshots VALUES (1700000000, 0, 10.5, 20.25, 'GPS', '{}')")
    db.execute("INSERT INTO snapshots VALUES (1700000001, 0, 10.6, 20.25, 'GPS', '{}')")
    db.commit()
    db.close()
    assert b'lat="10.500000"' in run('gpx', way)
    text = run('gpx', way, '--exclude', '10.5,20.25,500')
    assert b'lat="10.500000"' not in text and b'<trkpt lat="10.600000"' in text


def test_a_log_whose_writer_died(log, tmp_path):
    """Rows that stand in the write-ahead log alone are read."""
    path, _ = log
    torn = tmp_path / 'torn'
    shutil.copy(path, torn)
    db = sqlite3.connect(torn)
    db.execute('PRAGMA journal_mode = WAL')
    db.execute('PRAGMA wal_autocheckpoint = 0')
    db.execute('DELETE FROM packets WHERE rowid > 500')
    db.commit()
    dead = tmp_path / 'dead'
    for end in ('', '-wal'):
        shutil.copy(f'{torn}{end}', f'{dead}{end}')
    db.close()
    assert json.loads(run('stats', dead, '--json'))['packets'] == 500


def test_spoiled_bytes_are_survived(log, tmp_path):
    """Whatever is overwritten, every command ends by itself with a status of its own."""
    path, _ = log
    whole, odd = path.read_bytes(), tmp_path / 'odd'
    at = random.Random(7)
    for turn in range(12):
        data = bytearray(whole)
        for _ in range(turn * 3 + 1):
            data[at.randrange(100, len(data))] = at.randrange(256)
        odd.write_bytes(data)
        for command in ('pcap', 'json', 'wigle', 'gpx', 'stats', 'check'):
            done = subprocess.run([TOOL, command, odd], capture_output=True, timeout=60, check=False)
            assert done.returncode in (0, 1), (turn, command, done.stderr)
        done = subprocess.run([TOOL, 'repair', odd, '--force', '--out', tmp_path / 'r'], capture_output=True,
                              timeout=60, check=False)
        assert done.returncode in (0, 1) and b'rror: ' not in done.stderr, (turn, done.stderr)


def test_figures(log):
    path, _ = log
    stats = json.loads(run('stats', path, '--json'))
    assert list(stats['packets_of_sources'].values()) == [600] and stats['devices_of_phys'] == {'IEEE802.11': 2}
    assert stats['box'] == {'min_lat': 10.5, 'max_lat': 10.5, 'min_lon': 20.25, 'max_lon': 20.25}
    assert stats['last'] - stats['first'] == 299
    assert b'2023-11-14 22:13:20 UTC' in run('stats', path)


def test_a_bar_on_a_terminal(log, tmp_path):
    path, _ = log
    command = f"'{TOOL}' stats '{path}' --force --out /dev/null"
    for more, there in (('', True), (' --quiet', False)):
        done = subprocess.run(['script', '-qec', command + more, tmp_path / 'typed'], capture_output=True,
                              timeout=60, check=True, stdin=subprocess.DEVNULL)
        assert (b'%,' in done.stdout) == there


def test_help_and_what_is_not_understood(log):
    path, _ = log
    commands = run('--help').decode().split('Commands:')[1].split('Options:')[0].split('\n')
    names = [line.split()[0] for line in commands if line.strip()]
    assert len(names) == 14
    for name in names:
        text = run(name, '--help').decode()
        assert f'Usage: norn-log {name}' in text and f'  norn-log {name} ' in text
    assert 'location_lat_min' in run('pcap', '--help').decode()
    for arguments, word in ((('nothing',), 'no command'), (('csv', path, '--rate', '1'), 'has no option'),
                            (('wigle', path, '--rate', '-1'), 'is not a valid SECONDS'), (('csv',), 'no log is named'),
                            (('pcap', path, path), 'takes one log'), (('csv', path, '--out'), 'needs a value: FILE'),
                            (('pcap', path, '--split-source'), 'need names')):
        assert word in run(*arguments, status=2), arguments
