"""Captures of real tools and of ordinary life over simulated radios: what must be reported, of whom, and what must not."""
import pathlib

import pytest

from conftest import BOARD

FOLDER = pathlib.Path(__file__).parents[3] / 'shared/cases/attacks'
AP, SAE, TOOL, STATION = 'C4:41:1E:10:00:10', 'C4:41:1E:10:00:11', '00:C0:CA:AA:BB:CC', '3C:22:FB:00:00:11'
LOW, MOST = 5, 12
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason='the captures are not here')

# Capture: what must be reported, whom the alerts name, what must not be reported.
ATTACKS = {
    'mdk4_a': ({'AUTHFLOOD'}, {AP}, {'DEAUTHFLOOD'}),
    'mdk4_b_slow': ({'BEACONFLOOD'}, set(), set()),
    'mdk4_d_x': ({'DEAUTHFLOOD', 'FORGEDDISCON'}, {AP}, {'NOCLIENTMFP'}),
    # Of EAPOL-Start the capture has none: the tool still logs in.
    'mdk4_e': ({'AUTHFLOOD'}, {AP}, {'DEAUTHFLOOD'}),
    'mdk4_f_beacon_d': ({'FUZZER'}, set(), {'LONGSSID', 'MALFORMMGMT', 'RSNLOOP', 'BADFIXLENIE'}),
    'aireplay_0_bcast': ({'FORGEDDISCON', 'BCASTDISCON'}, {AP}, set()),
    'slow_deauth': ({'FORGEDDISCON', 'DISCONCYCLES'}, {AP, STATION}, {'NOCLIENTMFP'}),
    'inj_csa': ({'FORGEDBEACON'}, {AP}, set()),
    'inj_quiet': ({'FORGEDBEACON'}, {AP}, set()),
    'inj_powersave': ({'FORGEDPOWERSAVE'}, {STATION}, set()),
    'inj_rts': ({'NAVFLOOD'}, {TOOL}, set()),
    'inj_known_beacons': ({'MANYNAMES'}, {TOOL}, set()),
    'inj_marauder_deauth': ({'DEAUTHTOOL'}, {AP}, set()),
    'inj_remoteid': ({'DRONEFLOOD'}, set(), set()),
    'reaver': ({'EAPOLFLOOD'}, {AP, TOOL}, {'MFPDEAUTH', 'DEAUTHFLOOD'}),
    'airbase_e': ({'WEAKTWIN'}, {TOOL}, set()),
    'twin_wpa2_ch11': ({'EVILTWIN'}, {TOOL}, {'BCASTDISCON'}),
    'twin_samebssid_open_ch11': ({'TWOCHANNELS'}, {AP}, {'CRYPTODROP', 'ADVCRYPTCHANGE', 'BSSTIMESTAMP', 'BCASTDISCON'}),
    'reason_28': ({'DEAUTHFLOOD'}, {AP}, {'DISCONCODEINVALID'}),
    'mdk4_m_j': ({'REPLAY'}, {AP, STATION}, {'KEYREINSTALL'}),
    'wps_guess': ({'WPSBRUTE', 'WPSLOCKED'}, {AP, '8C:85:90:00:00:33'}, {'NOCLIENTMFP'}),
    'krack_ft_vanhoef': ({'KEYREINSTALL'}, {'C4:E9:84:1D:A5:BC'}, {'NOCLIENTMFP', 'REPLAY'}),
    'masking': ({'DEAUTHFLOOD'}, {AP, SAE}, set()),
}
FORGED = {'mdk4_d_x', 'aireplay_0_bcast', 'slow_deauth', 'inj_csa', 'inj_quiet', 'inj_powersave'}
# Ordinary life, and how many alerts above low it may raise.
ORDINARY = {'benign_reboot': 0, 'benign_chan_switch': 0, 'benign_extender_other_vendor': 1, 'benign_random_mac': 0,
            'benign_ordinary': 0, 'benign_sae_cleanup': 0,
            'wep_chopchop': 0}  # beacons alone: the tool got no frame to work on
SYSTEM = {'ROOTUSER', 'GLOBALHTTPDUSER', 'LOGDISABLED', 'CONFIGERROR'}


def alerts_of(start, name):
    path, = FOLDER.glob(f'{name}.pcap*')
    norn = start('-c', str(path), config=BOARD + 'enable_logging=false\nalertbacklog=1000\n')
    norn.wait_done()
    return [a for a in norn.get('/alerts/all_alerts.json').json() if a['kismet.alert.header'] not in SYSTEM]


def named(alerts):
    return {a[f'kismet.alert.{who}_mac'] for a in alerts for who in ('transmitter', 'source', 'dest')}


@pytest.mark.parametrize('name', sorted(ATTACKS))
def test_an_attack_is_reported(start, name):
    reported, whom, silent = ATTACKS[name]
    alerts = alerts_of(start, name)
    names = {a['kismet.alert.header'] for a in alerts}
    assert reported <= names and not silent & names, names
    assert whom <= named(a for a in alerts if a['kismet.alert.header'] in reported)
    assert len([a for a in alerts if a['kismet.alert.severity'] > LOW]) <= MOST
    if name in FORGED:
        forged = [a for a in alerts if a['kismet.alert.header'].startswith('FORGED')]
        assert all('forged' in a['kismet.alert.text'] and a['norn.alert.signal'] == -50 for a in forged)
        assert all(a['norn.alert.datasource'] for a in forged)
    # A server that is slow reports what was held back while it still reads, by its own clock.
    assert all(a['kismet.alert.timestamp'] == a['norn.alert.packet_time'] for a in alerts if a['norn.alert.frames'])


@pytest.mark.parametrize('name', sorted(ORDINARY))
def test_ordinary_life_is_quiet(start, name):
    alerts = alerts_of(start, name)
    above = [a['kismet.alert.text'] for a in alerts if a['kismet.alert.severity'] > LOW]
    assert len(above) <= ORDINARY[name], above
    assert len(alerts) - len(above) <= 2


@pytest.mark.parametrize('reverse', (False, True), ids=('in-order', 'reversed'))
def test_captures_read_at_once_are_judged_by_their_own_time(start, reverse):
    names = ['airbase_e', 'inj_csa', 'inj_rts', 'reaver', *sorted(ORDINARY)]
    sources = [word for n in (names[::-1] if reverse else names) for word in ('-c', str(FOLDER / f'{n}.pcap'))]
    norn = start(*sources, config=BOARD + 'enable_logging=false\nalertbacklog=1000\n')
    norn.wait_done()
    found = {a['kismet.alert.header'] for a in norn.get('/alerts/all_alerts.json').json() if a['kismet.alert.severity'] > LOW}
    shown = {'WEAKTWIN', 'FORGEDBEACON', 'NAVFLOOD', 'EAPOLFLOOD'}
    assert shown <= found and found - SYSTEM - shown <= {'EVILTWIN', 'NOCLIENTMFP'}
