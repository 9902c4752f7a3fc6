"""Names of networks over all devices."""
import json

import frames
from conftest import LOGIN
from frames import AP, OTHER, PROBE_RESP, STATION, Capture, rsn

LOGIN_LINES = f'httpd_username={LOGIN[0]}\nhttpd_password={LOGIN[1]}\n'
VIEW = '/phy/phy80211/ssids/views/ssids.json'
G = 'dot11.ssidgroup.'
NAME, ADVERTISING = G + 'ssid', G + 'advertising_devices_len'


def groups(norn, **more):
    return {g[NAME]: g for g in norn.get(VIEW, **more).json()}


def three_names():
    c = Capture()
    c.beacon(b'home', AP).beacon(b'home', OTHER, more=rsn()).beacon(b'home', AP, subtype=PROBE_RESP, to=STATION)
    c.beacon(b'', '00:0f:00:00:00:04').beacon(b'\0\0\0', '00:0f:00:00:00:05')
    c.management(frames.PROBE_REQ, frames.BROADCAST, STATION, frames.BROADCAST,
                 frames.element(0, b'home') + frames.element(1, b'\x82'))
    c.management(frames.PROBE_REQ, frames.BROADCAST, STATION, frames.BROADCAST,
                 frames.element(0, b'far') + frames.element(1, b'\x82'))
    c.management(frames.PROBE_REQ, frames.BROADCAST, OTHER, frames.BROADCAST, frames.element(0))
    return c.beacon(b'\xff\x01', AP).beacon(b'home', AP, step=5).beacon(b'home', AP)


def test_who_has_a_name(start, tmp_path):
    c = three_names()
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=LOGIN_LINES)
    norn.wait_done()
    keys = {d['kismet.device.base.macaddr']: d['kismet.device.base.key']
            for d in norn.get('/devices/views/all/devices.json').json()}
    found = groups(norn)
    assert set(found) == {'home', 'far', '\\xFF\\x01'}
    home, far = found['home'], found['far']
    assert home[G + 'ssid_len'] == 4
    assert home[G + 'advertising_devices'] == [keys[OTHER.upper()], keys[AP.upper()]][::-1]
    assert home[G + 'responding_devices'] == [keys[AP.upper()]]
    assert home[G + 'probing_devices'] == [keys[STATION.upper()]]
    assert [home[G + f'{r}_devices_len'] for r in ('advertising', 'responding', 'probing')] == [2, 1, 1]
    assert 'WPA2-PSK' in home[G + 'crypt_string'] and home[G + 'crypt_set'] != 0
    assert home[G + 'first_time'] == 1700000000 and home[G + 'last_time'] == int(c.time - 0.2)
    assert (far[G + 'crypt_string'], far[G + 'advertising_devices']) == ('Open', [])
    assert found['\\xFF\\x01']['norn.ssidgroup.ssid_hex'] == 'FF01' and 'norn.ssidgroup.ssid_hex' not in home
    device, = norn.get(f'/devices/by-mac/{OTHER}/devices.json').json()
    record, = device['dot11.device']['dot11.device.advertised_ssid_map']
    assert record['dot11.advertisedssid.ssid_hash'] == home[G + 'hash']


def test_one_name_by_its_hash(start, tmp_path):
    norn = start('-c', str(three_names().write(tmp_path / 'c.pcap')), config=LOGIN_LINES)
    norn.wait_done()
    far = groups(norn)['far']
    path = '/phy/phy80211/ssids/by-hash/%s/ssid.json'
    assert norn.get(path % far[G + 'hash']).json() == far
    assert norn.post(path % far[G + 'hash'], {'fields': [NAME]}).json() == {NAME: 'far'}
    assert norn.get(path % 1).status_code == 404
    for wrong in ('x', '-1', '4294967296', '99999999999'):
        assert norn.get(path % wrong).status_code == 400


def test_pages(start, tmp_path):
    c = Capture()
    for i in range(60):
        for k in range(1 + i % 3):
            c.beacon(b'net%d' % i, '02:00:00:%02x:00:%02x' % (k, i), step=0.001)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=LOGIN_LINES)
    norn.wait_done()
    command = json.dumps({'datatable': True, 'fields': [NAME, ADVERTISING], 'colmap': {'0': [NAME], '1': [ADVERTISING]}})

    def page(**more):
        form = {'json': command, 'draw': '3', 'start': '0', 'length': '25', 'order[0][column]': '0',
                'order[0][dir]': 'asc', **more}
        reply = norn.post(VIEW, data=form)
        assert reply.status_code == 200, reply.text
        return reply.json()

    first = page()
    assert (first['draw'], first['recordsTotal'], first['recordsFiltered']) == (3, 60, 60)
    assert [g[NAME] for g in first['data']] == [f'net{i}' for i in range(25)]
    assert [g[NAME] for g in page(start='50')['data']] == [f'net{i}' for i in range(50, 60)]
    assert [g[NAME] for g in page(**{'order[0][dir]': 'desc'})['data']][:2] == ['net59', 'net58']
    most = page(**{'order[0][column]': '1', 'order[0][dir]': 'desc'})['data']
    assert [g[ADVERTISING] for g in most] == [3] * 20 + [2] * 5
    found = page(**{'search[value]': 'NET4'})
    assert found['recordsFiltered'] == 11 and found['recordsTotal'] == 60
    tabulator = norn.post(VIEW + f'?page=1&size=20&sort={NAME}&sort_dir=asc', {'fields': [NAME]}).json()
    assert tabulator['last_page'] == 3 and [g[NAME] for g in tabulator['data']] == [f'net{i}' for i in range(20, 40)]
    assert len(norn.post(VIEW, {'fields': [NAME]}).json()) == 60
    assert norn.post(VIEW, {'fields': [NAME], 'regex': [[NAME, '^net7$']]}).json() == [{NAME: 'net7'}]
    assert norn.post(VIEW, {'regex': [[NAME, '(']]}).status_code == 400
    assert norn.post(VIEW, {'last_time': 4000000000}).json() == []


def test_names_and_their_devices_are_bounded(start, tmp_path):
    c = Capture()
    for i in range(100):
        c.beacon(b'flood%d' % i, '02:00:00:00:01:%02x' % i)
    for i in range(10):
        c.beacon(b'shared', '02:00:00:00:02:%02x' % i)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')),
                 config='norn_max_all_ssids=16\nnorn_max_ssid_devices=4\n' + LOGIN_LINES)
    norn.wait_done()
    found = groups(norn)
    assert len(found) <= 16 and found['shared'][ADVERTISING] == 4
    refused = norn.get('/system/status.json').json()['norn.system.refused']
    assert refused['ssid_devices'] == 6 and refused['all_ssids'] == 101 - len(found)


def test_they_can_be_left_out(start, tmp_path):
    norn = start('-c', str(three_names().write(tmp_path / 'c.pcap')), config='dot11_view_ssids=false\n' + LOGIN_LINES)
    norn.wait_done()
    assert norn.get(VIEW).status_code == 404
    assert norn.get('/phy/phy80211/ssids/by-hash/1/ssid.json').status_code == 404
