"""What an access point and a station of hostapd and wpa_supplicant sent: WPA2 and WPA3 associations."""
import os
import pathlib

import pytest

from conftest import LOGIN

CAPTURES = pathlib.Path(os.environ['SAMPLE']).parent
STATION = '02:00:00:00:01:00'


@pytest.mark.parametrize('name, bssid, suites, protected', [
    ('wpa2', '02:00:00:00:02:00', {'WPA2', 'WPA2-PSK', 'AES-CCMP'}, 0),
    ('wpa3', '02:00:00:00:03:00', {'WPA3', 'WPA3-SAE', 'AES-CCMP'}, 1),
])
def test_association(start, name, bssid, suites, protected):
    norn = start('-c', str(CAPTURES / f'{name}.pcap'))
    norn.wait_done()
    found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    devices = {d['kismet.device.base.macaddr'].lower(): d for d in found}
    assert set(devices) == {bssid, STATION}
    dot11 = devices[bssid]['dot11.device']
    network = dot11['dot11.device.advertised_ssid_map'][0]
    assert network['dot11.advertisedssid.ssid'] == f'norn-{name}'
    assert set(network['dot11.advertisedssid.crypt_string'].split()) == suites
    assert network['dot11.advertisedssid.wpa_mfp_required'] == protected
    assert dot11['dot11.device.wpa_present_handshake'] == 2 | 4 | 8 | 16
    messages = [m['dot11.eapol.message_num'] for m in dot11['dot11.device.wpa_handshake_list'][STATION.upper()]]
    assert messages == [1, 2, 3, 4]
    assert devices[bssid]['kismet.device.base.packets.data'] > 0
