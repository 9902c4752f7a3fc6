"""What is too slow is reported: a log that stands still, and a reader that does not read."""
import ctypes
import os
import pathlib
import sqlite3

import pytest
import requests

from conftest import LOGIN, wait_until
from frames import Capture
from sensors import Sensor, port_of

CONFIG = 'httpd_username=kismet\nhttpd_password=secret\n'
UUID = '5FE308BD-0000-0000-0000-0000000000AA'


def reported(norn, name):
    return [a['kismet.alert.text'] for a in norn.get('/alerts/all_alerts.json').json() if a['kismet.alert.header'] == name]


class Halted:
    """A thread of another process that stands still, as on a disk that does not answer (ptrace(2))."""
    SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17

    def __init__(self, process, name):
        self.libc = ctypes.CDLL(None, use_errno=True)
        tasks = pathlib.Path(f'/proc/{process.pid}/task')
        self.tid = wait_until(lambda: [int(t.name) for t in tasks.iterdir() if (t / 'comm').read_text().strip() == name])[0]
        if self._call(self.SEIZE) != 0:
            pytest.skip(f'threads cannot be halted here: {os.strerror(ctypes.get_errno())}')

    def _call(self, request):
        self.libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        return self.libc.ptrace(request, self.tid, None, None)

    def __enter__(self):
        assert self._call(self.INTERRUPT) == 0
        os.waitpid(self.tid, 0x40000000)  # __WALL
        return self

    def __exit__(self, *_):
        assert self._call(self.DETACH) == 0


def test_a_log_that_stands_still(start, tmp_path):
    norn = start(config=CONFIG + f'log_types=pcapng\nlog_prefix={tmp_path}\nnorn_max_log_queue=1048576\n')
    sensor = Sensor(port_of(norn), UUID)
    sensor.open()
    frame = Capture().data(b'x' * 1400, flags=0x40).frames[0][1]

    def send(packets):
        for n in range(packets):
            sensor.send(frame[:22] + bytes([n % 16 << 4, n // 16 % 256]) + frame[24:])

    def waiting():
        return norn.get('/logging/active.json', auth=LOGIN).json()[0]['norn.logfile.waiting']

    with Halted(norn.process, 'log'):
        send(560)
        text, = wait_until(lambda: reported(norn, 'PACKETQUEUE'))
        assert 'packets are lost at 1048576' in text and not reported(norn, 'PACKETLOST')
        send(1000)
        text, = wait_until(lambda: reported(norn, 'PACKETLOST'))
        assert text.startswith('0 packets were lost before they were read') and ', 0 because a log' not in text
    wait_until(lambda: waiting() == 0)  # it goes on
    assert norn.get('/logging/active.json', auth=LOGIN).json()[0]['norn.logfile.lost'] > 0
    assert len(reported(norn, 'PACKETQUEUE')) == 1 and len(reported(norn, 'PACKETLOST')) == 1  # once in half a minute
    sensor.close()


def test_alerts_and_messages_that_a_log_missed(start, tmp_path):
    """They came faster than it was written: it says how many, in their stead."""
    norn = start(config=CONFIG + f'log_types=kismet\nlog_prefix={tmp_path}\n')
    alert = {'name': 'NUMBERED', 'description': 'x', 'throttle': '9000/sec', 'burst': '9000/sec'}
    session = requests.Session()
    session.auth = LOGIN

    def send(path, command):
        assert session.post(norn.url + path, json=command, timeout=20).status_code == 200

    send('/alerts/definitions/define_alert.cmd', alert)
    with Halted(norn.process, 'log'):
        for n in range(1100):
            send('/alerts/raise_alert.cmd', {'name': 'NUMBERED', 'text': f'number {n}'})
    assert norn.stop() == 0
    db = sqlite3.connect(next(tmp_path.glob('*.kismet')))
    alerts, = db.execute("SELECT count(*) FROM alerts WHERE header = 'NUMBERED'").fetchone()
    messages, = db.execute("SELECT count(*) FROM messages WHERE message LIKE 'NUMBERED: number %'").fetchone()
    missing = {text.split()[1]: int(text.split()[0]) for (text,) in
               db.execute("SELECT message FROM messages WHERE message LIKE '% are missing here: %'")}
    assert alerts == 1024 and 1100 - alerts <= missing['alerts'] < 1110 - alerts  # those of the start are among them
    assert 0 < messages < 1100 and missing['messages'] >= 1100 - messages


def test_a_reader_that_does_not_read(start, tmp_path):
    norn = start(config=CONFIG + 'enable_logging=false\nnorn_max_stream_queue=524288\n')
    capture = Capture().each(range(8000), lambda c, n: c.data(b'%04d' % n * 500, flags=0x40, step=0.001))
    with requests.get(norn.url + '/pcap/all_packets.pcapng', stream=True, auth=LOGIN, timeout=20) as reply:
        assert reply.status_code == 200
        norn.post('/datasource/add_source.cmd', {'definition': str(capture.write(tmp_path / 'a.pcap'))}, auth=LOGIN)
        text, = wait_until(lambda: reported(norn, 'PACKETLOST'))
        assert text.startswith('0 packets') and ', 0 because a log is too slow, and ' in text and 'and 0 by' not in text
