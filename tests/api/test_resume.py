"""Warm restart: what a run logged is there in the next one, and goes on."""
import json
import os
import re
import signal
import sqlite3
import subprocess
import time

from conftest import BOARD, LOGIN, wait_until
from frames import AP, Capture, OTHER, STATION

ALL = '/devices/views/all/devices.json'
LOGGED = BOARD + 'log_types=kismet\nkis_log_device_rate=1\n'
KEY = '4202770D00000000_10000000D00'  # of AP


def found(norn):
    return {d['kismet.device.base.key']: d for d in norn.get(ALL, auth=LOGIN).json()}


def names(norn):
    found = norn.get('/phy/phy80211/ssids/views/ssids.json', auth=LOGIN).json()
    return sorted(found, key=lambda s: (s['dot11.ssidgroup.hash'], s['dot11.ssidgroup.ssid']))


def counted(norn, name):
    return norn.get('/system/status.json', auth=LOGIN).json().get('norn.system.resumed.' + name)


def steady(record):
    """Without the second in which the record was asked for, to which histories are brought forward, and without the
    server, which is another."""
    if isinstance(record, dict):
        return {k: steady(v) for k, v in record.items()
                if k not in ('kismet.common.rrd.serial_time', 'kismet.server.uuid')}
    return [steady(v) for v in record] if isinstance(record, list) else record


def the_log(norn):
    log, = norn.home.glob('*.kismet')
    return log


def live_run(start, capture, config=LOGGED):
    """A server that has read the capture, and what its devices are."""
    norn = start('-c', str(capture), config=config)
    norn.wait_done()
    return norn, found(norn)


def test_all_comes_back(start):
    norn, before = live_run(start, os.environ['SAMPLE'])
    ssids = names(norn)
    alerts = norn.get('/alerts/all_alerts.json', auth=LOGIN).json()
    assert len(before) > 10
    norn.stop()
    again = start('--resume', str(the_log(norn)), config=BOARD)
    after = found(again)
    assert after.keys() == before.keys()
    for key, device in before.items():
        assert steady(after[key]) == steady(device)
    assert names(again) == ssids
    assert counted(again, 'devices') == len(before) and counted(again, 'time') > 1700000000
    assert counted(again, 'age') < 60
    back = again.get('/alerts/all_alerts.json', auth=LOGIN).json()
    assert [a for a in back if a in alerts] == alerts
    assert f'{len(before)} devices' in again.text() and 'seconds old' in again.text()


def test_names_tags_and_fingerprints(start, tmp_path):
    norn, _ = live_run(start, Capture().beacon(repeat=3).probe().write(tmp_path / 'c.pcap'))
    for path, command in (
            (f'/devices/by-key/{KEY}/set_name', {'username': 'gate'}),
            (f'/devices/by-key/{KEY}/set_tag', {'tagname': 'where', 'tagvalue': 'door'}),
            ('/phy/phy80211/fingerprints/whitelist/new/insert',
             {'macaddr': AP, 'beacon_hash': 7, 'probe_hash': 8, 'response_hash': 9})):
        reply = norn.post(path + ('.json' if path.endswith('insert') else '.cmd'), command, auth=LOGIN)
        assert reply.status_code == 200, path
    norn.stop()
    again = start('--resume', str(the_log(norn)), config=BOARD)
    device = found(again)[KEY]
    assert device['kismet.device.base.username'] == device['kismet.device.base.commonname'] == 'gate'
    assert device['kismet.device.base.tags'] == {'where': 'door'}
    whitelist = again.get('/phy/phy80211/fingerprints/whitelist/all_fingerprints.json').json()
    assert whitelist[0]['kismet.dot11.fingerprint.beacon_hash'] == 7
    assert (again.home / '.norn/fingerprints.jsonl').exists()


def frames(first, count):
    """Beacons and data of one network from that second on."""
    c = Capture()
    c.time += first
    for i in range(count):
        c.beacon(step=0.5).probe(b'net', step=0.5)
    return c


def test_the_same_devices_go_on(start, tmp_path):
    norn, before = live_run(start, frames(0, 20).write(tmp_path / 'a.pcap'))
    norn.stop()
    again = start('--resume', str(the_log(norn)), '-c', str(frames(100, 30).write(tmp_path / 'b.pcap')), config=BOARD)
    again.wait_done()
    after = found(again)
    whole, expected = live_run(start, frames(0, 20).write(tmp_path / 'c.pcap'), BOARD)
    assert after.keys() == before.keys() == expected.keys()
    name = 'kismet.device.base.'
    for key, old in before.items():
        new = after[key]
        assert new[name + 'first_time'] == old[name + 'first_time']
        assert new[name + 'last_time'] > old[name + 'last_time'] + 90
        assert new[name + 'packets.total'] > old[name + 'packets.total'] * 2
        assert len(new[name + 'seenby']) == 2  # two captures, so two datasources
    networks = after[KEY]['dot11.device']['dot11.device.advertised_ssid_map']
    assert len(networks) == 1
    view = 'seenby-' + old[name + 'seenby'][0]['kismet.common.seenby.uuid']
    assert len(again.get(f'/devices/views/{view}/devices.json', auth=LOGIN).json()) == len(before)


def test_one_source_is_one(start, tmp_path):
    source = 'uuid=11111111-2222-3333-4444-555555555555'
    norn, _ = live_run(start, f'{frames(0, 5).write(tmp_path / "a.pcap")}:{source}')
    norn.stop()
    again = start('--resume', str(the_log(norn)), '-c', f'{frames(50, 5).write(tmp_path / "b.pcap")}:{source}',
                  config=BOARD)
    again.wait_done()
    seen, = found(again)[KEY]['kismet.device.base.seenby']
    assert seen['kismet.common.seenby.num_packets'] == 10
    assert seen['kismet.common.seenby.uuid'] == source[5:]
    views = [v['kismet.devices.view.id'] for v in again.get('/devices/views/all_views.json', auth=LOGIN).json()]
    assert views.count('seenby-' + source[5:]) == 1


def test_same_file(start, tmp_path):
    norn, before = live_run(start, frames(0, 20).write(tmp_path / 'a.pcap'))
    log = the_log(norn)
    norn.stop()
    held = sqlite3.connect(log)
    alerts, packets = (held.execute(f'SELECT count(*) FROM {t}').fetchone()[0] for t in ('alerts', 'packets'))
    held.close()
    again = start('--resume', str(log), '-c', str(frames(100, 20).write(tmp_path / 'b.pcap')),
                  config=LOGGED + 'norn_resume_log=same\n')
    again.wait_done()
    assert again.get('/logging/active.json', auth=LOGIN).json()[0]['kismet.logfile.path'] == str(log)
    raised = len(again.get('/alerts/all_alerts.json', auth=LOGIN).json())
    again.stop()
    assert not list(again.home.glob('*.kismet'))
    held = sqlite3.connect(log)
    assert held.execute('PRAGMA integrity_check').fetchone() == ('ok',)
    assert held.execute('SELECT count(*) FROM packets').fetchone()[0] == packets * 2
    assert held.execute('SELECT count(*), count(DISTINCT devkey) FROM devices').fetchone() == (len(before),) * 2
    assert held.execute('SELECT count(*) FROM alerts').fetchone()[0] == raised >= alerts
    rows, = held.execute('SELECT max(rowid) FROM packets').fetchone()
    assert held.execute('SELECT max(last_row), min(first_row) FROM norn_blocks').fetchone() == (rows, 1)
    held.close()


def test_auto_takes_the_newest(start, tmp_path):
    folder = tmp_path / 'logs'
    folder.mkdir()
    config = LOGGED + f'resume=auto\nlog_prefix={folder}\nlog_title=site [a]\n'
    norn, first = live_run(start, frames(0, 3).write(tmp_path / 'a.pcap'), config)
    assert 'no log to resume from' in norn.text()
    norn.stop()
    again, both = live_run(start, Capture().beacon(bssid=OTHER).write(tmp_path / 'b.pcap'), config)
    assert both.keys() > first.keys()
    again.process.send_signal(signal.SIGKILL)  # before all was written: the earlier log is resumed, too
    again.process.wait()
    again.stop = lambda: 0
    (folder / 'site [a]-20990101-00-00-00-1.kismet').write_bytes(b'SQLite format 3\0' + b'nonsense' * 500)
    (folder / 'other-20990101-00-00-00-1.kismet').write_bytes(b'x')
    third = start(config=config)
    assert found(third).keys() >= first.keys()
    assert 'is not a readable kismetdb log' in third.text()
    assert not re.search('resume=auto.*other', third.text())


def test_rotated_files_are_one_log(start, tmp_path):
    """A device that was silent since the last rotation is in an earlier file."""
    folder = tmp_path / 'logs'
    folder.mkdir()
    norn = start('-c', str(frames(0, 3).write(tmp_path / 'a.pcap')),
                 config=LOGGED + f'log_prefix={folder}\nkis_log_rotate_mb=1\n')
    norn.wait_done()
    more = Capture()
    for i in range(9000):
        more.beacon(bssid=STATION, step=0.1, more=b'\xdd\x7c' + i.to_bytes(4, 'big') * 31)
    command = {'definition': str(more.write(tmp_path / 'b.pcap'))}
    wait_until(lambda: sqlite3.connect(next(folder.glob('*.kismet'))).execute(
        'SELECT count(*) FROM devices').fetchone()[0])
    assert norn.post('/datasource/add_source.cmd', command, auth=LOGIN).status_code == 200
    norn.wait_done()
    wait_until(lambda: len(list(folder.glob('*.kismet'))) > 1)
    before = found(norn)
    norn.stop()
    again = start(config=BOARD + f'resume=auto\nlog_prefix={folder}\n')
    assert found(again).keys() == before.keys()


def refuses(tmp_path, name):
    config = tmp_path / 'norn.conf'
    config.write_text('httpd_port=0\n')
    run = subprocess.run([os.environ['NORN'], '-f', config, '--homedir', tmp_path, '--resume', str(name)],
                         capture_output=True, text=True, timeout=20)
    assert run.returncode == 1 and 'Serving' not in run.stderr
    return run.stderr


def test_what_cannot_be_read_is_reported(tmp_path):
    (tmp_path / 'text').write_text('hello')
    (tmp_path / 'torn').write_bytes(b'SQLite format 3\0' + os.urandom(5000))
    old = sqlite3.connect(tmp_path / 'old')
    old.executescript('CREATE TABLE KISMET (db_version INT); INSERT INTO KISMET VALUES (3);')
    old.close()
    assert 'cannot be read; the server does not start' in refuses(tmp_path, tmp_path / 'none')
    assert 'is not a readable kismetdb log' in refuses(tmp_path, tmp_path / 'text')
    assert 'is not a readable kismetdb log' in refuses(tmp_path, tmp_path / 'torn')
    assert 'of a version before 4' in refuses(tmp_path, tmp_path / 'old')


def device(**more):
    """As Kismet writes it, and whatever else."""
    return json.dumps({'kismet.device.base.key': KEY, 'kismet.device.base.macaddr': AP.upper(),
                       'kismet.device.base.phyname': 'IEEE802.11', **more})


def log_of(path, version, *rows):
    db = sqlite3.connect(path)
    db.executescript(f'''CREATE TABLE KISMET (kismet_version TEXT, db_version INT, db_module TEXT);
        INSERT INTO KISMET VALUES ('2019-12-R2', {version}, 'kismetlog');
        CREATE TABLE devices (first_time INT, last_time INT, devkey TEXT, phyname TEXT, devmac TEXT,
            strongest_signal INT, device BLOB);
        CREATE TABLE messages (ts_sec INT, message TEXT); INSERT INTO messages VALUES (1600000000, 'hello');
        CREATE TABLE alerts (ts_sec INT, ts_usec INT, header TEXT, json BLOB);''')
    db.executemany("INSERT INTO devices VALUES (1, 2, '', 'IEEE802.11', '', 0, ?)", [(r,) for r in rows])
    db.commit()
    db.close()
    return path


def test_a_log_of_kismet(start, tmp_path):
    rrd = {'kismet.common.rrd.last_time': 1600000000, 'kismet.common.rrd.serial_time': 1600000000,
           'kismet.common.rrd.minute_vec': [0] * 40 + [5] + [0] * 19, 'kismet.common.rrd.hour_vec': [0] * 26 + [1] + [0] * 33,
           'kismet.common.rrd.day_vec': [0] * 24, 'kismet.common.rrd.last_value': 5}
    record = device(**{
        'kismet.device.base.first_time': 1500000000, 'kismet.device.base.last_time': 1600000000,
        'kismet.device.base.name': 'net', 'kismet.device.base.type': 'Wi-Fi AP',
        'kismet.device.base.packets.total': 70, 'kismet.device.base.packets.rrd': rrd,
        'kismet.device.base.freq_khz_map': {'2437000.000000': 70}, 'kismet.device.base.frequency': 2437000.0,
        'kismet.device.base.signal': {'kismet.common.signal.type': 'dbm', 'kismet.common.signal.max_signal': -40},
        'kismet.device.base.seenby': [{'kismet.common.seenby.uuid': '5FE308BD-0000-0000-0000-00C0CAAB5D2D',
                                       'kismet.common.seenby.num_packets': 70}],
        'dot11.device': {'dot11.device.typeset': 1, 'dot11.device.num_fragments': 18446744073709551615,
                         'dot11.device.advertised_ssid_map': [{
                             'dot11.advertisedssid.ssid': 'a\\u0007b', 'dot11.advertisedssid.ssidlen': 3,
                             'dot11.advertisedssid.ssid_hash': 99, 'dot11.advertisedssid.maxrate': 54,
                             'dot11.advertisedssid.crypt_bitfield': 0}]}})
    alert = json.dumps({'kismet.alert.header': 'DEAUTHFLOOD', 'kismet.alert.timestamp': 1600000000.25,
                        'kismet.alert.text': 'a flood'})
    log = log_of(tmp_path / 'k.kismet', 6, record)
    db = sqlite3.connect(log)
    db.execute("INSERT INTO alerts VALUES (1, 2, 'DEAUTHFLOOD', ?)", (alert,))
    db.commit()
    db.close()
    norn = start('--resume', str(log), config=BOARD)
    d = found(norn)[KEY]
    assert d['kismet.device.base.first_time'] == 1500000000 and d['kismet.device.base.packets.total'] == 70
    assert d['kismet.device.base.freq_khz_map'] == {'2437000': 70} and d['kismet.device.base.type'] == 'Wi-Fi AP'
    assert d['kismet.device.base.packets.rrd']['kismet.common.rrd.minute_vec'][40] == 5
    assert d['kismet.device.base.signal']['kismet.common.signal.max_signal'] == -40
    assert d['kismet.device.base.seenby'][0]['kismet.common.seenby.uuid'] == '5FE308BD-0000-0000-0000-00C0CAAB5D2D'
    assert d['dot11.device']['dot11.device.num_fragments'] == 18446744073709551615
    network, = d['dot11.device']['dot11.device.advertised_ssid_map']
    assert network['dot11.advertisedssid.ssidlen'] == 3 and network['norn.advertisedssid.max_rate'] == 54
    assert counted(norn, 'time') == 1600000000
    assert [a['kismet.alert.text'] for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json()
            if a['kismet.alert.header'] == 'DEAUTHFLOOD'] == ['a flood']


def test_a_hostile_log(start, tmp_path):
    """What is no device's record is left out and counted; what is one comes back, made sane."""
    base = 'kismet.device.base.'
    log = log_of(
        tmp_path / 'h.kismet', 9, 'nonsense', '[]', '{"kismet.device.base.key": 7}', '[' * 100000,
        json.dumps({base + 'key': '4202770D00000001_10000000D00'}),
        device(**{base + 'last_time': 4e9, base + 'first_time': -5, base + 'mod_time': 4294967295,
                  base + 'name': 'x' * 100000, base + 'packets.total': 'many', base + 'type': 'Wi-Fi Toaster',
                  base + 'packets.rrd': {'kismet.common.rrd.last_time': 1700000000,
                                         'kismet.common.rrd.minute_vec': [1e300, -1e300] * 500,
                                         'kismet.common.rrd.hour_vec': [1e30, -5] * 30},
                  base + 'seenby': [{}] * 10000, base + 'signal': 5, base + 'tags': {'t' * 10: 'v' * 100000},
                  'norn.base.packets.history': 'ff' * 400, 'norn.base.state': 1,
                  'dot11.device': {'dot11.device.probed_ssid_map': [{}] * 10000,
                                   'dot11.device.wpa_nonce_list': [{}] * 500,
                                   'dot11.device.client_map': {str(i): {} for i in range(5000)}}}),
        device(**{base + 'name': 'twice'}))
    norn = start('--resume', str(log), config=BOARD)
    d = found(norn)
    assert list(d) == [KEY]
    assert d[KEY][base + 'last_time'] <= time.time() + 86400 and d[KEY][base + 'name'] in ('', 'twice')
    assert len(d[KEY]['dot11.device'].get('dot11.device.probed_ssid_map', [])) <= 256
    assert 'cannot be used' in norn.text()


def many(tmp_path, count):
    c = Capture()
    for i in range(count):
        c.probe(source='00:0f:00:00:%02x:%02x' % (i // 256, i % 256), step=1)
    return c.write(tmp_path / 'many.pcap')


def test_the_newest_come_back_where_there_is_no_room(start, tmp_path):
    norn, before = live_run(start, many(tmp_path, 2000))
    norn.stop()
    again = start('--resume', str(the_log(norn)), config=BOARD + 'tracker_max_devices=640\n')
    after = found(again)
    assert len(before) == 2000 and 500 <= len(after) <= 640
    last = 'kismet.device.base.last_time'
    assert min(d[last] for d in after.values()) >= sorted(d[last] for d in before.values())[2000 - 640]
    assert 'not seen for the longest time' in again.text()


def test_a_damaged_log_gives_what_can_be_read(start, tmp_path):
    norn, before = live_run(start, many(tmp_path, 400))
    norn.stop()
    log = the_log(norn)
    octets = bytearray(log.read_bytes())
    half = len(octets) // 2 // 4096 * 4096
    octets[half:half + 8192] = os.urandom(8192)
    log.write_bytes(octets)
    again = start('--resume', str(log), config=BOARD)
    after = found(again)
    assert 0 < len(after) <= len(before)
    for key, device in after.items():
        assert steady(device) == steady(before[key])
