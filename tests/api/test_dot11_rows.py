"""Rows of the 802.11 records that no capture of the project fills: each by a frame that does."""
import struct

from conftest import devices
from frames import AP, OTHER, STATION, Capture, element, vendor


def attributes(*pairs):
    return vendor('0050f204', b''.join(struct.pack('>HH', number, len(v)) + v for number, v in pairs))


WPS = attributes((0x104a, b'\x10'), (0x1044, b'\1'), (0x1057, b'\1'), (0x1008, b'\x01\x80'), (0x1021, b'Maker'),
                 (0x1011, b'Phone'), (0x1023, b'Model'), (0x1024, b'Seven'), (0x1042, b'S-1'), (0x1012, b'\0\4'),
                 (0x102d, b'\x80\0\0\5'), (0x1041, b'\1'), (0x1047, bytes(range(16))))


def test_wps_of_one_who_looks_and_of_one_who_offers(start, tmp_path):
    found = devices(start, tmp_path, Capture().beacon(more=WPS).answer(more=WPS).probe(more=WPS))
    expected = {'wps_version': 0x10, 'wps_state': 2 | 4, 'wps_config_methods': 0x180, 'wps_manuf': 'Maker',
                'wps_device_name': 'Phone', 'wps_model_name': 'Model', 'wps_model_number': 'Seven',
                'wps_serial_number': 'S-1', 'wps_uuid_e': '00010203-0405-0607-0809-0A0B0C0D0E0F',
                'wps_password_id': 4, 'wps_os_version': 0x80000005, 'wps_selected_registrar': 1}
    for address, where in ((AP, 'advertised'), (AP, 'responded'), (STATION, 'probed')):
        n, = found[address]['dot11.device'][f'dot11.device.{where}_ssid_map']
        reported = {k.split('.')[2]: v for k, v in n.items() if '.wps_' in k}
        assert {k: reported[k] for k in expected} == expected, where


def test_positions_of_names_and_of_clients(start, tmp_path):
    found = devices(start, tmp_path, Capture().beacon().answer().probe().associate(), 'gps=virtual:lat=10.5,lon=-20.25,alt=7\n')
    network, client = found[AP]['dot11.device'], found[STATION]['dot11.device']
    for position in (network['dot11.device.advertised_ssid_map'][0]['dot11.advertisedssid.location'],
                  network['dot11.device.responded_ssid_map'][0]['dot11.advertisedssid.location'],
                  client['dot11.device.probed_ssid_map'][0]['dot11.probedssid.location'],
                  client['dot11.device.client_map'][AP.upper()]['dot11.client.location'],
                  found[AP]['kismet.device.base.location']):
        assert position['kismet.common.location.last']['kismet.common.location.geopoint'] == [-20.25, 10.5]


def test_vht_of_two_segments_and_what_cisco_adds(start, tmp_path):
    more = (element(45, b'\2\0' + b'\0' * 24) + element(61, b'\x24\5' + b'\0' * 20) + element(192, b'\3\x2a\x9b\0\0')
            + element(133, b'\0' * 10 + b'AP-7 hall' + b'\0' * 7 + b'\0' * 4) + element(150, b'\0\x40\x96\0\x11\0')
            + vendor('00409614', b'\1') + element(11, b'\5\0\x80\0\0') + element(35, b'\x12\0')
            + element(54, b'\xcd\xab\1'))
    n = devices(start, tmp_path, Capture().beacon(more=more, channel=None))[AP]['dot11.device'][
        'dot11.device.advertised_ssid_map'][0]
    reported = {k.split('.', 2)[-1]: v for k, v in n.items()}
    assert (reported['ht_mode'], reported['ht_center_1'], reported['ht_center_2'], reported['channel']) == ('HT80+80', 5210, 5775, '36')
    assert reported['width_mhz'] == 160
    assert (reported['beacon_info'], reported['ccx_txpower'], reported['cisco_client_mfp']) == ('AP-7 hall', 17, 1)
    assert (reported['dot11e_qbss'], reported['dot11e_qbss_stations']) == (1, 5)
    assert round(reported['dot11e_channel_utilization_perc'], 2) == 50.20
    assert (reported['advertised_txpower'], reported['dot11r_mobility'], reported['dot11r_mobility_domain_id']) == (18, 1, 0xabcd)
    assert reported['beaconrate'] == 10


def test_what_a_client_does_at_an_access_point(start, tmp_path):
    c = Capture().beacon().dhcp(options=b'\x3c\5MSFT1' + b'\x0c\4desk').at(1)
    c.dhcp(message=5, address=b'\x0a\0\0\x09', options=b'\1\4\xff\xff\xff\0\3\4\x0a\0\0\1', from_ap=True)
    c.data(b'\0\0\0\x20' + b'x' * 36, flags=0x40 | 8).data(b'\0\0\0\x20' + b'y' * 36, flags=0x40 | 4)
    c.eap(2, 1, b'user@realm')
    x = devices(start, tmp_path, c)[STATION]['dot11.device']
    reported = {k.split('.', 2)[-1]: v for k, v in x['dot11.device.client_map'][AP.upper()].items()}
    assert (reported['dhcp_vendor'], reported['dhcp_host'], reported['eap_identity']) == ('MSFT1', 'desk', 'user@realm')
    assert reported['ipdata'] == {'kismet.common.ipdata.type': 4, 'kismet.common.ipdata.address': 0x0a000009,
                              'kismet.common.ipdata.netmask': 0xffffff00, 'kismet.common.ipdata.gateway': 0x0a000001}
    assert (reported['num_retries'], reported['num_fragments'], reported['datasize_retry'], reported['type']) == (1, 1, 40, 0)
    sizes = [len(frame) - 24 for _, frame in c.frames[1:]]
    assert (x['dot11.device.datasize'], reported['datasize']) == (sum(sizes), sum(sizes))
    assert (x['dot11.device.num_retries'], x['dot11.device.num_fragments'], x['dot11.device.datasize_retry']) == (1, 1, 40)
    assert reported['first_time'] == 1700000000 and reported['last_time'] == 1700000002


def test_m3_of_wps_within_a_minute(start, tmp_path):
    c = Capture().beacon().wps_message(7).at(70).wps_message(7).wps_message(4).at(10).wps_message(7)
    x = devices(start, tmp_path, c)[AP]['dot11.device']
    assert x['dot11.device.wps_m3_count'] == 2
    assert x['dot11.device.wps_m3_last'] == int(c.frames[-1][0])


def test_emergency_and_signup_of_a_hotspot(start, tmp_path):
    more = element(107, b'\xe3') + vendor('506f9a12') + vendor('506f9a10', b'\0')
    n = devices(start, tmp_path, Capture().beacon(more=more))[AP]['dot11.device']['dot11.device.advertised_ssid_map'][0]
    reported = {k.split('.')[2]: v for k, v in n['norn.advertisedssid.hotspot'].items()}
    assert reported == {'network_type': 'free public', 'internet': 0, 'asra': 1, 'esr': 1, 'uesa': 1, 'roaming': [],
                    'release': 1, 'dgaf_disabled': 0, 'osen': 1}


def test_key_frames_field_by_field(start, tmp_path):
    pmkid = bytes(range(16))
    c = Capture().beacon(ssid=b'x').key(0x8a, nonce=b'\1' * 32, replay=5, data=b'\xdd\x14\0\x0f\xac\4' + pmkid)
    c.key(0x13ca, nonce=b'\2' * 32, replay=6).beacon(ssid=b'y')
    found = devices(start, tmp_path, c)
    ap, client = found[AP]['dot11.device'], found[STATION]['dot11.device']
    first, third = ap['dot11.device.wpa_handshake_list'][STATION.upper()]
    assert {k.split('.')[2]: v for k, v in first.items() if k != 'dot11.eapol.packet'} == {
        'timestamp': 1700000000.2, 'direction': 1, 'message_num': 1, 'replay_counter': 5, 'install': 0,
        'nonce': '01' * 32, 'rsn_pmkid': pmkid.hex().upper()}
    assert (third['dot11.eapol.install'], third['dot11.eapol.message_num']) == (1, 3)
    for held, nonce, number, replay in ((client['dot11.device.wpa_anonce_list'], '01', 1, 5),
                                        (client['dot11.device.wpa_nonce_list'], '02', 3, 6)):
        one, = held
        assert one['dot11.eapol.nonce.nonce'] == nonce * 32
        assert (one['dot11.eapol.nonce.message_num'], one['dot11.eapol.nonce.replay_counter']) == (number, replay)
        assert one['dot11.eapol.nonce.install'] == (number == 3)
        assert one['dot11.eapol.nonce.timestamp'] > 1700000000
    for held, frame in ((ap['dot11.device.pmkid_packet'], c.frames[1]), (ap['dot11.device.ssid_beacon_packet'], c.frames[0]),
                        (third['dot11.eapol.packet'], c.frames[2])):
        assert held['kismet.packet.data'] == frame[1].hex().upper()
        assert (held['kismet.packet.dlt'], held['kismet.packet.ts_sec']) == (105, int(frame[0]))


def test_counts_and_times_of_a_device(start, tmp_path):
    c = Capture().beacon().beacon(ssid=b'other').answer().associate().probe(ssid=b'a').probe(ssid=b'b')
    c.disconnect().disconnect().data(b'\xaa\xaa\3\0\0\0\x08\0', bssid=OTHER)
    found = devices(start, tmp_path, c)
    ap, client = found[AP]['dot11.device'], found[STATION]['dot11.device']
    reported = {k.split('.')[2]: v for k, v in ap.items()}
    assert (reported['num_advertised_ssids'], reported['num_responded_ssids'], reported['num_associated_clients']) == (2, 1, 1)
    assert reported['typeset'] == 1 | 256
    assert reported['associated_client_map'] == {STATION.upper(): found[STATION]['kismet.device.base.key']}
    assert (reported['client_disconnects'], reported['client_disconnects_last']) == (2, int(c.frames[7][0]))
    assert (reported['bss_timestamp'], reported['last_beacon_timestamp']) == (1000200000, 1700000000)
    assert reported['last_beaconed_ssid_record']['dot11.advertisedssid.probe_response'] == 1
    assert client['dot11.device.num_client_aps'] == 2 and client['dot11.device.num_probed_ssids'] == 3
    assert client['dot11.device.client_map'][AP.upper()]['dot11.client.bssid_key'] == found[AP]['kismet.device.base.key']
    assert client['dot11.device.last_bssid'].lower() == OTHER
    assert client['dot11.device.last_probed_ssid_record']['dot11.probedssid.ssid'] == 'b'
