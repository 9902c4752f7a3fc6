"""Views that the user defines: filters by name, read as every view is."""
import os
import subprocess

import pytest

from conftest import BOARD, LOGIN, Norn
from frames import Capture, STATION
from sockets import ask, connect, receive

MAC, KEY, SSID = ('kismet.device.base.macaddr', 'kismet.device.base.key',
                  'dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid')
CONFIG = f'''view=cafe:{SSID}=^caf
view=ends-8or9:{MAC}=8$
view=ends-8or9:{MAC}=9$
view=both:[["{SSID}", "^(caf|open)"], ["{MAC}", "{STATION.upper()}"]]
view=named:kismet.device.base.tags/room=^kitchen$
view=no_one:{MAC}=^x
view=wrong:no.such.field=x
'''
APS = {f'02:00:00:00:00:0{i}': name for i, name in ((7, b'cafe'), (8, b'open'), (9, b'home'))}


@pytest.fixture(scope='module')
def norn(tmp_path_factory):
    home = tmp_path_factory.mktemp('views')
    capture = Capture().beacon(b'lab').probe(b'x')
    for address, name in APS.items():
        capture.beacon(name, bssid=address)
    norn = Norn(home, '-c', str(capture.write(home / 'a.pcap')),
                config='httpd_username=kismet\nhttpd_password=secret\n' + CONFIG)
    norn.wait_done()
    yield norn
    assert norn.stop() == 0, norn.text()


def addresses(norn, view, **command):
    reply = norn.post(f'/devices/views/{view}/devices.json', {'fields': [MAC], **command})
    assert reply.status_code == 200, reply.text
    return {d[MAC] for d in reply.json()}


def sizes(norn):
    return {v['kismet.devices.view.id']: v['kismet.devices.view.size']
            for v in norn.get('/devices/views/all_views.json').json()}


def test_views_have_what_their_filters_say(norn):
    expected = {'cafe': {'02:00:00:00:00:07'}, 'ends-8or9': {'02:00:00:00:00:08', '02:00:00:00:00:09'},
                'both': {'02:00:00:00:00:07', '02:00:00:00:00:08', STATION.upper()}, 'no_one': set()}
    shown = sizes(norn)
    for view, devices in expected.items():
        assert addresses(norn, view) == devices
        assert shown[view] == len(devices)
    assert addresses(norn, 'both', regex=[[MAC, '8$']]) == {'02:00:00:00:00:08'}
    assert addresses(norn, 'ends/8or9') == expected['ends-8or9']


def test_a_view_follows_its_devices(norn):
    assert addresses(norn, 'named') == set() and sizes(norn)['named'] == 0
    key = norn.post('/devices/views/cafe/devices.json', {'fields': [KEY]}).json()[0][KEY]
    for room, size in (('kitchen', 1), ('hall', 0)):
        tag = {'tagname': 'room', 'tagvalue': room}
        assert norn.post(f'/devices/by-key/{key}/set_tag.cmd', tag, auth=LOGIN).status_code == 200
        assert len(addresses(norn, 'named')) == size
        for _ in range(100):  # a size may be that of a moment ago
            if sizes(norn)['named'] == size:
                break
        assert sizes(norn)['named'] == size


@pytest.mark.parametrize('path', ['by-time/0', 'last-time/0', 'by-time/-1000'])
def test_views_by_time(norn, path):
    whole = norn.get(f'/devices/views/both/{path}/devices.json').json()
    assert {d[MAC] for d in whole} == addresses(norn, 'both')
    assert norn.get(f'/devices/views/both/{path}/devices.ekjson').text.count('\n') == 3
    assert norn.get('/devices/views/both/last-time/4000000000/devices.json').json() == []


def test_pages_of_a_view(norn):
    page = norn.post('/devices/views/both/devices.json', data={
        'json': '{"fields":["%s"],"datatable":true,"colmap":[["%s"]]}' % (MAC, MAC), 'start': 1, 'length': 2, 'draw': 5,
        'order[0][column]': 0, 'order[0][dir]': 'asc'}).json()
    assert (page['recordsTotal'], page['recordsFiltered'], page['draw']) == (3, 3, 5)
    assert [d[MAC] for d in page['data']] == sorted(addresses(norn, 'both'))[1:]
    page = norn.post('/devices/views/both/devices.json', data={
        'json': '{"fields":["%s"],"datatable":true}' % MAC, 'length': 10, 'search[value]': ':07'}).json()
    assert (page['recordsTotal'], page['recordsFiltered'], len(page['data'])) == (3, 1, 1)
    page = norn.get('/devices/views/both/devices.json?page=0&size=2&sort=' + MAC).json()
    assert (page['total_row'], page['last_row'], page['last_page'], len(page['data'])) == (3, 3, 2, 2)


def test_a_view_by_websocket(norn):
    for what in '*', '02:00:00:00:00:07':
        ws = connect(norn, '/devices/views/both/monitor.ws')
        ask(ws, monitor=what, request=1, rate=60, fields=[MAC])
        expected = addresses(norn, 'both') if what == '*' else {what}
        assert {receive(ws)[MAC] for _ in expected} == expected
    ws = connect(norn, '/devices/views/no_one/monitor.ws')
    ask(ws, monitor='*', request=1, rate=60, fields=[MAC])
    ws.send('{}')
    assert 'norn.error' in receive(ws)  # and no device before it


def test_a_field_that_is_not_there_is_reported(norn):
    assert "devices have no field 'no.such.field'" in norn.text()
    assert norn.get('/devices/views/wrong/devices.json').status_code == 404


@pytest.mark.parametrize('line, reason', [
    ('a', 'expected NAME:'), ('a b:x=y', 'expected NAME:'), (f'a:{MAC}', 'expected NAME:'), (f'a:{MAC}=[', 'regex'),
    ('a:[["x"]]', 'expected NAME:'), ('a:[', 'expected NAME:')])
def test_what_is_no_view(tmp_path, line, reason):
    (tmp_path / 'norn.conf').write_text(f'view={line}\n')
    run = subprocess.run([os.environ['NORN'], '-f', tmp_path / 'norn.conf', '--check'], capture_output=True, text=True,
                         timeout=20)
    assert run.returncode == 1 and reason in run.stdout + run.stderr


def test_signal_of_each_source(start, tmp_path):
    """Two sensors that receive one device differently can be compared (keep_per_datasource_stats)."""
    near, far = (Capture().tuned(mhz, dbm) for mhz, dbm in ((2437, -40), (2442, -80)))
    near.beacon(repeat=3)
    far.beacon(repeat=2)
    files = [c.write(tmp_path / f'{dbm}.pcap') for c, dbm in ((near, 40), (far, 80))]
    for option, kept in (('', False), ('keep_per_datasource_stats=true\n', True)):
        norn = start(*(a for f in files for a in ('-c', str(f))), config=BOARD + option)
        norn.wait_done()
        own, = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
        seen = {s['kismet.common.seenby.num_packets']: s for s in own['kismet.device.base.seenby']}
        assert set(seen) == {2, 3}
        assert [('kismet.common.seenby.signal' in s) for s in seen.values()] == [kept, kept]
        if not kept:
            continue
        for packets, dbm, khz in ((3, -40, 2437000), (2, -80, 2442000)):
            signal = seen[packets]['kismet.common.seenby.signal']
            assert signal['kismet.common.signal.last_signal'] == signal['kismet.common.signal.max_signal'] == dbm
            assert seen[packets]['kismet.common.seenby.freq_khz_map'] == {str(khz): packets}
