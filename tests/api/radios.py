"""Captures of other radios than Wi-Fi."""
import struct


def crc_24(octets):
    """Of Bluetooth Low Energy's advertising channels (Core 5.4 volume 6 part B 3.1.1)."""
    state = 0xaaaaaa
    for octet in octets:
        for _ in range(8):
            one = (state ^ octet) & 1
            octet, state = octet >> 1, state >> 1
            if one:
                state ^= 0xda6000
    return struct.pack('<I', state)[:3]


def reversed_mac(text):
    return bytes.fromhex(text.replace(':', ''))[::-1]


def ad(kind, data):
    """An element of advertising data."""
    return bytes([len(data) + 1, kind]) + data


class Radio:
    """A pcap file of one link type; times go on by themselves. Captures of different cases share no address: one
    server can read them all."""

    def __init__(self, linktype, case=0):
        self.linktype, self.case, self.frames, self.time = linktype, case, [], 1700000000.0

    def address(self, mac):
        """Of this case alone: its fourth and fifth octets."""
        return f'{mac[:9]}{self.case >> 8:02X}:{self.case & 255:02X}{mac[14:]}'

    def add(self, frame, step=0.2):
        self.frames.append((self.time, frame))
        self.time += step
        return self

    def write(self, path):
        out = [struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, self.linktype)]
        for time, frame in self.frames:
            out.append(struct.pack('<IIII', int(time), round(time % 1 * 1000000), len(frame), len(frame)) + frame)
        path.write_bytes(b''.join(out))
        return path


class Btle(Radio):
    """Frames of the advertising channels with the radio's header."""

    def __init__(self, case=0):
        super().__init__(256, case)

    def pdu(self, kind, body, random=False, channel=0, dbm=-50, broken=False, **more):
        frame = bytes([kind | 0x40 * random, len(body)]) + body
        crc = b'\1\2\3' if broken else crc_24(frame)
        head = struct.pack('<BbbBIH', channel, dbm, 0, 0, 0x8e89bed6, 0x0003)
        return self.add(head + struct.pack('<I', 0x8e89bed6) + frame + crc, **more)

    def advertise(self, mac, data=b'', kind=0, **more):
        return self.pdu(kind, reversed_mac(self.address(mac)) + data, **more)


class Hci(Radio):
    """What a controller reports to its host."""

    def __init__(self, case=0):
        super().__init__(201, case)

    def event(self, code, body, **more):
        return self.add(b'\0\0\0\1\4' + bytes([code, len(body)]) + body, **more)

    def advertised(self, mac, data=b'', random=False, dbm=-50, **more):
        return self.event(0x3e, b'\2\1\0' + bytes([random]) + reversed_mac(self.address(mac)) + bytes([len(data)]) + data
                          + struct.pack('b', dbm), **more)

    def found(self, mac, device_class, dbm=-50, **more):
        return self.event(0x22, b'\1' + reversed_mac(self.address(mac)) + b'\0\0' + struct.pack('<I', device_class)[:3] + b'\0\0'
                          + struct.pack('b', dbm), **more)

    def named(self, mac, name, **more):
        return self.event(7, b'\0' + reversed_mac(self.address(mac)) + name.ljust(248, b'\0'), **more)
