"""Packets of a pcapng file (draft-ietf-opsawg-pcapng), for tests that count many files; Wireshark's tools stay the judge."""
import struct
from collections import namedtuple

Packet = namedtuple('Packet', 'time data interface length options')


def options_of(raw):
    """(code, value) in their order."""
    found, at = [], 0
    while at + 4 <= len(raw):
        code, n = struct.unpack_from('<HH', raw, at)
        if code == 0:
            break
        found.append((code, raw[at + 4:at + 4 + n]))
        at += 4 + (n + 3) // 4 * 4
    return found


def packets(octets):
    """Every packet; wrong lengths fail."""
    found, interfaces, at = [], [], 0
    while at < len(octets):
        kind, size = struct.unpack_from('<II', octets, at)
        assert size % 4 == 0 and size >= 12 and struct.unpack_from('<I', octets, at + size - 4)[0] == size
        body = octets[at + 8:at + size - 4]
        if kind == 0x0a0d0d0a:
            assert body[:4] == b'\x4d\x3c\x2b\x1a'
            interfaces = []
        elif kind == 1:
            interfaces.append((struct.unpack_from('<H', body)[0], dict(options_of(body[8:]))[2].decode()))
        elif kind == 6:
            number, high, low, captured, length = struct.unpack_from('<IIIII', body)
            data = body[20:20 + captured]
            assert len(data) == captured
            found.append(Packet((high << 32 | low) / 1e6, data, interfaces[number], length,
                                options_of(body[20 + (captured + 3) // 4 * 4:])))
        at += size
    assert at == len(octets)
    return found


def transmitter(packet):
    """The second address of a bare 802.11 frame."""
    return packet.data[10:16].hex(':')
