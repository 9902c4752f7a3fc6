"""Logs as they come from cards and copies: parts of a set, read-only folders, and what merge makes of bad ones."""
import contextlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess

import pytest

from conftest import LOGIN, Norn
from frames import Capture
from test_norn_log import TOOL, log, run  # noqa: F401
from test_logs import CONFIG


def call(*arguments):
    return subprocess.run([TOOL, *arguments], capture_output=True, timeout=60, check=False)


@contextlib.contextmanager
def being_written(path, folder, name='set.kismet'):
    """A copy of the log with a writer that has deleted its packets from 500 on, in the -wal alone."""
    live = folder / 'live.kismet'
    shutil.copy(path, live)
    db = sqlite3.connect(live)
    db.execute('PRAGMA journal_mode = WAL')
    db.execute('PRAGMA wal_autocheckpoint = 0')
    db.execute('DELETE FROM packets WHERE rowid > 500')
    db.commit()
    parts = folder / 'parts'
    parts.mkdir(exist_ok=True)
    for end in ('', '-wal', '-shm'):
        shutil.copy(f'{live}{end}', parts / f'{name}{end}')
    yield parts / name
    db.close()


def count(path):
    return json.loads(run('stats', path, '--json'))['packets']


def test_the_main_file_alone(log, tmp_path):  # noqa: F811
    with being_written(log[0], tmp_path, 'a?b#c %41.kismet') as path:
        assert count(path) == 500
        for end in ('-wal', '-shm'):
            os.unlink(f'{path}{end}')
        for what in ('stats', 'check', 'json'):
            done = call(what, path)
            assert done.returncode == 0 and b'its -wal is missing' in done.stderr, done
        assert count(path) == 600
        assert b'its -wal is missing' in call('check', path).stdout
        assert [p.name for p in path.parent.iterdir()] == [path.name]  # nothing is left beside it
    done = call('stats', log[0])
    assert b'-wal' not in done.stderr


@pytest.mark.parametrize('hurt', ['packets', 'schema'])
def test_a_copy_that_is_torn(log, tmp_path, hurt):  # noqa: F811
    """Pages moved while it was copied: what reads it says so, and what to do."""
    with being_written(log[0], tmp_path) as path:
        for end in ('-wal', '-shm'):
            os.unlink(f'{path}{end}')
        db = sqlite3.connect(f'file:{path}?immutable=1', uri=True)
        page = db.execute('PRAGMA page_size').fetchone()[0]
        root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'packets'").fetchone()[0]
        db.close()
        with path.open('r+b') as f:
            f.seek((root - 1) * page if hurt == 'packets' else 100)
            f.write(b'\xff' * (page - 100))
        for what in ('check', 'stats', 'pcap', 'json'):
            done = call(what, path, *(('--out', tmp_path / 'o.pcapng') if what == 'pcap' else ()))
            if what == 'json' and hurt == 'packets':
                assert done.returncode == 0  # devices are whole
                continue
            reported = done.stderr + done.stdout
            assert done.returncode == 1, (what, done)
            assert b'copied while it was written' in reported and b'copy it again' in reported and b'norn-log repair' in reported, done


def test_a_copy_that_holds_no_table(tmp_path):
    live, bare = tmp_path / 'live', tmp_path / 'bare'
    db = sqlite3.connect(live)
    db.execute('PRAGMA journal_mode = WAL')
    db.execute('CREATE TABLE KISMET (kismet_version TEXT, db_version INT, db_module TEXT)')
    db.commit()
    shutil.copy(live, bare)
    assert 'its -wal is missing' in run('stats', bare, status=1)
    db.close()
    bare.write_bytes(b'')
    assert 'is empty' in run('check', bare, status=1)


READ_ONLY = '''
mkdir "$1"; mount -t tmpfs none "$1" && cp "$2"* "$1" && mount -o remount,ro "$1" || exit 99
shift 2; exec "$@"
'''


def on_a_card(tmp_path, path, *command):
    """Runs a command that finds path's set on a read-only file system at tmp_path/card."""
    done = subprocess.run(['unshare', '-rm', 'sh', '-c', READ_ONLY, 'sh', tmp_path / 'card', path, *command],
                          capture_output=True, timeout=60, check=False)
    if done.returncode == 99 or (done.returncode and b'unshare' in done.stderr):
        pytest.skip('namespaces are not allowed here')
    return done


@pytest.mark.parametrize('ends, packets', [(('', '-wal', '-shm'), 500), (('', '-wal'), 500), (('',), 600)])
def test_a_set_on_a_read_only_medium(log, tmp_path, ends, packets):  # noqa: F811
    with being_written(log[0], tmp_path) as path:
        for end in {'', '-wal', '-shm'} - set(ends):
            os.unlink(f'{path}{end}')
        card = tmp_path / 'card' / path.name
        for what in (['stats', '--json'], ['check'], ['json'], ['wigle'], ['pcap', '--out', tmp_path / 'o.pcapng']):
            (tmp_path / 'o.pcapng').unlink(missing_ok=True)
            shutil.rmtree(tmp_path / 'card', ignore_errors=True)
            done = on_a_card(tmp_path, path, TOOL, *what, card)
            assert done.returncode == 0, done
            assert (b'its -wal is missing' in done.stderr) == (ends == ('',)), done
            if what[0] == 'stats':
                assert json.loads(done.stdout)['packets'] == packets


def bad_logs(path, folder):
    """One of each kind, by the words that report it."""
    whole = path.read_bytes()
    cut, spoiled, empty, text, odd, other, early = (
        folder / n for n in ('cut', 'spoiled', 'empty', 'text', 'odd', 'other', 'early'))
    cut.write_bytes(whole[:len(whole) // 2])
    spoiled.write_bytes(whole[:4096] + b'\xff' * 8192 + whole[12288:])
    empty.write_bytes(b'')
    text.write_text('MAC,SSID,AuthMode\n' * 400)
    for name, sql in ((odd, 'CREATE TABLE KISMET (kismet_version, db_version); INSERT INTO KISMET VALUES (1, 9);'
                            'CREATE TABLE packets (x); CREATE TABLE devices (devmac); CREATE TABLE datasources (uuid);'
                            'INSERT INTO packets VALUES (1)'),
                      (other, 'CREATE TABLE positions (x)'),
                      (early, 'CREATE TABLE KISMET (kismet_version, db_version); INSERT INTO KISMET VALUES (1, 2)')):
        db = sqlite3.connect(name)
        db.executescript(sql)
        db.close()
    return {cut: '', spoiled: 'damaged', empty: 'is empty', text: 'not a kismetdb log', odd: 'its table packets is missing',
            other: 'not a kismetdb log', early: 'version 2', folder: '', folder / 'none': 'cannot be read'}


def test_merge_takes_the_sound_ones(log, tmp_path):  # noqa: F811
    bad, out = bad_logs(log[0], tmp_path), tmp_path / 'out.kismet'
    second = tmp_path / 'a second.kismet'
    shutil.copy(log[0], second)
    errors = run('merge', *list(bad)[:4], log[0], *list(bad)[4:], second, '--out', out, status=1)
    for path, words in bad.items():
        assert any(f"'{path}'" in line and words in line for line in errors.splitlines()), (path, errors)
    assert f'2 of the {len(bad) + 2} logs' in errors
    assert count(out) == 1200
    assert run('check', out).endswith(b'whole\n')
    for path in bad:
        out.unlink(missing_ok=True)
        assert f"'{path}'" in run('merge', path, '--out', out, status=1)
        assert not out.exists()
    run('merge', log[0], second, '--out', out)


@pytest.mark.parametrize('what', ['stats', 'json', 'ekjson', 'csv', 'wigle', 'kml', 'gpx', 'check'])
def test_others_take_the_sound_ones_too(log, tmp_path, what):  # noqa: F811
    text = tmp_path / 'text'
    text.write_text('no log\n' * 100)
    done, alone = call(what, text, log[0]), call(what, log[0])
    assert done.returncode == 1 and done.stdout == alone.stdout and alone.returncode == 0
    assert done.stderr.count(b"text'") == 1
    assert call(what, text).returncode == 1


def test_a_source_and_a_resumed_log_without_wal(log, tmp_path):  # noqa: F811
    with being_written(log[0], tmp_path) as path:
        for end in ('-wal', '-shm'):
            os.unlink(f'{path}{end}')
        home = tmp_path / 'home'
        home.mkdir()
        norn = Norn(home, '-c', str(path), config=CONFIG + f'resume={path}\n')
        assert norn.wait_done()[0]['kismet.datasource.num_packets'] == 600
        assert len(norn.get('/devices/all_devices.ekjson', auth=LOGIN).text.splitlines()) == log[1]
        assert norn.stop() == 0


@pytest.mark.parametrize('prefix', ['{}/my logs/', '{}/my logs//', '{}//my logs', '{}/my logs/.'])
def test_one_slash_between_folder_and_name(start, tmp_path, prefix):
    folder = tmp_path / 'my logs'
    folder.mkdir()
    capture = Capture().beacon(repeat=3).write(tmp_path / 'c.pcap')
    norn = start('-c', str(capture), config=CONFIG + f'log_types=kismet,pcapng,wiglecsv\nlog_prefix={prefix.format(tmp_path)}\n')
    norn.wait_done()
    paths = [a['kismet.logfile.path'] for a in norn.get('/logging/active.json', auth=LOGIN).json()]
    assert len(paths) == 3 and all('//' not in p and pathlib.Path(p).exists() for p in paths)
    assert f"'{tmp_path}//" not in norn.text()
    assert norn.stop() == 0
    assert len(list(folder.iterdir())) == 3


def test_names_in_local_time(start, tmp_path, monkeypatch):
    monkeypatch.setenv('TZ', 'XYZ-13')
    config = CONFIG + 'log_types=pcapng\nlog_template=%p/%D_%t.%l\n'
    names = []
    for more in ('', 'norn_log_local_time=true\n'):
        norn = start(config=config + more + f'log_prefix={tmp_path}\n')
        path, = (a['kismet.logfile.path'] for a in norn.get('/logging/active.json', auth=LOGIN).json())
        assert norn.stop() == 0
        names.append(pathlib.Path(path).name)
    hours = [int(n[9:11]) for n in names]
    assert (hours[1] - hours[0]) % 24 in (13, 14), names


@pytest.mark.parametrize('umask', ['000', '077'])
def test_modes(start, tmp_path, monkeypatch, umask):
    """Whatever the umask, the owner writes logs, the group reads them, and no one else does."""
    script, folder = tmp_path / 'norn', tmp_path / 'logs'
    folder.mkdir()
    script.write_text(f'#!/bin/sh\numask {umask}\nexec {os.environ["NORN"]} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv('NORN', str(script))
    norn = start(config=CONFIG + f'log_types=kismet,pcapng,pcapppi,wiglecsv\nlog_prefix={folder}\n')
    modes = {f.name.partition('.')[2]: f.stat().st_mode & 0o777 for f in folder.iterdir()}
    assert {'kismet', 'kismet-wal', 'pcapng', 'pcapppi', 'wiglecsv'} <= set(modes) and set(modes.values()) == {0o640}, modes
    assert norn.stop() == 0
    assert {f.stat().st_mode & 0o777 for f in folder.iterdir()} == {0o640}
