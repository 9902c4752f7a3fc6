"""What one request may cost: its budget of processor time, and who waits for it meanwhile."""
import json
import socket
import urllib.parse

import pytest

import frames
from conftest import BOARD, LOGIN

NAME = 'kismet.device.base.name'
HOSTILE = {'regex': [[NAME, '^(a+)+$']]}  # tries every way to part the letters of a name that does not match
READERS = 12                              # more than there are threads that send
DEVICES = 1000


@pytest.fixture
def crowd(start, tmp_path):
    """A server of devices whose names are dear to compare."""
    c = frames.Capture()
    for i in range(DEVICES):
        c.beacon(b'a' * 28 + b'!', bssid='02:01:00:00:%02x:%02x' % (i >> 8, i & 255), step=0.001)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=BOARD + 'norn_request_seconds=1\nnorn_max_match=1000000\n')
    norn.wait_done()
    return norn


def ask(norn, command, path='/devices/views/all/devices.json', query=''):
    """Sends a command and does not wait for the reply."""
    where = urllib.parse.urlsplit(norn.url)
    s = socket.create_connection((where.hostname, where.port))
    body = json.dumps(command).encode()
    s.sendall(f'POST {path}{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'
              f'Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body)
    s.settimeout(60)
    return s


def unanswered(s):
    s.setblocking(False)
    try:
        s.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    return False


def test_what_costs_too_much_is_refused(crowd):
    for path in ('/devices/views/all/devices.json', '/devices/all_devices.ekjson', '/phy/phy80211/ssids/views/ssids.json',
                 '/devices/last-time/0/devices.json'):
        command = HOSTILE if 'ssids' not in path else {'regex': [['dot11.ssidgroup.ssid', '^(a+)+$']]}
        reply = crowd.post(path, command)
        if 'ssids' in path:  # one name: that is no walk
            assert reply.status_code == 200
            continue
        assert reply.status_code == 503, path
        assert 'norn_request_seconds' in reply.text


def test_pages_obey_too(crowd):
    page = {'start': 0, 'length': 10, 'draw': 1, 'search[value]': 'zz'}
    reply = crowd.post('/devices/views/all/devices.json', {**HOSTILE, 'datatable': True}, params=page)
    assert reply.status_code == 503
    reply = crowd.post('/devices/views/all/devices.json', {'datatable': True}, params=page)
    assert reply.status_code == 200 and reply.json()['recordsTotal'] == DEVICES


def test_others_are_served_meanwhile_and_the_stop_waits_for_no_one(crowd):
    hostile = [ask(crowd, HOSTILE) for _ in range(READERS)]
    for _ in range(10):
        assert crowd.get('/healthz').status_code == 200
        assert crowd.get('/system/status.json').status_code == 200
    rows = crowd.post('/devices/views/all/devices.json', {'datatable': True}, params={'start': 0, 'length': 10})
    assert len(rows.json()['data']) == 10
    assert any(unanswered(s) for s in hostile)  # all of that came before they were through
    assert crowd.stop() == 0


def used(norn):
    """Processor time, in hundredths of a second."""
    fields = open(f'/proc/{norn.process.pid}/stat').read().rsplit(')', 1)[1].split()
    return int(fields[11]) + int(fields[12])


def test_the_work_of_clients_that_left_ends(crowd):
    before = used(crowd)
    for s in [ask(crowd, HOSTILE) for _ in range(READERS)]:
        s.close()
    assert crowd.post('/devices/views/all/devices.json', HOSTILE).status_code == 503  # its own second, after them
    assert used(crowd) - before < READERS * 100


def test_a_long_reply_is_whole(crowd):
    for more in ({}, {'headers': {'Accept-Encoding': 'identity'}}):
        assert len(crowd.get('/devices/views/all/devices.json', **more).json()) == DEVICES
    lines = crowd.get('/devices/all_devices.ekjson').text.splitlines()
    assert len(lines) == DEVICES and all(NAME in json.loads(x) for x in lines[::100])
    keys = [json.loads(x)['kismet.device.base.key'] for x in lines]
    found = crowd.post('/devices/multikey/as-object/devices.json', {'devices': keys, 'fields': [NAME]}, auth=LOGIN).json()
    assert set(found) == set(keys)


END = 4294967295


@pytest.mark.parametrize('times', [[END], [END - 1, END], [0, END], [END, 0, 1], [1700000000, END - 3, END, END], [0],
                                   [2147483647, 2147483648], [END, 1700000000, END]], ids=str)
def test_times_at_the_end_of_time_cost_nothing(start, tmp_path, times):
    c = frames.Capture()
    for time in times:
        c.time = time
        c.beacon(b'late', timestamp=1000, step=0)
        c.probe(step=0)
    norn = start('-c', str(c.tuned(2437).write(tmp_path / 'c.pcap')))
    norn.wait_done()
    before = used(norn)
    for path in ('/datasource/all_sources.json', '/devices/views/all/devices.json', '/channels/channels.json',
                 '/system/status.json', '/phy/phy80211/ssids/views/ssids.json', '/devices/last-time/0/devices.json',
                 '/alerts/all_alerts.json', '/phy/all_phys.json'):
        for _ in range(3):
            assert norn.get(path, auth=LOGIN).status_code == 200
    assert used(norn) - before < 200  # a loop over all seconds takes more at each look
