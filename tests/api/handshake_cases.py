"""Captures of handshakes whose passphrase can be found, as they are observed: whole and in parts, in every kind of frame,
with repeats, with wrong passphrases before the right one, of networks that hide their name."""
import struct

from crackable import FT, PASSPHRASE, PSK, SHA256, SSID, WPA, Exchange, Network  # noqa: F401
from frames import Capture, PROBE_RESP

WRONG = b'wrong horse'


def full(e):
    return e.run()


def roam(e, n):
    """The handshakes of another station."""
    other = Exchange(e.network, e.c, f'f8:1a:67:11:23:{n:02x}', seed=b'%d' % n)
    return other.run()


def cloaked(c, network, report):
    """A network that hides its name, and what shows it."""
    network.beacon(c, b'').beacon(b'', network.bssid, network.security())
    report(c)
    Exchange(network, c).run()
    network.beacon(c, b'')


def answer(network):
    return lambda c: c.beacon(network.ssid, network.bssid, network.security(), subtype=PROBE_RESP, to='f8:1a:67:11:22:33')


def beacons_around(c, network):
    for _ in range(3):
        network.beacon(c)
    Exchange(network, c).run()
    for _ in range(3):
        network.beacon(c)


def renamed(c, network):
    """Another name before, and another after."""
    network.beacon(c, b'before').beacon(b'before', network.bssid, network.security())
    network.beacon(c)
    Exchange(network, c).run()
    network.beacon(c, b'after')


def joined_first(c, network):
    """The station is observed before any beacon."""
    Exchange(network, c).associate().run()
    network.beacon(c, b'').beacon(b'', network.bssid, network.security())


def joins(network, **more):
    return lambda c: Exchange(network, c).associate(**more)


class Case:
    """One capture: what is in it, and what can be done with it."""

    def __init__(self, make, akm=PSK, aircrack=True, hashes=1, pairs='02', beacon=True, fcs=False, **way):
        self.make, self.akm, self.aircrack, self.hashes, self.pairs = make, akm, aircrack, hashes, pairs
        self.beacon, self.fcs, self.way = beacon, fcs, way

    def build(self, n):
        self.network = Network(self.akm, bssid=f'00:1d:aa:00:{n:02x}:01', ssid=b'%s %d' % (SSID, n))
        c = self.capture = Capture()
        if self.fcs:
            c.radio = struct.pack('<BBHIB', 0, 0, 9, 2, 0x10)  # radiotap: flags, of which one says that an FCS follows
        if self.beacon:
            beacon = self.network.beacon(c).frames.pop()
            e = Exchange(self.network, c, fcs=self.fcs, **self.way)
            e.add(beacon[1])
            self.make(e)
        else:
            self.make(c, self.network)
        return self


def flooded(e):
    """More first messages than are kept, before and after a handshake."""
    for _ in range(20):
        e.run('1')
    e.run()
    for _ in range(20):
        e.run('1')


def patient(e):
    """Wrong passphrases, each asked four times, until the right one; then wrong ones again."""
    for passphrase in [WRONG] * 3 + [None] + [WRONG] * 3:
        for _ in range(4 if passphrase else 1):
            e.run('12' if passphrase else '1234', passphrase)


def paced(e, seconds):
    """A slow handshake."""
    e.step = seconds
    e.run()
    e.step = 0.004
    return e


def returning(e):
    """The counter begins anew with every association."""
    for passphrase in (WRONG, WRONG, None):
        e.run('12' if passphrase else '1234', passphrase, begin=1)
        e.seed += b'again'


def asked_again(e):
    """The access point asks three times before it gets an answer that it takes."""
    e.run('1', retries=2)
    e.run('12', retries=1)
    e.run('1234', retries=1)


CASES = {
    'psk': Case(full),
    'psk-sha256': Case(full, SHA256),
    'wpa': Case(full, WPA),
    'qos': Case(full, qos=True),
    'four-addresses': Case(full, wds=True, aircrack=False),
    'four-addresses-qos': Case(full, wds=True, qos=True, aircrack=False),
    'fcs': Case(full, fcs=True),
    'fcs-qos': Case(full, fcs=True, qos=True),
    'fcs-four-addresses': Case(full, fcs=True, wds=True, aircrack=False),
    'm1m2': Case(lambda e: e.run('12'), pairs='00'),
    'm2m3': Case(lambda e: e.run('23')),
    'm3m4': Case(lambda e: e.run('34', m4_nonce=True), pairs='05'),
    'm1m3m4': Case(lambda e: e.run('134', m4_nonce=True), pairs='05'),
    'm1m4': Case(lambda e: e.run('14', m4_nonce=True), pairs='01', aircrack=False),
    'm1m2m4': Case(lambda e: e.run('124'), pairs='00'),
    'm1m2m3': Case(lambda e: e.run('123')),
    'm2m3m4': Case(lambda e: e.run('234')),
    'retries': Case(lambda e: e.run(retries=3)),
    'm2m3-retries': Case(lambda e: e.run('23', retries=9)),
    'pmkid': Case(lambda e: e.run('1', pmkid=e.network.pmkid()), pairs=''),
    'pmkid-wpa': Case(lambda e: e.run('1', pmkid=e.network.pmkid()), WPA, pairs=''),
    'pmkid-and-all': Case(lambda e: e.run(pmkid=e.network.pmkid()), hashes=2, pairs=' 02'),
    'pmkid-of-zeros': Case(lambda e: e.run(pmkid=bytes(16))),
    'pmkid-of-association': Case(lambda e: e.associate(e.network.pmkid()), pairs='', aircrack=False),
    'pmkid-of-reassociation': Case(lambda e: e.associate(e.network.pmkid(), True), pairs='', aircrack=False),
    'zeros-of-association': Case(lambda e: e.associate(bytes(16)).run()),
    'clients': Case(lambda e: [roam(e, n) for n in range(5)], hashes=5, pairs='02 02 02 02 02'),
    'flooded': Case(flooded),
    'wrong-before': Case(lambda e: e.run('12', WRONG).run('12', WRONG).run()),
    'wrong-before-m2m3': Case(lambda e: e.run('12', WRONG).run('12', WRONG).run('23')),
    'wrong-for-long': Case(patient),
    'wrong-same-counter': Case(returning),
    'asked-again': Case(asked_again),
    'twice': Case(lambda e: e.run().run()),
    'cloaked-answer': Case(lambda c, n: cloaked(c, n, answer(n)), beacon=False),
    'cloaked-association': Case(lambda c, n: cloaked(c, n, joins(n)), beacon=False),
    # aircrack-ng 1.7 reads no name from a reassociation request
    'cloaked-reassociation': Case(lambda c, n: cloaked(c, n, joins(n, again=True)), beacon=False, aircrack=False),
    'pmkid-then-m2m3': Case(lambda e: e.run('1', pmkid=e.network.pmkid()).run('23'), hashes=2, pairs=' 02'),
    'closest': Case(lambda e: paced(e, 0.02).run()),
    'cloaked-association-first': Case(joined_first, beacon=False),
    'beacons-around': Case(beacons_around, beacon=False),
    'renamed': Case(renamed, beacon=False),
    'beacon-after': Case(lambda c, n: n.beacon(Exchange(n, c).run().c), beacon=False),
    'answer-after': Case(lambda c, n: answer(n)(Exchange(n, c).run().c), beacon=False),
    'beacon-between': Case(lambda c, n: Exchange(n, n.beacon(Exchange(n, c).run('1').c)).run('23', begin=1), beacon=False),
    'cloaked-then-named-after': Case(lambda c, n: answer(n)(Exchange(n, n.beacon(c, b'')).run().c), beacon=False),
    'ft': Case(full, FT, aircrack=False, hashes=0, pairs=''),
    'sae-only-m3': Case(lambda e: e.run('13'), aircrack=False, hashes=0, pairs=''),
}


def packets(pcap):
    """Times and frames of a pcap."""
    at, found = 24, []
    while at < len(pcap):
        sec, usec, n, _ = struct.unpack_from('<IIII', pcap, at)
        found.append((sec * 1000000 + usec, pcap[at + 16:at + 16 + n]))
        at += 16 + n
    return found


def serve(norn, home, login, **more):
    """A server that has read the captures of all cases."""
    words = []
    for n, (name, case) in enumerate(CASES.items()):
        case.build(n).capture.write(home / f'{name}.pcap')
        words += ['-c', str(home / f'{name}.pcap')]
    server = norn(home, *words, config='httpd_username=kismet\nhttpd_password=secret\nenable_logging=false\nouifile=/dev/null\n')
    server.wait_done()
    server.home, server.login = home, login
    return server


def device_of(server, case):
    (device,) = server.get(f'/devices/by-mac/{case.network.bssid}/devices.json', auth=server.login).json()
    return device


def download(server, case, what):
    key = device_of(server, case)['kismet.device.base.key']
    reply = server.get(f'/phy/phy80211/by-key/{key}/pcap/x-{what}', auth=server.login)
    assert reply.status_code == 200
    return reply.content


def lines_of(server, case):
    return download(server, case, 'handshake.hc22000').decode().split('\n')[:-1]
