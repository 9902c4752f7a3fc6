"""A kismetdb that is copied while it is written: the main file alone opens and lacks no more than the last minute."""
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


def test_copies_of_the_main_file(start, tmp_path):  # noqa: F811
    folder = folder_of(tmp_path)
    norn = start('-c', f'{numbered(tmp_path / "n.pcap", 400000)}:pps=8000',
                 config=CONFIG + f'log_types=kismet\nlog_prefix={folder}\n')
    path = next(folder.glob('*.kismet'))
    rows, torn, began = [], 0, time.monotonic()
    while time.monotonic() < began + 50:
        copy = tmp_path / f'copy-{len(rows)}.kismet'
        written = norn.get('/logging/active.json', auth=LOGIN).json()[0]
        shutil.copy(path, copy)
        done = subprocess.run([TOOL, 'check', copy], capture_output=True, timeout=60, check=False)
        if done.returncode and not torn:  # it began within the milliseconds in which pages move (doc/decisions/0026)
            torn += 1
            continue
        assert done.returncode == 0 and b'its -wal is missing' in done.stdout, (done, len(rows))
        assert b'its -wal is missing' in done.stderr
        db = sqlite3.connect(f'file:{copy}?immutable=1', uri=True)
        rows.append((time.monotonic() - began, db.execute('SELECT count(*) FROM packets').fetchone()[0],
                     written['norn.logfile.packets']))
        db.close()
        copy.unlink()
        time.sleep(1)
    assert rows[0][1] == 0  # the tables are there from the start
    assert written['norn.logfile.lost'] == 0
    for at, copied, _ in rows:  # what was written a minute before, and a little
        before = max((w for t, _, w in rows if t < at - 30), default=0)
        assert copied >= before, rows
    norn.process.kill()
    norn.process.wait(timeout=20)
    norn.process.returncode = 0
