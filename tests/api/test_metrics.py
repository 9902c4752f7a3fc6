"""Counts of packets over time, and metrics for Prometheus."""
import collections
import os
import pathlib
import re
import time

import pytest
import requests

from conftest import LOGIN, wait_until

SERIES = {'packet_peak': 'peak_packets', 'packet_rate': 'packets', 'packet_error': 'error_packets',
          'packet_dupe': 'dupe_packets', 'packet_queue': 'queued_packets', 'packet_drop': 'dropped_packets',
          'packet_processed': 'processed_packets'}


def minute(norn, name):
    return norn.get(f'/packetchain/{name}.json').json()['kismet.common.rrd.minute_vec']


@pytest.fixture
def counted(start):
    """A server just started on the sample, when its tick has seen all packets."""
    norn = start('-c', os.environ['SAMPLE'])
    norn.wait_done()
    packets = norn.get('/system/status.json').json()['norn.system.packets']
    wait_until(lambda: sum(minute(norn, 'packet_rate')) >= packets)
    return norn


def test_packetchain(counted):
    status = counted.get('/system/status.json').json()
    packets, damaged = status['norn.system.packets'], (
        status['norn.system.packets.bad_fcs'] + status['norn.system.packets.unreadable'])
    assert packets > 0
    assert sum(minute(counted, 'packet_rate')) == packets
    assert sum(minute(counted, 'packet_error')) == damaged
    assert sum(minute(counted, 'packet_processed')) == packets - damaged
    assert sum(minute(counted, 'packet_dupe')) == status['norn.system.packets.duplicate']
    assert not any(minute(counted, 'packet_drop')) and not any(minute(counted, 'packet_queue'))
    assert max(minute(counted, 'packet_peak')) == max(minute(counted, 'packet_rate'))


def test_packetchain_stats(counted):
    stats = counted.get('/packetchain/packet_stats.json').json()
    assert set(stats) == {f'kismet.packetchain.{name}_rrd' for name in SERIES.values()}
    for route, name in SERIES.items():
        one, all_of_it = counted.get(f'/packetchain/{route}.json').json(), stats[f'kismet.packetchain.{name}_rrd']
        assert one.keys() == all_of_it.keys()
        assert abs(one['kismet.common.rrd.last_time'] - time.time()) < 10
        assert len(one['kismet.common.rrd.hour_vec']) == 60 and len(one['kismet.common.rrd.day_vec']) == 24
    path = 'kismet.packetchain.packets_rrd/kismet.common.rrd.last_time'
    assert counted.post('/packetchain/packet_stats.json', {'fields': [path]}).json()


LABEL = r'[a-z_]+="[ !#-\[\]-~]*"'
SAMPLE = re.compile(rf'(norn_[a-z_]+)(?:{{({LABEL}(?:,{LABEL})*)}})? (\d+)')


def scrape(norn):
    """{name: {labels as a sorted tuple: value}} and {name: type}; every line has to be one of the format's."""
    page = norn.get('/metrics')
    assert page.status_code == 200 and page.headers['Content-Type'] == 'text/plain; version=0.0.4; charset=utf-8'
    assert page.text.endswith('\n')
    values, types, helped = collections.defaultdict(dict), {}, ''
    for line in page.text.splitlines():
        if line.startswith('# HELP '):
            helped = line.split(' ', 3)[2]
            assert helped not in types and line.split(' ', 3)[3]
        elif line.startswith('# TYPE '):
            _, _, name, kind = line.split(' ')
            assert name == helped and kind in ('counter', 'gauge')
            assert name.endswith('_total') == (kind == 'counter')
            types[name] = kind
        else:
            name, labels, value = SAMPLE.fullmatch(line).groups()
            assert name == helped, 'samples stand behind their own type'
            key = tuple(sorted(re.findall(r'([a-z_]+)="([^"]*)"', labels or '')))
            assert key not in values[name]
            values[name][key] = int(value)
    return values, types


def test_metrics(server):
    values, types = scrape(server)
    status = server.get('/system/status.json').json()
    assert values['norn_frames_total'] == {(): status['norn.system.packets']}
    frames = {dict(k)['state']: v for k, v in values['norn_frames_state_total'].items()}
    for state in ('duplicate', 'bad_fcs', 'unreadable'):
        assert frames[state] == status[f'norn.system.packets.{state}']
    assert values['norn_devices'] == {(): status['kismet.system.devices.count']}
    assert sum(values['norn_phy_devices'].values()) == status['kismet.system.devices.count']
    assert values['norn_devices_evicted_total'] == {(): 0}
    assert values['norn_start_time_seconds'] == {(): status['kismet.system.timestamp.start_sec']}
    assert values['norn_resident_memory_bytes'][()] > 1000000
    sources = server.get('/datasource/all_sources.json', auth=LOGIN).json()
    assert {dict(k)['uuid']: v for k, v in values['norn_source_packets_total'].items()} == {
        s['kismet.datasource.uuid']: s['kismet.datasource.num_packets'] for s in sources}
    assert values['norn_sources'][(('state', 'done'),)] == 1 and sum(values['norn_sources'].values()) == 1
    assert {dict(k)['limit'] for k in values['norn_limit_reached_total']} == {
        k.removeprefix('norn_max_') for k in status['norn.system.refused']}
    again, _ = scrape(server)
    assert again['norn_http_requests_total'][()] > values['norn_http_requests_total'][()]
    manual = (pathlib.Path(__file__).parents[2] / 'doc/rest.md').read_text()
    assert set(types.items()) == set(re.findall(r'^\| `(norn_[a-z_]+)` \| (\w+) \|', manual, re.M))


def test_names_of_sources_stay_in_their_label(start):
    norn = start('-c', os.environ['SAMPLE'] + ':name="a\\b } 1 é"')
    norn.wait_done()
    values, _ = scrape(norn)
    (labels,) = values['norn_source_packets_total']
    assert dict(labels)['name'] == 'a_b } 1 __'


def test_metrics_of_endpoints_and_streams(start):
    norn = start('-c', os.environ['SAMPLE'])
    norn.wait_done()
    for _ in range(3):
        norn.get('/system/timestamp.json')
    norn.get('/devices/by-key/1_2/device.json')  # 404: not answered
    with requests.get(norn.url + '/pcap/all_packets.pcapng', auth=LOGIN, stream=True, timeout=20) as stream:
        assert stream.status_code == 200
        stream.raw.read(8)  # it runs; what was sent is counted a moment later
        wait_until(lambda: any(scrape(norn)[0]['norn_stream_bytes_total'].values()))
        values, _ = scrape(norn)
        answered = {(dict(k)['method'], dict(k)['path']): v for k, v in values['norn_http_answered_total'].items()}
        assert answered['GET', '/system/timestamp'] == 3
        assert ('GET', '/devices/by-key/{key}/device') not in answered
        one, = norn.get('/streams/all_streams.json').json()
        key = (('id', str(one['kismet.stream.stream_id'])), ('type', 'pcapng'))
        assert values['norn_stream_packets_total'] == {key: 0} and values['norn_stream_lost_total'] == {key: 0}
        assert 0 < values['norn_stream_bytes_total'][key] <= one['kismet.stream.size']
        norn.post(f'/streams/by-id/{one["kismet.stream.stream_id"]}/close_stream.cmd', auth=LOGIN)


def test_metrics_of_logs(start):
    norn = start('-c', os.environ['SAMPLE'])
    norn.wait_done()
    record = norn.get('/logging/by-class/pcapng/start.json', auth=LOGIN).json()
    values, _ = scrape(norn)
    key = (('class', 'pcapng'), ('uuid', record['kismet.logfile.uuid']))
    assert values['norn_log_open'][key] == 1 and values['norn_log_lost_total'][key] == 0
    assert values['norn_log_queue_bytes'][key] == 0
