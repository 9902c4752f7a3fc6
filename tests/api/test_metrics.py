"""Counts of packets over time."""
import time

import pytest

SERIES = {'packet_peak': 'peak_packets', 'packet_rate': 'packets', 'packet_error': 'error_packets',
          'packet_dupe': 'dupe_packets', 'packet_queue': 'queued_packets', 'packet_drop': 'dropped_packets',
          'packet_processed': 'processed_packets'}


def minute(norn, name):
    return norn.get(f'/packetchain/{name}.json').json()['kismet.common.rrd.minute_vec']


@pytest.fixture
def counted(start):
    """A server just started on the sample, when its tick has seen all packets."""
    import os
    norn = start('-c', os.environ['SAMPLE'])
    norn.wait_done()
    packets = norn.get('/system/status.json').json()['norn.system.packets']
    for _ in range(200):
        if sum(minute(norn, 'packet_rate')) >= packets:
            break
        time.sleep(0.05)
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
