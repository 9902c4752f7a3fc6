"""kis_log_ options of times: how often rows are written, and when they go."""
import json
import time

from conftest import wait_until
from frames import Capture

from test_log_options import TABLES, capture, count, run  # noqa: F401  (fixtures)


def test_system_snapshots_and_slow_rates(run):
    """A row at its rate, with the record of /system/status; devices and sources wait for the end at theirs."""
    norn, ask = run('kis_log_device_rate=86400\nkis_log_datasource_rate=86400\nkis_log_system_status_rate=1\n')
    wait_until(lambda: count(ask, 'system') >= 2)
    assert count(ask, 'devices') == 0
    status = norn.get('/system/status.json').json()
    assert norn.stop() == 0
    assert count(ask, 'devices') == 2
    assert json.loads(ask('SELECT json FROM datasources')[0][0])['kismet.datasource.num_packets'] == 33
    rows = ask("SELECT ts_sec, ts_usec, lat, lon, json FROM snapshots WHERE snaptype = 'SYSTEM' ORDER BY ts_sec")
    assert rows[0][2:4] == (10.5, 20.25) and abs(rows[0][0] - time.time()) < 60 and 0 <= rows[0][1] < 1000000
    records = [json.loads(r[4]) for r in rows]
    assert all(set(r) == set(status) for r in records)
    assert records[-1]['kismet.system.devices.count'] == status['kismet.system.devices.count'] > 0
    assert records[-1]['kismet.server.uuid'] == status['kismet.server.uuid']


def test_rates(run):
    """Devices and sources are there while the server runs."""
    norn, ask = run('kis_log_device_rate=1\nkis_log_datasource_rate=1\n')
    wait_until(lambda: count(ask, 'devices') == 2)
    wait_until(lambda: [json.loads(r[0])['kismet.datasource.num_packets'] for r in ask('SELECT json FROM datasources')] == [33])
    assert norn.stop() == 0


def test_old_devices_go(run):
    norn, ask = run('kis_log_device_timeout=1\nkis_log_device_rate=1\n')
    wait_until(lambda: count(ask, 'packets') and count(ask, 'system') and count(ask, 'devices') == 0)
    assert norn.stop() == 0


def test_old_messages_go(run):
    """Messages, alerts and snapshots, when they are a second old."""
    norn, ask = run('kis_log_message_timeout=1\nkis_log_alert_timeout=1\nkis_log_snapshot_timeout=1\n')
    oldest = {t: f'SELECT min(ts_sec) FROM {TABLES[t]}' for t in ('messages', 'alerts', 'gps')}
    first = {t: wait_until(lambda t=t: ask(oldest[t])[0][0]) for t in oldest}
    for t in oldest:
        wait_until(lambda t=t: (ask(oldest[t])[0][0] or first[t] + 1) > first[t])
    assert norn.stop() == 0
    assert count(ask, 'packets') == 33


def test_old_packets_go_by_blocks_and_the_rest_by_row(run, tmp_path):
    c = Capture()
    c.each(range(9000), lambda c, i: c.probe(b'%04d' % i, step=0.001))
    c.time = time.time() + 3600
    c.each(range(50), lambda c, i: c.probe(b'new%02d' % i, step=0.001))
    norn, ask = run('kis_log_packet_timeout=1\n', source=c.write(tmp_path / 'many.pcap'))
    wait_until(lambda: ask('SELECT count(*) FROM packets') == [(50,)])
    assert norn.stop() == 0
    assert ask('SELECT count(*) FROM packets') == [(50,)]
    assert ask('SELECT count(*) FROM norn_blocks WHERE last_row <= 8192') == [(0,)]
