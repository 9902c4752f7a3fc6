"""One capture in all the forms that it may come in: files of each kind, radio headers of each kind, with and without
FCS. What a server makes of it has to be the same."""
import gzip
import pathlib
import struct
import zlib

RADIOTAP, BARE, PPI, PRISM, AVS = 127, 105, 192, 119, 163


def read_pcap(data):
    order = '<' if data[0] == 0xd4 else '>'
    link, at, frames = struct.unpack(order + 'I', data[20:24])[0], 24, []
    while at + 16 <= len(data):
        sec, usec, kept, length = struct.unpack(order + 'IIII', data[at:at + 16])
        if at + 16 + kept <= len(data):  # the last may be torn
            frames.append((sec * 10 ** 6 + usec, data[at + 16:at + 16 + kept], length))
        at += 16 + kept
    return link, frames


def read_pcapng(data):
    at, link, unit, frames = 0, None, 6, []
    while at + 12 <= len(data):
        kind, length = struct.unpack('<II', data[at:at + 8])
        body = data[at + 8:at + length - 4]
        at += length
        if kind == 1:
            link, option = struct.unpack('<H', body[:2])[0], 8
            while option + 4 <= len(body):
                number, n = struct.unpack('<HH', body[option:option + 4])
                unit = body[option + 4] if number == 9 else unit  # if_tsresol
                option += 4 + (n + 3) // 4 * 4
        elif kind == 6:
            _, high, low, kept, whole = struct.unpack('<IIIII', body[:20])
            frames.append(((high << 32 | low) * 10 ** 6 // 10 ** unit, body[20:20 + kept], whole))
    return link, frames


def read(path):
    """The link type, and (microseconds, octets, length on the air) of each packet."""
    data = pathlib.Path(path).read_bytes()
    return read_pcapng(data) if data[:4] == b'\x0a\x0d\x0d\x0a' else read_pcap(data)


def pcap(link, frames, order='<', nano=False):
    out = [struct.pack(order + 'IHHiIII', 0xa1b23c4d if nano else 0xa1b2c3d4, 2, 4, 0, 0, 262144, link)]
    for usec, frame, length in frames:
        out.append(struct.pack(order + 'IIII', usec // 10 ** 6, usec % 10 ** 6 * (1000 if nano else 1), len(frame),
                               max(length, len(frame))) + frame)
    return b''.join(out)


def pcapng(link, frames, order='<'):
    def block(kind, body):
        return struct.pack(order + 'II', kind, 12 + len(body)) + body + struct.pack(order + 'I', 12 + len(body))
    out = [block(0x0a0d0d0a, struct.pack(order + 'IHHq', 0x1a2b3c4d, 1, 0, -1)),
           block(1, struct.pack(order + 'HHI', link, 0, 262144))]
    for usec, frame, length in frames:
        head = struct.pack(order + 'IIIII', 0, usec >> 32, usec & 0xffffffff, len(frame), max(length, len(frame)))
        out.append(block(6, head + frame + b'\0' * (-len(frame) % 4)))
    return b''.join(out)


def fcs(frame):
    return frame + struct.pack('<I', zlib.crc32(frame))


def radiotap(*words, fields=b''):
    """The words of the bitmap, then the fields as they stand."""
    present = b''.join(struct.pack('<I', w) for w in words)
    return struct.pack('<BBH', 0, 0, 4 + len(present) + len(fields)) + present + fields


# Flags of radiotap: bit 1, whose 0x10 announces an FCS. Bit 29 goes back to radiotap's own fields, bit 30 to a vendor's,
# which come behind OUI, sub-namespace and length; bit 31: one more word.
VENDOR_FIELDS = b'\xaa\xbb\xcc\x01' + struct.pack('<H', 6) + b'vendor'
COMMON = struct.pack('<QHHHHBBbb', 0, 1, 2, 0, 0, 0, 0, 0, 0)
WRAPS = {  # link type, header, what is done to the frame
    'radiotap': (RADIOTAP, radiotap(0), None),
    'radiotap with flags': (RADIOTAP, radiotap(2, fields=b'\0'), None),
    'radiotap with FCS': (RADIOTAP, radiotap(2, fields=b'\x10'), fcs),
    'radiotap of a vendor': (RADIOTAP, radiotap(1 << 31 | 1 << 30 | 2, 1 << 31 | 1 << 29 | 0x21, 2,
                                                fields=b'\x10\0' + VENDOR_FIELDS + b'\x10'), fcs),
    'bare with FCS': (BARE, b'', fcs),
    'PPI': (PPI, struct.pack('<BBHI', 0, 0, 8, BARE), None),
    'PPI with FCS': (PPI, struct.pack('<BBHIHH', 0, 0, 12 + len(COMMON), BARE, 2, len(COMMON)) + COMMON, fcs),
    'AVS': (AVS, struct.pack('>IIQQ', 0x80211001, 64, 0, 0) + b'\0' * 40, None),
    'Prism': (PRISM, struct.pack('<II16s', 0x44, 144, b'wlan0')
              + b''.join(struct.pack('<IHHI', 0x10044 * (i + 1), 1, 4, 0) for i in range(10)), None),
    'AVS as Prism': (PRISM, struct.pack('>IIQQ', 0x80211001, 64, 0, 0) + b'\0' * 40, None),
}


def forms(link, frames):
    """(name, octets of a file)"""
    yield 'pcap', pcap(link, frames)
    yield 'pcap, big endian', pcap(link, frames, '>')
    yield 'pcap of nanoseconds', pcap(link, frames, '<', True)
    yield 'pcap of nanoseconds, big endian', pcap(link, frames, '>', True)
    yield 'pcapng', pcapng(link, frames)
    yield 'pcapng, big endian', pcapng(link, frames, '>')
    yield 'gzip', gzip.compress(pcap(link, frames))
    if link != BARE:
        return
    for name, (other, header, change) in WRAPS.items():
        wrapped = [(usec, header + (change(f) if change else f), len(header) + length + (4 if change else 0))
                   for usec, f, length in frames]
        yield name, pcap(other, wrapped)


# What the radio header or the server's clock says.
LEFT_OUT = ('signal', 'rrd', 'mod_time', 'seenby', 'server', 'alert', 'packet.dlt', 'norn.device.same_as')


def leaves(x, path=''):
    if isinstance(x, dict):
        for k, v in x.items():
            yield from leaves(v, path + '/' + k)
    elif isinstance(x, list):
        for i, v in enumerate(x):
            yield from leaves(v, f'{path}[{i}]')
    elif not any(part in path for part in LEFT_OUT):
        yield path, x


def facts(devices):
    """Everything about the devices that should not depend on the form, by address."""
    return {d['kismet.device.base.macaddr']: dict(leaves(d)) for d in devices}
