"""Every kis_log_ option does what it says, as sqlite3 finds it in the log."""
import contextlib
import json
import os
import pathlib
import sqlite3

import pytest

from conftest import LOGIN, wait_until
from frames import Capture, DISASSOC
from test_streams import tshark

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\ngps=virtual:lat=10.5,lon=20.25\nkis_log_beacons=all\n'
TABLES = {'packets': 'packets', 'devices': 'devices', 'datasources': 'datasources', 'messages': 'messages',
          'alerts': 'alerts', 'gps': "snapshots WHERE snaptype = 'GPS'",
          'system': "snapshots WHERE snaptype = 'SYSTEM'"}


@pytest.fixture(scope='module')
def capture(tmp_path_factory):
    """20 probes, the last of them four times, and 10 data frames."""
    c = Capture()
    for i in range(20):
        c.probe(b'p%d' % i)
    frame = c.frames[-1][1]
    c.add(frame).add(frame).add(frame)
    for i in range(10):
        c.data(b'x%02d' % i * 10)
    return c.write(tmp_path_factory.mktemp('capture') / 'c.pcap')


@pytest.fixture
def run(start, tmp_path, capture):
    """Starts a server that logs the capture with these options: it, and a function that asks the log."""
    def go(options, log_types='log_types=kismet\n', source=capture):
        folder = tmp_path / 'logs'
        folder.mkdir()
        norn = start('-c', str(source), config=CONFIG + f'{log_types}log_prefix={folder}\n{options}')
        norn.wait_done()

        def ask(sql):
            db = sqlite3.connect(f'file:{next(folder.glob("*.kismet"))}?mode=ro', uri=True)
            rows = db.execute(sql).fetchall()
            db.close()
            return rows

        norn.folder = folder
        return norn, ask
    return go


def count(ask, table):
    return ask(f'SELECT count(*) FROM {TABLES[table]}')[0][0]


@pytest.mark.parametrize('option, empty', [
    ('', []), ('kis_log_packets', ['packets']), ('kis_log_devices', ['devices']),
    ('kis_log_datasources', ['datasources']), ('kis_log_messages', ['messages']), ('kis_log_alerts', ['alerts']),
    ('kis_log_gps_track', ['gps']), ('kis_log_system_status', ['system'])])
def test_what_is_switched_off_is_not_there(run, option, empty):
    norn, ask = run(f'{option}=false\n' if option else '')
    assert norn.stop() == 0
    assert [t for t in TABLES if count(ask, t) == 0] == empty


@pytest.mark.parametrize('option, left', [
    ('kis_log_duplicate_packets', 30), ('kis_log_data_packets', 23)])
def test_packets_of_a_kind(run, option, left):
    norn, ask = run(f'{option}=false\n')
    assert norn.stop() == 0
    assert count(ask, 'packets') == left


def test_enable_logging(run):
    norn, _ = run('enable_logging=false\n')
    assert norn.stop() == 0
    assert list(norn.folder.iterdir()) == []


def test_gps_snapshots(run):
    norn, ask = run('')
    wait_until(lambda: count(ask, 'gps'))
    live = norn.get('/gps/all_gps.json').json()
    assert norn.stop() == 0
    lat, lon, text = ask("SELECT lat, lon, json FROM snapshots WHERE snaptype = 'GPS'")[0]
    assert (lat, lon) == (10.5, 20.25)
    assert set(json.loads(text)) == set(live[0])


def open_files(pid):
    """One may be closed while they are listed."""
    found = []
    for fd in pathlib.Path(f'/proc/{pid}/fd').iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(os.readlink(fd))
    return found


def test_ephemeral(run):
    """The file has no name, is still written, and no message says that it was removed."""
    norn, _ = run('kis_log_ephemeral_dangerous=true\nlog_types=pcapng\n')
    assert [f.suffix for f in norn.folder.iterdir()] == ['.pcapng']
    link = open_files(norn.process.pid)
    assert any(f.startswith(str(norn.folder)) and f.endswith('.kismet (deleted)') for f in link), link
    active = wait_until(lambda: [a for a in norn.get('/logging/active.json', auth=LOGIN).json()
                           if a['kismet.log.type_driver']['kismet.logfile.type.class'] == 'kismet'
                           and a['norn.logfile.packets'] == 33])[0]
    assert active['norn.logfile.files'] == 1 and active['norn.logfile.lost'] == 0
    assert 'ephemeral' in norn.get('/logging/kismetdb/pcap/x.pcapng', auth=LOGIN).text
    assert norn.stop() == 0 and 'given up' not in norn.text()
    assert [f.suffix for f in norn.folder.iterdir()] == ['.pcapng']


def test_tags_of_packets(run, tmp_path):
    """What a frame is, and the alerts behind it, also those that are held back; a request finds them."""
    c = Capture().beacon(b'net').beacon(b'').probe(b'p').answer(ssid=b'net').key(0x008a).disconnect()
    c.disconnect(DISASSOC).data(b'x' * 30)
    c.each(range(4), lambda c, _: c.disconnect(reason=0))  # every other one is enough (doc/decisions/0056)
    norn, ask = run('alert=DEAUTHCODEINVALID,1/min,1/min\n', source=c.write(tmp_path / 't.pcap'))
    wait_until(lambda: norn.get('/logging/active.json', auth=LOGIN).json()[0]['norn.logfile.packets'] == 12)
    wait_until(lambda: count(ask, 'packets') == 12)
    reply = norn.get('/logging/kismetdb/pcap/x.pcapng', params={'tag': 'DOT11_DEAUTHENTICATION'}, auth=LOGIN)
    (tmp_path / 'x.pcapng').write_bytes(reply.content)
    assert tshark(tmp_path / 'x.pcapng', 'wlan.fc.type_subtype') == [['0x000c']] * 5
    assert norn.stop() == 0
    found = ask("SELECT count(*) FROM alerts WHERE header = 'DEAUTHCODEINVALID'")[0][0]
    assert 1 <= found <= 2  # and maybe a report of the one held back
    tags = [r[0] for r in ask('SELECT tags FROM packets ORDER BY rowid')]
    bad = 'DOT11_DEAUTHENTICATION ALERT ALERT_DEAUTHCODEINVALID'
    assert tags == ['DOT11_BEACON_SSID', '', 'DOT11_PROBE_REQ', 'DOT11_RESPONSE_SSID', 'DOT11_WPAHANDSHAKE',
                    'DOT11_DEAUTHENTICATION', 'DOT11_DISASSOCIATION', '', *['DOT11_DEAUTHENTICATION', bad] * 2]


def test_points_of_interest(run):
    """With a note and without, in the list and as snapshots at the position of the GPS."""
    norn, ask = run('')
    assert norn.post('/poi/create_poi.cmd', {'note': 'x'}).status_code == 401
    assert norn.post('/poi/create_poi.cmd', {'note': 7}, auth=LOGIN).status_code == 400
    for command in ({'note': 'a "door"'}, {}):
        assert norn.post('/poi/create_poi.cmd', command, auth=LOGIN).status_code == 200
    pois = norn.get('/poi/list_poi.json').json()
    assert [p['norn.poi.note'] for p in pois] == ['a "door"', '']
    assert pois[0]['norn.poi.location']['kismet.common.location.geopoint'] == [20.25, 10.5]
    assert norn.stop() == 0
    assert ask("SELECT lat, lon, json FROM snapshots WHERE snaptype = 'POI' ORDER BY ts_sec, ts_usec") == [
        (10.5, 20.25, b'{"note":"a \\"door\\""}'), (10.5, 20.25, b'')]
