"""A kismetdb that is copied while it is written. The main file alone, copied at a moment at which its pages rest, opens
and lacks no more than the last minute; a copy whose pages moved may be torn, which norn-log says, and repairs."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import LOGIN, start  # noqa: E402,F401
from test_log_files import folder_of, numbered  # noqa: E402
from test_logs import CONFIG  # noqa: E402

TOOL = pathlib.Path(os.environ['NORN']).absolute().parent / 'tools' / 'norn-log'
SECONDS = 50
SECONDS_MOST = 150  # where a slow disk leaves no page at rest for long, more moments are waited for
REST = 3        # seconds that the file has not changed for
SOUND_LEAST = 5


def is_moving(norn):
    """The thread that moves pages to the main file waits for the disk, where it may stand for seconds amid its work."""
    for task in pathlib.Path(f'/proc/{norn.process.pid}/task').iterdir():
        if (task / 'comm').read_text() == 'checkpoint\n':
            return (task / 'stat').read_text().rsplit(')', 1)[1].split()[0] != 'S'
    return False


def rests(norn, path):
    return time.time() - path.stat().st_mtime > REST and not is_moving(norn)


def call(*arguments):
    return subprocess.run([TOOL, *arguments], capture_output=True, timeout=60, check=False)


def assert_torn(copy, done):
    """It says what happened and how to go on, and that way leads to a whole log."""
    reported = done.stdout + done.stderr
    assert done.returncode == 1 and b'copied while it was written' in reported and b'copy it again' in reported, done
    mended = copy.with_suffix('.mended')
    assert call('repair', copy, '--out', mended, '--force').returncode == 0
    assert call('check', mended).returncode == 0


def copied_at_rest(norn, path, copy):
    """True when no page of it moved meanwhile."""
    before, rested = path.stat().st_mtime_ns, rests(norn, path)
    shutil.copy(path, copy)
    return rested and path.stat().st_mtime_ns == before


def test_copies_of_the_main_file(start, tmp_path):  # noqa: F811
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap", 450000)}:pps=8000',
                 config=CONFIG + f'log_types=kismet\nlog_prefix={folder}\n')
    path, copy, early = next(folder.glob('*.kismet')), tmp_path / 'copy.kismet', tmp_path / 'early.kismet'
    rows, sound, begin = [], 0, time.monotonic()
    while time.monotonic() < begin + (SECONDS if sound >= SOUND_LEAST else SECONDS_MOST):
        written = norn.get('/logging/active.json', auth=LOGIN).json()[0]
        at_rest = copied_at_rest(norn, path, copy)
        done = call('check', copy)
        if at_rest or done.returncode == 0:
            assert done.returncode == 0 and b'its -wal is missing' in done.stdout, (done, len(rows))
            assert b'its -wal is missing' in done.stderr
            sound += at_rest
            if sound == SOUND_LEAST // 2:
                shutil.copy(copy, early)
            with sqlite3.connect(f'file:{copy}?immutable=1', uri=True) as db:
                rows.append((time.monotonic(), db.execute('SELECT count(*) FROM packets').fetchone()[0],
                             written['norn.logfile.packets']))
            db.close()
        else:
            assert_torn(copy, done)
        time.sleep(1)
    assert sound >= SOUND_LEAST, rows
    assert rows[0][1] == 0  # the tables are there from the start
    assert written['norn.logfile.lost'] == 0
    for at, copied, _ in rows:  # what was written a minute before, and a little
        before = max((w for t, _, w in rows if t < at - 30), default=0)
        assert copied >= before, rows
    mixed = early.read_bytes()
    mixed = mixed[:len(mixed) // 2] + copy.read_bytes()[len(mixed) // 2:]  # of two moments
    copy.write_bytes(mixed)
    assert_torn(copy, call('check', copy))
    norn.process.kill()
    norn.process.wait(timeout=20)
    norn.process.returncode = 0
