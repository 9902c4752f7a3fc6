"""Packet Capture and Streams: what Wireshark's tools make of them."""
import json
import subprocess
import threading
import time

import pytest
import requests

from conftest import LOGIN, wait_until
from frames import AP, Capture, STATION, rsn

ACK, MIC, INSTALL, PAIRWISE = 0x80, 0x100, 0x40, 8


def tshark(path, *fields):
    arguments = ['tshark', '-r', str(path), '-T', 'fields']
    for field in fields:
        arguments += ['-e', field]
    out = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=True)
    return [line.split('\t') for line in out.stdout.splitlines()]


@pytest.fixture
def busy(start, tmp_path):
    """A server that replays frames of two stations, slowly enough to be listened to."""
    capture = Capture()
    for i in range(20000):
        capture.beacon(more=rsn(), step=0.001).probe(b'x%d' % (i % 5), step=0.001)
    path = capture.write(tmp_path / 'busy.pcap')
    return start('-c', f'{path}:pps=4000,name=air')


def read(norn, path, to, wait_for=None):
    with requests.get(norn.url + path, auth=LOGIN, stream=True, timeout=30) as reply:
        assert reply.status_code == 200, reply.text
        assert reply.headers['Content-Type'] == 'application/vnd.tcpdump.pcap'
        with open(to, 'wb') as out:
            for part in reply.iter_content(65536):
                out.write(part)


def all_streams(norn, n, packets):
    listed = norn.get('/streams/all_streams.json').json()
    return listed if len(listed) == n and all(s['kismet.stream.packets'] > packets for s in listed) else None


def close_all(norn):
    for s in norn.get('/streams/all_streams.json').json():
        reply = norn.post(f'/streams/by-id/{s["kismet.stream.stream_id"]}/close_stream.cmd', auth=LOGIN)
        assert reply.status_code == 200


def test_streams_carry_what_they_say(busy, tmp_path):
    norn = busy
    uuid = norn.get('/datasource/all_sources.json', auth=LOGIN).json()[0]['kismet.datasource.uuid']
    station = wait_until(lambda: [d['kismet.device.base.key'] for d in norn.get('/devices/views/all/devices.json').json()
                             if d['kismet.device.base.macaddr'] == STATION.upper()])[0]
    streams = {
        'all': '/pcap/all_packets.pcapng',
        'sources': '/datasource/pcap/all_sources.pcapng',
        'source': f'/datasource/pcap/by-uuid/{uuid}/{uuid}.pcapng',
        'device': f'/devices/by-key/{station}/pcap/{station}.pcapng',
        'bssid': f'/phy/phy80211/by-bssid/{AP}/pcap/{AP}.pcapng',
        'bssid25': f'/phy/phy80211/pcap/by-bssid/{AP}/packets.pcapng.pcapng',
        'query': f'/query/packets.pcapng?q=sender:{STATION} data:no size<10kB',
    }
    assert norn.get(streams['all']).status_code == 401
    threads = [threading.Thread(target=read, args=(norn, path, tmp_path / name))
               for name, path in streams.items()]
    for t in threads:
        t.start()
    listed = wait_until(lambda: all_streams(norn, len(streams), packets=200))
    assert all(s['norn.stream.lost'] == 0 for s in listed)
    one = norn.get(f'/streams/by-id/{listed[0]["kismet.stream.stream_id"]}/stream_info.json').json()
    assert one['kismet.stream.type'] == 'pcapng' and one['kismet.stream.size'] > 0
    close_all(norn)
    for t in threads:
        t.join(timeout=10)
        assert not t.is_alive()
    wait_until(lambda: norn.get('/streams/all_streams.json').json() == [])
    for name in streams:
        rows = tshark(tmp_path / name, 'wlan.ta', 'wlan.fc.type_subtype', 'frame.interface_name')
        senders = {row[0] for row in rows}
        assert len(rows) > 100
        if name in ('device', 'query'):
            assert senders == {STATION}
        elif name.startswith('bssid'):
            assert senders == {AP}
        else:
            assert senders == {AP, STATION}
    info = subprocess.run(['capinfos', tmp_path / 'all'], capture_output=True, text=True, timeout=30)
    assert info.returncode == 0 and 'pcapng' in info.stdout and 'norn' in info.stdout


def test_a_stream_of_a_query_that_is_none(start):
    norn = start()
    for q, sentence in (('sendr:00', "'sender' is one"), ('rate>x', 'a number'), ('mac~^00', 'takes no regular expressions'),
                        (' '.join(['data:yes'] * 65), 'at most')):
        reply = norn.get('/query/packets.pcapng', params={'q': q}, auth=LOGIN)
        assert reply.status_code == 400 and sentence in reply.text, reply.text
    reply = norn.get('/query/packets.pcapng?from=-2h', auth=LOGIN)
    assert reply.status_code == 400 and 'from now on' in reply.text


def test_a_slow_reader_loses_packets_of_its_own(start, tmp_path):
    capture = Capture()
    capture.beacon(more=b'\xdd\xff' + bytes(255) + b'\xdd\xff' + bytes(255), step=0.0001, repeat=60000)
    norn = start()
    slow = requests.get(norn.url + '/pcap/all_packets.pcapng', auth=LOGIN, stream=True, timeout=30)
    assert slow.status_code == 200
    path = capture.write(tmp_path / 'much.pcap')
    norn.post('/datasource/add_source.cmd', {'definition': str(path)}, auth=LOGIN)
    sources = norn.wait_done()
    assert sources[0]['kismet.datasource.num_packets'] == 60000
    wait_until(lambda: norn.get('/streams/all_streams.json').json()[0]['norn.stream.lost'] > 0)
    slow.close()


def test_a_stream_that_is_closed_ends_behind_a_whole_block(start, tmp_path):
    """Also of a client that has not read yet what was sent."""
    norn = start()
    capture = Capture().beacon(more=b'\xdd\xff' + bytes(255) + b'\xdd\xc1' + bytes(193), step=0.0001, repeat=60000)
    slow = requests.get(norn.url + '/pcap/all_packets.pcapng', auth=LOGIN, stream=True, timeout=30)
    norn.post('/datasource/add_source.cmd', {'definition': str(capture.write(tmp_path / 'much.pcap'))}, auth=LOGIN)
    norn.wait_done()
    close_all(norn)
    octets, at = slow.content, 0
    while at + 12 <= len(octets):
        at += int.from_bytes(octets[at + 4:at + 8], 'little')
    assert at == len(octets) > 100000
    wait_until(lambda: norn.get('/streams/all_streams.json').json() == [])


def test_the_server_stops_with_streams_open(start):
    norn = start()
    streams = [requests.get(norn.url + '/pcap/all_packets.pcapng', auth=LOGIN, stream=True, timeout=30)
               for _ in range(20)]
    stat = open(f'/proc/{norn.process.pid}/stat').read().rsplit(')', 1)[1].split()
    time.sleep(1)
    after = open(f'/proc/{norn.process.pid}/stat').read().rsplit(')', 1)[1].split()
    assert int(after[11]) + int(after[12]) - int(stat[11]) - int(stat[12]) < 20  # idle streams cost nothing
    assert norn.stop() == 0
    for s in streams:
        s.close()


def test_handshakes(start, tmp_path):
    capture = Capture().beacon(more=rsn())
    capture.key(ACK | PAIRWISE | 2, replay=1)
    capture.key(MIC | PAIRWISE | 2, from_ap=False, replay=1, data=b'\x30\x02\1\0')
    capture.key(MIC | ACK | INSTALL | PAIRWISE | 2, replay=2, data=b'\0' * 8)
    capture.key(MIC | PAIRWISE | 2, from_ap=False, replay=2)
    capture.beacon(more=rsn())
    norn = start('-c', str(capture.write(tmp_path / 'h.pcap')))
    norn.wait_done()
    devices = [json.loads(x) for x in norn.get('/devices/all_devices.ekjson').text.splitlines()]
    key = [d['kismet.device.base.key'] for d in devices if d['kismet.device.base.macaddr'] == AP.upper()][0]
    path = f'/phy/phy80211/by-key/{key}'
    for name in (f'{path}/pcap/{key}-handshake.pcap', f'{path}/device/{STATION}/pcap/handshake.pcap'):
        assert norn.get(name).status_code == 401
        (tmp_path / 'out.pcap').write_bytes(norn.get(name, auth=LOGIN).content)
        rows = tshark(tmp_path / 'out.pcap', 'wlan.fc.type_subtype', 'wlan_rsna_eapol.keydes.msgnr')
        assert [int(r[0], 16) for r in rows] == [8, 32, 32, 32, 32], rows
        assert [r[1] for r in rows[1:]] == ['1', '2', '3', '4']
    empty = norn.get(f'{path}/pcap/{key}-pmkid.pcap', auth=LOGIN).content
    (tmp_path / 'pmkid.pcap').write_bytes(empty)
    assert tshark(tmp_path / 'pmkid.pcap', 'frame.number') == []
    assert norn.get('/phy/phy80211/by-key/1_2/pcap/x-handshake.pcap', auth=LOGIN).status_code == 404
