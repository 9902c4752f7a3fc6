"""Packet logs and streams, for Wireshark and its like: capinfos counts them, tshark reads them without a complaint."""
import os
import pathlib
import subprocess
import time

import pytest
from peers import CONFIG, LOGIN, WPA2, program, run, start, wait_until  # noqa: F401

FIELDS = ['wlan.ta', 'wlan.ssid', 'frame.time_epoch', 'radiotap.dbm_antsignal']


def packets(path, *more):
    """The rows of FIELDS, as tshark reads a file; nothing may be malformed."""
    rows = [x for f in FIELDS for x in ('-e', f)]
    assert not run('tshark', '-r', path, '-Y', '_ws.malformed && !_ws.malformed.expert', *more)
    return [line.split('\t') for line in run('tshark', '-r', path, '-T', 'fields', *rows, *more).splitlines()]


def facts(path):
    return dict(line.split(':', 1) for line in run('capinfos', path).splitlines() if ':' in line)


def logged(start, kind, capture):
    norn = start('-c', str(capture), config=CONFIG + f'log_types={kind}\nkis_log_beacons=all\n')
    norn.wait_done()
    log, = norn.get('/logging/active.json', auth=LOGIN).json()
    path = log['kismet.logfile.path']
    assert norn.stop() == 0
    return norn.home / path


def read_stream(norn, tmp_path, path, command):
    """What curl takes from a stream while a capture is read, as it pipes into a program that reads live."""
    curl = subprocess.Popen([program('curl'), '-sN', '-u', ':'.join(LOGIN), norn.url + path], stdout=subprocess.PIPE)
    reader = subprocess.Popen(command, stdin=curl.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    curl.stdout.close()
    return curl, reader


@pytest.mark.parametrize('kind', ['pcapng', 'pcapppi'])
def test_logs_hold_every_packet(start, kind):
    log = logged(start, kind, WPA2)
    theirs, ours = packets(WPA2), packets(log)
    assert int(facts(log)['Number of packets']) == len(theirs)
    assert [row[:2] for row in ours] == [row[:2] for row in theirs]
    for mine, original in zip(ours, theirs):
        assert abs(float(mine[2]) - float(original[2])) < 2e-6


def test_pcapng_names_its_writer_and_its_sources(start):
    said = run('capinfos', logged(start, 'pcapng', WPA2))
    assert 'pcapng' in said and 'norn' in said and 'Strict time order:   True' in said


def test_a_kismetdb_gives_its_packets_back(start):
    log = logged(start, 'kismet', WPA2)
    norn_log = pathlib.Path(os.environ['NORN']).parent / 'tools/norn-log'
    subprocess.run([norn_log, 'pcap', log, '--out', log.with_suffix('.pcapng')], check=True, capture_output=True, timeout=30)
    assert [row[:2] for row in packets(log.with_suffix('.pcapng'))] == [row[:2] for row in packets(WPA2)]


def test_tshark_reads_a_stream_as_it_comes(start, tmp_path):
    """curl ... | tshark -r -: the way that users watch live, with packets before the stream has ended."""
    norn = start(config=CONFIG)
    tshark = [program('tshark'), '-l', '-a', 'duration:60', '-i', '-', '-T', 'fields', '-e', 'wlan.ta', '-e', 'wlan.ssid']
    curl, reader = read_stream(norn, tmp_path, '/pcap/all_packets.pcapng', tshark)
    try:
        streams = lambda: norn.get('/streams/all_streams.json', auth=LOGIN).json()  # noqa: E731
        wait_until(streams)
        time.sleep(1)  # tshark reads from a child of its own
        norn.post('/datasource/add_source.cmd', {'definition': str(WPA2)}, auth=LOGIN)
        read = [reader.stdout.readline().decode().split('\t')[0] for _ in packets(WPA2)]
        assert curl.poll() is None and read == [row[0] for row in packets(WPA2)]
    finally:
        curl.terminate()
        curl.wait(timeout=10)
        rest, complaints = reader.communicate(timeout=20)
    assert b'damaged' not in complaints and b'cut short' not in complaints, complaints
    assert not rest


def test_every_stream_is_a_capture(start, tmp_path):
    """All packets, those of sources, of a network and of a device: capinfos counts what tshark finds in the capture."""
    norn = start('-c', str(WPA2), config=CONFIG)
    norn.wait_done()
    access_point, = norn.get('/devices/views/phydot11_accesspoints/devices.json').json()
    mac, key = access_point['kismet.device.base.macaddr'], access_point['kismet.device.base.key']
    streams = {'/pcap/all_packets.pcapng': None, '/datasource/pcap/all_sources.pcapng': None,
               f'/phy/phy80211/pcap/by-bssid/{mac}/packets.pcapng': f'wlan.bssid == {mac}',
               f'/devices/pcap/by-key/{key}/packets.pcapng': f'wlan.ta == {mac}'}
    readers = [subprocess.Popen([program('curl'), '-sN', '-u', ':'.join(LOGIN), '-o', tmp_path / f'{i}.pcapng', norn.url + path])
               for i, path in enumerate(streams)]
    try:
        wait_until(lambda: len(norn.get('/streams/all_streams.json', auth=LOGIN).json()) == len(streams))
        again = norn.get('/datasource/all_sources.json', auth=LOGIN).json()[0]['kismet.datasource.uuid']
        assert norn.get(f'/datasource/by-uuid/{again}/open_source.cmd', auth=LOGIN).status_code == 200
        for i, wanted in enumerate(streams.values()):
            count = len(run('tshark', '-r', WPA2, *(['-Y', wanted] if wanted else [])).splitlines())
            wait_until(lambda: count_in(tmp_path / f'{i}.pcapng') >= count)
            assert count_in(tmp_path / f'{i}.pcapng') == count > 0, wanted
    finally:
        for curl in readers:
            curl.terminate()
            curl.wait(timeout=10)


def count_in(path):
    """The packets of a file that may still be written."""
    done = subprocess.run([program('capinfos'), '-Mc', '-T', '-r', path], capture_output=True, text=True, timeout=30)
    return int(done.stdout.split('\t')[1]) if '\t' in done.stdout else 0
