"""Filters of the kismetdb log: over REST, in the configuration, and what sqlite3 finds in the log."""
import os
import sqlite3
import subprocess

import pytest

from conftest import LOGIN
from frames import AP, Capture, OTHER, STATION

CLASS, PACKET = '/filters/class/kismetdb_devices/', '/filters/packet/kismetdb_packets/'
NEAR = '00:0c:00:00:00:99'


def capture(path):
    """A beacon of AP, four probes each of two stations, data of STATION to AP and back, a probe of OTHER."""
    c = Capture().beacon()
    for i in range(4):
        c.probe(b'a%d' % i, source=STATION).probe(b'b%d' % i, source=NEAR)
    c.data(b'x' * 20).data(b'y' * 20, from_ap=True).probe(b'o', source=OTHER)
    return c.write(path)


@pytest.fixture
def logged(start, tmp_path):
    """(senders, devices) of the log that a server with these options wrote."""
    def go(options):
        folder = tmp_path / f'logs{len(list(tmp_path.iterdir()))}'
        folder.mkdir()
        norn = start('-c', str(capture(tmp_path / 'c.pcap')), config='httpd_username=kismet\nhttpd_password=secret\n'
                     f'log_types=kismet\nlog_prefix={folder}\nkis_log_beacons=all\n{options}')
        norn.wait_done()
        assert norn.stop() == 0
        db = sqlite3.connect(next(folder.iterdir()))
        return ([r[0].lower() for r in db.execute('SELECT sourcemac FROM packets ORDER BY rowid')],
                {r[0].lower() for r in db.execute('SELECT devmac FROM devices')})
    return go


def test_without_rules_all_is_kept(logged):
    senders, devices = logged('')
    assert len(senders) == 12 and devices == {AP, STATION, NEAR, OTHER}


def test_rules_of_devices_and_packets(logged):
    senders, devices = logged(f'kis_log_device_filter=IEEE802.11,00:0C:00:00:00:00/FF:FF:FF:00:00:00,block\n'
                              f'kis_log_device_filter=IEEE802.11,{STATION},pass\n'
                              f'kis_log_packet_filter=IEEE802.11,source,{NEAR},block\n'
                              f'kis_log_packet_filter=IEEE802.11,destination,{STATION},reject\n')
    assert devices == {AP, STATION, OTHER}  # the mask that says most decides
    assert NEAR not in senders and senders.count(STATION) == 5 and senders.count(AP) == 1


def test_what_no_rule_fits_may_be_left_out(logged):
    senders, devices = logged(f'kis_log_device_filter_default=block\nkis_log_device_filter=IEEE802.11,{AP},pass\n'
                              f'kis_log_packet_filter_default=block\nkis_log_packet_filter=IEEE802.11,network,{AP},pass\n'
                              f'kis_log_packet_filter=BTLE,any,*,pass\n')
    assert devices == {AP} and senders == [AP, STATION, AP]


def test_the_order_of_blocks(logged):
    """A sender that is kept is kept, whatever its destination; `any` comes last."""
    senders, _ = logged(f'kis_log_packet_filter=IEEE802.11,source,{STATION},pass\n'
                        f'kis_log_packet_filter=IEEE802.11,any,*,block\n')
    assert senders == [STATION] * 5


def test_rules_that_cannot_be_read_are_reported(tmp_path):
    conf = tmp_path / 'n.conf'
    for line, reported in (('kis_log_device_filter=IEEE802.11,zz,pass', 'expected PHY,MAC,pass or block'),
                       ('kis_log_device_filter=WiFi,*,pass', "there is no phy 'WiFi'"),
                       ('kis_log_packet_filter=IEEE802.11,*,pass', 'expected PHY,BLOCK,MAC'),
                       ('kis_log_packet_filter=IEEE802.11,bssid,*,pass', 'expected PHY,BLOCK,MAC'),
                       ('kis_log_packet_filter_default=maybe', 'kis_log_packet_filter_default')):
        conf.write_text(line + '\n')
        r = subprocess.run([os.environ['NORN'], '--check', '-f', conf, '--homedir', tmp_path], capture_output=True,
                           text=True, check=False, timeout=20)
        assert r.returncode != 0 and reported in r.stdout + r.stderr, (line, r.stdout, r.stderr)


def test_over_rest(server):
    got = server.get(CLASS + 'filter.json').json()
    assert got == {'kismet.classfilter.id': 'kismetdb_devices', 'kismet.classfilter.default': 0,
                   'kismet.classfilter.description': 'Devices in the kismetdb log',
                   'kismet.classfilter.type': 'mac_addr', 'kismet.classfilter.macaddr.address_by_phy': {}}
    do = lambda path, command: server.post(path, command, auth=LOGIN)  # noqa: E731
    masked = '00:11:22:00:00:00/FF:FF:FF:00:00:00'
    assert do(CLASS + 'IEEE802.11/set_filter.cmd', {'filter': {AP: True, masked: 'pass', '*': 1}}).status_code == 200
    assert server.get(CLASS + 'filter.json').json()['kismet.classfilter.macaddr.address_by_phy'] == {
        'IEEE802.11': {AP.upper(): 1, masked: 0, '00:00:00:00:00:00/00:00:00:00:00:00': 1}}
    assert do(CLASS + 'BTLE/set_filter.cmd', {'filter': {AP: False}}).status_code == 200
    assert do(CLASS + 'IEEE802.11/remove_filter.cmd', {'filter': [AP, '*', STATION]}).status_code == 200
    assert server.get(CLASS + 'filter.json').json()['kismet.classfilter.macaddr.address_by_phy'] == {
        'IEEE802.11': {masked: 0}, 'BTLE': {AP.upper(): 0}}
    assert do(CLASS + 'set_default.cmd', {'default': 'block'}).json()['kismet.classfilter.default'] == 1
    assert do(PACKET + 'IEEE802.11/any/set_filter.cmd', {'filter': {AP: 'reject'}}).status_code == 200
    assert do(PACKET + 'IEEE802.11/source/set_filter.cmd', {'filter': {STATION: False}}).status_code == 200
    blocks = server.post(PACKET + 'filter.json', {'fields': ['kismet.packetfilter.macaddr.blocks_by_phy']}).json()
    name = 'kismet.packetfilter.macaddr.'
    assert blocks == {name + 'blocks_by_phy': {'IEEE802.11': {
        name + 'source': {STATION.upper(): 0}, name + 'destination': {}, name + 'network': {}, name + 'other': {},
        name + 'any': {AP.upper(): 1}}}}
    assert do(PACKET + 'IEEE802.11/any/remove_filter.cmd', {'addresses': [AP]}).status_code == 200
    assert do(PACKET + 'IEEE802.11/source/remove_filter.cmd', {'filter': {STATION: True}}).status_code == 200
    assert server.get(PACKET + 'filter.json').json()[name + 'blocks_by_phy'] == {}


def test_refusals(server):
    for path, command, status in (
            (CLASS + 'IEEE802.11/set_filter.cmd', {'filter': {'x': True}}, 400),
            (CLASS + 'IEEE802.11/set_filter.cmd', {'filter': {AP: 'perhaps'}}, 400),
            (CLASS + 'IEEE802.11/set_filter.cmd', {'filter': {AP: []}}, 400),
            (CLASS + 'IEEE802.11/set_filter.cmd', {'filter': [AP]}, 400),
            (CLASS + 'IEEE802.11/set_filter.cmd', {}, 400),
            (CLASS + 'IEEE802.11/remove_filter.cmd', {}, 400),
            (CLASS + 'IEEE802.11/remove_filter.cmd', {'filter': [7]}, 400),
            (CLASS + 'WiFi/set_filter.cmd', {'filter': {AP: True}}, 404),
            (CLASS + 'set_default.cmd', {'default': 'maybe'}, 400),
            (CLASS + 'set_default.cmd', {}, 400),
            ('/filters/class/other/set_default.cmd', {'default': True}, 404),
            (PACKET + 'IEEE802.11/bssid/set_filter.cmd', {'filter': {AP: True}}, 404)):
        assert server.post(path, command, auth=LOGIN).status_code == status, (path, command)
        assert server.post(path, command).status_code == 401
    assert server.get('/filters/packet/other/filter.json').status_code == 404


def test_rules_work_while_the_log_is_written(start, tmp_path):
    folder = tmp_path / 'live'
    folder.mkdir()
    norn = start(config='httpd_username=kismet\nhttpd_password=secret\nlog_types=kismet\n'
                 f'log_prefix={folder}\nnorn_max_log_filters=2\n')
    assert norn.post(PACKET + 'set_default.cmd', {'default': 'block'}, auth=LOGIN).status_code == 200
    assert norn.post(PACKET + 'IEEE802.11/source/set_filter.cmd', {'filter': {NEAR: False}}, auth=LOGIN).status_code == 200
    full = norn.post(PACKET + 'IEEE802.11/any/set_filter.cmd', {'filter': {AP: 1, OTHER: 1}}, auth=LOGIN)
    assert full.status_code == 500 and 'norn_max_log_filters' in full.text
    assert norn.post('/datasource/add_source.cmd', {'definition': str(capture(tmp_path / 'c.pcap'))},
                     auth=LOGIN).status_code == 200
    norn.wait_done()
    assert norn.stop() == 0
    db = sqlite3.connect(next(folder.iterdir()))
    assert {r[0].lower() for r in db.execute('SELECT sourcemac FROM packets')} == {NEAR}
