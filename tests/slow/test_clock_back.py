"""The server's clock is set back from years ahead, as on boards without a battery: nothing stays in the future."""
import pathlib
import sqlite3
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import LOGIN, start, wait_until  # noqa: E402,F401
from sensors import Sensor, port_of  # noqa: E402
from test_logs import CONFIG  # noqa: E402
from test_positions import UUID  # noqa: E402
from test_receivers import gps  # noqa: E402
from test_sensors import beacon  # noqa: E402

LIBRARY = next(pathlib.Path('/usr/lib').glob('*/faketime/libfaketimeMT.so.1'), None)
DAYS = 1200


@pytest.fixture
def clock(tmp_path, monkeypatch):
    """Sets the clock of servers so many days ahead."""
    if not LIBRARY:
        pytest.skip('faketime is not installed')
    offset = tmp_path / 'offset'

    def put(days):
        new = tmp_path / 'new'
        new.write_text(f'{days:+d}d\n')
        new.rename(offset)

    put(0)
    for name, value in {'LD_PRELOAD': LIBRARY, 'FAKETIME_TIMESTAMP_FILE': offset, 'FAKETIME_NO_CACHE': 1,
                        'FAKETIME_DONT_FAKE_MONOTONIC': 1, 'DONT_FAKE_MONOTONIC': 1, 'NO_FAKE_STAT': 1}.items():
        monkeypatch.setenv(name, str(value))
    return put


def times(norn):
    """First, latest and modification time of devices, and the latest of what hangs on them."""
    found = {}
    for d in norn.get('/devices/views/all/devices.json', auth=LOGIN).json():
        found[d['kismet.device.base.macaddr']] = [
            d['kismet.device.base.first_time'], d['kismet.device.base.last_time'], d['kismet.device.base.mod_time'],
            d['kismet.device.base.packets.rrd']['kismet.common.rrd.last_time'],
            *(s['kismet.common.seenby.last_time'] for s in d['kismet.device.base.seenby']),
            *(a['dot11.advertisedssid.last_time'] for a in d['dot11.device']['dot11.device.advertised_ssid_map'])]
    return found


def test_set_back(start, tmp_path, clock):  # noqa: F811
    folder = tmp_path / 'logs'
    folder.mkdir()
    clock(DAYS)
    norn = start(config=CONFIG + f'log_types=kismet\nlog_prefix={folder}\nkis_log_device_rate=1\ngps=web:name=w\n'
                 'tracker_device_timeout=100000\n')
    norn.post('/gps/web/update.cmd', {'lat': 1, 'lon': 2}, auth=LOGIN)
    sensor = Sensor(port_of(norn), UUID % 1)
    sensor.open()
    ahead = int(time.time()) + DAYS * 86400
    for n in (1, 2):
        sensor.send(beacon(n), sec=ahead)
    found = wait_until(lambda: times(norn) if len(times(norn)) == 2 else None)
    assert all(abs(t - ahead) < 60 for d in found.values() for t in d), found
    time.sleep(1.5)  # it looks at its clock once a second
    clock(0)
    now = int(time.time())
    wait_until(lambda: abs(int(norn.get('/system/timestamp.json').json()['kismet.system.timestamp.sec']) - now) < 60)
    for n in range(5):  # the second device is not seen any more
        sensor.send(beacon(1, b'sensed%d' % n), sec=now + n)
        sensor.send(beacon(3, b'x'), sec=now + n)
        time.sleep(0.5)
    wait_until(lambda: len(times(norn)) == 3)
    found = wait_until(lambda: all(d[1] <= now + 60 for d in times(norn).values()) and times(norn))
    assert all(abs(t - now) < 120 for t in found['02:00:00:00:00:01'][:4]), found
    assert all(abs(t - now) < 120 for t in found['02:00:00:00:00:02'][:3]), found
    source, = norn.get('/datasource/all_sources.json', auth=LOGIN).json()
    assert abs(source['kismet.datasource.packets_rrd']['kismet.common.rrd.last_time'] - now) < 120
    assert gps(norn, 'w')['norn.gps.state'] == '2D'
    time.sleep(2.5)
    assert norn.stop() == 0
    db = sqlite3.connect(next(folder.glob('*.kismet')))
    rows = dict(db.execute('SELECT devmac, last_time FROM devices'))
    assert len(rows) == 3 and all(abs(t - now) < 120 for t in rows.values()), rows
