"""Files of logs: they are rotated without a lost packet, and survive what happens to their disk."""
import contextlib
import os
import pathlib
import re
import sqlite3

import pytest

from conftest import LOGIN, wait_until
from frames import AP, Capture
from pcapng import packets
from test_logs import CONFIG
from test_streams import tshark
from wigle import wigle_rows

NUMBERED = 20000


def numbered(path, n=NUMBERED):
    """Probes that carry a number each, in all their octets."""
    c = Capture()
    for i in range(n):
        c.probe(b'%06d' % i + b'x' * 20, source='02:00:00:00:00:%02x' % (i % 256), step=0.001)
    return c.write(path)


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
    norn = start('-c', f'{numbered(tmp_path / "n.pcap")}:pps=8000', config=CONFIG + 'log_types=kismet,pcapng\n'
                 f'kis_log_rotate_mb=1\nlog_prefix={folder}\n')
    norn.wait_done()
    wait_until(lambda: all(a['norn.logfile.packets'] == NUMBERED
                           for a in norn.get('/logging/active.json', auth=LOGIN).json()), seconds=90)
    active = {a['kismet.log.type_driver']['kismet.logfile.type.class']: a
              for a in norn.get('/logging/active.json', auth=LOGIN).json()}
    assert all(a['norn.logfile.lost'] == 0 for a in active.values())
    assert norn.stop() == 0
    files = sorted(folder.glob('*.kismet'), key=lambda f: ids(f)[:1])
    assert len(files) >= active['kismet']['norn.logfile.files'] >= 2  # one more may begin before the stop
    assert [i for f in files for i in ids(f)] == list(range(1, NUMBERED + 1))
    captures = [packets(f.read_bytes()) for f in folder.glob('*.pcapng')]
    captures.sort(key=lambda c: c[0].time if c else 0)
    assert len(captures) >= 2
    assert [p.data[26:32] for c in captures for p in c] == [b'%06d' % i for i in range(NUMBERED)]


def test_positions_and_radio_headers(start, tmp_path):
    """pcapppi as tshark reads it, wiglecsv as WigleWifi-1.6."""
    folder = folder_of(tmp_path)
    c = Capture().tuned(2437)
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
    rows = wigle_rows(wigle.read_text())
    assert len(rows) == 5, (rows, norn.text())
    assert rows[0] == {
        'MAC': AP.upper(), 'SSID': 'a,b', 'AuthMode': '[WEP][ESS]', 'FirstSeen': '2023-11-14 22:13:20', 'Channel': '6',
        'Frequency': '2437', 'RSSI': '-50', 'CurrentLatitude': '10.500000', 'CurrentLongitude': '-20.250000',
        'AltitudeMeters': '7.000000', 'AccuracyMeters': '0', 'RCOIs': '', 'MfgrId': '', 'Type': 'WIFI'}


def test_every_class_starts_and_stops_while_it_runs(start, tmp_path):
    """All at once, two of those that may be several; each has what came while it was open."""
    folder = folder_of(tmp_path)
    norn = start(config=CONFIG + f'log_prefix={folder}\ngps=virtual:lat=1,lon=2\n')
    classes = [d['kismet.logfile.type.class'] for d in norn.get('/logging/drivers.json').json()]
    assert sorted(classes) == ['kismet', 'pcapng', 'pcapppi', 'wiglecsv']
    logs = [norn.post(f'/logging/by-class/{c}/start.cmd', {'title': f'Mine{n}'}, auth=LOGIN).json()
            for n, c in enumerate(classes + ['pcapng', 'wiglecsv'])]
    assert len(norn.get('/logging/active.json', auth=LOGIN).json()) == 6
    norn.post('/datasource/add_source.cmd', {'definition': str(numbered(tmp_path / 'n.pcap', 3000))}, auth=LOGIN)
    norn.wait_done()
    wait_until(lambda: all(a['norn.logfile.packets'] == 3000 or 'wigle' in a['kismet.logfile.path']
                           for a in norn.get('/logging/active.json', auth=LOGIN).json()))
    for n, log in enumerate(logs):
        assert pathlib.Path(log['kismet.logfile.path']).name.startswith(f'Mine{n}-')
        assert norn.post(f'/logging/by-uuid/{log["kismet.logfile.uuid"]}/stop.cmd', auth=LOGIN).status_code == 200
    assert norn.get('/logging/active.json', auth=LOGIN).json() == []
    assert ids(next(folder.glob('*.kismet'))) == list(range(1, 3001))
    assert [len(packets(f.read_bytes())) for f in folder.glob('*.pcapng')] == [3000, 3000]
    assert len(tshark(next(folder.glob('*.pcapppi')), 'wlan.ta')) == 3000
    assert [wigle_rows(f.read_text()) for f in folder.glob('*.wiglecsv')] == [[], []]  # clients are no networks


def test_the_letters_of_a_template(start, tmp_path):
    """%p %n %D %t %T %i %I %l %h %d %S %E %B, and a sign of its own."""
    folder = folder_of(tmp_path)
    norn = start('--log-types', 'pcapng,wiglecsv', '-t', 'Drive', config=CONFIG + f'log_prefix={folder}\n'
                 'log_template=%p/%n_%D_%t_%T_%i_%I_%l.%l\n')
    assert norn.stop() == 0
    for name in ('pcapng', 'wiglecsv'):
        path, = folder.glob('*.' + name)
        assert re.fullmatch(rf'Drive_20\d{{6}}_\d\d-\d\d-\d\d_\d{{10}}_\d+_0*\d+_{name}\.{name}', path.name), path
    norn = start('-T', 'pcapng', '-p', str(folder), config=CONFIG + 'log_template=%h/here-%i.%l\n')
    assert norn.stop() == 0
    assert (norn.home / 'here-1.pcapng').exists()


def deleted(norn):
    """Files that the server has open and that have no name any more."""
    folder = f'/proc/{norn.process.pid}/fd'
    links = []
    for fd in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):
            links.append(os.readlink(f'{folder}/{fd}'))
    return [link for link in links if '.kismet' in link and link.endswith('(deleted)')]


@pytest.mark.parametrize('way', ('packets', 'source', 'page'))
def test_locks_of_the_open_log_outlast_its_readers(start, tmp_path, way):
    """Another program that opens and closes the log must not find that it is alone with it: it would remove the -wal."""
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap", 100000)}:pps=500',
                 config=CONFIG + f'log_types=kismet\nlog_prefix={folder}\nhttpd_home={folder}\n')
    path = wait_until(lambda: next(folder.glob('*.kismet'), None))
    wait_until(lambda: norn.get('/logging/active.json', auth=LOGIN).json())
    if way == 'packets':
        assert norn.get('/logging/kismetdb/pcap/all.pcapng', auth=LOGIN).status_code == 200
    elif way == 'source':
        reply = norn.post('/datasource/add_source.cmd', {'definition': str(path)}, auth=LOGIN)
        assert reply.status_code == 500 and 'the log that this server writes' in reply.text
    else:
        assert norn.get(f'/{path.name}', auth=LOGIN).status_code == 404
    with sqlite3.connect(path) as db:
        db.execute('SELECT count(*) FROM packets').fetchone()
    db.close()
    assert path.with_name(path.name + '-wal').exists() and deleted(norn) == []
