"""phyuav: makers' rules, DJI DroneID and ASTM F3411 Remote ID."""
import os
import pathlib
import struct
import subprocess

import pytest

from frames import AP, ARP, BROADCAST, STATION, Capture, vendor
from radios import Btle, Hci, ad, reversed_mac

ROOT = pathlib.Path(__file__).parents[2]
SHARED = ROOT.parent / 'shared/captures'
MAC = 'kismet.device.base.macaddr'
OTHER_RULE = 'uav_match=t:name="Maker",model="M1",ssid="^drone",mac="00:0D:00:00:00:00/FF:FF:FF:00:00:00"\n'


def droneid(version=2, serial=b'SERIAL0123456789'):
    """A flight record at 46.5 N 7.25 E, 100 m, 12 m over ground, 3 m/s to the north."""
    unit = 174533
    body = bytes.fromhex('586213 10') + bytes([version]) + struct.pack('<HH', 1, 0x1f37) + serial
    body += struct.pack('<iihhhhh', int(7.25 * unit), int(46.5 * unit), 100, 120, 300, 0, -50)
    if version == 1:
        body += struct.pack('<hhh', 100, 200, 9000)
    else:
        body += struct.pack('<hQii', 9000, 0, int(46.25 * unit), int(7.5 * unit))
    body += struct.pack('<iiBB', int(7 * unit), int(46 * unit), 16, 0) + bytes(20)
    return vendor('263712', body)


def pack():
    basic = b'\x02' + b'\x12' + b'1581F123'.ljust(20, b'\0') + bytes(3)
    position = b'\x12' + bytes([0x22, 10, 40, 4]) + struct.pack('<iiHHH', 465000000, 72500000, 0, 2200, 2024) + bytes(6)
    system = b'\x42\0' + struct.pack('<iiHBHHBHI', 462500000, 75000000, 1, 0, 0, 0, 0, 2100, 0) + b'\0'
    operator = b'\x52\0' + b'CHE-OP-1'.ljust(20, b'\0') + bytes(3)
    assert {len(m) for m in (basic, position, system, operator)} == {25}
    return b'\xf2\x19\x04' + basic + position + system + operator


def serve(start, tmp_path, capture, config=''):
    norn = start('-c', str(capture.write(tmp_path / 'c.pcap')), '--confdir', str(tmp_path),
                 config='httpd_username=kismet\nhttpd_password=secret\n' + config)
    norn.wait_done()
    return norn


def drone_of(norn, address=AP):
    devices = norn.get('/devices/views/phy-UAV/devices.json').json()
    assert [d[MAC].lower() for d in devices] == [address]
    assert devices[0]['kismet.device.base.type'] == 'UAV'
    return devices[0]['uav.device']


@pytest.mark.parametrize('version', [1, 2])
def test_droneid(start, tmp_path, version):
    drone = drone_of(serve(start, tmp_path, Capture().beacon(b'x', more=droneid(version)).beacon(b'y', AP[:-1] + '9')))
    last = drone['uav.last_telemetry']
    assert (drone['uav.manufacturer'], drone['uav.model'], drone['uav.match_type']) == (
        'DJI', 'Mavic Pro', 'DroneID WiFi')
    assert drone['uav.serialnumber'] == 'SERIAL0123456789'
    assert last['uav.telemetry.location']['kismet.common.location.geopoint'] == pytest.approx([7.25, 46.5], abs=1e-4)
    assert (last['uav.telemetry.height'], last['uav.telemetry.v_north'], last['uav.telemetry.v_up']) == (12, 3, -0.5)
    assert (last['uav.telemetry.yaw'], last['uav.telemetry.airborne'], last['uav.telemetry.motor_on']) == (90, 1, 1)
    assert last['uav.telemetry.pitch'] == (1 if version == 1 else 0)
    assert ('uav.telemetry.app_location' in drone) == (version == 2)
    home = drone['uav.telemetry.home_location']['kismet.common.location.geopoint']
    assert home == pytest.approx([7, 46], abs=1e-4)


@pytest.mark.parametrize('by', ['beacon', 'nan'])
def test_remote_id(start, tmp_path, by):
    capture = Capture()
    if by == 'beacon':
        capture.beacon(b'x', more=vendor('fa0bbc', b'\x0d\x01' + pack()))
    else:
        service = bytes.fromhex('8869199d9209') + b'\1\0\x10' + bytes([len(pack()) + 1]) + b'\7' + pack()
        body = bytes.fromhex('0409506f9a13') + b'\3' + struct.pack('<H', len(service)) + service
        capture.management(13, '51:6f:9a:01:00:00', STATION, BROADCAST, body)
    drone = drone_of(serve(start, tmp_path, capture), AP if by == 'beacon' else STATION)
    last = drone['uav.last_telemetry']
    assert drone['uav.match_type'] == 'Remote ID WiFi'
    assert (drone['uav.serialnumber'], drone['norn.uav.operator_id']) == ('1581F123', 'CHE-OP-1')
    assert last['uav.telemetry.location']['kismet.common.location.geopoint'] == pytest.approx([7.25, 46.5])
    assert last['uav.telemetry.location']['kismet.common.location.alt'] == 100
    assert (last['uav.telemetry.height'], last['uav.telemetry.v_up'], last['uav.telemetry.airborne']) == (12, 2, 1)
    # direction 10 with the west bit: 190 degrees
    assert last['uav.telemetry.yaw'] == 190 and last['uav.telemetry.v_north'] < -9
    position = drone['uav.telemetry.app_location']
    assert position['kismet.common.location.geopoint'] == [7.5, 46.25] and position['kismet.common.location.alt'] == 50


def service(messages):
    return ad(0x16, b'\xfa\xff\x0d\1' + messages)


def test_remote_id_over_bluetooth(start, tmp_path):
    """Legacy advertisements carry one message each, extended ones a pack; what is no Remote ID makes no drone."""
    whole = pack()
    c = Btle()
    for n in range(4):
        c.advertise('00:0A:00:00:00:01', service(whole[3 + 25 * n:28 + 25 * n]), kind=2)
    c.pdu(7, bytes([9, 9]) + reversed_mac('00:0A:00:00:00:02') + b'\0\0' + service(whole))
    c.advertise('00:0A:00:00:00:03', ad(0x16, b'\xfa\xff\x0e\1' + whole[3:28]))
    c.advertise('00:0A:00:00:00:04', ad(0x16, b'\xfb\xff\x0d\1' + whole[3:28]))
    c.advertise('00:0A:00:00:00:05', ad(0x16, b'\xfa\xff\x0d'))
    norn = serve(start, tmp_path, c)
    drones = {d[MAC]: d['uav.device'] for d in norn.get('/devices/views/phy-UAV/devices.json').json()}
    assert set(drones) == {'00:0A:00:00:00:01', '00:0A:00:00:00:02'}
    for drone in drones.values():
        assert (drone['uav.serialnumber'], drone['norn.uav.operator_id'], drone['uav.match_type']) == (
            '1581F123', 'CHE-OP-1', 'Remote ID Bluetooth')
        position = drone['uav.last_telemetry']['uav.telemetry.location']
        assert position['kismet.common.location.geopoint'] == pytest.approx([7.25, 46.5])


def test_remote_id_reported_by_a_controller(start, tmp_path):
    c = Hci().advertised('00:0A:00:00:00:01', service(pack()[3:28]))
    drone, = serve(start, tmp_path, c).get('/devices/views/phy-UAV/devices.json').json()
    assert drone['uav.device']['uav.serialnumber'] == '1581F123'


def test_senders_on_one_bssid_are_drones_each(start, tmp_path):
    capture = Capture()
    for n in range(3):
        body = bytes(8) + b'\x64\0\1\0' + b'\0\1x' + droneid(serial=b'SERIAL%010d' % n)
        capture.management(8, BROADCAST, f'02:00:00:00:01:0{n}', AP, body)
    drones = serve(start, tmp_path, capture).get('/devices/views/phy-UAV/devices.json').json()
    assert {d[MAC].lower(): d['uav.device']['uav.serialnumber'] for d in drones} == {
        f'02:00:00:00:01:0{n}': f'SERIAL{n:010d}' for n in range(3)}


def test_cut_reports_are_none(start, tmp_path):
    capture = Capture()
    whole = droneid()
    for n in range(10, 70, 7):
        capture.beacon(b'x', more=bytes([221, n]) + whole[2:2 + n])
    capture.beacon(b'x', more=vendor('fa0bbc', b'\x0d\x01\xf2\x18\x09' + bytes(40)))
    norn = serve(start, tmp_path, capture)
    assert norn.get('/devices/views/phy-UAV/devices.json').json() == []


def test_a_drone_stays_one(start, tmp_path):
    """Whatever it sends beside its reports; who talks with it is none."""
    capture = (Capture().beacon(b'x', more=droneid()).beacon(b'x').associate(ssid=b'x')
               .data(ARP).data(ARP, from_ap=True))
    norn = serve(start, tmp_path, capture)
    types = {d[MAC].lower(): d['kismet.device.base.type'] for d in norn.get('/devices/views/all/devices.json').json()}
    assert types == {AP: 'UAV', STATION: 'Wi-Fi Client'}
    assert [d[MAC].lower() for d in norn.get('/devices/views/phydot11_accesspoints/devices.json').json()] == [AP]


def test_history_is_bounded_and_repeats_are_one(start, tmp_path):
    capture = Capture()
    for i in range(9):
        report = bytearray(droneid())
        report[2 + 3 + 30] = i // 3  # the altitude's first octets change every third beacon
        capture.beacon(b'x', more=bytes(report))
    drone = drone_of(serve(start, tmp_path, capture, 'norn_max_telemetry=2\n'))
    assert len(drone['uav.telemetry_history']) == 2
    assert drone['uav.telemetry_history'][-1] == drone['uav.last_telemetry']


def test_a_rule_needs_address_and_name(start, tmp_path):
    capture = Capture().beacon(b'drone-1').beacon(b'net', '00:0d:00:00:00:09').beacon(b'drone-2', '00:0e:00:00:00:09')
    norn = serve(start, tmp_path, capture, OTHER_RULE)
    drone = drone_of(norn)
    assert (drone['uav.manufacturer'], drone['uav.model'], drone['uav.match_type']) == (
        'Maker', 'M1', 'UAV Fingerprint')
    assert drone['uav.type']['uav_match_name'] == 't'
    rules = norn.get('/phy/phyuav/manuf_matchers.json').json()
    assert rules == [{'uav_match_name': 't', 'uav.manufmatch.name': 'Maker', 'uav.manufmatch.model': 'M1',
                      'uav.manufmatch.mac': '00:0D:00:00:00:00/FF:FF:FF:00:00:00',
                      'uav.manufmatch.ssid_regex': '^drone', 'uav.manufmatch.partial': 0}]


def test_the_makers_rules_are_read_from_the_configuration_folder(start, tmp_path):
    rules = (ROOT / 'conf/norn_uav.conf').read_text()
    (tmp_path / 'norn_uav.conf').write_text(rules)
    norn = serve(start, tmp_path, Capture().beacon(b'Mavic-1234', '60:60:1f:00:00:01'))
    assert drone_of(norn, '60:60:1f:00:00:01')['uav.model'] == 'Mavic'
    assert len(norn.get('/phy/phyuav/manuf_matchers.json').json()) == rules.count('\nuav_match=')


@pytest.mark.parametrize('rule', ['x', 'x:name="a"', 'x:ssid="a"', 'x:name="a",ssid="("', 'x:name="a",mac="zz"',
                                  'x:name="a",ssid="b",colour="c"'])
def test_rules_that_cannot_be_read_are_reported(tmp_path, rule):
    conf = tmp_path / 'n.conf'
    conf.write_text(f'uav_match={rule}\n')
    done = subprocess.run([os.environ['NORN'], '--check', '-f', conf, '--homedir', tmp_path], capture_output=True,
                          text=True, timeout=20)
    assert done.returncode == 1 and 'uav_match' in done.stdout + done.stderr


@pytest.mark.skipif(not SHARED.exists(), reason='no shared captures')
def test_real_captures(start, tmp_path):
    norn = start('-c', str(SHARED / 'parrot_anafi4_real.pcapng'))
    norn.wait_done()
    drone = drone_of(norn, '90:3a:e6:5b:c8:a8')
    assert drone['uav.match_type'] == 'Remote ID WiFi'
    spoofed = start('-c', str(SHARED / 'mavic_multiple_spoofed.pcapng'))
    spoofed.wait_done()
    drones = {d[MAC]: d['uav.device'] for d in spoofed.get('/devices/views/phy-UAV/devices.json').json()}
    djis = {mac: d for mac, d in drones.items() if mac.startswith('60:60:1F')}
    assert len(djis) == 15 == len({d.get('uav.serialnumber') for d in djis.values()}), drones
    assert '60:60:1F:7A:38:83' not in drones  # the BSSID of all of them
    assert {d['uav.manufacturer'] for d in djis.values()} == {'DJI'}
