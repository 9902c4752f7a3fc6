"""Devices at some time: their history from memory and logs, counted against the frames themselves, and their record as
of then."""
import sqlite3

import pytest

from conftest import LOGIN, wait_until
from frames import AP, STATION, Capture
from test_log_versions import make_log
from test_logs import CONFIG

START = 1700000040  # a whole minute
AP2 = '02:00:00:00:0a:02'


def key_of(norn, mac):
    return norn.get(f'/devices/by-mac/{mac}/devices.json').json()[0]['kismet.device.base.key']


def history(norn, key, **parameters):
    reply = norn.get(f'/query/devices/{key}/history.json', params=parameters, auth=LOGIN)
    assert reply.status_code == 200, reply.text
    return reply.json()


def presence(found):
    return {b['norn.history.start']: b['norn.history.frames'] for b in found['norn.history.presence']}


def changes(found):
    return [(c['norn.history.what'], c['norn.history.before'], c['norn.history.after'])
            for c in found['norn.history.changes']]


def beacons(path, start, name, times):
    """One beacon at each of these seconds after the start."""
    c = Capture()
    for t in times:
        c.time = start + t
        c.beacon(name, bssid=AP)
    return c.write(path)


def counted(times, start, seconds):
    found = {}
    for t in times:
        at = (start + t) // seconds * seconds
        found[at] = found.get(at, 0) + 1
    return found


FIRST, SECOND = [0, 1, 2, 61, 200, 3700], [0, 5, 30, 130]
LATER = START + 5 * 86400


@pytest.fixture
def archived(start, tmp_path):
    """A server whose first run left a log, the second of which has read its capture, and logs it."""
    logs = tmp_path / 'logs'
    logs.mkdir()
    config = CONFIG + f'log_types=kismet\nlog_prefix={logs}\n'
    norn = start('-c', str(beacons(tmp_path / 'a.pcap', START, b'before', FIRST)), config=config)
    norn.wait_done()
    assert norn.stop() == 0
    norn = start('-c', str(beacons(tmp_path / 'b.pcap', LATER, b'after', SECOND)), config=config)
    norn.wait_done()
    return norn, logs


def test_presence_is_what_was_sent(archived):
    norn, logs = archived
    key = key_of(norn, AP)
    for seconds, per in ((60, 'minute'), (3600, 'hour'), (86400, 'day')):
        found = history(norn, key, **{'from': START - 60, 'to': LATER + 3600, 'per': per})
        assert presence(found) == {**counted(FIRST, START, seconds), **counted(SECOND, LATER, seconds)}, per
        assert found['norn.history.seconds'] == seconds
    # whatever part of it is in memory, and what in the log that is being written
    path = max(logs.glob('*.kismet'))

    def logged():
        with sqlite3.connect(path) as db:
            n = db.execute('SELECT count(*) FROM norn_sightings').fetchone()[0]
        db.close()
        found = history(norn, key, **{'from': LATER, 'to': LATER + 3600, 'per': 'minute'})
        assert presence(found) == counted(SECOND, LATER, 60), n
        return n >= 2

    wait_until(logged)
    found = history(norn, key, **{'from': START + 60, 'to': START + 120, 'per': 'minute'})
    assert presence(found) == {START + 60: 1}
    assert found['norn.query.progress']['norn.query.logs'] == 2
    assert changes(history(norn, key, **{'from': START, 'to': LATER + 3600})) == [('name', 'before', 'after')]


def test_record_as_of_then(archived):
    norn, _ = archived
    key = key_of(norn, AP)

    def at(time):
        reply = norn.get(f'/devices/by-key/{key}/device.json', params={'at': time}, auth=LOGIN)
        record = reply.json() if reply.ok else {}
        return reply.status_code, record.get('kismet.device.base.commonname'), record.get('norn.as_of')

    assert at(LATER - 1) == (200, 'before', START + 3700)
    assert at(START + 1) == (200, 'before', START + 3700)
    assert at(LATER + 500) == (200, 'after', LATER + 130)
    assert at('now') == (200, 'after', LATER + 130)
    assert at(START - 5)[0] == 404
    assert 'norn.as_of' not in norn.get(f'/devices/by-key/{key}/device.json').json()
    assert norn.get(f'/devices/by-key/{key}/device.json', params={'at': 'noon'}).status_code == 400
    reply = norn.post(f'/devices/by-key/{key}/device.json', {'at': LATER - 1, 'fields': ['kismet.device.base.commonname']})
    assert reply.json() == {'kismet.device.base.commonname': 'before'}


def test_networks_of_a_station(start, tmp_path):
    c = Capture()
    for minute, ap in enumerate((AP, AP, AP2, AP)):
        c.time = START + 60 * minute
        for _ in range(3):
            c.data(b'x' * 20, bssid=ap, station=STATION)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=CONFIG)
    norn.wait_done()
    found = history(norn, key_of(norn, STATION), **{'from': START, 'to': START + 600})
    assert changes(found) == [('network', AP.upper(), AP2.upper()), ('network', AP2.upper(), AP.upper())]
    assert presence(found) == {START + 60 * m: 3 for m in range(4)}


@pytest.mark.parametrize('version', (4, 9))
def test_logs_of_other_programs(start, tmp_path, version):
    make_log(tmp_path / 'old.kismet', version)
    (tmp_path / 'damaged.kismet').write_bytes(b'SQLite format 3\0' + bytes(4096))
    norn = start('-c', str(beacons(tmp_path / 'b.pcap', LATER, b'after', [0])),
                 config=CONFIG + f'norn_archive_folder={tmp_path}\n')
    norn.wait_done()
    found = history(norn, key_of(norn, AP), **{'from': 1699999940, 'to': 1700000060})
    assert sum(presence(found).values()) == 3
    assert found['norn.history.presence'][0]['norn.history.signal_mean'] == -40
    progress = found['norn.query.progress']
    assert progress['norn.query.passed_over'] == 1 and 'damaged.kismet' in progress['norn.query.why']


def test_bad_input(start):
    norn = start(config=CONFIG)
    path = '/query/devices/4202770D00000000_FFEEDDCCBBAA/history.json'
    for parameters, words in (({'from': 'x'}, "'from' is a time"), ({'to': '-'}, "'to' is a time"),
                              ({'from': '-1h', 'to': '-2h'}, 'ends before it begins'), ({'per': 'week'}, "'per' is"),
                              ({'from': '-5parsecs'}, "'from' is a time")):
        reply = norn.get(path, params=parameters, auth=LOGIN)
        assert reply.status_code == 400 and words in reply.text, (parameters, reply.text)
    assert norn.get(path, auth=LOGIN).status_code == 404
    assert norn.get('/query/devices/nokey/history.json', auth=LOGIN).status_code == 400
