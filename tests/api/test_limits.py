"""Limits: each is an option, is kept, and is counted where it refuses."""
import frames
from conftest import LOGIN, wait_until

LOGIN_LINES = f'httpd_username={LOGIN[0]}\nhttpd_password={LOGIN[1]}\n'


def refused(norn):
    return norn.get('/system/status.json').json()['norn.system.refused']


def test_networks_of_an_access_point(start, tmp_path):
    capture, ap = frames.Capture(), '02:00:00:00:00:01'
    for i in range(20):
        capture.beacon(b'net%d' % i, bssid=ap)
    path = capture.write(tmp_path / 'names.pcap')
    norn = start('-c', path, config='norn_max_ssids=5\n' + LOGIN_LINES)
    norn.wait_done()
    dot11 = norn.get(f'/devices/by-mac/{ap}/devices.json').json()[0]['dot11.device']
    assert len(dot11['dot11.device.advertised_ssid_map']) == 5
    assert refused(norn)['ssids'] == 15


def test_devices_are_bounded(start, tmp_path):
    capture = frames.Capture()
    for i in range(6000):
        capture.beacon(bssid='02:00:00:00:%02x:%02x' % (i // 256, i % 256))
    path = capture.write(tmp_path / 'many.pcap')
    norn = start('-c', path, config='tracker_max_devices=1000\n' + LOGIN_LINES)
    norn.wait_done()
    status = norn.get('/system/status.json').json()
    held, ended = status['kismet.system.devices.count'], status['norn.system.devices.evicted']
    assert held <= 1000 * 5 // 4 + 64 * 17 and held + ended == 6000


def test_body_and_expressions(start):
    norn = start(config='norn_max_body=2000\nnorn_max_expressions=2\n' + LOGIN_LINES)
    path = '/devices/views/all/devices.json'
    term = ['kismet.device.base.macaddr', 'AA']
    assert norn.post(path, {'regex': [term] * 2}).status_code == 200
    assert norn.post(path, {'regex': [term] * 3}).status_code == 400
    reply = norn.post(path, {'fields': ['x' * 3000]})
    assert reply.status_code == 413 and '2000 octets (norn_max_body)' in reply.text
    assert refused(norn)['expressions'] == 1 and refused(norn)['body'] >= 1


def test_messages(start):
    norn = start(config='norn_max_messages=3\n' + LOGIN_LINES)
    for _ in range(5):
        norn.post('/devices/by-key/1_2/set_name.cmd', {'username': 'x'}, auth=LOGIN)
    assert len(norn.get('/messagebus/all_messages.json').json()) == 3


def test_few_files(start, tmp_path, monkeypatch):
    """Sources, sensors and connections leave descriptors: without one, the listening thread turned in circles."""
    import os
    import re
    import socket
    few = tmp_path / 'few'
    few.write_text(f'#!/bin/sh\nulimit -n 64\nexec {os.environ["NORN"]} "$@"\n')
    few.chmod(0o755)
    monkeypatch.setenv('NORN', str(few))
    paths = [str(tmp_path / f'fifo{n}') for n in range(40)]
    for path in paths:
        os.mkfifo(path)
    norn = start(*[a for p in paths[:10] for a in ('-c', p)], config=LOGIN_LINES + 'log_types=kismet,pcapng\n')
    for path in paths[10:]:
        norn.post('/datasource/add_source.cmd', {'definition': path}, auth=LOGIN)
    ports = [int(norn.url.rsplit(':', 1)[1]), int(re.search(r'Sensors connect to \S+ port (\d+)', norn.text())[1])]
    kept = [socket.create_connection(('127.0.0.1', ports[n % 2])) for n in range(120)]
    wait_until(lambda: 'A sensor is turned away: only 64 files' in norn.text())
    assert 'the server may open only 64 files' in norn.text()
    assert len(os.listdir(f'/proc/{norn.process.pid}/fd')) < 64
    for connection in kept:
        connection.close()
    assert wait_until(lambda: norn.get('/healthz').status_code == 200)
