"""Everything at once: two sources, evictions, readers, streams, a log, and changes. Under the thread sanitizer
it finds races; under any build it finds what locks up, leaks sessions or answers wrongly."""
import os
import pathlib
import sys
import threading
import time

import requests

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
import frames  # noqa: E402
from conftest import LOGIN, Norn  # noqa: E402

SECONDS = 12
PATHS = [
    '/devices/all_devices.ekjson', '/devices/views/all/devices.json', '/devices/views/phydot11_accesspoints/devices.json',
    '/devices/last-time/-5/devices.json', '/channels/channels.json', '/phy/all_phys.json', '/system/status.json',
    '/messagebus/all_messages.json', '/alerts/all_alerts.json', '/datasource/all_sources.json',
    '/streams/all_streams.json', '/logging/active.json', '/devices/views/all_views.json',
]


def capture(path, seed):
    c = frames.Capture()
    c.sequence = seed
    for i in range(30000):
        address = '02:%02x:00:00:%02x:%02x' % (seed, i // 256 % 256, i % 256)
        if i % 3:
            c.probe(source=address, step=0.001)
        else:
            c.beacon(b'net%d' % (i % 40), bssid=address, step=0.001)
        if i % 100 == 0:
            c.disconnect(bssid=address, source=address, step=0.001)
    return c.write(path)


def test_everything_at_once(tmp_path):
    files = [capture(tmp_path / f'{n}.pcap', n) for n in (1, 2)]
    norn = Norn(tmp_path, *(x for f in files for x in ('-c', f'{f}:pps=8000')),
                config='httpd_username=kismet\nhttpd_password=secret\ntracker_max_devices=3000\nlog_prefix=.\n')
    end, faults = time.monotonic() + SECONDS, []

    def until_end(step):
        def run():
            session = requests.Session()
            session.auth = LOGIN
            while time.monotonic() < end:
                try:
                    step(session)
                except (AssertionError, requests.RequestException) as fault:
                    faults.append(repr(fault))
                    return
        return threading.Thread(target=run)

    def read(session):
        for path in PATHS:
            reply = session.get(norn.url + path, timeout=60)
            assert reply.status_code == 200, (path, reply.status_code, reply.text[:200])

    def page(session):
        reply = session.post(norn.url + '/devices/views/all/devices.json', timeout=60, json={
            'datatable': True, 'fields': ['kismet.device.base.macaddr', 'kismet.device.base.packets.total'],
            'colmap': {'0': ['kismet.device.base.packets.total']}},
            params={'start': 0, 'length': 50, 'draw': 1, 'order[0][column]': 0, 'order[0][dir]': 'desc',
                    'search[value]': 'AA'})
        assert reply.status_code == 200, reply.text[:200]

    def change(session):
        rows = session.post(norn.url + '/devices/views/all/devices.json', timeout=60,
                            json={'fields': ['kismet.device.base.key']}).json()
        for row in rows[:20]:
            session.post(f'{norn.url}/devices/by-key/{row["kismet.device.base.key"]}/set_name.cmd', timeout=60,
                         json={'username': 'somebody'})

    def listen(session):
        with session.get(norn.url + '/pcap/all_packets.pcapng', stream=True, timeout=60) as reply:
            assert reply.status_code == 200
            for _ in range(20):
                if time.monotonic() > end or not reply.raw.read(20000):
                    return

    def log(session):
        opened = session.post(norn.url + '/logging/by-class/pcapng/start.cmd', json={}, timeout=60)
        assert opened.status_code == 200, opened.text
        time.sleep(0.5)
        assert session.post(f'{norn.url}/logging/by-uuid/{opened.json()["kismet.logfile.uuid"]}/stop.cmd',
                            json={}, timeout=60).status_code == 200

    def sources(session):
        uuid = session.get(norn.url + '/datasource/all_sources.json', timeout=60).json()[1]['kismet.datasource.uuid']
        for step in ('pause_source', 'resume_source', 'close_source', 'open_source'):
            session.get(f'{norn.url}/datasource/by-uuid/{uuid}/{step}.cmd', timeout=60)
            time.sleep(0.1)

    threads = [until_end(step) for step in (read, read, page, change, listen, listen, log, sources)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert norn.stop() == 0, norn.text()[-3000:]
    assert not faults, faults
    assert 'Sanitizer' not in norn.text(), norn.text()[-6000:]
    assert os.path.exists(files[0])
