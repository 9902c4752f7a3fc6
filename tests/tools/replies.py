#!/usr/bin/python3
"""replies.py [--keep DIR] [--only REGEX] OLD NEW: whether two builds of norn answer alike, octet for octet.

OLD and NEW are programs; OLD may be a folder to which --keep DIR wrote the replies of the OLD of an earlier run.
A server of its own reads each capture of tests/captures and of ../shared and is asked for everything that it has, in
json and prettyjson: lists, every view, devices by key, alerts, names, channels, downloads. The reports of
../shared/captures come as from a sensor. What a clock or chance decides is struck out (CLOCKS); lists of devices are
sorted, because a model keeps them in no order. Differences are listed by capture and reply; exit 1 if there are any.

A change that is to leave behaviour alone is checked so: build before it and copy build/norn away, build after it, and
run `tests/tools/replies.py norn-before build/norn`. About four minutes.
"""
import argparse
import json
import os
import pathlib
import re
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tests/api'))
os.environ.setdefault('NORN', '')
import requests  # noqa: E402
import conftest  # noqa: E402
from sensors import PACKET, Sensor, frame3, port_of  # noqa: E402

LOGIN = ('kismet', 'secret')
CONFIG = """httpd_username=kismet
httpd_password=secret
enable_logging=false
alertbacklog=5000
server_uuid=DA66B423-0000-0000-0000-000000000001
"""
KEYS_MAX = 150  # devices of a capture that are asked for one by one; lists have all

LISTS = """devices/views/all_views phy/all_phys alerts/definitions alerts/all_alerts datasource/types
datasource/defaults datasource/all_sources channels/channels antennas/antennas phy/phy80211/ssids/views/ssids
phy/phyuav/manuf_matchers phy/ADSB/map_data radiation/sensors/all_sensors gps/drivers gps/all_gps logging/drivers
plugins/all_plugins streams/all_streams
devices/last-time/1/devices""".split()
ONCE = ['system/tracked_fields.html', 'dynamic.json', 'openapi.json']
OF_DEVICE = ['devices/by-key/{}/device', 'phy/phy80211/clients-of/{}/clients', 'phy/phy80211/related-to/{}/devices']
DOWNLOADS = ['phy/phy80211/by-key/{0}/pcap/{0}-handshake.pcap', 'phy/phy80211/by-key/{0}/pcap/{0}-pmkid.pcap']
FORMS = 'json', 'prettyjson'

# Fields that a clock or chance decides.
CLOCKS = ('kismet.common.location.time_usec kismet.device.base.mod_time kismet.common.rrd.serial_time kismet.alert.timestamp norn.alert.server_time '
          'norn.datasource.frames_per_second kismet.datasource.probed.time norn.datasource.uptime '
          'kismet.alert.definition.time_last').split()
CLOCK = re.compile(rb'"(' + '|'.join(map(re.escape, CLOCKS)).encode() + rb')":[^,}\n]*')
SECOND = re.compile(rb'(?<![\d.])\d{10}(?![\d])')
# What a live source's devices add up by the clock: histories, and the mean of positions, of which one a second counts.
HISTORY = re.compile(rb'"(kismet\.common\.rrd\.(?:minute_vec|hour_vec|day_vec|last_value|last_value_n1)|kismet\.common\.location\.avg_loc)":'
                     rb'(?:\[[^]]*\]|\{[^}]*\}|[^,}\n]*)')
PARSER = json.JSONDecoder()


class Norn(conftest.Norn):
    """A server whose replies are not judged but compared."""

    since = 0

    def _wait(self):
        self.since = time.time()
        return super()._wait()

    def get(self, path, **more):
        return requests.get(self.url + path, timeout=60, auth=LOGIN)


def strike_now(found, since):
    return b'1' if since - 2 <= int(found[0]) <= time.time() + 2 else found[0]


def steady(octets, norn):
    octets = CLOCK.sub(rb'"\1":0', octets)
    timed = SECOND.sub(lambda found: strike_now(found, norn.since), octets)
    if timed != octets:
        octets = HISTORY.sub(rb'"\1":0', timed)
    for position, name in (norn.url, b'URL'), (str(norn.home), b'HOME'), (str(ROOT), b'ROOT'):
        octets = octets.replace(position.encode(), name)
    return octets


def sorted_list(octets):
    """The elements of a JSON list, as they are, in the order of their octets."""
    text, at, found = octets.decode('latin-1'), 0, []
    if not text.startswith('['):
        return octets
    at = 1
    while True:
        while text[at] in ' \r\n,':
            at += 1
        if text[at] == ']':
            break
        _, end = PARSER.raw_decode(text, at)
        found.append(text[at:end])
        at = end
    return ('[' + ',\n'.join(sorted(found)) + text[at:]).encode('latin-1')


def ask(norn, path, replies, sort=False):
    reply = norn.get('/' + path)
    octets = steady(reply.content, norn)
    if sort and reply.ok:
        octets = sorted_list(octets)
    replies[path] = b'%d\n' % reply.status_code + octets
    return reply


def ask_all(norn, once):
    """Every reply, by path."""
    replies = {}
    for form in FORMS:
        for path in LISTS:
            ask(norn, f'{path}.{form}', replies, sort=path not in ('alerts/all_alerts', 'channels/channels'))
    views = [v['kismet.devices.view.id'] for v in norn.get('/devices/views/all_views.json').json()]
    for view in views:
        for form in FORMS if view == 'all' else FORMS[:1]:
            ask(norn, f'devices/views/{view}/devices.{form}', replies, sort=True)
    keys = sorted(d['kismet.device.base.key'] for d in norn.get('/devices/views/all/devices.json').json())
    for key in keys[:KEYS_MAX]:
        for path in OF_DEVICE:
            for form in FORMS if path is OF_DEVICE[0] else FORMS[:1]:
                ask(norn, path.format(key) + '.' + form, replies, sort=path is not OF_DEVICE[0])
        for path in DOWNLOADS if key.startswith('4202770D') else ():
            ask(norn, path.format(key), replies)
    for path in ONCE if once else ():
        ask(norn, path, replies)
    return replies


def reports(norn, folder):
    """Reports of aircraft and sensors, as a sensor sends them."""
    for kind, path, line_of in (('rtl433', 'rtl433-samples.json', str),
                                ('adsb', 'adsb-sample.csv', lambda x: json.dumps({'adsb': x.split(',')[1].strip('"')}))):
        sensor = Sensor(port_of(norn), f'5FE308BD-0000-0000-0000-0000{kind.encode().hex()[:8].upper()}', kind='rtl433',
                        definition=f'x:name={kind}')
        sensor.open()
        lines = (folder / path).read_text().splitlines()
        for line in lines:
            sensor.socket.sendall(frame3(PACKET, {5: {1: kind, 2: 1700000000, 3: 0, 4: line_of(line)}}))
        conftest.wait_until(lambda: any(
            s['norn.datasource.reports'] >= len(lines) and s['kismet.datasource.name'] == kind
            for s in norn.get('/datasource/all_sources.json').json()))
        sensor.close()


def replies_of(program, capture, home, once):
    home.mkdir(parents=True)
    os.environ['NORN'] = str(program)
    if capture.is_dir():
        norn = Norn(home, config=CONFIG)
        reports(norn, capture)
    else:
        norn = Norn(home, '-c', str(capture), config=CONFIG)
        norn.wait_done()
    try:
        return ask_all(norn, once)
    finally:
        norn.stop()


def captures(only):
    shared = ROOT.parent / 'shared'
    found = [p for folder in (ROOT / 'tests/captures', shared / 'captures', shared / 'cases') if folder.is_dir()
             for p in sorted(folder.rglob('*')) if re.search(r'\.(pcap|cap|pcapng|dump)(\.gz|\.zst)?$', p.name)]
    if (shared / 'captures/adsb-sample.csv').exists():
        found.append(shared / 'captures')
    return [p for p in found if not only or re.search(only, f'{p}/')]


def keep(folder, replies):
    folder.mkdir(parents=True)
    for path, octets in replies.items():
        (folder / path.replace('/', '%')).write_bytes(octets)


def replies_in(folder):
    return {p.name.replace('%', '/'): p.read_bytes() for p in folder.iterdir()} if folder.is_dir() else {}


def gather(which, name, capture, home, kept, once):
    """Replies of one build on one capture: of a folder, or of the program, which may be kept."""
    if which.is_dir():
        return replies_in(which / name)
    found = replies_of(which, capture, home, once)
    if kept:
        keep(kept / name, found)
    return found


def first_difference(a, b):
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return f'at {at}: {a[max(0, at - 80):at + 60]!r}\n      is now {b[max(0, at - 80):at + 60]!r}'


def compare(capture, old, new, kept, once):
    """What differs, as text, and how many replies were compared."""
    name = '%'.join(capture.parts[-2:])
    with tempfile.TemporaryDirectory() as home:
        a = gather(old, name, capture, pathlib.Path(home) / 'old', kept, once)
        b = gather(new, name, capture, pathlib.Path(home) / 'new', None, once)
    reported = [f'{name}: {path} {"is ended" if path not in b else "is new" if path not in a else first_difference(a[path], b[path])}'
            for path in sorted(a.keys() | b.keys()) if a.get(path) != b.get(path)]
    return reported, len(a)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--keep', type=pathlib.Path)
    parser.add_argument('--only', metavar='REGEX', help='captures whose path it matches')
    parser.add_argument('old', type=pathlib.Path)
    parser.add_argument('new', type=pathlib.Path)
    args = parser.parse_args()
    total, differ = 0, 0
    for number, capture in enumerate(captures(args.only)):
        reported, n = compare(capture, args.old.resolve(), args.new.resolve(), args.keep, number == 0)
        total, differ = total + n, differ + len(reported)
        print('\n'.join(reported[:5]) + ('\n' if reported else ''), end='', flush=True)
    print(f'{total} replies compared, {differ} differ')
    sys.exit(bool(differ or not total))


if __name__ == '__main__':
    main()
