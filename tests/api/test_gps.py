"""GPS, and positions of devices."""
import json
import os

from conftest import LOGIN
from frames import AP, Capture

NOWHERE = {'kismet.common.location.geopoint': [0, 0], 'kismet.common.location.time_sec': 0,
           'kismet.common.location.time_usec': 0}

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\n'


def test_web_gps(start, tmp_path):
    none = start(config=CONFIG)
    position = {'lat': 52.5, 'lon': '13.25', 'alt': 40, 'spd': 5}
    assert none.post('/gps/web/update.cmd', position).status_code == 401
    assert none.post('/gps/web/update.cmd', position, auth=LOGIN).status_code == 404
    assert none.get('/gps/location.json').json() == NOWHERE
    norn = start(config=CONFIG + 'gps=web:name=webgps\n')
    for wrong in ({}, {'lat': 91, 'lon': 0}, {'lat': 1}, {'lat': 'x', 'lon': 1}, {**position, 'alt': 'x'}):
        assert norn.post('/gps/web/update.cmd', wrong, auth=LOGIN).status_code == 400, wrong
    assert norn.post('/gps/web/update.cmd', position, auth=LOGIN).status_code == 200
    location = norn.get('/gps/location.json').json()
    assert location['kismet.common.location.geopoint'] == [13.25, 52.5]
    assert location['kismet.common.location.fix'] == 3 and location['kismet.common.location.alt'] == 40
    gps = norn.get('/gps/all_gps.json').json()
    assert len(gps) == 1 and gps[0]['kismet.gps.name'] == 'webgps'
    uuid = gps[0]['kismet.gps.uuid']
    assert norn.get(f'/gps/by-uuid/{uuid}/location.json').json()['kismet.common.location.geopoint'] == [13.25, 52.5]
    assert list(norn.get('/gps/all_locations.json').json()) == [uuid]
    assert {d['kismet.gps.type.class'] for d in norn.get('/gps/drivers.json').json()} >= {'web', 'virtual'}
    path = Capture().beacon().write(tmp_path / 'a.pcap')
    norn.post('/datasource/add_source.cmd', {'definition': str(path)}, auth=LOGIN)
    norn.wait_done()
    device = json.loads(norn.get('/devices/all_devices.ekjson').text.splitlines()[0])
    where = device['kismet.device.base.location']['kismet.common.location.avg_loc']
    assert [round(x, 6) for x in where['kismet.common.location.geopoint']] == [13.25, 52.5]
    assert norn.post(f'/gps/by-uuid/{uuid}/remove_gps.cmd', auth=LOGIN).status_code == 200
    assert norn.get('/gps/all_gps.json').json() == []
    key = norn.post('/auth/apikey/generate.cmd', {'name': 'g', 'role': 'WEBGPS', 'duration': 0}, auth=LOGIN).text
    cookie = {'Cookie': f'KISMET={key}'}
    assert norn.post('/gps/web/update.cmd', position, headers=cookie).status_code == 404
    assert norn.post('/gps/add_gps.cmd', {'definition': 'web'}, headers=cookie).status_code == 403
    assert norn.post('/gps/add_gps.cmd', {'definition': 'web:name=x'}, auth=LOGIN).status_code == 200
    assert norn.post('/gps/add_gps.cmd', {'definition': 'none'}, auth=LOGIN).status_code == 500
    assert norn.post('/gps/web/update.cmd', position, headers=cookie).status_code == 200


def test_a_position_that_does_not_change(start):
    norn = start(config=CONFIG + 'gps=virtual:lat=-33.5,lon=151.25\n')
    location = norn.get('/gps/location.json').json()
    assert location['kismet.common.location.geopoint'] == [151.25, -33.5]
    assert location['kismet.common.location.fix'] == 2


def test_clients_and_related(start, tmp_path):
    capture = Capture().beacon().associate().associate(source='00:0c:00:00:00:09')
    norn = start('-c', str(capture.write(tmp_path / 'c.pcap')), config=CONFIG)
    norn.wait_done()
    devices = [json.loads(x) for x in norn.get('/devices/all_devices.ekjson').text.splitlines()]
    keys = {d['kismet.device.base.macaddr']: d['kismet.device.base.key'] for d in devices}
    ap = keys[AP.upper()]
    clients = norn.get(f'/phy/phy80211/clients-of/{ap}/clients.json').json()
    assert {c['kismet.device.base.macaddr'] for c in clients} == set(keys) - {AP.upper()}
    short = norn.post(f'/phy/phy80211/clients-of/{ap}/clients.json',
                      {'fields': ['kismet.device.base.key']}).json()
    assert {tuple(c) for c in short} == {('kismet.device.base.key',)}
    station = keys['00:0C:00:00:00:09']
    related = norn.get(f'/phy/phy80211/related-to/{station}/devices.json').json()
    assert {d['kismet.device.base.macaddr'] for d in related} == set(keys)
    assert norn.get('/phy/phy80211/clients-of/1_2/clients.json').status_code == 404
    assert norn.get('/phy/phy80211/clients-of/x/clients.json').status_code == 400
    assert os.path.exists(tmp_path)
