#!/usr/bin/python3
"""run.py BUILD: CPU for a million frames against a bare libpcap loop, and memory for each device.

BUILD holds norn, gen_capture and pcap_loop. Figures are of this machine, for comparing two builds.
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time

import requests

BUILD = pathlib.Path(sys.argv[1]).resolve()
ROUNDS, LIMIT_S = 5, 300
MIXED = '--frames 1000000 --aps 300 --clients 1500 --beacons 40 --data 40 --seed 7'.split()
PROBERS = '--frames 400000 --aps 1 --clients 1 --probers 100000 --beacons 0 --data 0 --seed 7'.split()


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def reap(process):
    """User and system seconds of a child, reaped here so that they are its alone."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def resident_kb(pid):
    for line in pathlib.Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('VmRSS:'):
            return int(line.split()[1])
    return 0


class Norn:
    """A server of its own on a free port, with a folder of its own as its home."""

    def __init__(self, folder, *sources):
        self.url = f'http://127.0.0.1:{free_port()}'
        conf = pathlib.Path(folder) / 'norn.conf'
        conf.write_text(f'httpd_bind_address=127.0.0.1\nhttpd_port={self.url.rsplit(":", 1)[1]}\n')
        command = [BUILD / 'norn', '-f', conf]
        for source in sources:
            command += ['-c', source]
        self.process = subprocess.Popen(command, env={**os.environ, 'HOME': folder},
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait_for(self, ready):
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                sys.exit(f'norn ended early with status {self.process.returncode}')
            try:
                if ready(self):
                    return
            except (requests.RequestException, ValueError):
                pass
            time.sleep(0.1)
        self.process.kill()
        sys.exit('norn did not finish in time')

    def get(self, path):
        reply = requests.get(self.url + path, timeout=10)
        reply.raise_for_status()
        return reply.json()

    def sources_done(self):
        sources = self.get('/datasource/all_sources.json')
        return sources and not any(s['kismet.datasource.running'] for s in sources)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return reap(self.process)


def cpu(capture, folder):
    loop, norn = [], []
    for _ in range(ROUNDS):
        loop.append(reap(subprocess.Popen([BUILD / 'pcap_loop', capture], stdout=subprocess.DEVNULL)))
        server = Norn(folder, capture)
        server.wait_for(Norn.sources_done)
        norn.append(server.stop())
    print(f'cpu: loop {min(loop):.3f} s, norn {min(norn):.3f} s, ratio {min(norn) / min(loop):.2f}')


def memory(capture, folder):
    empty = Norn(folder)
    empty.wait_for(lambda s: s.get('/system/timestamp.json'))
    before = resident_kb(empty.process.pid)
    empty.stop()
    server = Norn(folder, capture)
    server.wait_for(Norn.sources_done)
    after = resident_kb(server.process.pid)
    devices = server.get('/system/status.json')['kismet.system.devices.count']
    server.stop()
    print(f'memory: {devices} devices, {(after - before) * 1024 / max(devices, 1):.0f} bytes a device')


def main():
    if not (BUILD / 'norn').exists():
        sys.exit(f'{BUILD}/norn is not built')
    with tempfile.TemporaryDirectory() as folder:
        for stage, options in ((cpu, MIXED), (memory, PROBERS)):
            capture = str(pathlib.Path(folder) / f'{stage.__name__}.pcap')
            subprocess.run([BUILD / 'gen_capture', *options, '--out', capture], check=True)
            stage(capture, folder)


main()
