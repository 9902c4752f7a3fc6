"""The catalogue of the archive: logs in the folders of logs, whatever wrote them, and what time each covers."""
import os
import sqlite3

from conftest import LOGIN
from frames import AP, Capture
from test_log_versions import TABLES
from test_logs import CONFIG

START = 1700000000


def archive(norn):
    found = norn.get('/logging/archive.json', auth=LOGIN).json()
    return {os.path.basename(log['norn.archive.path']): log for log in found}


def span(log):
    return log['norn.archive.first'] / 1e6, log['norn.archive.last'] / 1e6


def foreign(path, version=5, times=(), sql=''):
    """A log as other programs write it: no index, packets in any order of time."""
    with sqlite3.connect(path) as db:
        db.executescript(TABLES + 'CREATE TABLE packets (ts_sec INT, ts_usec INT, packet BLOB);' + sql)
        db.execute("INSERT INTO KISMET VALUES ('2020.09', ?, 'kismetlog')", (version,))
        db.executemany('INSERT INTO packets VALUES (?, 500000, NULL)', [(t,) for t in times])
    db.close()


def capture(path, start):
    c = Capture()
    c.time = start
    for i in range(10):
        c.beacon(b'net', bssid=AP, step=60)
    return c.write(path)


def test_logs_of_all_kinds_and_what_they_cover(start, tmp_path):
    logs, more = tmp_path / 'logs', tmp_path / 'more'
    logs.mkdir()
    more.mkdir()
    config = CONFIG + f'log_types=kismet\nlog_prefix={logs}\nnorn_archive_folder={more}\nnorn_archive_folder={logs}/\n'
    norn = start('-c', str(capture(tmp_path / 'a.pcap', START)), config=config)
    norn.wait_done()
    own = next(logs.glob('*.kismet'))
    assert archive(norn)[own.name]['norn.archive.first'] == 0  # it is being written
    assert norn.stop() == 0

    foreign(more / 'foreign.kismet', times=(START + 50, START + 7, START + 99))
    foreign(more / 'alerts.kismet', sql=f"INSERT INTO alerts (ts_sec, ts_usec) VALUES ({START}, 7)")
    foreign(more / 'devices.kismet', sql=f"INSERT INTO devices (first_time, last_time) VALUES ({START}, {START + 5})")
    foreign(more / 'empty.kismet')
    foreign(more / 'wrong-times.kismet', times=(0, -5, START, 1 << 60))
    (more / 'text.kismet').write_text('not a database\n' * 300)
    with sqlite3.connect(more / 'other.kismet') as db:
        db.execute('CREATE TABLE x (y)')
    db.close()
    torn = bytearray((more / 'foreign.kismet').read_bytes())
    torn[4096:] = b'\xff' * (len(torn) - 4096)
    (more / 'torn.kismet').write_bytes(torn)
    (more / 'folder.kismet').mkdir()
    (more / 'none.kismet').symlink_to('/no/such/file')
    norn = start(config=config)
    found = archive(norn)
    assert span(found[own.name])[0] <= START + 60 and span(found[own.name])[1] >= START + 540
    assert found[own.name]['norn.archive.packets'] == 10
    assert span(found['foreign.kismet']) == (START + 7.5, START + 99.5)
    assert found['foreign.kismet']['norn.archive.version'] == 5
    assert span(found['alerts.kismet']) == (START + 7e-6, START + 7e-6)
    assert span(found['devices.kismet']) == (START, START + 5)
    assert span(found['empty.kismet']) == (0, 0) and not found['empty.kismet']['norn.archive.damaged']
    for name in ('text', 'other', 'torn'):
        log = found[f'{name}.kismet']
        assert log['norn.archive.damaged'] and log['norn.archive.damage'], log
        assert f"The archive passes over '{more}/{name}.kismet'" in norn.text()
    assert 'folder.kismet' not in found and 'none.kismet' not in found
    assert norn.stop() == 0


def test_it_is_kept_and_made_anew(start, tmp_path):
    logs = tmp_path / 'logs'
    logs.mkdir()
    foreign(logs / 'a.kismet', times=(START,))
    foreign(logs / 'b.kismet', times=(START + 9,))
    config = CONFIG + f'log_prefix={logs}\nconfigdir={tmp_path}/state\n'
    kept = tmp_path / 'state/catalogue.sqlite'

    norn = start(config=config)
    assert len(archive(norn)) == 2
    os.remove(logs / 'a.kismet')
    foreign(logs / 'c.kismet', times=(START + 5,))
    foreign(logs / 'b2.kismet', times=(START + 11,))
    os.replace(logs / 'b2.kismet', logs / 'b.kismet')
    assert {name: span(log)[0] for name, log in archive(norn).items()} == {'b.kismet': START + 11.5, 'c.kismet': START + 5.5}
    assert norn.stop() == 0
    with sqlite3.connect(kept) as db:  # what a start believes as long as the files are the same
        assert db.execute('SELECT count(*) FROM logs').fetchone() == (2,)
        db.execute('UPDATE logs SET first_us = 7 WHERE path LIKE "%c.kismet"')
    db.close()
    norn = start(config=config)
    assert archive(norn)['c.kismet']['norn.archive.first'] == 7
    assert norn.stop() == 0
    for damage in (b'no database' * 1000, b'', None):
        kept.unlink()
        if damage is not None:
            kept.write_bytes(damage)
        norn = start(config=config)
        assert span(archive(norn)['c.kismet'])[0] == START + 5.5
        assert norn.stop() == 0
    with sqlite3.connect(kept) as db:
        assert db.execute('SELECT count(*) FROM logs').fetchone() == (2,)
    db.close()


def test_there_is_a_limit(start, tmp_path):
    logs = tmp_path / 'logs'
    logs.mkdir()
    for i in range(5):
        foreign(logs / f'{i}.kismet', times=(START + i,))
    norn = start(config=CONFIG + f'log_prefix={logs}\nnorn_max_archive_logs=3\n')
    assert len(archive(norn)) == 3
    assert 'archive_logs' in norn.get('/system/status.json', auth=LOGIN).text
