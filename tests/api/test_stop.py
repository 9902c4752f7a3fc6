"""Starts that fail, stops that somebody would hold up, and what lies on the disk meanwhile."""
import base64
import fcntl
import os
import pathlib
import re
import socket
import sqlite3
import stat
import subprocess
import urllib.parse

import requests

import frames
from conftest import BOARD, LOGIN, Norn, wait_until
from test_plugins import ROOT, install

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


def test_standard_error_need_not_be_read(request, tmp_path):
    """A pager that was stopped, a terminal under Ctrl-S: neither the server nor its stop waits for it."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 16384)
    (tmp_path / 'norn.conf').write_text('httpd_port=0\nremote_capture_port=0\n' + BOARD +
                                        f'log_types=kismet\nlog_prefix={tmp_path}\n')
    process = subprocess.Popen([os.environ['NORN'], '-f', tmp_path / 'norn.conf', '--homedir', tmp_path], stderr=writer)
    request.addfinalizer(process.kill)
    os.close(writer)
    shown = b''
    while b'Serving on' not in shown or b'Sensors' not in shown:
        shown += os.read(reader, 4096)
    url = re.search(rb'Serving on (\S+?)/?\s', shown)[1].decode()
    for n in range(200):  # each is a line or two
        reply = requests.post(f'{url}/datasource/add_source.cmd', auth=LOGIN, timeout=60,
                              json={'definition': f'/no/such/{n:0100}'})
        assert reply.status_code == 500
    assert requests.get(f'{url}/healthz', timeout=60).status_code == 200
    os.read(reader, 4096)
    assert requests.post(f'{url}/datasource/add_source.cmd', auth=LOGIN, timeout=60,
                         json={'definition': '/no/such'}).status_code == 500
    missing = ''
    while "'/no/such'" not in missing:
        missing += os.read(reader, 4096).decode()
    assert re.search(r'\nnorn: \d+ lines are missing here: standard error was not read\n', missing), missing
    process.terminate()
    assert process.wait(timeout=60) == 0
    os.close(reader)
    with sqlite3.connect(next(tmp_path.glob('*.kismet'))) as db:
        assert db.execute('SELECT count(*) FROM messages').fetchone()[0] >= 200
    db.close()


HANGS = """#include <norn/plugin.h>
#include <unistd.h>
static int start(const struct norn_host *host, struct norn_self *self) { (void) host; (void) self; return 0; }
static void stop(void) { for (;;) (void) sleep(1); }
extern const struct norn_plugin norn_plugin;
const struct norn_plugin norn_plugin = {NORN_PLUGIN_API, "hello", "hangs", start, stop};
"""


def test_a_stop_that_hangs_is_ended_and_says_where(start, tmp_path):
    (tmp_path / 'hangs.c').write_text(HANGS)
    subprocess.run(['cc', '-shared', '-fPIC', '-I', ROOT / 'include', '-o', tmp_path / 'hangs.so', tmp_path / 'hangs.c'],
                   check=True)
    install(tmp_path, object=tmp_path / 'hangs.so')
    norn = start('--datadir', str(tmp_path), config=BOARD + f'log_types=kismet\nlog_prefix={tmp_path}\n')
    norn.process.terminate()
    assert norn.process.wait(timeout=60) == 1
    assert "The stop hangs in 'plugins'" in norn.text() and 'is closed' in norn.text()
    norn.process.returncode = 0  # as the test wanted it
