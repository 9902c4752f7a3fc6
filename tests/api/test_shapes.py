"""What replies look like where there is little to say: empty values, descriptions, pages, and what is listed once."""
import os
import re

import pytest

from conftest import LOGIN, Norn, wait_until
from frames import Capture
from test_routes import fill, parameters, reading_routes

BASE = 'kismet.device.base.'
VIEW = '/devices/views/all/devices.json'
CONFIG = 'httpd_username=kismet\nhttpd_password=secret\ngps=web:name=phone\n'


@pytest.fixture(scope='module')
def norn(tmp_path_factory):
    home = tmp_path_factory.mktemp('shapes')
    norn = Norn(home, '-c', os.environ['SAMPLE'] + ':name=air', config=CONFIG + f'log_prefix={home}\n')
    norn.wait_done()
    yield norn
    assert norn.stop() == 0, norn.text()


def test_a_field_without_a_value_is_empty_and_an_unknown_name_0(norn):
    wanted = {BASE + 'tags': {}, BASE + 'username': '', 'bluetooth.device': {}, 'uav.device/uav.manufacturer': '',
              'uav.device/uav.telemetry_history': [], BASE + 'location/kismet.common.location.last/kismet.common.location.alt': 0,
              BASE + 'location': {}, 'no.such': 0, BASE + 'signal/no.such': 0, 'no.such/' + BASE + 'name': 0,
              BASE + 'tags/none': '', 'dot11.device/dot11.device.associated_client_map/00:00:00:00:00:00': 0}
    del wanted['dot11.device/dot11.device.associated_client_map/00:00:00:00:00:00']
    device = norn.post(VIEW, {'fields': [[path, str(i)] for i, path in enumerate(wanted)]}).json()[0]
    assert dict(zip(wanted, device.values())) == wanted
    key = norn.get(VIEW).json()[0][BASE + 'key']
    for path, value in wanted.items():
        reply = norn.get(f'/devices/by-key/{key}/device.json/{path}')
        assert (reply.status_code, reply.json() if value != 0 or 'alt' in path else 0) == (
            404 if 'no.such' in path else 200, value), path
    assert all(d[BASE + 'tags'] == {} for d in norn.get(VIEW).json())


def test_rows_of_seenby_name_their_source(norn):
    for device in norn.get(VIEW).json():
        for row in device[BASE + 'seenby']:
            source = row['kismet.common.seenby.source']
            assert source['kismet.datasource.name'] == 'air' and source['kismet.datasource.uuid'] == row['kismet.common.seenby.uuid']
    name = BASE + 'seenby/kismet.common.seenby.source/kismet.datasource.name'
    assert norn.post(VIEW, {'fields': [[name, 'n']]}).json()[0] == {'n': ['air']}


def test_the_status_has_histories(norn):
    def seen():
        status = norn.get('/system/status.json').json()
        rrds = [status[f'kismet.{x}'] for x in ('device.packets_rrd', 'system.memory.rrd', 'system.devices.rrd')]
        assert all(len(r['kismet.common.rrd.minute_vec']) == 60 and len(r['kismet.common.rrd.day_vec']) == 24 for r in rrds)
        return all(sum(r['kismet.common.rrd.minute_vec']) > 0 for r in rrds)
    wait_until(seen)


def undescribed(value):
    """Names of members without their description before them."""
    if isinstance(value, list):
        return {x for v in value for x in undescribed(v)}
    if not isinstance(value, dict):
        return set()
    inner = {x for v in value.values() for x in undescribed(v)}
    return inner | {k for k in value if not k.startswith('description.') and 'description.' + k not in value}


KEYED = re.compile(r'[0-9A-F]{2}(:[0-9A-F]{2}){5}|[0-9.]+|[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}|[0-9A-F]+_[0-9A-F]+|[a-z0-9_]+(-[a-z0-9]+)*')


def test_every_member_of_prettyjson_is_described(norn):
    norn.parameters = parameters_without_streams(norn)
    for path, _ in reading_routes(norn, 'get'):
        reply = norn.get(fill(norn, path) + '.prettyjson', auth=LOGIN)
        assert reply.status_code == 200, path
        assert not {n for n in undescribed(reply.json()) if not KEYED.fullmatch(n)}, path
    assert not undescribed(norn.get('/messagebus/last-time/0/messages.prettyjson').json())
    fields = {'fields': [BASE + 'macaddr', [BASE + 'name', 'n'], 'no.such', BASE + 'signal/kismet.common.signal.last_signal']}
    for path in '/devices/views/all/devices', '/devices/summary/devices':
        devices = norn.post(path + '.prettyjson', fields).json()
        assert devices and not undescribed(devices)
    assert devices[0]['description.n'].startswith('string, ') and devices[0]['description.no.such'].startswith('unknown, ')
    page = norn.post('/devices/summary/devices.prettyjson', data={'start': 0, 'length': 1, 'json': '{"datatable":true,"fields":["' + BASE + 'name"]}'})
    assert not undescribed(page.json())
    assert not undescribed(norn.get('/alerts/alerts_view.prettyjson?page=0').json())


def parameters_without_streams(norn):
    class Streamless:
        def get(self, path, **more):
            reply = norn.get(path, **more)
            if path == '/streams/all_streams.json':
                reply.json = lambda: [{'kismet.stream.stream_id': 0}]
            return reply
    found = parameters(Streamless())
    del found['id']
    return found


def test_pages_end(norn):
    total = len(norn.get(VIEW).json())
    form = {'draw': 7, 'length': 10, 'json': '{"datatable":true,"fields":["' + BASE + 'macaddr"]}'}
    assert len(norn.post(VIEW, data={**form, 'length': -1}).json()['data']) == total
    assert len(norn.post(VIEW, data={**form, 'length': 10 ** 12, 'start': 1}).json()['data']) == total - 1
    for start, expected in ((0, 10), (total - 3, 3), (total, 0), (total + 5, 0), (10 ** 15, 0)):
        page = norn.post(VIEW, data={**form, 'start': start}).json()
        assert (page['draw'], page['recordsTotal'], len(page['data'])) == (7, total, expected), start


def test_addresses_sort_as_addresses(start, tmp_path):
    capture, addresses = Capture(), ['0A:00:00:00:00:01', '10:00:00:00:00:01', '2C:00:00:00:00:10', '2C:00:00:00:00:9A',
                                     '2C:00:00:00:01:00', '9A:00:00:00:00:01', 'A0:00:00:00:00:01', 'E8:00:00:00:00:01']
    for address in reversed(addresses):
        capture.beacon(bssid=address, ssid=b'')
    norn = start('-c', str(capture.write(tmp_path / 'c.pcap')))
    norn.wait_done()
    for column in 'macaddr', 'commonname':
        form = {'order[0][column]': 0, 'order[0][dir]': 'asc',
                'json': '{"datatable":true,"colmap":[["%s"]],"fields":["%smacaddr"]}' % (BASE + column, BASE)}
        assert [d[BASE + 'macaddr'] for d in norn.post(VIEW, data=form).json()['data']] == addresses, column
        form['order[0][dir]'] = 'desc'
        assert [d[BASE + 'macaddr'] for d in norn.post(VIEW, data=form).json()['data']] == addresses[::-1], column


def test_lists_have_nothing_twice(norn):
    for path, name in (('/datasource/types', 'kismet.datasource.driver.type'), ('/gps/drivers', 'kismet.gps.type.class'),
                       ('/logging/drivers', 'kismet.logfile.type.class'), ('/phy/all_phys', 'kismet.phy.phy_name'),
                       ('/alerts/definitions', 'kismet.alert.definition.header'),
                       ('/devices/views/all_views', 'kismet.devices.view.id')):
        names = [r[name] for r in norn.get(path + '.json').json()]
        assert names and len(names) == len(set(names)), path


def test_channels_show_how_many_devices_are_there_now(start):
    """Pages show the slot of last_time."""
    norn = start('-c', 'example:type=example,rate=50', config=f'helper_binary_path={os.environ["HELPERS"]}\n' + CONFIG)

    def now():
        use = norn.get('/channels/channels.json').json()['kismet.channeltracker.frequency_map'].values()
        rrds = [u['kismet.channelrec.device_rrd'] for u in use]
        return [r['kismet.common.rrd.minute_vec'][r['kismet.common.rrd.last_time'] % 60] for r in rrds]
    wait_until(lambda: len(now()) == 3 and all(now()))
