"""Twenty sensors behind links that break: what each captured was received, or a counter says it was lost."""
import os
import random
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'api'))
from conftest import LOGIN, start  # noqa: E402,F401
from sensors import port_of  # noqa: E402

SENSORS, SECONDS, RATE = 20, 25, 400
RESET = struct.pack('ii', 1, 0)  # SO_LINGER: unsent octets are thrown away, as when a cable is cut


class Link:
    """A TCP link on loopback that can be cut and healed."""

    def __init__(self, port):
        self.port, self.up, self.stuck, self.pairs = port, True, False, []
        self.listener = socket.create_server(('127.0.0.1', 0))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if not self.up:
                near.close()
                continue
            try:
                far = socket.create_connection(('127.0.0.1', self.port))
            except OSError:
                near.close()
                continue
            self.pairs.append((near, far))
            for a, b in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(a, b), daemon=True).start()

    def pump(self, a, b):
        try:
            while octets := a.recv(65536):
                while self.stuck:
                    time.sleep(0.01)
                b.sendall(octets)  # fails when the link was cut meanwhile: those octets are lost
        except OSError:
            pass
        for s in (a, b):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.up = False
        for pair in self.pairs:
            for s in pair:
                try:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    s.shutdown(socket.SHUT_RDWR)
                    s.close()
                except OSError:
                    pass
        self.pairs = []

    def heal(self):
        self.up = True


def sources(norn):
    return norn.get('/datasource/all_sources.json', auth=LOGIN).json()


def test_the_sum_is_right(start):  # noqa: F811
    norn = start()
    links = [Link(port_of(norn)) for _ in range(SENSORS)]
    helper = os.path.join(os.environ['HELPERS'], 'norn_cap_example')
    sensors = [subprocess.Popen([helper, '--tcp', f'--connect=127.0.0.1:{link.listener.getsockname()[1]}',
                                 f'--source=example{n:02}:name=s{n:02},rate={RATE}'],
                                stderr=subprocess.PIPE, text=True) for n, link in enumerate(links)]
    try:
        chance = random.Random(7)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            link = chance.choice(links[1:])  # the first is never cut
            link.stuck = chance.random() < 0.5  # what is on its way stays there, and goes down with the link
            time.sleep(chance.uniform(0, 0.2))
            link.cut()
            time.sleep(chance.uniform(0.05, 0.3))
            link.stuck = False
            link.heal()
        for _ in range(400):
            if len(sources(norn)) == SENSORS and all(s['kismet.datasource.running'] for s in sources(norn)):
                break
            time.sleep(0.1)
        time.sleep(2)
    finally:
        for sensor in sensors:
            sensor.send_signal(signal.SIGTERM)
    said = [sensor.communicate(timeout=20)[1] for sensor in sensors]
    counts = [[int(n) for n in re.search(
        r'(\d+) frames captured, (\d+) lost by the kernel, (\d+) dropped for lack of room, (\d+) not sent', text).groups()]
        for text in said]

    def by_names():
        return {s['kismet.datasource.name']: s for s in sources(norn)}

    def arrived():  # what was sent last may be on its way through the links yet
        found = by_names()
        return all(found[f's{n:02}']['norn.datasource.captured'] == count[0] for n, count in enumerate(counts))

    end = time.monotonic() + 20
    while not arrived() and time.monotonic() < end:
        time.sleep(0.1)
    by_name = by_names()
    lost = 0
    for n, (text, (captured, _, dropped, unsent)) in enumerate(zip(said, counts)):
        source = by_name[f's{n:02}']
        assert captured > RATE * SECONDS // 2 and unsent == 0, text
        assert source['norn.datasource.captured'] == captured
        assert source['norn.datasource.helper_dropped'] == dropped
        assert captured == source['kismet.datasource.num_packets'] + dropped + source['norn.datasource.lost']
        lost += source['norn.datasource.lost']
        if n == 0:
            assert source['norn.datasource.lost'] == 0
    total = sum(s['norn.datasource.captured'] for s in by_name.values())
    print(f'{total} frames, {lost} lost on the way')
    assert 0 < lost < total // 10
