"""The options of Wi-Fi: each does what its sentence says."""
import os
import time

import pytest

from conftest import BOARD, LOGIN, devices
from frames import AP, ARP, OTHER, STATION, Capture, element, mac, rsn, vendor, wep

HELPERS = os.environ['HELPERS']


def source_of(norn):
    for _ in range(1000):
        found = norn.get('/datasource/all_sources.json', auth=LOGIN).json()
        if found and found[0]['norn.datasource.state'] in ('running', 'error', 'done'):
            return found[0]
        time.sleep(0.02)
    raise AssertionError(norn.text())


@pytest.mark.parametrize('definition, seen', [
    ('example:type=example,retry=false', False),          # gets rate=0, which its program refuses
    ('example:type=example,retry=false,rate=50', True),   # says it itself
])
def test_wifi_sources_get_options(start, definition, seen):
    norn = start('-c', definition, config=BOARD + f'helper_binary_path={HELPERS}\ndot11_datasource_opt=Rate,0\n'
                 'dot11_datasource_opt=other,x\n')
    source = source_of(norn)
    assert (source['norn.datasource.state'] == 'running') == seen
    assert ('rate= takes the number of beacons a second' in source['kismet.datasource.error_reason']) != seen


def test_an_option_without_value_is_reported(start, tmp_path):
    with pytest.raises(AssertionError, match='dot11_datasource_opt=ht_channels: expected OPTION,VALUE'):
        start(config=BOARD + 'dot11_datasource_opt=ht_channels\n')


def test_signal_of_an_access_point(start, tmp_path):
    c = Capture().tune(2437, -80).authenticate(source=AP).tune(2437, -70).beacon()
    c.tune(2437, -60).answer().tune(2437, -30).disconnect()
    for reported, weakest, strongest in (('true', -80, -60), ('false', -80, -30)):
        signal = devices(start, tmp_path, c, f'dot11_ap_signal_from_beacon={reported}\n')[AP]['kismet.device.base.signal']
        assert signal['kismet.common.signal.min_signal'] == weakest
        assert signal['kismet.common.signal.max_signal'] == strongest


def prints(start, tmp_path, options=''):
    c = Capture().beacon(ssid=b'one').beacon(ssid=b'two', bssid=OTHER).probe(ssid=b'x', more=element(59, b'\1'))
    found = devices(start, tmp_path, c, options)
    return [found[m]['dot11.device'][f'dot11.device.{kind}_fingerprint']
            for m, kind in ((AP, 'beacon'), (OTHER, 'beacon'), (STATION, 'probe'))]


def test_fingerprints(start, tmp_path):
    one, two, probe = prints(start, tmp_path)
    assert one and two and probe and one != two            # the name is in the list
    assert prints(start, tmp_path, 'dot11_fingerprint_devices=false\n') == [0, 0, 0]
    one, two, _ = prints(start, tmp_path, 'dot11_beacon_ie_fingerprint=1,3\n')
    assert one == two != 0
    assert prints(start, tmp_path, 'dot11_beacon_ie_fingerprint=45,221-00156D-00\n')[:2] == [0, 0]
    assert prints(start, tmp_path, 'dot11_probe_ie_fingerprint=1\n')[2] not in (0, probe)


def test_boxes_within_a_window(start, tmp_path):
    c = Capture().beacon(timestamp=5000000000).beacon(bssid=OTHER, timestamp=5000300000)  # began 0.1 s apart
    for window, there in ((50000, False), (150000, True)):
        found = devices(start, tmp_path, c, f'dot11_link_bssts=true\ndot11_related_bss_window={window}\n')
        related = found[AP].get('kismet.device.base.related_devices', {}).get('dot11_bssts_similar', [])
        assert (related == [found[OTHER]['kismet.device.base.key']]) == there


def test_a_signal_that_is_too_strong(start, tmp_path):
    c = Capture().tuned(2437, -20).beacon().beacon()  # one frame without FCS is not enough (doc/decisions/0056)
    for limit, raised in ((-10, False), (-25, True)):
        norn = start('-c', str(c.write(tmp_path / 'c.pcap')),
                     config=BOARD + f'dot11_max_signal={limit}\nalert=OVERPOWERED,5/min,1/sec\n')
        norn.wait_done()
        alerts = norn.get('/alerts/all_alerts.json', auth=LOGIN).json()
        assert ('OVERPOWERED' in {a['kismet.alert.header'] for a in alerts}) == raised


@pytest.mark.parametrize('length', [5, 13, 16])
def test_wep_keys_by_length_and_by_mask(start, tmp_path, length):
    key = bytes(range(1, length + 1))
    c = Capture().beacon().data(wep(ARP, key), flags=0x40)
    for network, opens in ((AP, 1), ('00:0d:00:00:00:00/ff:ff:ff:00:00:00', 1), ('00:0d:00:00:00:02', 0)):
        reported = devices(start, tmp_path, c, f'wepkey={network},{key.hex()}\nallowkeytransmit=true\n')
        client = reported[STATION]['dot11.device']['dot11.device.client_map'][AP.upper()]
        assert client['dot11.client.decrypted'] == opens, network


def test_evil_is_not_done(start, tmp_path):
    c = Capture().beacon().dhcp(options=b'\x0c\4desk').eap(2, 1, b'user@realm')
    for reported, there in (('false', True), ('true', False)):
        client = devices(start, tmp_path, c, f'dontbeevil={reported}\n')[STATION]['dot11.device']['dot11.device.client_map'][AP.upper()]
        assert ('dot11.client.dhcp_host' in client) == there
        assert ('dot11.client.eap_identity' in client) == there


def test_handshakes_are_kept_or_not(start, tmp_path):
    c = Capture().beacon(more=rsn()).key(0x8a).key(0x10a, from_ap=False, data=b'\x30\0')
    for reported, there in (('true', True), ('false', False)):
        x = devices(start, tmp_path, c, f'dot11_keep_eapol={reported}\n')[AP]['dot11.device']
        assert ('dot11.device.wpa_handshake_list' in x) == there


def test_elements_and_countries_are_kept_or_not(start, tmp_path):
    c = Capture().beacon(more=element(7, b'DE \1\x0d\x14') + vendor('001099', mac(AP))).probe()
    for reported in ('true', 'false'):
        found = devices(start, tmp_path, c, f'dot11_keep_ietags={reported}\ndot11_11d_country_full={reported}\n')
        network = found[AP]['dot11.device']['dot11.device.advertised_ssid_map'][0]
        probed = found[STATION]['dot11.device']['dot11.device.probed_ssid_map'][0]
        for there in ('dot11.advertisedssid.ie_tag_list', 'dot11.advertisedssid.ie_tag_content', 'dot11.advertisedssid.dot11d_list'):
            assert (there in network) == (reported == 'true')
        assert ('dot11.probedssid.ie_tag_list' in probed) == (reported == 'true')
