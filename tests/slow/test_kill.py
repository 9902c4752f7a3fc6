"""Killed at any moment, a kismetdb opens, is whole, and lacks at most the last second."""
import pathlib
import random
import signal
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import LOGIN, Norn  # noqa: E402
from test_log_files import numbered  # noqa: E402

ROUNDS = 50


def heard(norn):
    return norn.get('/datasource/all_sources.json', auth=LOGIN).json()[0]['kismet.datasource.num_packets']


def test_killed_at_any_moment(tmp_path):
    capture, chance = numbered(tmp_path / 'n.pcap'), random.Random(9)
    for n in range(ROUNDS):
        home = tmp_path / str(n)
        home.mkdir()
        norn = Norn(home, '-c', f'{capture}:pps=3000', config='httpd_username=kismet\nhttpd_password=secret\n'
                    f'log_types=kismet\nlog_prefix={home}\nkis_log_device_rate=1\n')
        time.sleep(chance.uniform(0.2, 1.5))
        before = heard(norn)
        time.sleep(1)
        norn.process.send_signal(signal.SIGKILL)
        norn.process.wait(timeout=20)
        norn.log.close()
        db = sqlite3.connect(next(home.glob('*.kismet')))
        assert db.execute('PRAGMA integrity_check').fetchone() == ('ok',)
        rows = [r[0] for r in db.execute('SELECT packetid FROM packets ORDER BY rowid')]
        assert rows == list(range(1, len(rows) + 1))
        assert len(rows) >= before, n
        last, = db.execute('SELECT ifnull(max(last_row), 0) FROM norn_blocks').fetchone()
        assert last <= len(rows)
        assert db.execute("SELECT count(*) FROM messages WHERE message LIKE '%Serving on%'").fetchone()[0] == 1
        db.close()
