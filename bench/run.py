#!/usr/bin/python3
"""run.py BUILD [STAGE...]: what norn costs, against a bare libpcap loop in the same run.

BUILD holds norn, gen_capture and pcap_loop. Each line is a figure and what is asked of it; figures are of this
machine: compare ratios and growth. What other programs do at the same time shows: CPU is the least of several runs, taken
in turns with what it is compared with. README.md says what the figures mean.
Stages: cpu memory growth readers query threads rules kismetdb web live readers200.
"""
import fcntl
import os
import pathlib
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time

import requests

import load

BUILD = pathlib.Path(sys.argv[1]).resolve()
ROUNDS, LIMIT_S = 7, 300
LOGIN = ('bench', 'bench')
MIXED = '--frames 1000000 --aps 300 --clients 1500 --beacons 40 --data 40 --seed 7'
SITE = '--frames 1000000 --aps 2000 --clients 10000 --beacons 40 --data 60 --seed 7'
PROBERS = '--frames {0} --aps 1 --clients 1 --probers {1} --beacons 0 --data 0 --seed 7'
# An hour of 30 access points that beacon ten times a second, and 16 frames a second of 200 stations.
HOUR = '--frames 1137000 --aps 30 --clients 200 --beacons 95 --data 4 --seed 7 --step-us 3166'
PACKETS = 'kismet.device.base.packets.total'
FIELDS = ['kismet.device.base.key', 'kismet.device.base.macaddr', 'kismet.device.base.commonname',
          'kismet.device.base.type', 'kismet.device.base.channel', PACKETS]


def report(stage, what, figure, asked=''):
    print(f'{stage:<11}{what:<76}{figure:>24}{"   asked: " + asked if asked else ""}', flush=True)


def grown(a, b):
    return f'{100 * b / a - 100:+.1f} %'


class Failed(Exception):
    """Why a stage has no figures; the others go on."""


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def reap(process):
    """User and system seconds of a child, reaped here so that they are its alone."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def generate(folder, name, options):
    path = folder / name
    if not path.exists():
        subprocess.run([BUILD / 'gen_capture', *options.split(), '--out', path], check=True,
                       stdout=subprocess.DEVNULL)
    path.read_bytes()  # into the page cache
    return path


class Norn:
    """A server of its own on a free port, with a folder of its own as its home."""

    def __init__(self, folder, *sources, config=''):
        self.url = f'http://127.0.0.1:{free_port()}'
        conf = folder / 'norn.conf'
        conf.write_text(f'httpd_port={self.url.rsplit(":", 1)[1]}\n'
                        f'httpd_username={LOGIN[0]}\nhttpd_password={LOGIN[1]}\n' + config)
        command = [BUILD / 'norn', '-s', '-f', conf, '--homedir', folder]
        for source in sources:
            command += ['-c', source]
        self.process = subprocess.Popen(command)
        self.session = requests.Session()
        self.session.auth = LOGIN
        self.source_cpu = 0

    def wait_for(self, ready):
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise Failed(f'norn ended early with status {self.process.returncode}')
            self.watch_source()
            try:
                if ready(self):
                    return
            except (requests.RequestException, ValueError):
                pass
            time.sleep(0.05)
        self.process.kill()
        reap(self.process)
        raise Failed('norn did not finish in time')

    def get(self, path):
        reply = self.session.get(self.url + path, timeout=60)
        reply.raise_for_status()
        return reply.json()

    def sources(self):
        return self.get('/datasource/all_sources.json')

    def done(self):
        sources = self.sources()
        return sources and all(s['norn.datasource.state'] == 'done' for s in sources)

    def resident_kb(self):
        for line in pathlib.Path(f'/proc/{self.process.pid}/status').read_text().splitlines():
            if line.startswith('VmRSS:'):
                return int(line.split()[1])
        return 0

    def peak_kb(self, anew=False):
        """The most that was resident since it was last asked anew."""
        if anew:
            pathlib.Path(f'/proc/{self.process.pid}/clear_refs').write_text('5')
        for line in pathlib.Path(f'/proc/{self.process.pid}/status').read_text().splitlines():
            if line.startswith('VmHWM:'):
                return int(line.split()[1])
        return 0

    def cpu_s(self):
        fields = pathlib.Path(f'/proc/{self.process.pid}/stat').read_text().rsplit(')', 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def source_cpu_s(self):
        """Of the threads that read sources, ended ones left out: ask while they read, or keep one open."""
        return self.source_cpu

    def watch_source(self):
        for task in pathlib.Path(f'/proc/{self.process.pid}/task').iterdir():
            try:
                name, fields = (task / 'stat').read_text().split('(', 1)[1].rsplit(')', 1)
            except OSError:
                continue
            if name.startswith('source'):
                fields = fields.split()
                self.source_cpu = (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return reap(self.process)


def replay_cpu(folder, *captures, config=''):
    server = Norn(folder, *captures, config=config)
    server.wait_for(Norn.done)
    return server.stop()


def start_cpu(folder):
    """Start and stop, without a source."""
    server = Norn(folder)
    server.wait_for(lambda s: s.get('/system/timestamp.json'))
    return server.stop()


def loop_cpu(capture):
    return reap(subprocess.Popen([BUILD / 'pcap_loop', capture], stdout=subprocess.DEVNULL))


def cpu(folder):
    capture = generate(folder, 'mixed.pcap', MIXED)
    loop, norn = [], []
    for _ in range(ROUNDS):
        loop.append(min(loop_cpu(capture) for _ in range(3)))
        norn.append(replay_cpu(folder, capture))
    ratios = sorted(n / l for n, l in zip(norn, loop))
    report('cpu', 'from start to all tracked, no log: 1,000,000 mixed frames',
         f'{statistics.median(ratios):.2f} times the loop', 'at most 10')
    report('cpu', f'least and most of {ROUNDS} rounds', f'{ratios[0]:.2f} and {ratios[-1]:.2f}')
    report('cpu', 'the loop', f'{min(loop):.3f} s')
    report('cpu', 'norn', f'{min(norn):.3f} s')


def logged(folder, name, options, config=''):
    """A replay with a kismetdb: CPU seconds, frames a second until all are written, octets of the log."""
    logs = pathlib.Path(tempfile.mkdtemp(dir=folder))
    server = Norn(folder, generate(folder, name, options), config=f'log_types=kismet\nlog_prefix={logs}\n{config}')
    begin = time.monotonic()
    server.wait_for(lambda s: s.done() and s.get('/logging/active.json')[0]['norn.logfile.waiting'] == 0)
    rate = server.sources()[0]['kismet.datasource.num_packets'] / (time.monotonic() - begin)
    used = server.stop()
    file, = logs.glob('*.kismet')
    size = file.stat().st_size
    shutil.rmtree(logs)
    return used, rate, size


def kismetdb(folder):
    loop, runs, bare = [], [], []
    for _ in range(3):
        loop.append(loop_cpu(generate(folder, 'mixed.pcap', MIXED)))
        runs.append(logged(folder, 'mixed.pcap', MIXED))
        bare.append(logged(folder, 'mixed.pcap', MIXED, 'norn_log_sightings=false\n'))
    report('kismetdb', '1,000,000 mixed frames with a log', f'{min(r[0] for r in runs) / min(loop):.1f} times the loop',
         'at most 45')
    report('kismetdb', 'CPU of that', f'{min(r[0] for r in runs):.2f} s')
    report('kismetdb', 'of that for sightings', f'{100 * (min(r[0] for r in runs) / min(r[0] for r in bare) - 1):.1f} %',
         'at most 10 %')
    report('kismetdb', 'until the last is written', f'{max(r[1] for r in runs):,.0f} frames/s')
    report('kismetdb', 'the log', f'{runs[0][2] / 1e6:.0f} MB')
    hour, plain = logged(folder, 'hour.pcap', HOUR), logged(folder, 'hour.pcap', HOUR, 'norn_log_sightings=false\n')
    report('kismetdb', 'an hour of 30 access points and 200 stations', f'{hour[2] / 1e6:.1f} MB')
    report('kismetdb', 'of that sightings', f'{(hour[2] - plain[2]) / 1e6:.1f} MB')
    report('kismetdb', 'a day of that', f'{hour[2] * 24 / 1e9:.2f} GB', 'at most 2 GB')


def memory_of(folder, name, options):
    empty = Norn(folder)
    empty.wait_for(lambda s: s.get('/system/timestamp.json'))
    before = empty.resident_kb()
    empty.stop()
    server = Norn(folder, generate(folder, name, options))
    server.wait_for(Norn.done)
    after = server.resident_kb()
    devices = server.get('/system/status.json')['kismet.system.devices.count']
    server.stop()
    return devices, (after - before) * 1024 / max(devices, 1)


def memory(folder):
    devices, each = memory_of(folder, 'once.pcap', PROBERS.format(134000, 100000))
    report('memory', f'a device seen once, of {devices:,}', f'{each:,.0f} octets', 'at most 1,000')
    devices, each = memory_of(folder, 'site.pcap', SITE)
    report('memory', f'a device of a site, of {devices:,}: access points with five clients each', f'{each:,.0f} octets',
         'at most 4,000')
    devices, each = memory_of(folder, 'mixed.pcap', MIXED)
    report('memory', f'a device of the mixed capture, of {devices:,}, what all share included', f'{each:,.0f} octets')


def growth(folder):
    """The cost of a frame of devices that are known: what 1,000,000 more frames cost after each was seen once."""
    for devices in (1000, 10000, 100000, 1000000):
        # A third of the probes is answered: so many frames until every prober had its turn.
        met = devices * 4 // 3 + 1000
        first = generate(folder, 'first.pcap', PROBERS.format(met, devices))
        more = generate(folder, 'more.pcap', PROBERS.format(met + 1000000, devices))
        a, b, loop, start = [], [], [], []
        for _ in range(3):
            start.append(start_cpu(folder))
            a.append(replay_cpu(folder, first))
            b.append(replay_cpu(folder, more))
            loop.append(loop_cpu(more))
        report('growth', f'{devices:,} devices: a frame until each was seen once',
             f'{max(min(a) - min(start), 0) / met * 1e6:.2f} us')
        report('growth', f'{devices:,} devices: a frame of one that is known', f'{min(b) - min(a):.2f} us')
        report('growth', f'{devices:,} devices: start and all frames', f'{min(b) / min(loop):.1f} times the loop')
        first.unlink()
        more.unlink()


def milliseconds(call, rounds=9):
    times = []
    for _ in range(rounds):
        begin = time.monotonic()
        call()
        times.append((time.monotonic() - begin) * 1000)
    return statistics.median(times)


def page(server, session=None, **more):
    command = {'datatable': True, 'fields': FIELDS, 'colmap': {'0': [PACKETS]}}
    parameters = {'start': 0, 'length': 50, 'draw': 1, 'order[0][column]': 0, 'order[0][dir]': 'desc', **more}
    reply = (session or server.session).post(server.url + '/devices/views/all/devices.json',
                                             params=parameters, json=command, timeout=60)
    reply.raise_for_status()
    return reply.json()


def stream(server, session=None):
    size = 0
    reply = (session or server.session).get(server.url + '/devices/all_devices.ekjson', stream=True,
                                            timeout=300, headers={'Accept-Encoding': 'identity'})
    while True:
        part = reply.raw.read(1 << 20)
        if not part:
            return size
        size += len(part)


def readers(folder):
    server = Norn(folder, generate(folder, 'once.pcap', PROBERS.format(134000, 100000)))
    server.wait_for(Norn.done)
    report('readers', '50 sorted rows of 100,000 devices', f'{milliseconds(lambda: page(server)):.1f} ms', 'under 15 ms')
    report('readers', '50 rows of 100,000 devices, searched',
         f'{milliseconds(lambda: page(server, **{"search[value]": "AB:C"})):.1f} ms', 'under 200 ms')
    later, calls = int(time.time()) + 60, 2000
    report('readers', 'last-time that returns nothing of 100,000: from asking to reply',
         f'{milliseconds(lambda: server.get(f"/devices/last-time/{later}/devices.json"), 99):.2f} ms')
    nothing = call_cpu(server, '/system/timestamp.json', calls)
    some = call_cpu(server, f'/devices/last-time/{later}/devices.json', calls)
    report('readers', 'last-time that returns nothing: its CPU beyond that of any request',
         f'{max(some - nothing, 0) * 1e6:.0f} us', 'at most 100 us')
    before, begin, used = server.peak_kb(anew=True), time.monotonic(), server.cpu_s()
    size = stream(server)
    report('readers', f'all_devices.ekjson, {size / 1e6:.0f} MB',
         f'{size / 1e6 / (time.monotonic() - begin):.0f} MB/s', 'at least 200 MB/s')
    report('readers', 'all_devices.ekjson by the CPU that the server needs',
         f'{size / 1e6 / max(server.cpu_s() - used, 0.01):.0f} MB/s')
    report('readers', 'all_devices.ekjson: memory, at its peak', f'{(server.peak_kb() - before) / 1000:.2f} MB', 'under 4 MB')
    server.stop()
    contention(folder)


def ask(server, text, **more):
    reply = server.session.get(server.url + '/query/devices.json', params={'q': text, 'limit': 50, **more}, timeout=60)
    reply.raise_for_status()
    return reply.json()


# What is asked for, and within how many milliseconds: a column answers the first.
EXPRESSIONS = (('seen<1s', 20), ('changed<1s', 20), ('view:phydot11_accesspoints', 20), ('type:ap', 20), ('signal>-40', 20),
               ('freq>5GHz', 20), ('phy:802.11', 150), ('vendor:apple', 150), ('mac:02:00 packets>5', 150), ('crypt:wep', 150),
               ('probe:/^corp/i', 150), ('not ssid:corp* and (channel:(1,6,11) or size>1MB)', 150), ('lab', 150),
               ('type:ap channel:6 signal>-60 seen<10m ssid:/^corp/ (crypt:wep or crypt:open) not vendor:apple', 150))


def query(folder):
    """Expressions over 200,000 devices, the first 50 of what matches; and orders, counts and cursors of all."""
    server = Norn(folder, generate(folder, 'many.pcap', PROBERS.format(268000, 200000)), config='tracker_max_devices=0\n')
    server.wait_for(Norn.done)
    total = ask(server, '')['norn.query.matched']
    for text, most in EXPRESSIONS:
        report('query', f'{text[:60]} of {total:,} devices', f'{milliseconds(lambda: ask(server, text)):.1f} ms',
             f'under {most} ms')
    for name in ('seen', '-signal', 'name', 'mac', 'vendor', '-packets'):
        report('query', f'50 of {total:,} devices, sorted by {name}',
             f'{milliseconds(lambda: ask(server, "", sort=name, fields="mac,name,type,signal,packets")):.1f} ms', 'under 150 ms')
    for name in ('type', 'channel', 'vendor'):
        report('query', f'{total:,} devices, counted by {name}', f'{milliseconds(lambda: ask(server, "", group=name)):.1f} ms')
    server.stop()


def call_cpu(server, path, calls):
    used = server.cpu_s()
    for _ in range(calls):
        server.session.get(server.url + path, timeout=60)
    return (server.cpu_s() - used) / calls


def contention(folder):
    """Ingest alone, beside a server that is read, and while it is read itself. The second shows what the readers cost
    by being on the same machine: its caches, its memory, and cores that are halves of one."""
    runs = {how: [] for how in ('alone', 'beside', 'read')}
    for _ in range(3):
        for how in runs:
            runs[how].append(contended(folder, how))
    rate = {how: statistics.median(r[0] for r in runs[how]) for how in runs}
    used = {how: min(r[1] for r in runs[how]) for how in runs}
    what = {'alone': 'alone', 'beside': 'while another server has ten pages a second and a stream',
            'read': 'while it has ten pages a second and a stream itself'}
    for how in runs:
        report('readers', f'ingest {what[how]}', f'{rate[how]:,.0f} frames/s')
        report('readers', f'ingest {what[how]}: CPU a frame', f'{used[how]:.2f} us')
    report('readers', 'its CPU a frame with readers', grown(used['alone'], used['read']), 'less than +10 %')
    report('readers', 'its CPU a frame with readers, against those of another server', grown(used['beside'], used['read']))
    report('readers', 'its speed with readers', grown(rate['alone'], rate['read']), 'more than -25 %')


def be_nice():
    """Clients are on machines of their own; here they leave the server what it asks for."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


def client(server, stop, ask, pause):
    be_nice()
    session = requests.Session()
    session.auth = LOGIN
    while not stop.is_set():
        try:
            ask(server, session)
        except requests.RequestException:
            pass
        stop.wait(pause)


def contended(folder, how):
    """Frames a second of a long replay and its CPU a frame."""
    capture = generate(folder, 'long.pcap', PROBERS.format(4000000, 100000))
    homes = [pathlib.Path(tempfile.mkdtemp(dir=folder)) for _ in range(2)]
    other = Norn(homes[1], generate(folder, 'once.pcap', PROBERS.format(134000, 100000)))
    other.wait_for(Norn.done)
    server, stop = Norn(homes[0], capture), threading.Event()
    target = {'alone': None, 'beside': other, 'read': server}[how]
    clients = [threading.Thread(target=client, args=(target, stop, page, 1)) for _ in range(10)]
    clients.append(threading.Thread(target=client, args=(target, stop, stream, 0)))
    for c in clients if target else []:
        c.start()
    server.wait_for(Norn.done)
    source = server.sources()[0]
    rate, used = source['norn.datasource.frames_per_second'], server.source_cpu_s()
    stop.set()
    for c in clients if target else []:
        c.join()
    server.stop()
    other.stop()
    return rate, used / source['kismet.datasource.num_packets'] * 1e6


def threads(folder):
    a = generate(folder, 'mixed.pcap', MIXED)
    same = generate(folder, 'same.pcap', MIXED.replace('--seed 7', '--seed 8'))
    other = generate(folder, 'other.pcap', MIXED.replace('--seed 7', '--seed 8 --site 1'))
    for what, captures in (('one source', (a,)), ('two sources that see different networks', (a, other)),
                           ('two sources that see the same networks', (a, same))):
        runs = []
        for _ in range(3):
            server = Norn(folder, *captures)
            server.wait_for(Norn.done)
            rate = sum(s['norn.datasource.frames_per_second'] for s in server.sources())
            runs.append((rate, server.stop()))
        report('threads', what, f'{max(r[0] for r in runs) / 1e6:.2f} million frames/s')
        report('threads', f'{what}: CPU a frame', f'{min(r[1] for r in runs) / len(captures):.2f} us')


def rules(folder):
    """What all rules together cost a frame, against none."""
    capture = generate(folder, 'mixed.pcap', MIXED)
    server = Norn(folder)
    server.wait_for(lambda s: s.get('/system/timestamp.json'))
    names = [d['kismet.alert.definition.header'] for d in server.get('/alerts/definitions.json')]
    server.stop()
    on = ''.join(f'alert={name},10/min,1/sec\n' for name in names) + (
        'own_ssid=own\nown_bssid=02:00:00:00:00:01\napspoof=a:ssid="^own$",validmacs="02:00:00:00:00:01"\n'
        'ssidcanary=b:ssid="^canary"\ndot11_11d_country_full=true\n')
    off = ''.join(f'alert={name},0/min,0/sec\n' for name in names)
    with_rules, without = [], []
    for _ in range(ROUNDS):
        without.append(replay_cpu(folder, capture, config=off))
        with_rules.append(replay_cpu(folder, capture, config=on))
    report('rules', f'1,000,000 mixed frames with all {len(names)} alerts on, against none',
         grown(min(without), min(with_rules)), 'less than +15 %')
    report('rules', 'the same, by medians', grown(statistics.median(without), statistics.median(with_rules)))
    report('rules', 'CPU with none', f'{min(without):.3f} s')
    report('rules', 'CPU with all', f'{min(with_rules):.3f} s')


def web(folder):
    """What a person waits for devices, measured in Chromium among 200,000 of them."""
    if not (BUILD / 'web' / 'index.html').exists() or not shutil.which('node'):
        raise Failed('the web interface is not built (npm is needed)')
    server = Norn(folder, generate(folder, 'web.pcap', PROBERS.format(400000, 200000)))
    server.wait_for(Norn.done)
    script = pathlib.Path(__file__).parent.parent / 'web' / 'test' / 'bench.mjs'
    try:
        run = subprocess.run(['node', script, server.url + '/', *LOGIN], stdout=subprocess.PIPE, text=True,
                             timeout=LIMIT_S)
        devices = server.get('/system/status.json')['kismet.system.devices.count']
    finally:
        server.stop()
    if run.returncode != 0:
        raise Failed('Chromium did not show it')
    words = run.stdout.split()
    report('web', f'the first page of {devices:,} devices', f'{words[1]} ms', 'under 1,000 ms')
    report('web', 'the next page', f'{words[3]} ms', 'under 200 ms')


class Radio:
    """A TAP device whose link is radiotap: what is written to it is captured."""

    def __init__(self):
        self.name, self.written = f'nornbench{os.getpid() % 1000}', 0
        self.fd = os.open('/dev/net/tun', os.O_RDWR)
        fcntl.ioctl(self.fd, 0x400454ca, struct.pack('16sH', self.name.encode(), 0x1002))  # TUNSETIFF: a TAP
        fcntl.ioctl(self.fd, 0x400454cd, 803)  # TUNSETLINK: radiotap
        subprocess.run(['ip', 'link', 'set', self.name, 'up'], check=True)

    def frames(self):
        head = struct.pack('<BBHIHHb', 0, 0, 13, 1 << 3 | 1 << 5, 2437, 0xa0, -44) + b'\x80\0\0\0' + b'\xff' * 6
        tail = b'\x64\0\x01\x04\0\x05bench\x03\x01\x06' + bytes(40)
        for n in range(2000):
            mac = struct.pack('>HI', 0x0200, n % 500)
            yield head + mac + mac + struct.pack('<H', n << 4) + struct.pack('<Q', n) + tail

    def write(self, rate, seconds):
        """Frames a second that were really written."""
        frames, begin, n = list(self.frames()), time.monotonic(), 0
        while (passed := time.monotonic() - begin) < seconds:
            for _ in range(min(1000, int(passed * rate) - n + 1)):
                os.write(self.fd, frames[n % len(frames)])
                n += 1
            if n > passed * rate:
                time.sleep(0.001)
        self.written += n
        return n / (time.monotonic() - begin)


def live(folder):
    """The highest rate of frames that comes from a radio into the model without a loss."""
    try:
        radio = Radio()
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failed(f'no TAP device can be made here: {error}') from error
    server = Norn(folder, f'{radio.name}:type=linuxwifi', config=f'helper_binary_path={BUILD}/helpers\n')

    server.wait_for(lambda s: s.sources()[0]['kismet.datasource.running'])
    best = 0
    for rate in range(25000, 1000001, 25000):
        reached = radio.write(rate, 2)
        time.sleep(2)
        s = server.sources()[0]
        if s['norn.datasource.kernel_dropped'] + s['norn.datasource.helper_dropped'] + s['norn.datasource.lost']:
            break
        best = reached
        if reached < rate * 0.9:  # the writer is the limit
            break
    report('live', 'from a radiotap device without a loss'
         f'{"" if best < reached or best >= rate * 0.9 else ", as fast as they could be written"}', f'{best:,.0f} frames/s')
    server.stop()
    os.close(radio.fd)


def readers200(folder):
    capture = generate(folder, 'streams', '--frames 300000 --aps 300 --clients 1500 --beacons 40 --data 40 --seed 7')
    r = load.readers200(folder, BUILD / 'norn', capture)
    report('readers200', f'{r["streams"]} streams of all packets at 20,000 frames/s: packets that each got, at least',
         f'{r["packets"]:,} of {r["sent"]:,}')
    report('readers200', 'packets lost by streams', f'{r["lost"]}')
    report('readers200', f'200 readers beside them, {r["requests"]:,} requests: half wait at most', f'{r["p50"]:.1f} ms')
    report('readers200', '99 of 100 wait at most', f'{r["p99"]:.1f} ms')
    report('readers200', 'requests that failed', f'{r["errors"]}')


STAGES = (cpu, memory, growth, readers, query, threads, rules, kismetdb, web, live, readers200)


def main():
    if not (BUILD / 'norn').exists():
        sys.exit(f'{BUILD}/norn is not built')
    stages = {s.__name__: s for s in STAGES}
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[2:] or stages:
            begin = time.monotonic()
            try:
                stages[name](pathlib.Path(folder))
            except Failed as why:
                report(name, f'left out: {why}', '')
                failed |= name not in ('web', 'live')
            print(f'{name:<11}({time.monotonic() - begin:.0f} s)', flush=True)
    sys.exit(failed)


main()
