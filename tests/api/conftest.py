"""A norn of its own for each test file: started on a free port, stopped by SIGTERM."""
import os
import pathlib
import re
import signal
import subprocess
import time

import pytest
import requests

from reply_schema import check_reply

LOGIN = ('kismet', 'secret')
websockets = []  # that a test opened; a server waits for them to close
ANSWERED = re.compile(r'norn_http_answered_total{method="(\w+)",path="([^"]*)"}')
routes_file = os.environ.get('ROUTES')  # the file of endpoints that answered, for check_routes.py
if routes_file:
    pathlib.Path(routes_file).parent.mkdir(exist_ok=True)
    pathlib.Path(routes_file).write_text('')


def wait_until(what, seconds=30):
    """What it returns as soon as that is true: looked at often at first, and long enough for a busy machine."""
    end, pause = time.monotonic() + seconds, 0.01
    while not (found := what()):
        assert time.monotonic() < end, 'it does not happen'
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)
    return found


class Norn:
    def __init__(self, home, *arguments, config='httpd_username=kismet\nhttpd_password=secret\n',
                 stdin=None):
        self.home = pathlib.Path(home)
        self.config = self.home / 'norn.conf'
        self.config.write_text('httpd_port=0\nremote_capture_port=0\n' + config)
        self.log = open(self.home / 'log', 'wb')
        self.process = subprocess.Popen(
            [os.environ['NORN'], '-f', self.config, '--homedir', self.home, *arguments],
            stdin=stdin, stderr=self.log, stdout=self.log, cwd=self.home)
        self.url = self._wait()
        if '-c' in arguments:
            self._wait_for_sources()

    def text(self):
        return (self.home / 'log').read_text(errors='replace')

    def _wait(self):
        def address():
            assert self.process.poll() is None, self.text()
            return re.search(r'Serving on (https?://\S+?)/?\s', self.text())

        return wait_until(address)[1]

    def _wait_for_sources(self):
        wait_until(lambda: self.get('/datasource/all_sources.json', auth=LOGIN).text != '[]')

    def get(self, path, **more):
        reply = requests.get(self.url + path, timeout=60, **more)
        check_reply(self.url, path, reply, more)
        return reply

    def post(self, path, command=None, **more):
        if command is not None:
            more['json'] = command
        reply = requests.post(self.url + path, timeout=60, **more)
        check_reply(self.url, path, reply, more, 'post')
        return reply

    def wait_done(self):
        """Until every source has read its file."""
        def sources():
            found = self.get('/datasource/all_sources.json', auth=LOGIN).json()
            return all(s['norn.datasource.state'] not in ('pending', 'running') for s in found) and found

        return wait_until(sources)

    def _keep_routes(self):
        try:
            page = requests.get(self.url + '/metrics', auth=LOGIN, timeout=5, verify=False).text
        except requests.RequestException:
            return
        with open(routes_file, 'a') as out:
            out.writelines(f'{method} {path}\n' for method, path in ANSWERED.findall(page))

    def stop(self):
        if routes_file and self.process.poll() is None:
            self._keep_routes()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)  # logs are written to their end, also on a busy disk
        self.log.close()
        return code


BOARD = 'httpd_username=kismet\nhttpd_password=secret\n'


def devices(start, tmp_path, capture, options=''):
    """The devices that a server of its own makes of a frames.Capture, by address in small letters."""
    norn = start('-c', str(capture.write(tmp_path / 'c.pcap')), config=BOARD + options)
    norn.wait_done()
    found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    return {d['kismet.device.base.macaddr'].lower(): d for d in found}


@pytest.fixture(scope='session')
def server(tmp_path_factory):
    norn = Norn(tmp_path_factory.mktemp('norn'), '-c', os.environ['SAMPLE'])
    norn.wait_done()
    yield norn
    assert norn.stop() == 0, norn.text()


@pytest.fixture
def start(tmp_path):
    """Starts further servers; they are stopped when the test ends."""
    running = []

    def go(*arguments, **more):
        home = tmp_path / str(len(running))
        home.mkdir()
        running.append(Norn(home, *arguments, **more))
        return running[-1]

    yield go
    while websockets:
        websockets.pop().shutdown()
    for norn in running:
        assert norn.stop() == 0, norn.text()
