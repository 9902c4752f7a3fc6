"""802.11 frames and captures, octet by octet (IEEE 802.11-2020 clause 9)."""
import re
import struct
import zlib

BROADCAST = 'ff:ff:ff:ff:ff:ff'
AP, STATION, OTHER = '00:0d:00:00:00:01', '00:0c:00:00:00:02', '00:0e:00:00:00:03'
(ASSOC_REQ, ASSOC_RESP, REASSOC_REQ, REASSOC_RESP, PROBE_REQ, PROBE_RESP, TIMING, BEACON, ATIM, DISASSOC, AUTH,
 DEAUTH, ACTION, ACTION_NO_ACK) = (0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14)


def mac(text):
    return bytes.fromhex(text.replace(':', ''))


def element(number, data=b''):
    return bytes([number, len(data)]) + data


def rsn(akm=2, capabilities=0, pairwise=1):
    return element(48, b'\1\0\0\x0f\xac\4' + struct.pack('<H', pairwise) + b'\0\x0f\xac\4' * min(pairwise, 4)
                   + b'\1\0\0\x0f\xac' + bytes([akm]) + struct.pack('<H', capabilities))


def vendor(oui_type, data=b''):
    return element(221, bytes.fromhex(oui_type) + data)


def wep(clear, key, iv=b'\1\2\3'):
    """A body that WEP protects (12.3.2)."""
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + (iv + key)[i % (3 + len(key))]) % 256
        state[i], state[j] = state[j], state[i]
    i, j, out = 0, 0, bytearray()
    for octet in clear + struct.pack('<I', zlib.crc32(clear)):
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(octet ^ state[(state[i] + state[j]) % 256])
    return iv + b'\0' + bytes(out)


ARP = (b'\xaa\xaa\3\0\0\0\x08\x06' + b'\0\1\x08\0\6\4\0\1' + mac(STATION) + b'\x0a\0\0\7' + b'\0' * 6
       + b'\x0a\0\0\1')


# Of the addresses of tests the third and fourth octets are zero: a capture of a case has its own there.
MAPPED = re.compile(rb'([\0\2][\x0a-\x0f])\0\0(?=[\0-\x0f].)', re.S)


class Capture:
    """A pcap file of bare 802.11 frames; times go on by themselves unless set. Captures of different cases
    share no address of stations, nor the name b'net', so that one server can read them all."""

    def __init__(self, case=0):
        self.frames, self.time, self.sequence = [], 1700000000.0, 0
        self.radio, self.radios = b'', []  # radiotap header, when tuned; of each frame
        self.case = case
        self.most = 65535  # octets that are kept of a frame, the radiotap header not counted

    def name(self, name):
        """The name, of this case alone."""
        return name + b'%d' % self.case if self.case else name

    def address(self, text):
        """The address as it is in this case's frames."""
        return ':'.join(f'{b:02X}' for b in self._mapped(mac(text)))

    def _mapped(self, octets):
        return MAPPED.sub(lambda m: m[1] + struct.pack('>H', self.case), octets) if self.case else octets

    def tuned(self, mhz, dbm=-50):
        """From now on, and from the beginning, frames have a radiotap header (channel, signal)."""
        self.tune(mhz, dbm)
        self.radios = [self.radio] * len(self.frames)
        return self

    def tune(self, mhz, dbm=-50):
        """To another channel; from the beginning on there is one."""
        self.radio = struct.pack('<BBHIHHb', 0, 0, 13, 1 << 3 | 1 << 5, mhz, 0, dbm)
        return self

    def add(self, frame, step=0.2, repeat=1):
        for _ in range(repeat):
            self.frames.append((self.time, self._mapped(frame)))
            self.radios.append(self.radio)
            self.time += step
        return self

    def header(self, kind, subtype, flags, a1, a2, a3):
        self.sequence = (self.sequence + 1) % 4096
        return (bytes([kind << 2 | subtype << 4, flags]) + b'\0\0' + mac(a1) + mac(a2) + mac(a3)
                + struct.pack('<H', self.sequence << 4))

    def management(self, subtype, to, source, bssid, body=b'', **more):
        return self.add(self.header(0, subtype, 0, to, source, bssid) + body, **more)

    def beacon(self, ssid=None, bssid=AP, more=b'', interval=100, timestamp=None, capability=0x11,
               channel=6, subtype=BEACON, to=BROADCAST, **options):
        if timestamp is None:
            timestamp = int((self.time - 1699999000) * 1000000)
        body = struct.pack('<QHH', timestamp, interval, capability)
        body += element(0, self.name(b'net') if ssid is None else ssid)
        body += element(1, b'\x82\x84\x8b\x96')
        if channel is not None:
            body += element(3, bytes([channel]))
        return self.management(subtype, to, bssid, bssid, body + more, **options)

    def probe(self, ssid=None, source=STATION, more=b'', **options):
        return self.management(PROBE_REQ, BROADCAST, source, BROADCAST,
                               element(0, self.name(b'net') if ssid is None else ssid)
                               + element(1, b'\x82\x84') + more, **options)

    def answer(self, **more):
        return self.beacon(subtype=PROBE_RESP, to=STATION, **more)

    def associate(self, more=b'', source=STATION, bssid=AP, ssid=None, again=False, **options):
        body = struct.pack('<HH', 0x11, 1) + (mac(OTHER) if again else b'')
        body += element(0, self.name(b'net') if ssid is None else ssid) + more
        return self.management(REASSOC_REQ if again else ASSOC_REQ, bssid, source, bssid, body, **options)

    def disconnect(self, subtype=DEAUTH, to=STATION, source=AP, bssid=AP, reason=7, **more):
        return self.management(subtype, to, source, bssid, struct.pack('<H', reason), **more)

    def control(self, subtype, to, source=None, duration=0, **more):
        """RTS (11), CTS (12, without a source) or PS-Poll (10)."""
        return self.add(bytes([subtype << 4 | 4, 0]) + struct.pack('<H', duration) + mac(to) + (mac(source) if source else b''),
                        **more)

    def null(self, asleep=True, station=STATION, bssid=AP, **more):
        return self.add(self.header(2, 4, 0x11 if asleep else 1, bssid, station, bssid), **more)

    def joined(self, more=b'', source=STATION, bssid=AP):
        """A request to join, and that it is granted."""
        self.associate(more, source, bssid)
        return self.management(ASSOC_RESP, source, bssid, bssid, b'\x11\0\0\0\1\xc0' + element(1, b'\x82'))

    def data(self, body, from_ap=False, flags=0, bssid=AP, station=STATION, **more):
        if from_ap:
            return self.add(self.header(2, 0, 2 | flags, station, bssid, bssid) + body, **more)
        return self.add(self.header(2, 0, 1 | flags, bssid, station, bssid) + body, **more)

    def protected(self, number, text=b'x' * 40, from_ap=False, sequence=None, tid=None, fragment=0, flags=0x40, amsdu=False,
                  wep=False, key_id=0, **more):
        """A data frame of CCMP with that packet number, or of WEP with that vector. What it holds is not encrypted, but it
        ends in an integrity code."""
        if sequence is not None:
            self.sequence = sequence - 1
        station, bssid = more.pop('station', STATION), more.pop('bssid', AP)
        to = (station, bssid, bssid) if from_ap else (bssid, station, bssid)
        head = self.header(2, 0 if tid is None else 8, flags | (2 if from_ap else 1), *to)
        head = head[:22] + struct.pack('<H', self.sequence << 4 | fragment)
        if tid is not None:
            head += struct.pack('<H', tid | (0x80 if amsdu else 0))
        if wep:
            return self.add(head + struct.pack('>I', number << 8 | key_id << 6) + text, **more)
        low, high = number & 0xffff, number >> 16
        body = struct.pack('<HBBI', low, 0, 0x20 | key_id << 6, high) + text + struct.pack('<Q', zlib.crc32(text) * 77 + number)
        return self.add(head + body, **more)

    def key(self, info, from_ap=True, nonce=b'\x11' * 32, replay=1, data=b'', length=None, step=None, flags=0,
            bssid=AP, station=STATION):
        if step:
            self.time += step
        body = (b'\2' + struct.pack('>HHQ', info, 16, replay) + nonce + b'\0' * 32 + b'\0' * 16
                + struct.pack('>H', len(data)) + data)
        eapol = b'\2\3' + struct.pack('>H', len(body) if length is None else length) + body
        return self.data(b'\xaa\xaa\3\0\0\0\x88\x8e' + eapol, from_ap, flags, bssid, station)

    def authenticate(self, algorithm=0, transaction=1, source=STATION, bssid=AP, more=b'', **options):
        return self.management(AUTH, bssid, source, bssid, struct.pack('<HHH', algorithm, transaction, 0) + more,
                               **options)

    def snap(self, ethertype, payload, oui=b'\0\0\0', **more):
        return self.data(b'\xaa\xaa\3' + oui + struct.pack('>H', ethertype) + payload, **more)

    def eap(self, code, kind, data, **more):
        packet = struct.pack('>BBHB', code, 1, 5 + len(data), kind) + data
        return self.snap(0x888e, b'\1\0' + struct.pack('>H', len(packet)) + packet, **more)

    def wps_message(self, number):
        """EAP-WSC with the message of that number; 7 is M3."""
        return self.eap(1, 254, bytes.fromhex('00372a00000001') + b'\4\0' + b'\x10\x22\0\1' + bytes([number]),
                        from_ap=True)

    def ip(self, protocol, payload, version=4, **more):
        if version == 6:
            return self.snap(0x86dd, struct.pack('>IHBB', 6 << 28, len(payload), protocol, 255) + b'\0' * 32 + payload, **more)
        return self.snap(0x0800, struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0) + b'\0' * 8
                         + payload, **more)

    def udp(self, ports, body, **more):
        return self.ip(17, struct.pack('>HHHH', *ports, 8 + len(body), 0) + body, **more)

    def dhcp(self, message=1, options=b'', address=b'\0\0\0\0', from_ap=False, server=None, client=STATION, **more):
        """A client's message, or a server's: that of the access point, or where server is True the sender's."""
        server = from_ap if server is None else server
        body = (bytes([2 if server else 1]) + b'\1\6\0' + b'\0' * 12 + address + b'\0' * 8 + mac(client) + b'\0' * 202
                + bytes.fromhex('63825363') + bytes([53, 1, message]) + options + b'\xff')
        return self.udp((67, 68) if server else (68, 67), body, from_ap=from_ap, **more)

    def arp(self, address, hardware=STATION, operation=1, **more):
        return self.snap(0x0806, struct.pack('>HHBBH', 1, 0x0800, 6, 4, operation) + mac(hardware) + address + b'\0' * 10,
                         **more)

    def router(self, lifetime=1800, **more):
        """A router advertisement of IPv6."""
        return self.ip(58, struct.pack('>BBHBBHII', 134, 0, 0, 64, 0, lifetime, 0, 0), version=6, **more)

    def llmnr(self, name, flags=0x8000, **more):
        name = bytes([len(name)]) + name + b'\0'
        body = struct.pack('>HHHHHH', 1, flags, 1, 1 if flags & 0x8000 else 0, 0, 0) + name + b'\0\1\0\1'
        return self.udp((5355, 40000) if flags & 0x8000 else (40000, 5355), body, **more)

    def netbios(self, name, kind=0x20, **more):
        coded = b''.join(bytes([65 + (c >> 4), 65 + (c & 15)]) for c in name.ljust(15) + bytes([kind]))
        body = struct.pack('>HHHHHH', 1, 0x8500, 0, 1, 0, 0) + b'\x20' + coded + b'\0\0\x20\0\1' + b'\0' * 12
        return self.udp((137, 137), body, **more)

    def at(self, seconds):
        """Moves on, or back, in time."""
        self.time += seconds
        return self

    def each(self, numbers, do):
        """do(self, n) for each of them."""
        for n in numbers:
            do(self, n)
        return self

    def write(self, path, fcs=False):
        """fcs: a radiotap header says that a right FCS stands behind each frame, so that one frame is enough for rules
        that otherwise want a second."""
        out = [struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 127 if self.radio or fcs else 105)]
        for (time, frame), radio in zip(self.frames, self.radios):
            check = struct.pack('<I', zlib.crc32(frame)) if fcs else b''
            if fcs:
                radio = struct.pack('<BBHIBx', 0, 0, 10 + len(radio[8:]), 1 << 1 | (0x28 if radio else 0), 0x10) + radio[8:]
            kept = radio + frame[:self.most] + check
            out.append(struct.pack('<IIII', int(time), int(time % 1 * 1000000), len(kept), len(radio + frame + check)) + kept)
        path.write_bytes(b''.join(out))
        return path
