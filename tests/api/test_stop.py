"""Starts that fail, stops that somebody would hold up, and what lies on the disk meanwhile."""
import base64
import os
import pathlib
import socket
import stat
import subprocess
import urllib.parse

import frames
from conftest import BOARD, LOGIN, Norn, wait_until

LOGS = 'kismet,pcapng,pcapppi,wiglecsv'


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def test_logs_and_the_home_folder_are_private_whatever_the_umask(tmp_path):
    for n, mask in enumerate((0o000, 0o022, 0o077)):
        home = tmp_path / str(n)
        home.mkdir()
        before = os.umask(mask)
        try:
            norn = Norn(home, '-c', os.environ['SAMPLE'], config=BOARD + f'log_types={LOGS}\nlog_prefix={home}\n')
        finally:
            os.umask(before)
        norn.wait_done()
        wait_until(lambda: norn.get('/logging/active.json', auth=LOGIN).json())
        found = list(home.glob('Kismet-*'))
        assert len(found) >= 4
        assert {mode(p) for p in found} == {0o640}, found
        assert mode(home / '.norn') == 0o700
        assert not [p for p in (home / '.norn').iterdir() if mode(p) & 0o027]
        assert norn.stop() == 0
        assert {mode(p) for p in home.glob('Kismet-*')} == {0o640}


def run(home, *lines):
    home.mkdir()
    (home / 'norn.conf').write_text('\n'.join(('remote_capture_port=0', f'log_types={LOGS}', f'log_prefix={home}') + lines)
                                    + '\n')
    return subprocess.run([os.environ['NORN'], '-f', home / 'norn.conf', '--homedir', home], capture_output=True,
                          text=True, timeout=60)


def test_a_start_that_fails_leaves_no_log(tmp_path):
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        ended = run(tmp_path / 'port', f'httpd_port={taken.getsockname()[1]}')
    assert ended.returncode == 1 and 'in use' in ended.stderr
    assert not list((tmp_path / 'port').glob('Kismet-*'))
    key = tmp_path / 'key.pem'
    key.write_text('no key\n')
    ended = run(tmp_path / 'tls', 'httpd_port=0', 'httpd_ssl=true', f'httpd_ssl_cert={key}', f'httpd_ssl_key={key}')
    assert ended.returncode == 1
    assert not list((tmp_path / 'tls').glob('Kismet-*'))
    ended = run(tmp_path / 'missing', 'httpd_port=0', 'httpd_ssl=true', f'httpd_ssl_cert={key}.none',
                f'httpd_ssl_key={key}')
    assert ended.returncode == 1
    assert not list((tmp_path / 'missing').glob('Kismet-*'))


def used(norn):
    fields = open(f'/proc/{norn.process.pid}/stat').read().rsplit(')', 1)[1].split()
    return int(fields[11]) + int(fields[12])


def test_few_descriptors_are_reported_and_do_not_make_it_spin(start, tmp_path):
    norn = start('-c', os.environ['SAMPLE'])
    home = tmp_path / 'few'
    home.mkdir()
    (home / 'run').write_text(f'#!/bin/sh\nulimit -n 64\nexec {os.environ["NORN"]} "$@"\n')
    (home / 'run').chmod(0o755)
    real, os.environ['NORN'] = os.environ['NORN'], str(home / 'run')
    try:
        few = Norn(home, '-c', os.environ['SAMPLE'])
    finally:
        os.environ['NORN'] = real
    assert 'Only 64 files may be open' in few.text()
    where = urllib.parse.urlsplit(few.url)
    kept = [socket.create_connection((where.hostname, where.port), timeout=20) for _ in range(60)]
    before, quiet = used(few), used(norn)
    try:
        kept[-1].settimeout(3)
        kept[-1].recv(1)  # no one answers, as nothing was asked
    except TimeoutError:
        pass
    assert used(few) - before < 100 + used(norn) - quiet  # of the 300 that spinning takes, and of four threads
    for s in kept:
        s.close()
    assert wait_until(lambda: few.get('/healthz').status_code) == 200
    assert few.stop() == 0


def send(norn, text, login=True):
    where = urllib.parse.urlsplit(norn.url)
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.connect((where.hostname, where.port))
    basic = base64.b64encode(':'.join(LOGIN).encode()).decode()
    s.sendall((text + (f'Authorization: Basic {basic}\r\n\r\n' if login else '')).encode())
    return s


def test_a_stop_waits_for_no_reader(start, tmp_path):
    c = frames.Capture()
    for i in range(5000):
        c.beacon(b'net%d' % i, bssid='02:01:00:00:%02x:%02x' % (i >> 8, i & 255), step=0.001)
    logs = tmp_path / 'logs'
    logs.mkdir()
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=BOARD + f'log_types={LOGS}\nlog_prefix={logs}\n')
    norn.wait_done()
    head = ' HTTP/1.1\r\nHost: localhost\r\n'
    kept = []
    for _ in range(8):
        kept += [send(norn, 'GET /devices/views/all/devices.json' + head),
                 send(norn, 'GET /devices/all_devices.ekjson' + head + 'Accept-Encoding: gzip\r\n'),
                 send(norn, 'GET /pcap/all_packets.pcapng' + head),
                 send(norn, 'GET /logging/kismetdb/pcap/all.pcapng' + head),
                 send(norn, 'GET /eventbus/events.ws' + head + 'Upgrade: websocket\r\nConnection: Upgrade\r\n'
                      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'),
                 send(norn, 'POST /devices/views/all/devices.json' + head + 'Content-Length: 100\r\n\r\nabc', login=False),
                 send(norn, 'GET /healthz HTT', login=False)]
    norn.process.terminate()
    assert norn.process.wait(timeout=30) == 0  # hung is what takes longer
    assert norn.text().count('is closed') == 4
    assert not [p for p in pathlib.Path(logs).iterdir() if p.name.endswith(('-wal', '-shm', '-journal'))]
    for s in kept:
        s.close()
