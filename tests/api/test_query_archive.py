"""Questions about a span of time: devices and sightings of memory and logs together, each once."""
import json
import shutil
import sqlite3

import pytest

from conftest import LOGIN, wait_until
from frames import AP, STATION, Capture
from test_log_versions import DEVICE, make_log
from test_logs import CONFIG
from test_resume import KEY

START = 1700000040  # a whole minute
LATER = START + 3 * 86400
OTHER_AP = '02:00:00:00:0a:02'


def ask(norn, what, **parameters):
    reply = norn.get(f'/query/{what}.json', params=parameters, auth=LOGIN)
    assert reply.status_code == 200, reply.text
    return reply.json()


def devices(norn, start, end, q='', **more):
    """Address: (packets, name) of each."""
    found = ask(norn, 'devices', **{'from': start, 'to': end, 'q': q, **more})
    return {d['kismet.device.base.macaddr'].lower(): (d['kismet.device.base.packets.total'],
                                                      d['kismet.device.base.commonname']) for d in found['data']}


@pytest.fixture
def norn(start, tmp_path):
    """Two runs: an access point with a station in the first minutes of the first, another one later in it; in the second
    the first access point under another name."""
    logs = tmp_path / 'logs'
    logs.mkdir()
    config = CONFIG + f'log_types=kismet\nlog_prefix={logs}\n'
    c = Capture()
    for minute in range(3):
        c.time = START + 60 * minute
        c.beacon(b'before', bssid=AP)
        c.data(b'x' * 20, bssid=AP, station=STATION)
    c.time = START + 600
    for _ in range(5):
        c.beacon(b'other', bssid=OTHER_AP)
    first = start('-c', str(c.write(tmp_path / 'a.pcap')), config=config)
    first.wait_done()
    assert first.stop() == 0
    c = Capture()
    c.time = LATER
    for _ in range(4):
        c.beacon(b'after', bssid=AP)
    second = start('-c', str(c.write(tmp_path / 'b.pcap')), config=config)
    second.wait_done()
    second.folder = logs
    return second


def test_devices_of_a_span(norn):
    assert devices(norn, START, START + 60) == {AP: (1, 'before'), STATION: (1, STATION.upper())}
    assert devices(norn, START + 60, START + 180) == {AP: (2, 'before'), STATION: (2, STATION.upper())}
    assert devices(norn, START + 540, START + 700) == {OTHER_AP: (5, 'other')}
    assert devices(norn, START + 300, START + 400) == {}
    assert devices(norn, START, LATER + 60, sort='mac') == {AP: (7, 'after'), STATION: (3, STATION.upper()),
                                                            OTHER_AP: (5, 'other')}
    assert devices(norn, START, LATER, 'type:ap') == {AP: (3, 'before'), OTHER_AP: (5, 'other')}
    assert devices(norn, START, LATER, 'ssid:other') == {OTHER_AP: (5, 'other')}
    assert devices(norn, START, LATER, 'ssid:after') == {}
    assert devices(norn, START, LATER, 'packets>4') == {OTHER_AP: (5, 'other')}
    assert devices(norn, START, LATER, f'mac:{STATION}') == {STATION: (3, STATION.upper())}
    found = ask(norn, 'devices', **{'from': START, 'to': LATER})
    assert {d['norn.as_of'] for d in found['data']} >= {START + 120, START + 600 + 0}
    assert found['norn.query.progress']['norn.query.scanned'] == found['norn.query.progress']['norn.query.total'] > 0


def test_pages_groups_and_forms(norn):
    seen, after = [], None
    while True:
        page = ask(norn, 'devices', **{'from': START, 'to': LATER, 'sort': '-packets', 'limit': 1, 'fields': 'mac,packets',
                                       **({'after': after} if after else {})})
        seen += [(d['mac'].lower(), d['packets']) for d in page['data']]
        after = page.get('norn.query.after')
        if not after:
            break
    assert sorted(seen) == sorted([(OTHER_AP, 5), (AP, 3), (STATION, 3)]) and seen[0] == (OTHER_AP, 5)
    groups = ask(norn, 'devices', **{'from': START, 'to': LATER, 'group': 'type'})['norn.query.groups']
    assert sorted(g['norn.query.count'] for g in groups) == [1, 2], groups
    reply = norn.get('/query/devices.csv', params={'from': START, 'to': LATER, 'sort': 'mac', 'fields': 'mac,packets'},
                     auth=LOGIN)
    assert len(reply.text.splitlines()) == 4
    reply = norn.get('/query/devices.ekjson', params={'from': START, 'to': LATER}, auth=LOGIN)
    assert len(reply.text.splitlines()) == 3


def test_sightings_are_there_once_wherever_they_are(norn):
    path = max(norn.folder.glob('*.kismet'))

    def logged():
        with sqlite3.connect(path) as db:
            n = db.execute('SELECT count(*) FROM norn_sightings').fetchone()[0]
        db.close()
        found = ask(norn, 'sightings', **{'from': LATER, 'to': LATER + 600})['data']
        assert [s['norn.sighting.frames'] for s in found] == [4], n
        return n

    wait_until(logged)
    found = ask(norn, 'sightings', **{'from': START, 'to': LATER + 600, 'sort': 'start'})
    assert len(found['data']) == 3 + 3 + 1 + 1 and found['norn.query.matched'] == 8
    assert sum(s['norn.sighting.frames'] for s in found['data']) == 3 + 3 + 5 + 4
    buckets = ask(norn, 'sightings', **{'from': START, 'to': START + 300, 'histogram': '60s'})['norn.query.groups']
    assert [(g['norn.query.from'], g['norn.query.count']) for g in buckets] == [
        (START + 60 * m, 2) for m in range(3)]


def test_alerts_of_the_span_in_memory_and_in_logs(start, tmp_path):
    """Of a server that logs and of one that does not, and no longer by a later one's memory."""
    logs = tmp_path / 'logs'
    logs.mkdir()
    c = Capture()
    c.time = START
    for capability in (0x11, 0x11, 1, 1):  # WEP, then open
        c.beacon(b'net', bssid=AP, capability=capability)
    path = str(c.write(tmp_path / 'c.pcap'))
    for config in (CONFIG, CONFIG + f'log_types=kismet\nlog_prefix={logs}\n'):
        norn = start('-c', path, config=config)
        norn.wait_done()
        assert list(devices(norn, START, START + 60, 'alert:CRYPTODROP')) == [AP]
        assert devices(norn, START, START + 60, 'alert:KARMA') == {}
        assert norn.stop() == 0
    norn = start(config=CONFIG + f'norn_archive_folder={logs}\n')
    assert list(devices(norn, START, START + 60, 'alert:CRYPTODROP')) == [AP]
    assert devices(norn, START + 60, START + 120, 'alert:CRYPTODROP') == {}


def test_sightings_are_enough(norn, start, tmp_path):
    """Of a log that norn-log made, or stripped: without packets, and without an index of its sightings."""
    folder = tmp_path / 'made'
    folder.mkdir()
    shutil.copy(min(norn.folder.glob('*.kismet')), folder / 'made.kismet')
    with sqlite3.connect(folder / 'made.kismet') as db:
        db.executescript('DELETE FROM packets; DROP TABLE norn_sighting_blocks; DROP TABLE norn_sighting_block_keys;')
    db.close()
    other = start(config=CONFIG + f'norn_archive_folder={folder}\n')
    assert devices(other, START, START + 700) == {AP: (3, 'before'), STATION: (3, STATION.upper()), OTHER_AP: (5, 'other')}


def test_logs_of_other_programs_and_damaged_ones(start, tmp_path):
    folder = tmp_path / 'more'
    folder.mkdir()
    make_log(folder / 'old.kismet', 9)
    with sqlite3.connect(folder / 'old.kismet') as db:
        db.execute('UPDATE devices SET device = ?', (json.dumps({**DEVICE, 'kismet.device.base.key': KEY}),))
    db.close()
    (folder / 'damaged.kismet').write_bytes(b'SQLite format 3\0' + bytes(4096))
    norn = start(config=CONFIG + f'norn_archive_folder={folder}\n')
    found = ask(norn, 'devices', **{'from': 1699999990, 'to': 1700000060})
    assert [(d['kismet.device.base.key'], d['kismet.device.base.packets.total']) for d in found['data']] == [(KEY, 3)]
    progress = found['norn.query.progress']
    assert progress['norn.query.passed_over'] == 1 and 'damaged.kismet' in progress['norn.query.why']
    sightings = ask(norn, 'sightings', **{'from': 1699999990, 'to': 1700000060})['data']
    assert [(s['norn.sighting.macaddr'].lower(), s['norn.sighting.frames']) for s in sightings] == [(AP, 3)]
    (folder / 'old.kismet').unlink()
    assert ask(norn, 'sightings', **{'from': 1699999990, 'to': 1700000060})['data'] == []


def test_bad_input(start):
    norn = start(config=CONFIG)
    for what, parameters, words in (('devices', {'from': '-1h', 'to': '-2h'}, 'ends before it begins'),
                                    ('devices', {'from': 'x'}, "'from' is a time"),
                                    ('devices', {'from': '-1h', 'q': 'view:all'}, 'views are of now'),
                                    ('alerts', {'from': '-1h'}, 'are not taken of alerts'),
                                    ('messages', {'to': '-1h'}, 'are not taken of messages')):
        reply = norn.get(f'/query/{what}.json', params=parameters, auth=LOGIN)
        assert reply.status_code == 400 and words in reply.text, (what, parameters, reply.text)
    assert ask(norn, 'devices', **{'from': '-1h'})['data'] == []
