"""Killed at any moment, a kismetdb opens, is whole, and lacks at most the last second of packets, alerts and messages
and 30 seconds of devices; the next run goes on with it."""
import pathlib
import random
import re
import signal
import sqlite3
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import LOGIN, Norn, wait_until  # noqa: E402
from test_log_files import numbered  # noqa: E402

ROUNDS = 50
BASE = 'httpd_username=kismet\nhttpd_password=secret\n'
CONFIG = BASE + 'log_types=kismet\n'
ALERT = {'name': 'NUMBERED', 'description': 'x', 'throttle': '5000/sec', 'burst': '5000/sec'}


def seen(norn):
    return norn.get('/datasource/all_sources.json', auth=LOGIN).json()[0]['kismet.datasource.num_packets']


def packets_by_device(norn):
    return {d['kismet.device.base.key']: d['kismet.device.base.packets.total']
            for d in norn.get('/devices/views/all/devices.json', auth=LOGIN).json()}


class Raiser:
    """Raises numbered alerts until the server has ended; `done` are those that it has acknowledged."""

    def __init__(self, norn):
        assert norn.post('/alerts/definitions/define_alert.cmd', ALERT, auth=LOGIN).status_code == 200
        self.norn, self.done = norn, 0
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        try:
            while self.norn.post('/alerts/raise_alert.cmd', {'name': 'NUMBERED', 'text': f'number {self.done}'},
                                 auth=LOGIN).status_code == 200:
                self.done += 1
        except OSError:
            pass


def kill(norn):
    norn.process.send_signal(signal.SIGKILL)
    norn.process.wait(timeout=20)
    norn.log.close()


def read_log(home):
    """What the log holds, once it is known to be whole."""
    db = sqlite3.connect(next(home.glob('*.kismet')))
    assert db.execute('PRAGMA integrity_check').fetchone() == ('ok',)
    rows = [r[0] for r in db.execute('SELECT packetid FROM packets ORDER BY rowid')]
    assert rows == list(range(1, len(rows) + 1))
    last, = db.execute('SELECT ifnull(max(last_row), 0) FROM norn_blocks').fetchone()
    assert last <= len(rows)
    numbers = [r[0] for r in db.execute('SELECT rowid FROM norn_sightings ORDER BY rowid')]
    assert numbers == list(range(1, len(numbers) + 1))
    missed = "SELECT ifnull(sum(CAST(message AS INTEGER)), 0) FROM messages WHERE message LIKE '% {} are missing here: %'"
    missed = {what: db.execute(missed.format(what)).fetchone()[0] for what in ('alerts', 'messages')}
    serving, = db.execute("SELECT count(*) FROM messages WHERE message LIKE '%Serving on%'").fetchone()
    assert serving == 1 or missed['messages']
    alerts = [int(r[0].split()[1]) for r in db.execute(
        "SELECT json_extract(json, '$.\"kismet.alert.text\"') FROM alerts WHERE header = 'NUMBERED' ORDER BY rowid")]
    messages = db.execute("SELECT count(*) FROM messages WHERE message LIKE 'NUMBERED: number %'").fetchone()[0]
    devices = dict(db.execute(
        'SELECT devkey, json_extract(device, \'$."kismet.device.base.packets.total"\') FROM devices'))
    db.close()
    return len(rows), alerts, messages, devices, missed


def wait_logged(home, packets, alerts):
    """Seconds until another program finds that many in the log, of alerts and messages with those that it says are missing."""
    start, db = time.monotonic(), sqlite3.connect(f'file:{next(home.glob("*.kismet"))}?mode=ro', uri=True)
    missed = "(SELECT ifnull(sum(CAST(message AS INTEGER)), 0) FROM messages WHERE message LIKE '% {} are missing here: %')"
    counts = (f'SELECT (SELECT count(*) FROM packets), (SELECT count(*) FROM alerts) + {missed.format("alerts")}, '
              f"(SELECT count(*) FROM messages WHERE message LIKE 'NUMBERED: number %') + {missed.format('messages')}")
    wait_until(lambda: all(n >= least for n, least in zip(db.execute(counts).fetchone(), (packets, alerts, alerts))))
    db.close()
    return time.monotonic() - start


def test_killed_at_any_moment(tmp_path):
    """What was in the log stays, whenever the kill comes; and as a rule it is there within a second (not always: what else
    the machine does adds to it)."""
    capture, chance, waits = numbered(tmp_path / 'n.pcap'), random.Random(9), []
    for n in range(ROUNDS):
        home = tmp_path / str(n)
        home.mkdir()
        norn = Norn(home, '-c', f'{capture}:pps=3000', config=CONFIG + f'log_prefix={home}\nkis_log_device_rate=1\n')
        raiser = Raiser(norn)
        time.sleep(chance.uniform(0.2, 1.5))
        before, raised = seen(norn), raiser.done
        waits.append(wait_logged(home, before, raised))
        time.sleep(chance.uniform(0, 0.6))
        kill(norn)
        raiser.thread.join()
        rows, alerts, messages, _, missed = read_log(home)
        assert rows >= before, n
        assert len(alerts) + missed['alerts'] >= raised and messages + missed['messages'] >= raised, n
        assert missed['alerts'] or alerts == list(range(len(alerts))), n
    assert sorted(waits)[ROUNDS // 2] < 1, waits


def sightings(norn):
    """How many were closed."""
    return int(re.search(r'^norn_sightings_total (\d+)$', norn.get('/metrics', auth=LOGIN).text, re.M)[1])


def test_sightings_of_two_seconds_ago(tmp_path):
    """Those that were closed are in the log two seconds later, whenever the kill comes."""
    capture, chance, waits = numbered(tmp_path / 'n.pcap'), random.Random(10), []
    for n in range(ROUNDS // 5):
        home = tmp_path / str(n)
        home.mkdir()
        norn = Norn(home, '-c', f'{capture}:pps=3000', config=CONFIG + f'log_prefix={home}\nnorn_sighting_seconds=1\n')
        closed = wait_until(lambda: sightings(norn))
        start, db = time.monotonic(), sqlite3.connect(f'file:{next(home.glob("*.kismet"))}?mode=ro', uri=True)
        wait_until(lambda: db.execute('SELECT count(*) FROM norn_sightings').fetchone()[0] >= closed)
        waits.append(time.monotonic() - start)
        db.close()
        time.sleep(chance.uniform(0, 0.6))
        kill(norn)
        read_log(home)
        db = sqlite3.connect(next(home.glob('*.kismet')))
        assert db.execute('SELECT count(*) FROM norn_sightings').fetchone()[0] >= closed, n
        db.close()
    assert sorted(waits)[len(waits) // 2] < 2, waits


def test_devices_of_half_a_minute_ago(tmp_path):
    """With the default rate; and the next run goes on with as much."""
    capture = numbered(tmp_path / 'n.pcap')
    norn = Norn(tmp_path, '-c', f'{capture}:pps=100', config=CONFIG + f'log_prefix={tmp_path}\n')
    time.sleep(3)
    before = packets_by_device(norn)
    time.sleep(34)  # four seconds more than promised, for machines that are busy
    kill(norn)
    devices = read_log(tmp_path)[3]
    assert devices.keys() >= before.keys() and len(before) > 10
    assert all(devices[key] >= packets for key, packets in before.items())
    again = Norn(tmp_path, config=BASE + f'resume=auto\nlog_prefix={tmp_path}\n')
    assert packets_by_device(again) == devices
    assert again.stop() == 0
