"""Alerts: rates, floods, what the server reports of itself, and their REST lists."""
import json
import os
import pathlib
import subprocess
import time

import pytest

from conftest import LOGIN, wait_until
from alert_cases import station
from frames import AP, BROADCAST, Capture, STATION, element

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\nalertbacklog=1000\nouifile=/dev/null\n'
SHARED = pathlib.Path(__file__).resolve().parents[3] / 'shared'
SYSTEM = {'ROOTUSER', 'GLOBALHTTPDUSER', 'LOGDISABLED', 'CONFIGERROR'}
def raised(norn):
    alerts = norn.get('/alerts/all_alerts.json').json()
    return [a for a in alerts if a['kismet.alert.header'] not in SYSTEM]


def test_the_system_shows_of_itself(start):
    norn = start(config=CONFIG + 'enable_logging=false\nno_such_option=1\nload_alert=SITE:as it was\nload_alert=KISMET:x\n')
    alerts = {a['kismet.alert.header']: a for a in norn.get('/alerts/all_alerts.json').json()}
    assert set(alerts) - {'ROOTUSER'} == {'LOGDISABLED', 'CONFIGERROR', 'GLOBALHTTPDUSER', 'SITE'}  # KISMET is off
    assert ('ROOTUSER' in alerts) == (os.getuid() == 0)
    assert alerts['SITE']['kismet.alert.text'] == 'as it was'
    assert alerts['LOGDISABLED']['kismet.alert.severity'] == 20


def test_every_alert_of_the_server_has_a_test():
    rows = subprocess.run([os.environ['GENERATE'], 'rules'], capture_output=True, text=True, check=True).stdout
    names = {line.split('\t')[0] for line in rows.splitlines() if line.split('\t')[1] == '0'}
    here = pathlib.Path(__file__).resolve().parents[1]
    tests = ''.join(p.read_text() for folder in ('api', 'slow') for p in (here / folder).glob('test_*.py'))
    assert names and not {name for name in names if f"'{name}'" not in tests}


def test_a_log_that_cannot_be_opened_is_reported(start):
    norn = start(config='log_types=kismet\nlog_types=pcapng\nlog_prefix=/nowhere/at/all\n')
    texts = [a['kismet.alert.text'] for a in norn.get('/alerts/all_alerts.json').json()
             if a['kismet.alert.header'] == 'LOGFAILED']
    assert len(texts) == 2 and 'kismet' in texts[0] and 'pcapng' in texts[1]


def test_an_alert_names_the_stored_packet(start, tmp_path):
    import sqlite3
    capture = Capture().beacon().disconnect(repeat=30).write(tmp_path / 'a.pcap')
    norn = start('-c', str(capture), config=CONFIG + f'log_types=kismet\nlog_prefix={tmp_path}\n')
    norn.wait_done()
    flood = [a for a in raised(norn) if a['kismet.alert.header'] == 'DEAUTHFLOOD'][0]
    assert flood['norn.alert.frames'] == 11
    assert 1.9 < flood['norn.alert.packet_time'] - flood['norn.alert.first_time'] < 2.1
    norn.stop()
    with sqlite3.connect(flood['norn.alert.log']) as db:
        rows = db.execute('SELECT ts_sec, ts_usec, hash FROM packets WHERE packetid = ?',
                          (flood['norn.alert.packet'],)).fetchall()
    assert len(rows) == 1 and abs(rows[0][0] + rows[0][1] / 1e6 - flood['norn.alert.packet_time']) < 0.001
    assert rows[0][2] & 0xffffffff == flood['norn.alert.packet_hash']


def test_an_alert_shows_where_and_how_loud(start, tmp_path):
    capture = Capture().tuned(2437, -42).beacon(b'AirJack').write(tmp_path / 'a.pcap')
    norn = start('-c', str(capture), config=CONFIG + 'gps=virtual:lat=1.5,lon=2.5,alt=30\n')
    source, = norn.wait_done()
    alert, = raised(norn)
    assert alert['kismet.alert.location']['kismet.common.location.geopoint'] == [2.5, 1.5]
    assert (alert['norn.alert.signal'], alert['kismet.alert.frequency'], alert['kismet.alert.channel']) == (-42, 2437000, '6')
    assert alert['norn.alert.datasource'] == source['kismet.datasource.uuid']
    device, = norn.get(f'/devices/by-mac/{AP}/devices.json').json()
    assert alert['kismet.alert.device_key'] == device['kismet.device.base.key']
    assert device['kismet.device.base.num_alerts'] == 1


FLOODS = {
    'DEAUTHFLOOD': lambda c: c.disconnect(repeat=3000, step=0.002),
    'SAEFLOOD': lambda c: c.each(range(3000), lambda c, n: c.authenticate(3, source=station(n), step=0.002)),
    'AUTHFLOOD': lambda c: c.each(range(3000), lambda c, n: c.authenticate(source=station(n), step=0.002)),
    'ASSOCFLOOD': lambda c: c.each(range(3000), lambda c, n: c.associate(source=station(n), step=0.002)),
    'PROBERESPFLOOD': lambda c: c.answer(repeat=3000, step=0.002),
    'BEACONFLOOD': lambda c: c.each(range(3000), lambda c, n: c.beacon(b'x%d' % n, station(n), step=0.002)),
}


@pytest.mark.parametrize('name', sorted(FLOODS))
def test_a_flood_raises_within_a_second_and_is_throttled(start, tmp_path, name):
    quiet = Capture().beacon().at(6)
    begin = quiet.time
    norn = start('-c', str(FLOODS[name](quiet).write(tmp_path / 'flood.pcap')),
                 config=CONFIG + f'alert={name},4/min,2/sec\n')
    norn.wait_done()
    every = [a for a in raised(norn) if a['kismet.alert.header'] == name]
    found = [a for a in every if a['norn.alert.frames']]  # a slow server reports what was held back amid the file
    assert found[0]['norn.alert.packet_time'] <= begin + 1, found[0]
    assert len(found) <= 4 and len(every) >= 4
    assert found[-1]['norn.alert.packet_time'] - found[0]['norn.alert.packet_time'] >= 1
    assert any(a['norn.alert.held_back'] for a in every[1:])


def test_alerts_that_are_off_are_silent(start, tmp_path):
    norn = start('-c', str(Capture().beacon(b'AirJack').write(tmp_path / 'a.pcap')),
                 config=CONFIG + 'alert=AIRJACKSSID,0/min,0/sec\n')
    norn.wait_done()
    assert raised(norn) == []


def test_channels_of_a_country_count_when_asked(start, tmp_path):
    capture = Capture()
    capture.each((13, 13, 11, 11), lambda c, n: c.beacon(more=element(7, b'DE \1' + bytes([n]) + b'\x14')))
    norn = start('-c', str(capture.write(tmp_path / 'a.pcap')), config=CONFIG + 'dot11_11d_country_full=true\n')
    norn.wait_done()
    assert [a['kismet.alert.header'] for a in raised(norn)] == ['DOT11D']


def test_a_flood_is_throttled_by_packet_time_and_counted(start, tmp_path):
    capture = Capture().each(range(6000), lambda c, n: c.answer(bssid='00:13:37:00:00:01', step=0.02))
    norn = start('-c', str(capture.write(tmp_path / 'flood.pcap')), config=CONFIG)
    norn.wait_done()
    found = [a for a in raised(norn) if a['kismet.alert.header'] == 'KARMAOUI' and a['norn.alert.frames']]
    assert 8 <= len(found) <= 15  # two minutes at five a minute, one a second
    definition = [d for d in norn.get('/alerts/definitions.json').json()
                  if d['kismet.alert.definition.header'] == 'KARMAOUI'][0]
    assert definition['norn.alert.definition.raised'] + definition['norn.alert.definition.held_back'] == 6000
    key = found[0]['kismet.alert.device_key']
    device = norn.get(f'/devices/by-key/{key}/device.json').json()
    assert device['kismet.device.base.num_alerts'] >= len(found)
    messages = norn.get('/messagebus/all_messages.json').json()
    assert any(m['kismet.messagebus.message_flags'] == 8 for m in messages)


def test_no_offender_hides_another(start, tmp_path):
    """Four access points with one name in one second, and two networks that are attacked at once."""
    spoofers = [station(n) for n in range(4)]
    capture = Capture().each(spoofers, lambda c, n: c.beacon(b'MYSSID', n, step=0.01))
    networks = [station(n) for n in (10, 11)]
    for network in networks * 200:
        capture.disconnect(bssid=network, step=0.001)
    norn = start('-c', str(capture.write(tmp_path / 'a.pcap')),
                 config=CONFIG + 'apspoof=NAME:ssid="MYSSID",validmacs="00:11:22:33:44:55"\n')
    norn.wait_done()
    reported = {(a['kismet.alert.header'], a['norn.alert.offender'].lower()) for a in raised(norn)}
    assert {('APSPOOF', s) for s in spoofers} | {('DEAUTHFLOOD', n) for n in networks} <= reported


def test_what_was_held_back_is_reported_when_no_more_comes(start, tmp_path):
    capture = Capture().each(range(9), lambda c, n: c.answer(bssid='00:13:37:00:00:01', step=0.01))
    norn = start('-c', str(capture.write(tmp_path / 'a.pcap')), config=CONFIG + 'alert=KARMAOUI,10/min,1/sec\n')
    norn.wait_done()
    first, report = wait_until(lambda: (lambda found: len(found) > 1 and found)(
        [a for a in raised(norn) if a['kismet.alert.header'] == 'KARMAOUI']))
    assert (first['norn.alert.held_back'], report['norn.alert.held_back'], report['norn.alert.frames']) == (0, 8, 0)
    assert first['kismet.alert.severity'] > report['kismet.alert.severity'] == 5
    assert report['kismet.alert.text'] == first['kismet.alert.text'] + ' (and 8 more were held back)'
    assert report['norn.alert.packet_time'] > first['norn.alert.packet_time']


def test_a_state_is_looked_for_as_long_as_it_lasts(start, tmp_path):
    """More spoofers come at once than are raised; each that stays is reported a minute later, and again an hour later."""
    spoofers = [station(n) for n in range(4)]
    c = Capture()
    for at in (0, 30, 61, 122, 183, 244, 3700):
        c.time = 1700000000 + at
        c.each(spoofers, lambda c, n: c.beacon(b'MYSSID', n, timestamp=10**12, step=0.01))
    norn = start('-c', str(c.write(tmp_path / 'a.pcap')), config=CONFIG + 'norn_max_alert_offenders=1\nalert=APSPOOF,1/min,1/sec\n'
                 + 'apspoof=NAME:ssid="MYSSID",validmacs="00:11:22:33:44:55"\n')
    norn.wait_done()
    found = [(a['kismet.alert.source_mac'].lower(), a['norn.alert.packet_time']) for a in raised(norn)
             if a['kismet.alert.header'] == 'APSPOOF' and a['norn.alert.frames']]
    assert {mac for mac, _ in found} == set(spoofers)
    assert all(time < 1700000300 or found.index((mac, time)) >= 4 for mac, time in found)


@pytest.mark.parametrize('case, option, alerts, offenders', [
    ('wifi/apspoof-4-60s.pcap', 'apspoof=NAME:ssid="MYSSID",validmacs="00:11:22:33:44:55"\n', {'APSPOOF'}, 4),
    ('attacks/masking.pcap', '', {'DEAUTHFLOOD', 'FORGEDDISCON'}, {'C4:41:1E:10:00:10', 'C4:41:1E:10:00:11'})])
def test_cases_of_several_offenders(start, case, option, alerts, offenders):
    path = SHARED / 'cases' / case
    if not path.exists():
        pytest.skip('the shared folder is not here')
    norn = start('-c', str(path), config=CONFIG + option)
    norn.wait_done()
    reported = {a['norn.alert.offender'] for a in raised(norn) if a['kismet.alert.header'] in alerts}
    assert len(reported) == offenders if isinstance(offenders, int) else reported >= offenders, reported


def test_define_and_raise(start):
    norn = start(config=CONFIG)
    command = {'name': 'JSONALERT', 'description': 'Dynamic alert', 'throttle': '3/min', 'burst': '2/sec'}
    path = '/alerts/definitions/define_alert.cmd'
    assert norn.post(path, command).status_code == 401
    assert norn.post(path, data={'json': json.dumps(command)}, auth=LOGIN).status_code == 200
    assert norn.post(path, command, auth=LOGIN).status_code == 400
    for change in ({'throttle': 'x'}, {'burst': '1/week'}, {'phyname': 'none'}, {'name': ''},
                   {'burst': '1/day'}, {'severity': 3}, {'throttle': None}):
        assert norn.post(path, {**command, 'name': 'OTHER1', **change}, auth=LOGIN).status_code == 400, change
    assert norn.post('/alerts/definitions/define_alert.json',
                     {**command, 'name': 'WITHPHY', 'phyname': 'IEEE802.11'}, auth=LOGIN).status_code == 200
    before = time.time() - 0.001
    alert = {'name': 'JSONALERT', 'text': 'it "happened"', 'source': AP, 'channel': '6'}
    codes = [norn.post('/alerts/raise_alert.cmd', alert, auth=LOGIN).status_code for _ in range(4)]
    assert codes == [200, 200, 429, 429]
    assert norn.post('/alerts/raise_alerts.cmd', {'name': 'NONE', 'text': 'x'}, auth=LOGIN).status_code == 400
    assert norn.post('/alerts/raise_alert.cmd', {**alert, 'source': 'x'}, auth=LOGIN).status_code == 400
    reply = norn.get(f'/alerts/last-time/{before}/alerts.json').json()
    assert [a['kismet.alert.text'] for a in reply['kismet.alert.list']] == ['it "happened"'] * 2
    assert reply['kismet.alert.list'][0]['kismet.alert.source_mac'] == AP.upper()
    later = reply['kismet.alert.timestamp']
    assert norn.get(f'/alerts/last-time/{later}/alerts.json').json()['kismet.alert.list'] == []
    one = reply['kismet.alert.list'][1]
    assert norn.get(f'/alerts/by-id/{one["kismet.alert.hash"]}/alert.json').json() == one
    assert norn.get('/alerts/by-id/1/alert.json').status_code == 404
    page = norn.get('/alerts/alerts_view.json?page=0&size=1').json()
    assert page['total_row'] == len(norn.get('/alerts/all_alerts.json').json()) and len(page['data']) == 1
    assert norn.get('/alerts/last-time/x/alerts.json').status_code == 400


def test_watched_devices(start, tmp_path):
    norn = start(config=CONFIG + 'devicelost_timeout=1\n')
    path = '/devices/alerts/mac/both'
    assert norn.post(f'{path}/add.cmd', {'macs': [AP, STATION]}, auth=LOGIN).status_code == 200
    assert norn.post(f'{path}/remove.cmd', {'mac': STATION}, auth=LOGIN).status_code == 200
    assert norn.post(f'{path}/add.cmd', {'mac': 'x'}, auth=LOGIN).status_code == 400
    assert norn.get(f'{path}/macs.json').json() == [AP.upper()]
    capture = Capture().beacon().write(tmp_path / 'a.pcap')
    norn.post('/datasource/add_source.cmd', {'definition': str(capture)}, auth=LOGIN)
    wait_until(lambda: 'DEVICELOST' in [a['kismet.alert.header'] for a in raised(norn)])
    assert [a['kismet.alert.header'] for a in raised(norn)] == ['DEVICEFOUND', 'DEVICELOST']


def test_watched_masks(start, tmp_path):
    """A mask stands for every device that it matches, in the configuration and over REST."""
    norn = start(config=CONFIG + 'devicefound=00:0C:00:00:00:00/FF:FF:00:00:00:00 # all of them\n'
                 'alert=DEVICEFOUND,100/min,100/sec\ndevicelost_timeout=1\n')
    mask = 'AA:BB:CC:00:00:00/FF:FF:FF:00:00:00'
    assert norn.post('/devices/alerts/mac/lost/add.cmd', {'macs': [mask.lower()]}, auth=LOGIN).status_code == 200
    assert norn.get('/devices/alerts/mac/lost/macs.json').json() == [mask]
    assert norn.post('/devices/alerts/mac/lost/add.cmd', {'mac': mask + 'x'}, auth=LOGIN).status_code == 400
    capture = Capture()
    for ap in ('00:0c:00:00:00:01', '00:0c:00:00:00:02', '00:0d:00:00:00:03', 'aa:bb:cc:00:00:04'):
        capture.beacon(bssid=ap)
    norn.post('/datasource/add_source.cmd', {'definition': str(capture.write(tmp_path / 'a.pcap'))}, auth=LOGIN)
    reported = wait_until(lambda: [a for a in raised(norn) if a['kismet.alert.header'] == 'DEVICELOST'] and raised(norn))
    assert sorted((a['kismet.alert.header'], a['kismet.alert.source_mac']) for a in reported) == [
        ('DEVICEFOUND', '00:0C:00:00:00:01'), ('DEVICEFOUND', '00:0C:00:00:00:02'), ('DEVICELOST', 'AA:BB:CC:00:00:04')]
    assert norn.post('/devices/alerts/mac/lost/remove.cmd', {'mac': mask}, auth=LOGIN).status_code == 200
    assert norn.get('/devices/alerts/mac/lost/macs.json').json() == []


def test_bad_settings_are_reported(start, tmp_path):
    conf = tmp_path / 'bad.conf'
    conf.write_text('httpd_port=0\nalert=X\nalert=BCASTDISCON,often\napspoof=a:ssid="("\nssidcanary=x\ndevicefound=y\n'
                    'norn_alert_threshold=KARMA:most=many\n')
    out = subprocess.run([os.environ['NORN'], '--check', '-f', conf, '--homedir', tmp_path],
                         capture_output=True, text=True, timeout=20)
    assert out.returncode == 1
    for word in ('BCASTDISCON,often', 'apspoof=a', 'ssidcanary=x', 'devicefound=y',
                 "norn_alert_threshold=KARMA:most=many: 'many' is no number from 1 to 65534"):
        assert word in out.stderr, word


def test_a_threshold_of_the_configuration_decides(start, tmp_path):
    capture = Capture().beacon().disconnect(repeat=4).write(tmp_path / 'a.pcap')
    norn = start('-c', str(capture), config=CONFIG + 'norn_alert_threshold=DEAUTHFLOOD:most=3,within=500ms\n')
    norn.wait_done()
    assert [a['norn.alert.frames'] for a in raised(norn) if a['kismet.alert.header'] == 'DEAUTHFLOOD'] == [4]
    reported = {d['kismet.alert.definition.header']: d['kismet.alert.definition.description']
            for d in norn.get('/alerts/definitions.json').json()}
    assert reported['DEAUTHFLOOD'].startswith('More than 3 disconnections, each within 500 milliseconds of the last')
