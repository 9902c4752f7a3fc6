"""What 802.11 frames say, element by element."""
import struct
import zlib

from frames import AP, ARP, OTHER, STATION, Capture, element, mac, rsn, vendor, wep
from conftest import BOARD, LOGIN, devices

MLD = '02:aa:bb:cc:dd:01'


def wps(**attributes):
    numbers = {'version': 0x104a, 'state': 0x1044, 'manufacturer': 0x1021, 'model': 0x1023,
               'uuid': 0x1047, 'kind': 0x1054, 'bands': 0x103c, 'extension': 0x1049, 'message': 0x1022}
    return b''.join(struct.pack('>HH', numbers[k], len(v)) + v for k, v in attributes.items())


def network(start, tmp_path, more, options='', **beacon):
    d = devices(start, tmp_path, Capture().beacon(more=more, **beacon), options)[AP]
    return d['dot11.device']['dot11.device.advertised_ssid_map'][0]


def test_wps_is_reported_whole(start, tmp_path):
    uuid = bytes(range(16))
    n = network(start, tmp_path, vendor('0050f204', wps(
        version=b'\x10', state=b'\2', manufacturer=b'Maker', model=b'M1', uuid=uuid,
        kind=b'\0\6\0\x50\xf2\4\0\1', bands=b'\3', extension=b'\0\x37\x2a\0\1\x20')))
    assert n['dot11.advertisedssid.wps_version'] == 0x10
    assert n['dot11.advertisedssid.wps_state'] == 1
    assert n['dot11.advertisedssid.wps_manuf'] == 'Maker'
    assert n['dot11.advertisedssid.wps_model_name'] == 'M1'
    assert n['dot11.advertisedssid.wps_uuid_e'].replace('-', '').lower() == uuid.hex()
    assert n['norn.advertisedssid.wps_device_type'] == '6-0050F204-1'
    assert n['norn.advertisedssid.wps_version2'] == 0x20
    assert n['norn.advertisedssid.wps_rf_bands'] == 3
    assert {a['norn.wps.attribute']: a['norn.wps.data'] for a in n['norn.advertisedssid.wps_attributes']}[0x1023] \
        == b'M1'.hex().upper()


def test_no_wps_no_fields(start, tmp_path):
    n = network(start, tmp_path, rsn())
    assert not [k for k in n if 'wps' in k or '.owe' in k or 'dot11s' in k or 'ie_tag' in k]


def test_elements_are_kept_when_asked(start, tmp_path):
    n = network(start, tmp_path, vendor('00109901', b'xy') + element(255, b'\x23abc'), 'dot11_keep_ietags=true\n')
    assert n['dot11.advertisedssid.ie_tag_list'] == [0, 1, 3, 221, 255]
    tags = {t['dot11.ietag.number']: t for t in n['dot11.advertisedssid.ie_tag_content']}
    assert tags[221]['dot11.ietag.oui'] == 0x001099
    assert tags[221]['dot11.ietag.subtag'] == 1
    assert tags[221]['dot11.ietag.data'] == '001099017879'
    assert tags[255]['dot11.ietag.subtag'] == 0x23
    assert tags[0]['dot11.ietag.subtag'] == -1
    assert len({t['dot11.ietag.uniqueid'] for t in tags.values()}) == len(tags)


def test_the_country_is_reported_in_full_when_asked(start, tmp_path):
    country = element(7, b'DE \1\x0d\x14\x24\4\x17')
    n = network(start, tmp_path, country, 'dot11_11d_country_full=true\n')
    assert n['dot11.advertisedssid.dot11d_country'] == 'DE'
    assert n['dot11.advertisedssid.dot11d_list'] == [
        {'dot11.11d.start_channel': 1, 'dot11.11d.num_channels': 13, 'dot11.11d.tx_power': 20},
        {'dot11.11d.start_channel': 36, 'dot11.11d.num_channels': 4, 'dot11.11d.tx_power': 23}]


def test_owe_names_its_companion(start, tmp_path):
    n = network(start, tmp_path, vendor('506f9a1c', mac(OTHER) + b'\4open'))
    assert n['dot11.advertisedssid.owe_ssid'] == 'open'
    assert n['dot11.advertisedssid.owe_ssid_len'] == 4
    assert n['dot11.advertisedssid.owe_bssid'].lower() == OTHER


def test_mesh(start, tmp_path):
    n = network(start, tmp_path, element(114, b'hill') + element(113, b'\1\1\0\1\0\x07\x09'), ssid=b'')
    assert n['dot11.advertisedssid.dot11s.meshid'] == 'hill'
    assert n['dot11.advertisedssid.dot11s.gateway'] == 1
    assert n['dot11.advertisedssid.dot11s.num_peerings'] == 3
    assert n['dot11.advertisedssid.dot11s.forwarding'] == 1


def test_multi_link_and_neighbours(start, tmp_path):
    profile = element(0, struct.pack('<HB', 0x21, 7) + mac(OTHER))
    link = element(255, b'\x6b' + struct.pack('<H', 0x10) + b'\x08' + mac(MLD) + b'\0' + profile)
    info = b'\xff' + mac(OTHER) + struct.pack('<I', 0x01020304) + b'\x40\x10' + b'\0\1\0'
    near = element(201, struct.pack('<H', len(info) << 8) + bytes([134, 37]) + info)
    n = network(start, tmp_path, link + near)
    reported = n['norn.advertisedssid.multi_link']
    assert reported['norn.mld.address'].lower() == MLD
    assert reported['norn.mld.link_id'] == 0
    assert [(x['norn.link.id'], x['norn.link.address'].lower()) for x in reported['norn.mld.links']] == [(1, OTHER)]
    one, = n['norn.advertisedssid.neighbors']
    assert (one['norn.neighbor.operating_class'], one['norn.neighbor.channel']) == (134, 37)
    assert one['norn.neighbor.bssid'].lower() == OTHER
    assert one['norn.neighbor.short_ssid'] == 0x01020304
    assert (one['norn.neighbor.mld_id'], one['norn.neighbor.link_id']) == (0, 1)


def test_a_station_of_several_links(start, tmp_path):
    profile = element(0, struct.pack('<HB', 0x31, 7) + mac(OTHER))
    link = element(255, b'\x6b\0\0\x07' + mac(MLD) + profile)
    reported = devices(start, tmp_path, Capture().beacon().associate(more=link))[STATION]['dot11.device']['norn.device.multi_link']
    assert reported['norn.mld.address'].lower() == MLD and 'norn.mld.link_id' not in reported
    assert [(x['norn.link.id'], x['norn.link.address'].lower()) for x in reported['norn.mld.links']] == [(1, OTHER)]


def test_hotspot(start, tmp_path):
    n = network(start, tmp_path, element(107, b'\x13\2\x08' + mac(OTHER)) + element(111, b'\0\x53\1\2\3\4\5\6\7\x08')
                + vendor('506f9a10', b'\x21\0\0'))
    h = n['norn.advertisedssid.hotspot']
    assert h['norn.hotspot.network_type'] == 'free public'
    assert h['norn.hotspot.internet'] == 1
    assert (h['norn.hotspot.venue_group'], h['norn.hotspot.venue_type']) == (2, 8)
    assert h['norn.hotspot.hessid'].lower() == OTHER
    assert h['norn.hotspot.roaming'] == ['010203', '0405060708']
    assert (h['norn.hotspot.release'], h['norn.hotspot.dgaf_disabled']) == (3, 1)


def he(width_bits, rx=0xfffa):
    return element(255, b'\x23' + b'\0' * 6 + bytes([width_bits << 1]) + b'\0' * 10 + struct.pack('<HH', rx, rx) * 2)


def test_rate_and_width_of_ax_and_be(start, tmp_path):
    six = element(255, b'\x24' + (1 << 17).to_bytes(3, 'little') + b'\x05\0\0' + b'\x25\3\0\0\6')
    n = network(start, tmp_path, he(0x7) + six, channel=None)
    assert n['norn.advertisedssid.generation'] == 'ax'
    assert n['norn.advertisedssid.width_mhz'] == 160
    assert n['norn.advertisedssid.max_rate'] == 2402.0
    assert n['norn.advertisedssid.bss_color'] == 5
    assert n['dot11.advertisedssid.channel'] == '37W6e'
    be = element(255, b'\x6c\0\0\2' + b'\0' * 8 + b'\x22\x22\x22' * 3) + element(255, b'\x6a\1\0\0\0\0\4\0\0')
    n = network(start, tmp_path, he(0x7) + six + be, channel=None)
    assert n['norn.advertisedssid.generation'] == 'be'
    assert n['norn.advertisedssid.width_mhz'] == 320
    assert n['norn.advertisedssid.max_rate'] == 5764.7


def test_what_a_client_can_do(start, tmp_path):
    more = element(33, b'\0\x14') + element(36, b'\1\3\x24\2') + element(127, b'\5\0\x08') + element(70, b'\3\0\0\0\0')
    d = devices(start, tmp_path, Capture().beacon().associate(more=more))[STATION]['dot11.device']
    assert d['dot11.device.supported_channels'] == [1, 2, 3, 36, 40]
    assert d['dot11.device.extended_capabilities'] == [
        '20/40 BSS coexistence management', 'extended channel switching', 'BSS transition']
    assert (d['dot11.device.min_tx_power'], d['dot11.device.max_tx_power']) == (0, 20)
    assert (d['dot11.device.link_measurement_capable'], d['dot11.device.neighbor_report_capable']) == (1, 1)
    assert d['dot11.device.last_sequence'] == 2


def test_a_broken_list_of_elements_is_no_hidden_name(start, tmp_path):
    c = Capture().management(8, 'ff:ff:ff:ff:ff:ff', AP, AP, struct.pack('<QHH', 1, 100, 1) + b'\1\x20abc')
    c.management(8, 'ff:ff:ff:ff:ff:ff', OTHER, OTHER, struct.pack('<QHH', 1, 100, 1) + element(1, b'\x82'))
    c.management(4, 'ff:ff:ff:ff:ff:ff', STATION, 'ff:ff:ff:ff:ff:ff', b'\1\x20abc')
    found = devices(start, tmp_path, c)
    assert found[AP]['dot11.device']['dot11.device.num_advertised_ssids'] == 0
    assert found[AP]['dot11.device']['dot11.device.typeset'] == 1
    assert found[OTHER]['dot11.device']['dot11.device.num_advertised_ssids'] == 1
    assert found[STATION]['dot11.device']['dot11.device.num_probed_ssids'] == 0


def cdp(**values):
    numbers = {'device': 1, 'port': 3}
    return b'\2\xb4\0\0' + b''.join(struct.pack('>HH', numbers[k], len(v) + 4) + v for k, v in values.items())


def test_switches_behind_the_air(start, tmp_path):
    lldp = b''.join(struct.pack('>H', kind << 9 | len(v)) + v for kind, v in (
        (1, b'\4' + mac(OTHER)), (2, b'\5Gi0/2'), (5, b'switch'), (0, b'')))
    c = Capture().beacon().data(b'\xaa\xaa\3\0\0\x0c\x20\0' + cdp(device=b'core-1', port=b'Fa0/1'))
    c.data(b'\xaa\xaa\3\0\0\0\x88\xcc' + lldp)
    reported = devices(start, tmp_path, c)[STATION]['dot11.device']['dot11.device.client_map'][AP.upper()]
    assert reported['dot11.client.cdp_device'] == 'core-1'
    assert reported['dot11.client.cdp_port'] == 'Fa0/1'
    assert reported['norn.client.lldp_device'] == 'switch'
    assert reported['norn.client.lldp_port'] == 'Gi0/2'


def test_which_messages_of_the_handshake_are_held(start, tmp_path):
    c = Capture().beacon(more=rsn()).key(0x8a, nonce=b'\x21' * 32, replay=7).key(0x10a, from_ap=False, data=b'\x30\0')
    d = devices(start, tmp_path, c)[AP]['dot11.device']
    assert d['dot11.device.wpa_present_handshake'] == 2 | 4
    first = d['dot11.device.wpa_handshake_list'][STATION.upper()][0]
    assert first['dot11.eapol.replay_counter'] == 7
    assert first['dot11.eapol.nonce'] == '21' * 32


def test_protected_data_by_direction(start, tmp_path):
    c = Capture().beacon(more=rsn())
    c.data(b'\0\0\0\x20\0\0\0\0' + b'x' * 40, flags=0x40)
    c.data(b'\1\2\3\0' + b'y' * 40, from_ap=True, flags=0x40)
    reported = devices(start, tmp_path, c)[STATION]['dot11.device']['dot11.device.client_map'][AP.upper()]
    assert reported['dot11.client.tx_cryptset'] == 2
    assert reported['dot11.client.rx_cryptset'] == 1


def test_an_fcs_that_no_one_reported_of_is_no_content(start, tmp_path):
    c = Capture().beacon(ssid=b'one').beacon(ssid=b'two').data(b'\xaa\xaa\3\0\0\0\x08\x06' + b'\0' * 20)
    c.frames = [(t, f + struct.pack('<I', zlib.crc32(f))) for t, f in c.frames]
    found = devices(start, tmp_path, c)
    assert found[AP]['dot11.device']['dot11.device.num_advertised_ssids'] == 2
    assert found[STATION]['kismet.device.base.datasize'] == 28


def test_the_fourth_message_may_hide_key_data(start, tmp_path):
    c = Capture().beacon(more=rsn()).key(0x10a, from_ap=False, nonce=b'\x22' * 32, data=b'\x30\0')
    c.key(0x130a, from_ap=False, nonce=b'\0' * 32, data=b'hidden').key(0x30a, from_ap=False, nonce=b'\x23' * 32, data=b'x')
    held = devices(start, tmp_path, c)[AP]['dot11.device']['dot11.device.wpa_handshake_list'][STATION.upper()]
    assert [k['dot11.eapol.message_num'] for k in held] == [2, 4, 2]


def test_octets_of_names_that_are_no_text(start, tmp_path):
    d = devices(start, tmp_path, Capture().probe(ssid=b'\x1d\x07x'))[STATION]['dot11.device']
    assert d['dot11.device.probed_ssid_map'][0]['norn.probedssid.ssid_hex'] == '1D0778'


def test_wep_is_read_with_its_key(start, tmp_path):
    key = bytes(range(13))
    c = Capture().beacon(capability=0x11).data(wep(ARP, key), flags=0x40)
    own = f'wepkey={AP},{key.hex()}\n'
    reported = devices(start, tmp_path, c, own)[STATION]['dot11.device']['dot11.device.client_map'][AP.upper()]
    assert reported['dot11.client.decrypted'] == 1
    assert reported['dot11.client.ipdata']['kismet.common.ipdata.address'] == 0x0a000007
    for other in ('', f'wepkey={AP},{"00" * 13}\n', f'wepkey={OTHER},{key.hex()}\n'):
        reported = devices(start, tmp_path, c, other)[STATION]['dot11.device']['dot11.device.client_map'][AP.upper()]
        assert reported['dot11.client.decrypted'] == 0
        assert 'dot11.client.ipdata' not in reported


def test_access_points_alone_are_surveyed(start, tmp_path):
    c = Capture().beacon(more=rsn()).probe().associate().data(b'\0' * 40, flags=0x40).data(b'\0' * 40, True, 0x40)
    assert set(devices(start, tmp_path, c)) == {AP, STATION}
    found = devices(start, tmp_path, c, 'dot11_ap_only_survey=true\n')
    assert set(found) == {AP}
    assert found[AP]['dot11.device']['dot11.device.num_associated_clients'] == 0


def test_the_view_of_access_points_can_be_left_out(start, tmp_path):
    for reported, there in (('true', True), ('false', False)):
        norn = start('-c', str(Capture().beacon().write(tmp_path / 'c.pcap')),
                     config=BOARD + f'dot11_view_accesspoints={reported}\n')
        norn.wait_done()
        views = norn.get('/devices/views/all_views.json', auth=LOGIN).json()
        assert ('phydot11_accesspoints' in {v['kismet.devices.view.id'] for v in views}) == there


def test_what_data_frames_hold_reaches_no_log(start, tmp_path):
    c = Capture().beacon().data(b'\xaa\xaa\3\0\0\0\x08\0' + b'private words').key(0x8a, nonce=b'keep this nonce!' * 2)
    for reported, there in (('false', True), ('true', False)):
        prefix = tmp_path / reported
        prefix.mkdir()
        norn = start('-c', str(c.write(tmp_path / 'c.pcap')),
                     config=BOARD + f'hidedata={reported}\nlog_types=pcapng\nlog_prefix={prefix}\n')
        norn.wait_done()
        norn.stop()
        log, = prefix.glob('*.pcapng')
        octets = log.read_bytes()
        assert (b'private words' in octets) == there
        assert b'keep this nonce!' in octets
        assert octets.count(mac(STATION) + mac(AP)) >= 1


RANDOM = ['02:00:00:00:00:01', '02:00:00:00:00:02', '06:00:00:00:00:03']
KIND = element(45, b'\x0c' * 26) + element(127, b'\5')


def same_as(found, mac):
    return [(s['norn.same_as.address'].lower(), s['norn.same_as.percent'])
            for s in found[mac]['dot11.device'].get('norn.device.same_as', [])]


def test_a_new_address_that_goes_on_is_the_same(start, tmp_path):
    c = Capture().probe(source=RANDOM[0], more=KIND).probe(source=RANDOM[0], more=KIND).probe(source=RANDOM[1], more=KIND)
    c.probe(source=RANDOM[2], more=element(45, b'\x0d' * 26))
    found = devices(start, tmp_path, c)
    (earlier, percent), = same_as(found, RANDOM[1])
    assert earlier == RANDOM[0] and percent >= 50
    assert not same_as(found, RANDOM[0]) and not same_as(found, RANDOM[2])


def test_one_that_does_not_go_on_is_not(start, tmp_path):
    c = Capture().probe(source=RANDOM[0], more=KIND)
    c.sequence += 900
    c.probe(source=RANDOM[1], more=KIND).at(300).probe(source=RANDOM[2], more=KIND)
    c.probe(source=STATION, more=KIND + b'').probe(source=OTHER, more=KIND)
    found = devices(start, tmp_path, c)
    assert not same_as(found, RANDOM[1]) and not same_as(found, RANDOM[2]) and not same_as(found, OTHER)


def test_a_wps_uuid_shows_who_it_is(start, tmp_path):
    def more(uuid):
        return vendor('0050f204', wps(version=b'\x10', uuid=uuid))
    c = Capture().probe(source=RANDOM[0], more=KIND + more(b'u' * 16))
    c.sequence += 900
    c.at(3600).probe(source=RANDOM[1], more=KIND + more(b'u' * 16)).probe(source=RANDOM[2], more=more(b'\0' * 16))
    found = devices(start, tmp_path, c)
    assert same_as(found, RANDOM[1]) == [(RANDOM[0], 90)]
    assert not same_as(found, RANDOM[2])


def test_networks_of_one_box_are_related(start, tmp_path):
    c = Capture().beacon(timestamp=5000000000).beacon(bssid=OTHER, timestamp=5000300000)
    c.beacon(bssid='00:0f:00:00:00:04', timestamp=7000000000)
    for reported, there in (('true', True), ('false', False)):
        found = devices(start, tmp_path, c, f'dot11_link_bssts={reported}\n')
        related = {m: d.get('kismet.device.base.related_devices', {}).get('dot11_bssts_similar', []) for m, d in found.items()}
        if there:
            assert related[AP] == [found[OTHER]['kismet.device.base.key']]
            assert related[OTHER] == [found[AP]['kismet.device.base.key']]
            assert not related['00:0f:00:00:00:04']
        else:
            assert not any(related.values())


def test_key_frames_are_kept_octet_by_octet(start, tmp_path):
    c = Capture().beacon(more=rsn())
    for data in (b'', b'\0', b'\0' * 700, bytes(range(256)) * 4, b'\1\0' * 300, b'x' + b'\0' * 255 + b'y' + b'\0' * 256):
        c.key(0x8a, nonce=zlib.crc32(data).to_bytes(4, 'big') * 8, data=data)
    sent = [frame.hex().upper() for _, frame in c.frames[1:]]
    held = devices(start, tmp_path, c)[AP]['dot11.device']['dot11.device.wpa_handshake_list'][STATION.upper()]
    assert [k['dot11.eapol.packet']['kismet.packet.data'] for k in held] == sent


def test_of_too_many_key_frames_those_that_stand_again_go(start, tmp_path):
    c = Capture().beacon(more=rsn()).key(0x8a, replay=0)
    c.key(0x10a, from_ap=False, data=b'\x30\0', replay=0)
    for replay in range(1, 20):
        c.key(0x8a, replay=replay)
    held = devices(start, tmp_path, c)[AP]['dot11.device']['dot11.device.wpa_handshake_list'][STATION.upper()]
    assert len(held) == 16
    assert [k['dot11.eapol.message_num'] for k in held].count(2) == 1
    assert held[-1]['dot11.eapol.replay_counter'] == 19
