"""Captures whose passphrase can be found: associations with the keys that their passphrases make.

IEEE 802.11-2020 12.7.1.3 (pairwise keys), 12.7.1.6 (those of fast transition), 12.7.2 (EAPOL-Key)."""
import hashlib
import hmac
import struct
import zlib

from frames import ASSOC_REQ, BROADCAST, REASSOC_REQ, element, mac, vendor

AP, STATION = '00:1d:aa:00:00:01', 'f8:1a:67:11:22:33'
SSID, PASSPHRASE = b'crackable', b'correct horse'
PAIRWISE, INSTALL, ACK, MIC, SECURE, ENCRYPTED = 8, 0x40, 0x80, 0x100, 0x200, 0x1000
PSK, SHA256, FT, WPA = 2, 6, 4, 'wpa'
FT_DOMAIN, R0_HOLDER = b'\xa1\xb2\0', b'r0.example'


def aes_box():
    """The S-box of AES (FIPS 197 5.1.1)."""
    box, p, q = [0x63] * 256, 1, 1
    while True:
        p = (p ^ p << 1 ^ (0x11b if p & 0x80 else 0)) & 0xff
        for shift in (1, 2, 4):
            q = (q ^ q << shift) & 0xff
        q ^= 9 if q & 0x80 else 0
        box[p] = 0x63 ^ q
        for turn in range(1, 5):
            box[p] ^= (q << turn | q >> 8 - turn) & 0xff
        if p == 1:
            return box


BOX = aes_box()


def aes(key, block):
    """One block of AES-128."""
    words, round_constant = [list(key[i:i + 4]) for i in range(0, 16, 4)], 1
    while len(words) < 44:
        last = words[-1]
        if len(words) % 4 == 0:
            last = [BOX[b] for b in last[1:] + last[:1]]
            last[0] ^= round_constant
            round_constant = round_constant << 1 ^ (0x11b if round_constant & 0x80 else 0)
        words.append([a ^ b for a, b in zip(words[-4], last)])
    state = [a ^ b for a, b in zip(block, sum(words[:4], []))]
    for turn in range(1, 11):
        state = [BOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if turn < 10:
            state = [b for c in range(0, 16, 4) for b in mixed(state[c:c + 4])]
        state = [a ^ b for a, b in zip(state, sum(words[4 * turn:4 * turn + 4], []))]
    return bytes(state)


def mixed(column):
    def double(x):
        return x << 1 ^ (0x11b if x & 0x80 else 0)
    return [double(column[i]) ^ double(column[(i + 1) % 4]) ^ column[(i + 1) % 4] ^ column[(i + 2) % 4]
            ^ column[(i + 3) % 4] for i in range(4)]


def cmac(key, message):
    """AES-CMAC (RFC 4493)."""
    def half(block):
        n = int.from_bytes(block, 'big')
        return ((n << 1) & (1 << 128) - 1 ^ (0x87 if n >> 127 else 0)).to_bytes(16, 'big')

    sub = half(aes(key, bytes(16)))
    last = message[(len(message) - 1) // 16 * 16:] if message else b''
    if len(last) < 16:
        sub, last = half(sub), last + b'\x80' + bytes(15 - len(last))
    chain = bytes(16)
    for i in range(0, (len(message) - 1) // 16 * 16, 16):
        chain = aes(key, bytes(a ^ b for a, b in zip(chain, message[i:i + 16])))
    return aes(key, bytes(a ^ b ^ c for a, b, c in zip(chain, last, sub)))


def kdf(key, label, context, bits, digest):
    """12.7.1.7.2."""
    out = b''
    for n in range(1, bits // (8 * hashlib.new(digest).digest_size) + 2):
        out += hmac.new(key, struct.pack('<H', n) + label + context + struct.pack('<H', bits), digest).digest()
    return out[:bits // 8]


def prf(key, label, context, octets):
    """12.7.1.2."""
    out = b''
    for n in range(octets // 20 + 1):
        out += hmac.new(key, label + b'\0' + context + bytes([n]), 'sha1').digest()
    return out[:octets]


class Network:
    """A network that has a passphrase, and what its stations and it send."""

    def __init__(self, akm=PSK, ssid=SSID, bssid=AP, passphrase=PASSPHRASE):
        self.akm, self.ssid, self.bssid, self.passphrase = akm, ssid, bssid, passphrase
        self.version = {PSK: 2, WPA: 1}.get(akm, 3)  # of the key descriptor

    def security(self, pmkids=()):
        """Its element: RSN, or that of WPA."""
        if self.akm == WPA:
            return vendor('0050f201', b'\1\0' + b'\0\x50\xf2\2' + b'\1\0\0\x50\xf2\2' + b'\1\0\0\x50\xf2\2')
        list_of = struct.pack('<HH', 0, len(pmkids)) + b''.join(pmkids)
        return element(48, b'\1\0\0\x0f\xac\4\1\0\0\x0f\xac\4\1\0\0\x0f\xac' + bytes([self.akm]) + list_of)

    def domain(self):
        return element(54, FT_DOMAIN) if self.akm == FT else b''

    def beacon(self, c, ssid=None, **more):
        return c.beacon(self.ssid if ssid is None else ssid, self.bssid, self.security() + self.domain(), **more)

    def pmk(self, passphrase=None):
        return hashlib.pbkdf2_hmac('sha1', passphrase or self.passphrase, self.ssid, 4096, 32)

    def pmkid(self, station=STATION, digest='sha1'):
        return hmac.new(self.pmk(), b'PMK Name' + mac(self.bssid) + mac(station), digest).digest()[:16]

    def confirmation_key(self, station, anonce, snonce, passphrase=None):
        ap, sta, pmk = mac(self.bssid), mac(station), self.pmk(passphrase)
        context = min(ap, sta) + max(ap, sta) + min(anonce, snonce) + max(anonce, snonce)
        if self.akm in (PSK, WPA):
            return prf(pmk, b'Pairwise key expansion', context, 64)[:16]
        if self.akm == SHA256:
            return kdf(pmk, b'Pairwise key expansion', context, 384, 'sha256')[:16]
        r0 = kdf(pmk, b'FT-R0', bytes([len(self.ssid)]) + self.ssid + FT_DOMAIN[:2] + bytes([len(R0_HOLDER)])
                 + R0_HOLDER + sta, 384, 'sha256')
        r1 = kdf(r0[:32], b'FT-R1', ap + sta, 256, 'sha256')
        return kdf(r1, b'FT-PTK', snonce + anonce + ap + sta, 384, 'sha256')[:16]

    def mic(self, key, eapol):
        if self.version == 3:
            return cmac(key, eapol)
        return hmac.new(key, eapol, 'sha1' if self.version == 2 else 'md5').digest()[:16]

    def eapol(self, info, replay, nonce, data=b'', key=None):
        body = (bytes([254 if self.akm == WPA else 2]) + struct.pack('>HHQ', info | self.version, 16, replay) + nonce
                + bytes(32) + bytes(16) + struct.pack('>H', len(data)) + data)
        packet = b'\2\3' + struct.pack('>H', len(body)) + body
        return packet[:81] + self.mic(key, packet) + packet[97:] if key else packet


class Exchange:
    """Four-way handshakes of a station, by a way of sending frames."""

    def __init__(self, network, c, station=STATION, wds=False, qos=False, fcs=False, seed=b''):
        self.network, self.c, self.station, self.wds, self.qos, self.fcs = network, c, station, wds, qos, fcs
        self.seed, self.replay, self.step = seed + mac(station), 0, 0.004

    def send(self, from_ap, eapol, retries=0):
        ap, sta, c = self.network.bssid, self.station, self.c
        to, source = (sta, ap) if from_ap else (ap, sta)
        frame = c.header(2, 8 if self.qos else 0, 3 if self.wds else 2 if from_ap else 1, to, source, to if self.wds else ap)
        frame += (mac(source) if self.wds else b'') + (b'\0\0' if self.qos else b'') + b'\xaa\xaa\3\0\0\0\x88\x8e' + eapol
        for again in range(retries + 1):
            self.add(frame[:1] + bytes([frame[1] | (8 if again else 0)]) + frame[2:])

    def add(self, frame):
        self.c.add(frame + (struct.pack('<I', zlib.crc32(frame)) if self.fcs else b''), step=self.step)

    def nonce(self, of):
        return hashlib.sha256(self.seed + of + bytes([self.replay])).digest()

    def run(self, messages='1234', passphrase=None, pmkid=None, retries=0, m4_nonce=False, begin=None):
        """The messages of one handshake, those that are seen. pmkid: the one in the first."""
        n = self.network
        self.replay = self.replay + 1 if begin is None else begin
        anonce, snonce = self.nonce(b'a'), self.nonce(b's')
        key = n.confirmation_key(self.station, anonce, snonce, passphrase)
        kde = vendor('000fac04', pmkid) if pmkid else b''
        of = {
            '1': (True, n.eapol(PAIRWISE | ACK, self.replay, anonce, kde)),
            '2': (False, n.eapol(PAIRWISE | MIC, self.replay, snonce, n.security() + n.domain(), key)),
            '3': (True, n.eapol(PAIRWISE | ACK | MIC | INSTALL | (0 if n.akm == WPA else SECURE | ENCRYPTED),
                                self.replay + 1, anonce, bytes(56) if n.akm != WPA else n.security(), key)),
            '4': (False, n.eapol(PAIRWISE | MIC | (0 if n.akm == WPA else SECURE), self.replay + 1,
                                 snonce if m4_nonce else bytes(32), b'', key)),
        }
        for number in messages:
            self.send(*of[number], retries=retries)
        self.replay += 1
        return self

    def associate(self, pmkid=None, again=False):
        n = self.network
        body = struct.pack('<HH', 0x11, 1) + (mac(BROADCAST) if again else b'') + element(0, n.ssid)
        self.c.management(REASSOC_REQ if again else ASSOC_REQ, n.bssid, self.station, n.bssid,
                          body + n.security([pmkid] if pmkid else []) + n.domain(), step=0.01)
        return self
