"""Who talks to whom, in every kind of data frame (IEEE 802.11-2020 table 9-30)."""
import pytest

from conftest import devices
from frames import AP, BROADCAST, OTHER, STATION, Capture, mac, rsn

SNAP = b'\xaa\xaa\3\0\0\0\x08\0' + b'x' * 20
FAR, BEHIND, BEYOND = '00:0d:00:00:00:09', '00:0f:00:00:00:0a', '00:0f:00:00:00:0b'


def direct(c, to, source, bssid, qos=False):
    return c.add(c.header(2, 8 if qos else 0, 0, to, source, bssid) + (b'\0\0' if qos else b'') + SNAP)


def four(c, receiver, transmitter, destination, source, qos=False):
    return c.add(c.header(2, 8 if qos else 0, 3, receiver, transmitter, destination) + mac(source)
                 + (b'\0\0' if qos else b'') + SNAP)


def linked(found, address):
    """Whose client it is, and its clients."""
    d = found[address]['dot11.device']
    return ({m.lower() for m in d.get('dot11.device.client_map') or {}},
            {m.lower() for m in d.get('dot11.device.associated_client_map') or {}})


@pytest.mark.parametrize('qos', [False, True])
@pytest.mark.parametrize('beacon', [False, True])
def test_a_direct_link(start, tmp_path, qos, beacon):
    c = Capture()
    if beacon:
        c.beacon(more=rsn())
    direct(direct(c, OTHER, STATION, AP, qos), STATION, OTHER, AP, qos)
    found = devices(start, tmp_path, c)
    assert linked(found, STATION) == ({AP, OTHER}, set()) and linked(found, OTHER) == ({AP, STATION}, set())
    assert linked(found, AP) == (set(), {STATION, OTHER})
    if beacon:
        assert found[AP]['kismet.device.base.type'] == 'Wi-Fi AP'


def test_clients_that_talk_directly_stay_clients(start, tmp_path):
    c = Capture().beacon(more=rsn()).data(SNAP)
    found = devices(start, tmp_path, direct(c, OTHER, STATION, AP))
    assert found[STATION]['kismet.device.base.type'] == 'Wi-Fi Client'
    assert found[AP]['kismet.device.base.type'] == 'Wi-Fi AP'


def test_one_direction_and_groups(start, tmp_path):
    c = direct(direct(Capture(), OTHER, STATION, AP), BROADCAST, FAR, AP)
    found = devices(start, tmp_path, c)
    assert linked(found, OTHER) == ({AP, STATION}, set()) and linked(found, FAR) == ({AP}, set())
    assert linked(found, AP) == (set(), {STATION, FAR, OTHER})


def test_loudspeakers(start, tmp_path):
    """The network is one of the stations itself."""
    found = devices(start, tmp_path, direct(direct(Capture(), STATION, AP, AP), AP, STATION, AP))
    assert linked(found, STATION) == ({AP}, set()) and linked(found, AP)[1] == {STATION}


@pytest.mark.parametrize('qos', [False, True])
def test_a_backhaul(start, tmp_path, qos):
    c = four(four(Capture(), AP, FAR, BEHIND, BEYOND, qos), FAR, AP, BEYOND, BEHIND, qos)
    found = devices(start, tmp_path, c)
    assert linked(found, AP) == ({FAR}, {FAR, BEHIND}) and linked(found, FAR) == ({AP}, {AP, BEYOND})
    assert linked(found, BEHIND) == ({AP}, set()) and linked(found, BEYOND) == ({FAR}, set())


def test_a_backhaul_between_its_ends(start, tmp_path):
    found = devices(start, tmp_path, four(Capture(), AP, FAR, AP, FAR))
    assert linked(found, AP) == ({FAR}, {FAR}) and linked(found, FAR) == ({AP}, {AP})


def test_a_backhaul_to_all(start, tmp_path):
    found = devices(start, tmp_path, four(Capture(), AP, FAR, BROADCAST, BEYOND))
    assert linked(found, AP) == ({FAR}, {FAR}) and linked(found, FAR) == ({AP}, {AP, BEYOND})
    assert linked(found, BEYOND) == ({FAR}, set())


def test_through_an_access_point(start, tmp_path):
    c = Capture().data(SNAP).data(SNAP, from_ap=True)
    found = devices(start, tmp_path, c.add(c.header(2, 0, 2, STATION, AP, BEHIND) + SNAP))
    assert linked(found, STATION) == ({AP}, set()) and linked(found, AP)[1] == {STATION, BEHIND}
    assert linked(found, BEHIND) == ({AP}, set())


def test_a_network_is_what_its_own_frames_say(start, tmp_path):
    """Also when its stations were seen to talk directly before, and by its answers alone."""
    c = direct(Capture(), OTHER, STATION, AP).beacon(more=rsn()).data(SNAP)
    direct(c.beacon(bssid='00:0d:00:00:00:07', more=rsn()), '00:0c:00:00:00:08', FAR, '00:0d:00:00:00:07')
    c.beacon(bssid='02:0d:00:00:00:08', capability=2, subtype=5, to=STATION)
    c.beacon(bssid='02:0d:00:00:00:06', capability=2).beacon(bssid='02:0d:00:00:00:06', capability=1)
    found = {m: d['kismet.device.base.type'] for m, d in devices(start, tmp_path, c).items()}
    assert found[AP] == found['00:0d:00:00:00:07'] == found['02:0d:00:00:00:06'] == 'Wi-Fi AP'
    assert found[FAR] == 'Wi-Fi Client' and found['02:0d:00:00:00:08'] == 'Wi-Fi Ad-Hoc'
