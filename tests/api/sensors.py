"""The capture protocol as a sensor speaks it: version 3 by msgpack, version 2 by a small protobuf of its own."""
import re
import socket
import struct
import threading
import time

import msgpack

REGISTER, PING, PONG, SHUTDOWN, MESSAGE, ERROR = 1, 2, 3, 4, 5, 6
OPEN, OPEN_REPORT, PACKET, CONFIGURE, CONFIGURE_REPORT, NEW_SOURCE = 12, 13, 16, 17, 18, 19
SIGNATURE = b'\xde\xca\xfb\xad'


def frame3(kind, fields=None, code=1, seqno=1):
    body = b'' if fields is None else msgpack.packb(fields)
    return SIGNATURE + b'\xa9\xa9\x00\x03' + struct.pack('>IHHI', len(body), kind, code, seqno) + body


def varint(number):
    out = b''
    while number > 0x7f:
        out += bytes([number & 0x7f | 0x80])
        number >>= 7
    return out + bytes([number])


def protobuf(*fields):
    """(number, value): integers, doubles, octets and texts."""
    out = b''
    for number, value in fields:
        if isinstance(value, float):
            out += varint(number << 3 | 1) + struct.pack('<d', value)
        elif isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            value = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def frame2(command, body=b'', seqno=1):
    return (SIGNATURE + b'\xab\xcd\x00\x02' + struct.pack('>I', len(body)) + command.encode().ljust(32, b'\0') +
            struct.pack('>I', seqno) + body)


def sum0(octets):
    """The sum of version 0: two sums from 0 on, which are never reduced."""
    one = two = 0
    for octet in octets:
        one += octet
        two += one
    return ((one & 0xffff) + (two << 16)) & 0xffffffff


def frame0(command, body=b'', seqno=1):
    payload = protobuf((1, command), (2, seqno), (3, body))
    return SIGNATURE + struct.pack('>II', sum0(payload), len(payload)) + payload


def frame(version, command, body=b'', seqno=1):
    return (frame2 if version == 2 else frame0)(command, body, seqno)


def fields_of(octets):
    """Numbers and values of a protobuf message."""
    at, found = 0, {}

    def number():
        nonlocal at
        n = shift = 0
        while True:
            n |= (octets[at] & 0x7f) << shift
            shift += 7
            at += 1
            if octets[at - 1] < 128:
                return n

    while at < len(octets):
        key = number()
        if key & 7 == 0:
            found[key >> 3] = number()
        else:
            size = 8 if key & 7 == 1 else number()
            found[key >> 3] = octets[at:at + size]
            at += size
    return found


def port_of(norn):
    for _ in range(200):
        found = re.search(r'Sensors connect to \S+ port (\d+)', norn.text())
        if found:
            return int(found[1])
        time.sleep(0.02)
    raise AssertionError(norn.text())


class Sensor:
    """Connects, announces itself, answers what the server asks."""

    def __init__(self, port, uuid, kind='linuxwifi', definition='wlan0:name=sensor', version=3, dlt=105,
                 channels=('1', '6', '11'), host='127.0.0.1', announce=True, url=None, key=None):
        self.socket = Websocket(url) if url else socket.create_connection((host, port), timeout=10)
        self.version, self.uuid, self.dlt, self.channels = version, uuid, dlt, channels
        self.buffer, self.sent = b'', 0
        if announce and version == 3:
            fields = {1: definition, 2: kind, 3: uuid}
            self.socket.sendall(frame3(NEW_SOURCE, {**fields, 100: key} if key else fields, code=0))
        elif announce:
            fields = [(1, definition), (2, kind), (3, uuid)] + ([(100, key)] if key else [])
            self.socket.sendall(frame(version, 'KDSNEWSOURCE', protobuf(*fields)))

    def read(self):
        """(kind or command, sequence number, payload) of the next frame; None at the end."""
        while True:
            if len(self.buffer) >= 12:
                size, = struct.unpack('>I', self.buffer[8:12])
                head = {b'\xa9\xa9': 20, b'\xab\xcd': 48}.get(self.buffer[4:6], 12)
                if len(self.buffer) >= head + size:
                    frame, self.buffer = self.buffer[:head + size], self.buffer[head + size:]
                    if head == 20:
                        return *struct.unpack('>HxxI', frame[12:20]), frame[20:]
                    if head == 12:
                        assert struct.unpack('>I', frame[4:8])[0] == sum0(frame[12:])
                        inner = fields_of(frame[12:])
                        return inner[1].decode(), inner[2], inner[3]
                    return frame[12:44].rstrip(b'\0').decode(), struct.unpack('>I', frame[44:48])[0], frame[48:]
            more = self.socket.recv(65536)
            if not more:
                return None
            self.buffer += more

    def open(self, success=True, text=''):
        """Waits to be opened, and answers; the definition that was asked for."""
        while True:
            got = self.read()
            assert got, 'the server hangs up'
            if got[0] == OPEN:
                self.socket.sendall(frame3(OPEN_REPORT, {
                    1: got[1], 2: self.dlt, 3: 'wlan0mon', 4: list(self.channels), 5: '6', 7: 'ath9k_htc',
                    8: self.uuid, 9: text, 10: 'sensor 1'}, code=int(success), seqno=got[1]))
                return msgpack.unpackb(got[2], strict_map_key=False)[1]
            if got[0] == 'KDSOPENSOURCE':
                self.socket.sendall(frame(self.version, 'KDSOPENSOURCEREPORT', protobuf(
                    (1, protobuf((1, 1), (2, got[1]))), (2, self.dlt), (3, 'wlan0mon'),
                    (4, protobuf(*((1, c) for c in self.channels))), (5, protobuf((1, '6'))),
                    (7, 'ath9k_htc'), (10, self.uuid))))
                return got[2]

    def configured(self, success=True, text='done'):
        """Waits for a request to tune, and answers; what was asked for."""
        while True:
            kind, seqno, body = self.read()
            if kind == CONFIGURE:
                asked = msgpack.unpackb(body, strict_map_key=False)
                answer = {1: seqno, 4: text}
                if success and 1 in asked:
                    answer[2] = asked[1]
                elif success:
                    answer[3] = asked[2]
                self.socket.sendall(frame3(CONFIGURE_REPORT, answer, code=int(success), seqno=seqno))
                return asked

    def send(self, data, dlt=None, gps=None, signal=None, sec=1700000000, usec=0, loss=None):
        self.sent += 1
        dlt = self.dlt if dlt is None else dlt
        if self.version == 3:
            fields = {4: {1: dlt, 2: sec, 3: usec, 4: len(data), 6: data}}
            if gps:
                fields[1] = {1: gps[0], 2: gps[1], 3: 600.0, 4: 3, 8: sec, 9: 0, 10: 'gpsd', 11: 'sensor'}
            if loss:  # captured, lost by the kernel, lost by the helper
                fields[100] = dict(enumerate(loss, 1))
            if signal:
                fields[2] = {1: signal & 0xffffffff, 5: 2437000}
            self.socket.sendall(frame3(PACKET, fields))
        else:
            fields = [(3, protobuf((1, sec), (2, usec), (3, dlt), (4, len(data)), (5, data)))]
            if signal:
                fields.append((4, protobuf((1, float(signal)), (5, 2437000.0))))
            self.socket.sendall(frame(self.version, 'KDSDATAREPORT', protobuf(*fields)))

    def alive(self):
        """Answers pings from now on, as a program does that runs."""
        def answer():
            while got := self.read():
                if got[0] == PING:
                    self.socket.sendall(frame3(PONG, seqno=got[1]))
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()

    def reported(self):
        """Why it is turned away."""
        while True:
            got = self.read()
            assert got, 'no word'
            if got[0] in (SHUTDOWN, 'SHUTDOWN'):
                assert self.read() is None
                return msgpack.unpackb(got[2], strict_map_key=False)[1] if got[0] == SHUTDOWN else fields_of(got[2])[1].decode()

    def close(self):
        self.socket.close()


class Websocket:
    """A socket as Sensor wants it, whose octets go as one frame a message."""

    def __init__(self, url):
        import websocket
        self.ws = websocket.create_connection(url, timeout=10)

    def sendall(self, octets):
        self.ws.send_binary(octets)

    def recv(self, _):
        import websocket
        try:
            return self.ws.recv()
        except websocket.WebSocketConnectionClosedException:
            return b''

    def close(self):
        self.ws.close()
