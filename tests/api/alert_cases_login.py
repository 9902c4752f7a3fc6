"""Cases of alert_cases.py: logins by WPS, EAP and SAE, and how stations join."""
import struct

from crackable import aes
from frames import AP, AUTH, BROADCAST, Capture, OTHER, STATION, element, mac, rsn, vendor  # noqa: F401

ACK, MIC, PAIRWISE = 0x80, 0x100, 8
BOTH = element(48, b'\1\0\0\x0f\xac\4\1\0\0\x0f\xac\4\2\0\0\x0f\xac\2\0\x0f\xac\x08\x80\0')


def wps(c, number, from_ap):
    return c.eap(1 if from_ap else 2, 254, bytes.fromhex('00372a00000001') + b'\4\0' + b'\x10\x22\0\1' + bytes([number]),
                 from_ap=from_ap)


def guess(c, stage):
    """An attempt that is refused at once, after M3, or not at all; or one that succeeds."""
    for number in {'early': (4, -5), 'm3': (4, -5, 7, -8), 'hangs': (4, -5, 7), 'right': (4, -5, 7, -8, 9, -10, 11, -12)}[stage]:
        wps(c, abs(number), number > 0)
    if stage in ('early', 'm3'):
        wps(wps(c, 14, True), 14, False)
    elif stage == 'right':
        wps(c, 15, False)
    return c.at(20)


def guesses(*stages):
    return lambda c: c.beacon() and [guess(c, stage) for stage in stages] and c


def commit(c, group, status=0, from_ap=False, station=STATION, transaction=1):
    body = struct.pack('<HHHH', 3, transaction, status, group) + (b'' if status in (76, 77) else b'\7' * 96)
    return c.management(AUTH, station if from_ap else AP, AP if from_ap else station, AP, body, step=0.05)


def result(c, code, station):
    packet = struct.pack('>BBH', code, 1, 4)
    return c.snap(0x888e, b'\1\0' + struct.pack('>H', 4) + packet, from_ap=True, station=station)


def station(n):
    return f'00:0b:00:00:00:{n:02x}'


def results(c, forged, true):
    for n in range(true):
        c.eap(1, 1, b'', from_ap=True, station=station(n)).eap(2, 1, b'anonymous', station=station(n))
        result(c, 3 + n % 2, station(n))
    for n in range(forged):
        result(c, 3 + n % 2, station(100 + n))
    return c


def visits(c, *points, join=False):
    for bssid in points:
        if join:
            c.authenticate(bssid=bssid).associate(rsn(8, 0xc0), bssid=bssid)
        for n in range(3):
            c.protected(n + 1, b'%d' % n * 20, bssid=bssid, step=0.05)
    return c


def first(c, nonce):
    return c.key(ACK | PAIRWISE, nonce=bytes([nonce]) * 32)


def under_zeros(c, number, zeros=True, from_ap=True):
    """A frame of CCMP whose key is all zeros, or another one."""
    sender = mac(c.address(AP if from_ap else STATION))
    stream = aes(bytes(16) if zeros else b'\1' * 16, b'\1\0' + sender + struct.pack('>Q', number)[2:] + b'\0\1')
    text = bytes(a ^ b for a, b in zip(b'\xaa\xaa\3\0\0\0\x08\0\x45', stream)) + b'x' * 40
    return c.protected(number, text, from_ap=from_ap, tid=0, step=0.01)


def kr00k(c, end, zeros):
    c.beacon(more=rsn()).associate(rsn(2, 0xc0))
    under_zeros(under_zeros(c, 1, False), 2, False)
    end(c)
    return c.each(range(3, 9), lambda c, n: under_zeros(c, n, n < 3 + zeros))


def offer(c, n):
    return c.key(ACK | PAIRWISE, nonce=b'\1' * 32, replay=n, data=vendor('000fac04', b'\7' * 16), step=1)


def offers(c, times):
    """A station joins, and gets the first message so many times."""
    return c.authenticate().associate(rsn(2, 0x80)).each(range(1, times + 1), offer)


def der(tag, *parts):
    text = b''.join(parts)
    length = bytes([len(text)]) if len(text) < 128 else b'\x82' + struct.pack('>H', len(text))
    return bytes([tag]) + length + text


def certificate(key, issuer):
    """RFC 5280 4.1: of that key, by that issuer."""
    name = [der(0x30, der(0x31, der(0x30, der(6, b'\x55\4\3'), der(12, text)))) for text in (issuer, b'radius')]
    times = der(0x30, der(23, b'250101000000Z'), der(23, b'350101000000Z'))
    public = der(0x30, der(0x30, der(6, b'\x2a\x86\x48')), der(3, b'\0' + bytes([key]) * 270))
    algorithm = der(0x30, der(6, b'\x2a\x86\x49'))
    return der(0x30, der(0x30, der(0xa0, der(2, b'\2')), der(2, bytes([key])), algorithm, name[0], times, name[1], public),
               algorithm, der(3, b'\0' + b'\7' * 256))


def server(c, key, issuer=b'ca', bssid=AP, method=25, most=1000):
    """What a server says in its first fragment of a TLS login."""
    def message(kind, text):
        text = bytes([kind]) + struct.pack('>I', len(text))[1:] + text
        return b'\x16\3\3' + struct.pack('>H', len(text)) + text
    one = certificate(key, issuer)
    chain = struct.pack('>I', len(one))[1:] + one
    hello = b'\3\3' + bytes(32) + b'\0\xc0\x30\0'
    tls = message(2, hello) + message(11, struct.pack('>I', len(chain))[1:] + chain) + message(14, b'')
    return c.eap(1, method, b'\xc0' + struct.pack('>I', len(tls)) + tls[:most], from_ap=True, bssid=bssid)


def servers(*shown):
    def make(c):
        c.beacon().beacon(bssid=OTHER)
        for one in shown:
            server(c, **one)
        return c
    return make


def box(locked):
    return vendor('0050f204', b'\x10\x4a\0\1\x10\x10\x44\0\1\2' + (b'\x10\x57\0\1\1' if locked else b''))


BOXES = (AP, OTHER, '00:0f:00:00:00:04', '00:0b:00:00:00:05')


def silence(c, boxes, tenths, more=lambda c, n: c):
    """Access points on a channel, and then a station alone."""
    c.tuned(2437)
    for n in range(60):
        for m, bssid in enumerate(boxes):
            c.beacon(b'', bssid, step=0.01, timestamp=(n * 10 + m) * 10000 + 10**9)
        c.at(0.1 - 0.01 * len(boxes))
    for n in range(tenths):
        more(c, n).protected(n + 1, b'%d' % n * 20, step=0.1024)
    return c


def links(c, *says):
    """Beacons of an access point of Wi-Fi 7: (the device's address, what else they say of links)."""
    for address, *more in says:
        basic = element(255, b'\x6b\0\0\7' + mac(address))
        removal = element(255, b'\x6b\2\0\1' + b'\0\5\x47\0\3\x0a\0') if 'removal' in more else b''
        mapping = element(255, b'\x6d\1\0') if 'mapping' in more else b''
        c.beacon(more=basic + removal + mapping)
    return c


def flight(c, *degrees, operator=None):
    """A drone that reports a position a second (ASTM F3411-22a 5.4.5): so many degrees north."""
    for north in degrees:
        messages = b'\x12' + bytes([0x22, 10, 40, 4]) + struct.pack('<iiHHH', int(north * 1e7), 72500000, 0, 2200, 2024) + bytes(6)
        if operator is not None:
            messages += b'\x42\0' + struct.pack('<iiHBHHBHI', int(operator * 1e7), 72500000, 1, 0, 0, 0, 0, 2100, 0) + b'\0'
        pack = b'\xf2\x19' + bytes([len(messages) // 25]) + messages
        c.beacon(c.name(b'drone'), more=vendor('fa0bbc', b'\x0d\x01' + pack), step=1)
    return c


CASES = {
    'DRONEFORGED': (lambda c: flight(c, 46.5, 46.6, 46.5, 46.6), lambda c: flight(c, 40, *[46.5 + n / 1000 for n in range(9)])),
    'MULTILINKFORGED': (lambda c: links(c, *[(OTHER,), (STATION,)] * 3), lambda c: links(c, *[(OTHER,)] * 9, (STATION,), (OTHER,))),
    'JAMMED': (lambda c: silence(c, BOXES[:3], 17), lambda c: silence(c, BOXES[:2], 40)),
    'EAPCERTIFICATE': (servers({'key': 1}, {'key': 2, 'issuer': b'another'}),
                       servers({'key': 1}, {'key': 1}, {'key': 2}, {'key': 2, 'issuer': b'another'})),
    'EAPWEAKMETHOD': (lambda c: c.eap(1, 4, b'\x10' + bytes(16), from_ap=True).eap(2, 4, b'\x10' + bytes(16)),
                      lambda c: c.eap(1, 4, b'\x10' + bytes(16), from_ap=True).eap(2, 3, b'\x19').eap(2, 25, b'\x20')),
    'EAPFORGED': (lambda c: results(c.beacon(), 4, 9), lambda c: results(c.beacon(), 3, 9)),
    'HANDSHAKEFLOOD': (lambda c: c.each(range(1, 10), first), lambda c: c.each(range(1, 9), first).each([8] * 9, first)),
    'NONCEZERO': (lambda c: c.key(ACK | PAIRWISE, nonce=bytes(32)),
                  lambda c: c.key(MIC | PAIRWISE, False, bytes(32)).key(ACK | PAIRWISE, nonce=bytes(31) + b'\1')),
    'SAECLOGGED': (lambda c: c.beacon().each(range(21), lambda c, n: commit(c, 19, 76, True, station(n))),
                   lambda c: c.beacon().each(range(20), lambda c, n: commit(c, 19, 76, True, station(n)))),
    'SAEDOWNGRADE': (lambda c: c.associate(rsn(8, 0xc0)).associate(rsn(2, 0x80), bssid=OTHER),
                     lambda c: c.associate(rsn(2, 0x80)).associate(rsn(8, 0xc0)).associate(rsn(2, 0x80), source=OTHER).associate(
                         rsn(2, 0x80), ssid=b'another')),
    'SAEREJECT': (lambda c: commit(commit(c.beacon(), 19, 77, True), 19, 77, True),
                  lambda c: commit(commit(commit(c.beacon(), 21, 77, True), 20, 77, True), 19, 77, True)),
    'SAEWEAKGROUP': (lambda c: commit(commit(c.beacon(), 22), 22), lambda c: commit(commit(commit(c.beacon(), 22), 19), 20)),
    'SSIDMISMATCH': (lambda c: c.beacon().associate(rsn(8, 0xc0), ssid=b'trusted'),
                     lambda c: c.beacon().associate(rsn(8, 0xc0)).beacon(b'', OTHER).associate(
                         rsn(8, 0xc0), ssid=b'trusted', bssid=OTHER).associate(rsn(8, 0xc0), ssid=b'x', bssid=station(9))),
    'TWOPLACES': (lambda c: visits(c, AP, OTHER, AP, OTHER, AP),
                  lambda c: visits(visits(c, AP, OTHER, AP, OTHER), *[AP, OTHER] * 4, join=True)),
    'WPA3TRANSITION': (lambda c: c.beacon(more=BOTH), lambda c: c.beacon(more=rsn(8, 0xc0)).beacon(bssid=OTHER, more=rsn(2))),
    'ZEROKEY': (lambda c: kr00k(c, lambda c: c.disconnect(), 2), lambda c: kr00k(c, lambda c: c.disconnect(), 1)),
    'WPSLOCKED': (lambda c: c.beacon(more=box(False)).beacon(more=box(True)),
                  lambda c: c.beacon(more=box(True)).beacon(more=box(False)).beacon(bssid=OTHER)),
    'WPSBRUTE': (guesses('m3', 'm3', 'm3', 'early'), guesses('m3', 'early', 'right', 'm3', 'early', 'right')),
}
MORE = [
    ('DRONEFORGED', lambda c: flight(c, 46.5, 46.5, 46.5, operator=48), lambda c: flight(c, *[46.5] * 5, operator=46.6)),
    ('PMKIDHARVEST', lambda c: offers(c, 4), lambda c: offers(offers(c, 3), 2)),
    ('PMKIDHARVEST', lambda c: offers(c, 5), lambda c: offers(c, 3).key(MIC | PAIRWISE, False, b'\2' * 32, data=rsn()).each(
        range(4, 9), offer)),
    ('MULTILINKFORGED', lambda c: links(c, *[(OTHER,), (OTHER, 'removal')] * 3),
     lambda c: links(c, (OTHER,), (OTHER,), *[(OTHER, 'removal')] * 9, (OTHER,))),
    ('MULTILINKFORGED', lambda c: links(c, *[(OTHER,), (OTHER, 'mapping')] * 3),
     lambda c: links(c, (OTHER,), *[(OTHER, 'mapping')] * 9, *[(OTHER,)] * 9, (OTHER, 'mapping'))),
    ('JAMMED', lambda c: silence(c, BOXES, 17),
     lambda c: silence(c, BOXES, 40, lambda c, n: c.beacon(b'', BOXES[3], step=0.001, timestamp=10**10 + n * 102400) if n % 12 == 9 else c)),
    # One box with many networks starts anew.
    ('JAMMED', lambda c: silence(c, BOXES[1:], 18), lambda c: silence(c, [f'{AP[:-1]}{n}' for n in range(1, 8)], 40)),
    ('EAPCERTIFICATE', servers({'key': 1}, {'key': 2, 'bssid': OTHER}), servers({'key': 1}, {'key': 1, 'bssid': OTHER})),
    ('EAPCERTIFICATE', servers({'key': 1, 'method': 13}, {'key': 2, 'issuer': b'x', 'method': 21}),
     servers({'key': 1}, {'key': 2, 'issuer': b'x', 'most': 300}, {'key': 2, 'issuer': b'x', 'method': 4})),
    ('ZEROKEY', lambda c: kr00k(c, lambda c: c.disconnect(to=BROADCAST), 2), lambda c: kr00k(c, lambda c: c.disconnect().at(11), 6)),
    ('ZEROKEY', lambda c: c.disconnect(10, to=AP, source=STATION) and under_zeros(under_zeros(c, 7, from_ap=False), 8, from_ap=False),
     lambda c: under_zeros(under_zeros(c, 7), 8)),
    ('WPSBRUTE', guesses('early', 'early', 'early', 'early'), guesses('right', 'right', 'right', 'right', 'right')),
    ('WPSBRUTE', guesses('hangs', 'hangs', 'hangs', 'hangs'), lambda c: guesses('hangs', 'hangs', 'hangs')(c).at(3601) and guess(c, 'm3')),
    ('WPSBRUTE', lambda c: c.beacon() and [guess(c.at(3000), 'm3') for _ in range(4)] and c,
     lambda c: c.beacon() and [guess(c.at(3700), 'm3') for _ in range(9)] and c),
    ('SAEREJECT', lambda c: commit(commit(commit(c.beacon(), 21, 0, True), 21, 77, True), 21, 77, True),
     lambda c: commit(commit(commit(c.beacon(), 21, 77, True), 21, 77, True), 21, 77, True)),
    ('WPSLOCKED', lambda c: c.answer(more=box(False)).answer(more=box(True)), lambda c: c.answer(more=box(True)).answer(more=box(True))),
    ('EAPWEAKMETHOD', lambda c: c.eap(2, 17, b'\1\0\x18'), lambda c: c.eap(1, 17, b'\1\0\x08', from_ap=True)),
    ('EAPWEAKMETHOD', lambda c: c.eap(2, 6, b'password'), lambda c: c.eap(2, 21, b'\0')),
    ('NONCEZERO', lambda c: c.key(MIC | PAIRWISE, False, bytes(32), data=rsn()), lambda c: c.key(MIC | 2, True, bytes(32))),
]
FRAMES = {'DRONEFORGED': (3,), 'MULTILINKFORGED': (3,), 'JAMMED': (16,), 'EAPFORGED': (4,), 'HANDSHAKEFLOOD': (9,), 'SAECLOGGED': (21,), 'SAEREJECT': (2,), 'SAEWEAKGROUP': (2,), 'TWOPLACES': (3,), 'ZEROKEY': (2,),
          'WPSBRUTE': (4,)}
LEARNS = {'JAMMED': {8}, 'TWOPLACES': {0, 2, 11}}
ANSWERS = ['WPA3TRANSITION']
RETURNS = ['SAEDOWNGRADE', 'SSIDMISMATCH']
