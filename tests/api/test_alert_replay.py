"""A replay shows the same as the air: at its own speed, at any other, and seen by two sources at once."""
import pytest

from alert_cases import station
from frames import Capture, OTHER, rsn

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\nouifile=/dev/null\nenable_logging=false\n'


@pytest.fixture(scope='module')
def attack(tmp_path_factory):
    """Two seconds of floods, and what stands out by a single frame."""
    c = Capture().beacon(step=0.05).beacon(step=0.05)
    c.disconnect(repeat=300, step=0.001)
    c.each(range(200), lambda c, n: c.authenticate(source=station(n), step=0.002))
    c.each(range(100), lambda c, n: c.authenticate(3, source=station(n), step=0.002))
    c.each(range(60), lambda c, n: c.associate(source=station(n), step=0.002))
    c.answer(repeat=400, step=0.002)
    c.each(range(5), lambda c, n: c.answer(ssid=b'n%d' % n, step=0.01))
    c.beacon(more=rsn(), step=0.01).beacon(more=rsn(), step=0.01).beacon(step=0.01).beacon(step=0.01).beacon(b'AirJack', OTHER, step=0.01)
    path = tmp_path_factory.mktemp('attack') / 'a.pcap'
    again = path.with_name('b.pcap')
    again.write_bytes(c.write(path).read_bytes())
    return path, again


def story(start, *sources):
    norn = start(*[word for s in sources for word in ('-c', s)], config=CONFIG)
    norn.wait_done()
    return sorted((a['kismet.alert.header'], a['norn.alert.packet_time'], a['norn.alert.frames'], a['norn.alert.first_time'],
                   a['norn.alert.held_back'], a['kismet.alert.text'])
                  for a in norn.get('/alerts/all_alerts.json').json() if a['norn.alert.frames'])


def test_every_way_to_read_raises_the_same(start, attack):
    path, again = attack
    read = story(start, f'{path}')
    assert {a[0] for a in read} == {'DEAUTHFLOOD', 'AUTHFLOOD', 'SAEFLOOD', 'ASSOCFLOOD', 'PROBERESPFLOOD', 'KARMA',
                                    'ADVCRYPTCHANGE', 'CRYPTODROP', 'AIRJACKSSID'}
    assert story(start, f'{path}:realtime=true') == read
    assert story(start, f'{path}:pps=2000') == read
    two = story(start, f'{path}:realtime=true', f'{again}:realtime=true')
    assert [(a[0], a[2]) for a in two] == [(a[0], a[2]) for a in read]
    # Which of two frames comes first that two threads hold is undefined.
    assert all(abs(a[1] - b[1]) < 0.05 for a, b in zip(two, read))
