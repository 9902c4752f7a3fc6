"""Frames of kinds that one seldom meets (IEEE 802.11-2020 clause 9): what they say, and what they do not."""
import struct

import pytest

from conftest import devices
from frames import AP, ARP, AUTH, BROADCAST, OTHER, STATION, Capture, element, mac, vendor

SNAP = b'\xaa\xaa\3\0\0\0'
THIRD = '00:0e:00:00:00:04'


def qos(c, body, control=0, flags=1, subtype=8, a1=AP, a2=STATION, a3=AP, fourth=b'', more=b''):
    return c.add(c.header(2, subtype, flags, a1, a2, a3) + fourth + struct.pack('<H', control) + more + body)


def client(found):
    return found[STATION]['dot11.device']['dot11.device.client_map'][AP.upper()]


@pytest.mark.parametrize('body, control, more', [
    (ARP, 0, b''),                                                                        # QoS
    (mac(AP) + mac(STATION) + struct.pack('>H', len(ARP)) + ARP + b'\0' * 2 + b'next', 0x80, b''),  # the first of an A-MSDU
    (ARP, 0, b'HTC0'),                                                                    # with HT control
])
def test_clear_data_is_read(start, tmp_path, body, control, more):
    c = Capture().beacon()
    qos(c, body, control, flags=1 | (0x80 if more else 0), more=more)
    assert client(devices(start, tmp_path, c))['dot11.client.ipdata']['kismet.common.ipdata.address'] == 0x0a000007


def test_a_torn_amsdu_and_later_fragments_show_nothing(start, tmp_path):
    c = Capture().beacon()
    qos(c, mac(AP) + mac(STATION) + b'\xff\xff' + ARP, 0x80)
    frame = bytearray(c.header(2, 0, 1, AP, STATION, AP) + ARP)
    frame[22] |= 1  # the second fragment
    c.add(bytes(frame))
    assert 'dot11.client.ipdata' not in client(devices(start, tmp_path, c))


def test_management_with_ht_control(start, tmp_path):
    body = struct.pack('<QHH', 1, 100, 1) + element(0, b'htc') + element(3, b'\6')
    c = Capture()
    c.add(c.header(0, 8, 0x80, BROADCAST, AP, AP) + b'HTC0' + body)
    n, = devices(start, tmp_path, c)[AP]['dot11.device']['dot11.device.advertised_ssid_map']
    assert n['dot11.advertisedssid.ssid'] == 'htc' and n['dot11.advertisedssid.beaconrate'] == 10


def test_mesh_data(start, tmp_path):
    c = Capture()
    header = b'\2\x1f' + struct.pack('<I', 1) + mac(OTHER) + mac(THIRD)  # mesh control with two addresses
    qos(c, header + SNAP + b'\x08\x06' + b'\0' * 28, 0x100, flags=3, a1=AP, a2=OTHER, a3=AP, fourth=mac(STATION))
    found = devices(start, tmp_path, c)
    assert set(found) == {AP, OTHER, STATION}
    assert {found[m]['kismet.device.base.type'] for m in (AP, OTHER)} == {'Wi-Fi WDS AP'}
    assert found[STATION]['kismet.device.base.type'] == 'Wi-Fi WDS'


def test_who_is_who_by_direction(start, tmp_path):
    c = Capture().data(SNAP + b'\x08\0', bssid=AP)                                        # to the access point
    c.add(c.header(2, 0, 2, OTHER, AP, THIRD) + SNAP + b'\x08\0')                         # of the wired side
    c.add(c.header(2, 0, 0, '00:0e:00:00:00:06', '00:0e:00:00:00:05', '02:00:00:00:00:09') + SNAP + b'\x08\0')  # ad-hoc
    types = {m: d['kismet.device.base.type'] for m, d in devices(start, tmp_path, c).items()}
    assert types == {AP: 'Wi-Fi AP', STATION: 'Wi-Fi Client', OTHER: 'Wi-Fi Device', THIRD: 'Wi-Fi Bridged',
                     '02:00:00:00:00:09': 'Wi-Fi Ad-Hoc', '00:0e:00:00:00:05': 'Wi-Fi Ad-Hoc', '00:0e:00:00:00:06': 'Wi-Fi Device'}


def test_an_ad_hoc_network(start, tmp_path):
    c = Capture().beacon(ssid=b'peers', bssid='02:00:00:00:00:09', capability=0x22)
    d = devices(start, tmp_path, c)['02:00:00:00:00:09']
    assert d['kismet.device.base.type'] == 'Wi-Fi Ad-Hoc' and d['dot11.device']['dot11.device.typeset'] == 1 | 2


CONTROL = [
    ('block ack request', b'\x84\0\0\0' + mac(AP) + mac(STATION) + b'\0' * 4),
    ('block ack', b'\x94\0\0\0' + mac(AP) + mac(STATION) + b'\0' * 12),
    ('PS-Poll', b'\xa4\0\1\xc0' + mac(AP) + mac(STATION)), ('RTS', b'\xb4\0\0\0' + mac(AP) + mac(STATION)),
    ('CTS', b'\xc4\0\0\0' + mac(AP)), ('ACK', b'\xd4\0\0\0' + mac(AP)), ('CF-End', b'\xe4\0\0\0' + mac(BROADCAST) + mac(AP)),
    ('wrapper', b'\x74\0\0\0' + mac(AP) + b'\xb4\0' + b'HTC0' + mac(STATION)),
    ('trigger', b'\x24\0\0\0' + mac(BROADCAST) + mac(AP) + b'\0' * 8), ('NDP announcement', b'\x54\0\0\0' + mac(STATION) + mac(AP) + b'\0'),
    ('DMG beacon', b'\x0c\0\0\0' + mac(AP) + b'\0' * 24), ('S1G beacon', b'\x1c\0\0\0' + mac(AP) + b'\0' * 9),
]


def test_frames_that_make_no_device(start, tmp_path):
    c = Capture()
    for _, frame in CONTROL:
        c.add(frame)
    c.add(c.header(2, 4, 1, AP, STATION, AP)).add(c.header(2, 12, 1, AP, STATION, AP) + b'\0\0')  # null data
    c.add(c.header(0, 7, 0, AP, STATION, AP)).add(c.header(0, 15, 0, AP, STATION, AP))             # reserved
    for cut in range(24):
        c.add((b'\x80' + b'\0' * 23)[:cut])
    assert devices(start, tmp_path, c) == {}


@pytest.mark.parametrize('subtype, linked', [(5, 0), (8, 0), (1, 1), (3, 1), (10, 1), (11, 1), (12, 1), (13, 1)])
def test_an_access_point_that_deals_with_a_station_is_its(start, tmp_path, subtype, linked):
    c = Capture().management(subtype, STATION, AP, AP, b'\0' * 12 + element(0, b'net'))
    found = devices(start, tmp_path, c)
    assert found[AP]['dot11.device']['dot11.device.num_associated_clients'] == linked
    assert found[STATION]['dot11.device']['dot11.device.num_client_aps'] == linked


def test_shared_key_authentication(start, tmp_path):
    c = Capture().authenticate(algorithm=1)
    c.management(AUTH, STATION, AP, AP, struct.pack('<HHH', 1, 2, 0) + element(16, b'c' * 128))
    c.add(c.header(0, AUTH, 0x40, AP, STATION, AP) + b'\1\2\3\0' + b'x' * 140)
    c.management(AUTH, STATION, AP, AP, struct.pack('<HHH', 1, 4, 0))
    found = devices(start, tmp_path, c)
    assert found[AP]['dot11.device']['dot11.device.associated_client_map'] == {STATION.upper(): found[STATION]['kismet.device.base.key']}
    assert found[STATION]['kismet.device.base.packets.total'] == 4


def test_old_stations_among_those_of_g(start, tmp_path):
    c = Capture().beacon(more=element(42, b'\3')).beacon(bssid=OTHER, more=element(42))
    reported = [d['dot11.device']['dot11.device.advertised_ssid_map'][0].get('norn.advertisedssid.erp')
            for _, d in sorted(devices(start, tmp_path, c).items())]
    assert reported == [3, None]


def test_wmm(start, tmp_path):
    more = vendor('0050f202', bytes.fromhex('01018400' '03a40000' '27a40000' '42435e00' '72322f00'))
    n, = devices(start, tmp_path, Capture().beacon(more=more))[AP]['dot11.device']['dot11.device.advertised_ssid_map']
    reported = n['norn.advertisedssid.wmm']
    assert reported['norn.wmm.qos_info'] == 0x84
    assert [tuple(c.values()) for c in reported['norn.wmm.categories']] == [
        ('best effort', 3, 4, 10, 0, 0), ('background', 7, 4, 10, 0, 0), ('video', 2, 3, 4, 3008, 0), ('voice', 2, 2, 3, 1504, 1)]
