"""Files of logs over time: their budget, and what happens to their disk."""
import os
import pathlib
import sqlite3
import subprocess
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import LOGIN, start, wait_until  # noqa: E402,F401
from frames import Capture  # noqa: E402
from pcapng import packets  # noqa: E402
from test_log_files import folder_of, ids, numbered  # noqa: E402
from test_logs import CONFIG  # noqa: E402


def test_budget(start, tmp_path):  # noqa: F811
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap")}:pps=5000', config=CONFIG + 'log_types=pcapng\n'
                 f'pcapng_log_max_mb=1\nkis_log_keep=2\nlog_prefix={folder}\nlog_template=%p/%n.%l\n')
    norn.wait_done()
    wait_until(lambda: norn.get('/logging/active.json', auth=LOGIN).json()[0]['norn.logfile.files'] >= 2)
    assert norn.stop() == 0
    assert 1 <= len(list(folder.iterdir())) <= 2


def test_a_removed_file(start, tmp_path):  # noqa: F811
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap")}:pps=1000',
                 config=CONFIG + f'log_types=kismet\nlog_prefix={folder}\n')
    wait_until(lambda: list(folder.glob('*.kismet')))
    for f in folder.iterdir():
        f.unlink()
    wait_until(lambda: list(folder.glob('*.kismet')))
    alerts = norn.get('/alerts/all_alerts.json').json()
    assert any(a['kismet.alert.header'] == 'LOGFAILED' and 'removed' in a['kismet.alert.text'] for a in alerts)
    wait_until(lambda: 'Logging continues in' in norn.text())
    time.sleep(1)
    assert norn.stop() == 0
    assert ids(next(folder.glob('*.kismet')))


@pytest.fixture
def small_disk(tmp_path, monkeypatch):
    """Logs of servers that start from now on are on a tmpfs of 20 MB in a namespace of its own: where it is for them,
    and for us by the server's process."""
    folder = folder_of(tmp_path)
    script = tmp_path / 'norn'
    script.write_text(f'#!/bin/sh\nexec unshare -rm sh -c \'mount -t tmpfs -o size=20m none {folder} && '
                      f'exec "$0" "$@"\' {os.environ["NORN"]} "$@"\n')
    script.chmod(0o755)
    if subprocess.run(['unshare', '-rm', 'true'], check=False, timeout=10).returncode != 0:
        pytest.skip('namespaces are not allowed here')
    monkeypatch.setenv('NORN', str(script))
    return folder, lambda norn: pathlib.Path(f'/proc/{norn.process.pid}/root{folder}')


def test_a_full_disk(start, tmp_path, small_disk):  # noqa: F811
    folder, inside_of = small_disk
    norn = start('-c', f'{numbered(tmp_path / "n.pcap")}:pps=700',
                 config=CONFIG + f'log_types=kismet,pcapng\nlog_prefix={folder}\n')
    inside = inside_of(norn)
    wait_until(lambda: len(list(inside.iterdir())) >= 2)
    time.sleep(2)
    with pytest.raises(OSError):
        with open(inside / 'filler', 'wb', buffering=0) as f:
            while True:
                f.write(bytes(65536))
    wait_until(lambda: norn.text().count('A new file is tried') == 2)
    assert norn.get('/system/status.json').status_code == 200
    waiting = norn.get('/logging/active.json', auth=LOGIN).json()
    assert all(0 < a['norn.logfile.waits_for'] <= 20 << 18 and not a['kismet.logfile.open'] for a in waiting)
    assert norn.text().count('it waits until') >= 2
    alerts = norn.get('/alerts/all_alerts.json').json()
    assert any(a['kismet.alert.header'] == 'LOGFAILED' for a in alerts)
    (inside / 'filler').unlink()
    wait_until(lambda: norn.text().count('Logging continues in') == 2)
    wait_until(lambda: all(a['norn.logfile.waits_for'] == 0 and a['kismet.logfile.open']
                           for a in norn.get('/logging/active.json', auth=LOGIN).json()))
    wait_until(lambda: all(a['norn.logfile.lost'] > 0 for a in norn.get('/logging/active.json', auth=LOGIN).json()))
    time.sleep(1)
    for f in inside.glob('*.kismet'):
        (tmp_path / f.name).write_bytes(f.read_bytes())
        if (inside / (f.name + '-wal')).exists():
            (tmp_path / (f.name + '-wal')).write_bytes((inside / (f.name + '-wal')).read_bytes())
        assert ids(tmp_path / f.name)
    for f in inside.glob('*.pcapng'):
        assert subprocess.run(['capinfos', f], stdout=subprocess.DEVNULL, check=False, timeout=30).returncode == 0


def test_a_disk_of_four_megabytes(start, tmp_path, small_disk, monkeypatch):  # noqa: F811
    """What is full because of the log itself goes on when somebody has made room."""
    folder, inside_of = small_disk
    script = tmp_path / 'norn'
    script.write_text(script.read_text().replace('size=20m', 'size=4m'))
    norn = start('-c', f'{numbered(tmp_path / "n.pcap", 90000)}:pps=3000',
                 config=CONFIG + f'log_types=pcapng\nlog_prefix={folder}\n')
    inside = inside_of(norn)
    wait_until(lambda: 'it waits until 1.0 MB are free' in norn.text(), 40)
    for f in inside.iterdir():
        f.unlink()
    wait_until(lambda: 'Logging continues in' in norn.text())
    wait_until(lambda: any(len(packets(f.read_bytes())) > 100 for f in inside.glob('*.pcapng')))


def test_a_read_only_disk(start, tmp_path, small_disk, monkeypatch):  # noqa: F811
    """Reported at the start; when it can be written, what came meanwhile is in the log but for the packets."""
    folder, _ = small_disk
    script = tmp_path / 'norn'
    script.write_text(script.read_text().replace('size=20m', 'ro,size=20m'))
    norn = start('-c', str(Capture().beacon(repeat=20).write(tmp_path / 'c.pcap')),
                 config=CONFIG + f'log_types=kismet,pcapng\nlog_prefix={folder}\n')
    norn.wait_done()
    alerts = norn.get('/alerts/all_alerts.json').json()
    failed = [a['kismet.alert.text'] for a in alerts if a['kismet.alert.header'] == 'LOGFAILED']
    assert len(failed) == 2 and all('tried again' in t for t in failed)
    assert [a['kismet.logfile.open'] for a in norn.get('/logging/active.json', auth=LOGIN).json()] == [0, 0]
    subprocess.run(['nsenter', '-t', str(norn.process.pid), '-U', '-m', '--preserve-credentials',
                    'mount', '-o', 'remount,rw', str(folder)], check=True, timeout=10)
    wait_until(lambda: all(a['kismet.logfile.open'] for a in norn.get('/logging/active.json', auth=LOGIN).json()))
    assert all(a['norn.logfile.lost'] == 20 for a in norn.get('/logging/active.json', auth=LOGIN).json())
    inside, = pathlib.Path(f'/proc/{norn.process.pid}/root{folder}').glob('*.kismet')

    def count(table):
        for end in ('', '-wal'):
            (tmp_path / ('copy' + end)).write_bytes(pathlib.Path(str(inside) + end).read_bytes())
        db = sqlite3.connect(tmp_path / 'copy')
        n, = db.execute(f'SELECT count(*) FROM {table}').fetchone()
        db.close()
        return n

    wait_until(lambda: count('devices') == 1 and count('alerts') >= 2 and count('messages') > 2)


def test_evicted_devices_are_written_as_they_go(start, tmp_path):  # noqa: F811
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


def test_room_stays_free(start, tmp_path, small_disk):  # noqa: F811
    """Of 20 MB 12 stay free: the oldest files go, the packets of those that stay follow each other."""
    folder, inside_of = small_disk
    norn = start('-c', f'{numbered(tmp_path / "n.pcap", 60000)}:pps=8000', config=CONFIG + 'log_types=pcapng\n'
                 f'kis_log_rotate_mb=1\nkis_log_rotate_free_mb=15\nlog_prefix={folder}\n')
    norn.wait_done()
    time.sleep(2)
    inside = inside_of(norn)
    active, = norn.get('/logging/active.json', auth=LOGIN).json()
    assert active['norn.logfile.lost'] == 0 and active['norn.logfile.files'] >= 4
    assert os.statvfs(inside).f_bavail * os.statvfs(inside).f_frsize >= 14e6
    left = sorted(inside.glob('*.pcapng'), key=lambda f: f.stat().st_mtime)
    assert 1 <= len(left) < active['norn.logfile.files']
    numbers = [int(p.data[26:32]) for f in left for p in packets(f.read_bytes())]
    assert numbers == list(range(numbers[0], 60000))
    assert 'was removed to make room' in norn.text()


def test_rotation_by_time(start, tmp_path):  # noqa: F811
    """After a minute another file goes on with the next packet."""
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap")}:pps=300', config=CONFIG + 'log_types=kismet,pcapng\n'
                 f'kis_log_rotate_minutes=1\nlog_prefix={folder}\n')
    wait_until(lambda: len(list(folder.glob('*.kismet'))) == 2 and len(list(folder.glob('*.pcapng'))) == 2, 80)
    time.sleep(1)
    assert norn.stop() == 0
    files = sorted(folder.glob('*.kismet'), key=lambda f: ids(f)[:1])
    numbers = [i for f in files for i in ids(f)]
    assert all(ids(f) for f in files) and numbers == list(range(1, len(numbers) + 1))
    captures = [packets(f.read_bytes()) for f in sorted(folder.glob('*.pcapng'), key=lambda f: f.stat().st_mtime)]
    numbers = [int(p.data[26:32]) for c in captures for p in c]
    assert numbers == list(range(len(numbers))) and len(numbers) > 15000
