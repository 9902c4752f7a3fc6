"""Remote sensors over TCP: announced, opened, tuned, lost and back again."""
import os
import pathlib
import struct
import subprocess
import time

import pytest
import websocket

from conftest import LOGIN, wait_until
from helpers import alerts
from sensors import (ERROR, PACKET, PING, PONG, SHUTDOWN, SIGNATURE, Sensor, fields_of, frame3, port_of)

PEERS = pathlib.Path(__file__).resolve().parents[3] / 'shared/peers'
UUID = '5FE308BD-0000-0000-0000-00C0CAABCD%02X'


def beacon(n=1, ssid=b'sensed'):
    mac = bytes([2, 0, 0, 0, n >> 8, n & 255])
    return (b'\x80\x00\x00\x00' + b'\xff' * 6 + mac + mac + b'\x00\x00' + bytes(8) + b'\x64\x00\x01\x04' +
            bytes([0, len(ssid)]) + ssid + b'\x03\x01\x06')


def source(norn, uuid):
    reply = norn.get(f'/datasource/by-uuid/{uuid}/source.json', auth=LOGIN)
    return reply.json() if reply.status_code == 200 else {}


def wait_for(norn, uuid, **wanted):
    for _ in range(400):
        record = source(norn, uuid)
        if record and all(record[f'kismet.datasource.{k}'] == v for k, v in wanted.items()):
            return record
        time.sleep(0.025)
    raise AssertionError((wanted, record, norn.text()))


def tune(norn, uuid, command, path='set_channel'):
    return norn.post(f'/datasource/by-uuid/{uuid}/{path}.cmd', command, auth=LOGIN)


def test_a_busy_port_is_reported(start):
    first = start()
    second = start(config=f'remote_capture_port={port_of(first)}\n')
    wait_until(lambda: 'remote_capture_port= chooses another port' in second.text())
    assert second.get('/healthz').status_code == 200


def test_a_sensor_is_a_source(start):
    norn = start()
    sensor = Sensor(port_of(norn), UUID % 1)
    assert sensor.open().startswith('wlan0:name=sensor')
    asked = sensor.configured()
    assert asked[2][5] == ['1', '6', '11'] and asked[2][6] is True and asked[2][1] == 5
    sensor.send(beacon(), gps=(40.5, -3.25), signal=-42)
    record = wait_for(norn, UUID % 1, num_packets=1)
    assert record['kismet.datasource.running'] == 1 and record['kismet.datasource.remote'] == 1
    assert record['kismet.datasource.name'] == 'sensor'
    assert record['kismet.datasource.remote_ip'] == '127.0.0.1'
    assert record['kismet.datasource.channels'] == ['1', '6', '11']
    assert record['kismet.datasource.hop_channels'] == ['1', '6', '11']
    assert record['kismet.datasource.hardware'] == 'ath9k_htc' and record['kismet.datasource.dlt'] == 105
    assert record['kismet.datasource.type_driver']['kismet.datasource.driver.type'] == 'linuxwifi'
    history = record['kismet.datasource.packets_rrd']
    assert sum(history['kismet.common.rrd.minute_vec']) == 1 and len(history['kismet.common.rrd.day_vec']) == 24
    assert sum(record['kismet.datasource.packets_datasize_rrd']['kismet.common.rrd.minute_vec']) == len(beacon())
    device, = norn.get('/devices/by-mac/02:00:00:00:00:01/devices.json', auth=LOGIN).json()
    signal = device['kismet.device.base.signal']
    assert signal['kismet.common.signal.last_signal'] == -42
    where = device['kismet.device.base.location']['kismet.common.location.last']
    assert where['kismet.common.location.geopoint'] == [-3.25, 40.5]
    # The server's time, since a sensor's clock may be wrong.
    assert device['kismet.device.base.first_time'] > 1750000000
    sensor.close()


def test_what_a_sensor_lost_is_reported(start):
    norn = start()
    sensor = Sensor(port_of(norn), UUID % 1)
    sensor.open()
    sensor.send(beacon(), loss=(100, 5, 2))
    lost = wait_until(lambda: alerts(norn, 'PACKETLOST'))
    assert len(lost) == 1 and lost[0].startswith('7 packets were lost'), lost
    sensor.close()


def test_version_2_and_its_own_clock(start):
    norn = start(config='httpd_username=kismet\nhttpd_password=secret\noverride_remote_timestamp=false\n')
    sensor = Sensor(port_of(norn), UUID % 2, version=2)
    assert b'wlan0' in sensor.open()
    while sensor.read()[0] != 'KDSCONFIGURE':
        pass
    sensor.send(beacon(2), signal=-61)
    wait_for(norn, UUID % 2, num_packets=1)
    device, = norn.get('/devices/by-mac/02:00:00:00:00:02/devices.json', auth=LOGIN).json()
    assert device['kismet.device.base.signal']['kismet.common.signal.last_signal'] == -61
    assert device['kismet.device.base.first_time'] == 1700000000
    sensor.close()


def test_lock_and_hop(start):
    norn = start()
    sensor = Sensor(port_of(norn), UUID % 3)
    sensor.open()
    sensor.configured()
    wait_for(norn, UUID % 3, hopping=1)

    def while_asked(command, path='set_channel', **more):
        import threading
        replies = []
        asking = threading.Thread(target=lambda: replies.append(tune(norn, UUID % 3, command, path)))
        asking.start()
        asked = sensor.configured(**more)
        asking.join()
        return asked, replies[0]

    asked, reply = while_asked({'channel': '6HT40+'})
    assert asked == {1: '6HT40+'} and reply.status_code == 200
    assert reply.json()['kismet.datasource.channel'] == '6HT40+' and reply.json()['kismet.datasource.hopping'] == 0
    asked, reply = while_asked({}, 'set_hop')
    assert asked[2][5] == ['1', '6', '11'] and reply.json()['kismet.datasource.hopping'] == 1
    asked, reply = while_asked({'channels': ['36', '40'], 'hoprate': 2, 'shuffle': 0})
    assert asked[2][5] == ['36', '40'] and asked[2][1] == 2 and asked[2][2] is False
    assert reply.json()['kismet.datasource.hop_channels'] == ['36', '40']
    asked, reply = while_asked({'hoprate': 10})
    assert asked[2][5] == ['36', '40'] and reply.json()['kismet.datasource.hop_rate'] == 10
    asked, reply = while_asked({'channel': '13'}, success=False, text='Regulatory rules forbid channel 13')
    assert reply.status_code == 500 and 'forbid channel 13' in reply.text
    assert tune(norn, UUID % 3, {'hoprate': -1}).status_code == 400
    assert tune(norn, UUID % 3, {'channels': 'x'}).status_code == 400
    assert tune(norn, UUID % 3, {}).status_code == 400
    sensor.close()
    wait_for(norn, UUID % 3, running=0)
    assert tune(norn, UUID % 3, {'channel': '1'}).status_code == 500


def test_hostile_frames(start):
    norn = start()
    port = port_of(norn)
    bad = [SIGNATURE + b'\xa9\xa9\x00\x03' + struct.pack('>I', 1 << 30), frame3(PACKET, {4: 'text'}),
           SIGNATURE + b'\xa9\xa9\x00\x03' + struct.pack('>IHHI', 7, PACKET, 0, 1) + b'\x81\x04\xdd\xff\xff\xff\xff',
           frame3(ERROR, {1: 'broken'})]
    for n, octets in enumerate(bad):
        sensor = Sensor(port, UUID % (16 + n))
        sensor.open()
        wait_for(norn, UUID % (16 + n), running=1)
        sensor.socket.sendall(octets)
        wait_for(norn, UUID % (16 + n), running=0, error=1)
    harmless = Sensor(port, UUID % 32)
    harmless.open()
    harmless.socket.sendall(frame3(999) + frame3(PACKET, {}) + frame3(PACKET, {1: {4: 3, 1: 1e300, 2: 0.0}, 4: {
        1: 1 << 40, 6: b''}}))
    harmless.send(b'')
    harmless.send(os.urandom(900), dlt=127)
    harmless.socket.sendall(frame3(PING, seqno=77))
    while True:
        kind, seqno, _ = harmless.read()
        if kind == PONG:
            break
    assert seqno == 77
    wait_for(norn, UUID % 32, running=1, num_packets=3)


def test_close_and_pause(start):
    norn = start()
    sensor = Sensor(port_of(norn), UUID % 8)
    sensor.open()
    wait_for(norn, UUID % 8, running=1)
    assert norn.post(f'/datasource/by-uuid/{UUID % 8}/pause_source.cmd', {}, auth=LOGIN).status_code == 200
    sensor.send(beacon(80))
    sensor.socket.sendall(frame3(PING))
    while sensor.read()[0] != PONG:
        pass
    assert wait_for(norn, UUID % 8, paused=1)['kismet.datasource.num_packets'] == 0
    assert norn.get('/devices/by-mac/02:00:00:00:00:50/devices.json', auth=LOGIN).json() == []
    assert norn.post(f'/datasource/by-uuid/{UUID % 8}/resume_source.cmd', {}, auth=LOGIN).status_code == 200
    sensor.send(beacon(80))
    wait_for(norn, UUID % 8, num_packets=1)
    assert norn.post(f'/datasource/by-uuid/{UUID % 8}/close_source.cmd', {}, auth=LOGIN).status_code == 200
    while sensor.read():
        pass
    record = source(norn, UUID % 8)
    assert record['norn.datasource.state'] == 'closed' and record['kismet.datasource.running'] == 0
    assert 'closed here' in Sensor(port_of(norn), UUID % 8).reported()  # closed sources do not open by themselves
    assert norn.post(f'/datasource/by-uuid/{UUID % 8}/open_source.cmd', {}, auth=LOGIN).status_code == 200
    again = Sensor(port_of(norn), UUID % 8)
    again.open()
    wait_for(norn, UUID % 8, running=1)


def test_split_hopping(start):
    norn = start()
    port = port_of(norn)
    channels = [str(n) for n in range(1, 13)]
    first = Sensor(port, UUID % 9, channels=channels)
    first.open()
    assert first.configured()[2].get(4, 0) == 0
    second = Sensor(port, UUID % 10, channels=channels)
    second.open()
    assert second.configured()[2].get(4, 0) == 6
    wait_for(norn, UUID % 10, hop_offset=6)
    assert source(norn, UUID % 9)['kismet.datasource.hop_offset'] == 0


def test_many_sensors(start):
    norn = start()
    port = port_of(norn)
    before = len(os.listdir(f'/proc/{norn.process.pid}/task'))
    sensors = [Sensor(port, UUID % (100 + n), definition=f'wlan{n}') for n in range(60)]
    for sensor in sensors:
        sensor.open()
    for _ in range(20):
        for n, sensor in enumerate(sensors):
            sensor.send(beacon(1000 + n))
    for n in range(60):
        wait_for(norn, UUID % (100 + n), num_packets=20)
    threads = len(os.listdir(f'/proc/{norn.process.pid}/task'))
    assert threads - before < 10
    devices = norn.get('/devices/views/all/last-time/0/devices.json', auth=LOGIN).json()
    assert len(devices) == 60


def test_over_a_websocket(start):
    norn = start()
    url = norn.url.replace('http', 'ws', 1) + '/datasource/remote/remotesource.ws'
    with pytest.raises(websocket.WebSocketBadStatusException):
        Sensor(0, UUID % 11, url=url)
    url += '?user=kismet&password=secret'
    sensor = Sensor(0, UUID % 11, url=url)
    sensor.open()
    sensor.configured()
    for _ in range(30):
        sensor.send(beacon(11), signal=-50)
    wait_for(norn, UUID % 11, num_packets=30)
    sensor.close()
    wait_for(norn, UUID % 11, running=0, error=1)
    # It comes back over TCP, over a websocket again, and a broken message ends that.
    other = Sensor(port_of(norn), UUID % 11)
    other.open()
    wait_for(norn, UUID % 11, running=1)
    again = Sensor(0, UUID % 11, url=url)
    again.open()
    again.send(beacon(11))
    wait_for(norn, UUID % 11, num_packets=31)
    while other.read():
        pass
    again.socket.sendall(frame3(PACKET, {}) + SIGNATURE)
    assert 'not one whole frame' in wait_for(norn, UUID % 11, error=1)['kismet.datasource.error_reason']
    last = Sensor(0, UUID % 11, url=url)
    last.open()
    wait_for(norn, UUID % 11, running=1)


def test_version_0(start):
    """Both ways, with the protocol's own sum."""
    norn = start()
    sensor = Sensor(port_of(norn), UUID % 20, version=0)
    assert b'wlan0:name=sensor' in sensor.open()
    for n in range(20):
        sensor.send(beacon(400 + n), signal=-60)
    record = wait_for(norn, UUID % 20, num_packets=20)
    assert record['kismet.datasource.running'] == 1
    wrong = Sensor(port_of(norn), UUID % 21, announce=False)
    wrong.socket.sendall(SIGNATURE + struct.pack('>II', 1, 8) + bytes(8))
    while wrong.read():
        pass
    assert source(norn, UUID % 21) == {}


@pytest.mark.skipif(not PEERS.exists(), reason='no frames of others')
def test_a_frame_that_a_sensor_of_2019_wrote(start):
    norn = start()
    sensor = Sensor(port_of(norn), '', announce=False)
    sensor.socket.sendall((PEERS / 'v0-newsource-kismet.bin').read_bytes())
    command, _, body = sensor.read()
    assert command == 'KDSOPENSOURCE' and fields_of(body)[1].startswith(b'rtl433-0')


def test_sensors_that_go_make_way(start):
    norn = start()
    port = port_of(norn)
    kept = Sensor(port, UUID % 30)
    kept.open()
    kept.send(beacon(500))
    wait_for(norn, UUID % 30, num_packets=1)
    kept.close()
    wait_for(norn, UUID % 30, running=0)
    for n in range(400):
        ended = Sensor(port, f'5FE308BD-0000-0000-{n:04X}-00C0CAABCD01')
        if n % 2:
            ended.open()
        ended.close()
    last = Sensor(port, UUID % 31)
    last.open()
    last.send(beacon(501))
    wait_for(norn, UUID % 31, num_packets=1)
    assert source(norn, UUID % 30)['kismet.datasource.num_packets'] == 1
    assert len(norn.get('/datasource/all_sources.json', auth=LOGIN).json()) <= 130
    seen = norn.get('/devices/by-mac/02:00:00:00:01:F5/devices.json', auth=LOGIN).json()
    assert [s['kismet.common.seenby.uuid'] for s in seen[0]['kismet.device.base.seenby']] == [UUID % 31]


def test_an_address_brings_so_many(start):
    norn = start(config='httpd_username=kismet\nhttpd_password=secret\nnorn_max_address_sensors=3\n')
    port = port_of(norn)
    sensors = [Sensor(port, UUID % (40 + n)) for n in range(3)]
    for sensor in sensors:
        sensor.open()
    assert 'norn_max_address_sensors' in Sensor(port, UUID % 44).reported()
    sensors[1].close()
    wait_for(norn, UUID % 41, running=0)
    fourth = Sensor(port, UUID % 44)  # in the slot of one that never delivered, and is closed
    fourth.open()
    wait_for(norn, UUID % 44, running=1)
    assert source(norn, UUID % 41) == {}
    views = {v['kismet.devices.view.id'] for v in norn.get('/devices/views/all_views.json', auth=LOGIN).json()}
    assert f'seenby-{UUID % 44}' in views and f'seenby-{UUID % 41}' not in views


def test_a_key(start, tmp_path):
    key = 'correct horse, "battery" = staple'
    norn = start(config=f'httpd_username=kismet\nhttpd_password=secret\nremote_capture_key={key}\n')
    port = port_of(norn)
    for version in (3, 2, 0):
        assert 'remote_capture_key=' in Sensor(port, UUID % 50, version=version).reported()
        for wrong in ('x', key[:-1], key + 'e', key.upper()):
            assert 'is not that of this server' in Sensor(port, UUID % 50, version=version, key=wrong).reported()
    assert source(norn, UUID % 50) == {}
    kept = []
    for n, version in enumerate((3, 2, 0)):
        kept.append(Sensor(port, UUID % (51 + n), version=version, key=key))
        kept[-1].open()
        wait_for(norn, UUID % (51 + n), running=1)
    # A sensor by websocket has a login instead.
    url = norn.url.replace('http', 'ws', 1) + '/datasource/remote/remotesource.ws?user=kismet&password=secret'
    Sensor(0, UUID % 55, url=url).open()
    (tmp_path / 'key').write_text(key + '\n')
    helper = os.environ['HELPERS'] + '/norn_cap_example'
    options = [helper, f'--connect=127.0.0.1:{port}', '--tcp', '--source=example:type=example,rate=100,uuid=' + UUID % 56]
    run = subprocess.run(options + ['--disable-retry'], capture_output=True, text=True, timeout=20)
    assert 'The server says: it sends no key' in run.stderr
    with subprocess.Popen(options + [f'--key-file={tmp_path}/key'], stderr=subprocess.DEVNULL) as process:
        wait_for(norn, UUID % 56, running=1)
        process.terminate()
    assert key not in norn.text() and 'staple' not in norn.get('/datasource/all_sources.json', auth=LOGIN).text


def test_two_sensors_of_one_uuid(start):
    """A cloned card: the second is reported, and the first goes on."""
    norn = start()
    port = port_of(norn)
    first = Sensor(port, UUID % 60)
    first.open()
    first.alive()
    wait_for(norn, UUID % 60, running=1)
    for version in (3, 2):
        assert 'same uuid' in Sensor(port, UUID % 60, version=version).reported()
    first.send(beacon(600))
    record = wait_for(norn, UUID % 60, num_packets=1)
    assert record['kismet.datasource.error'] == 0 and 'turned away' in record['kismet.datasource.warning']
    assert 'same uuid' in norn.text() and 'connected again' not in norn.text()


def test_a_sensor_that_has_read_its_file(start):
    norn = start()
    for n, kind in enumerate(('pcapfile', 'kismetdb')):
        sensor = Sensor(port_of(norn), UUID % (70 + n), kind=kind, definition='/data/x.pcap:name=file')
        sensor.open()
        sensor.send(beacon(700))
        sensor.socket.sendall(frame3(SHUTDOWN, {1: 'end of file'}) if n else b'')
        sensor.close()
        record = wait_for(norn, UUID % (70 + n), running=0, num_packets=1)
        assert record['norn.datasource.state'] == 'done' and record['kismet.datasource.error'] == 0
    raised = norn.get('/alerts/all_alerts.json', auth=LOGIN).json()
    assert not any(a['kismet.alert.header'] == 'SOURCEERROR' for a in raised)


def test_reports_count(start):
    norn = start()
    sensor = Sensor(port_of(norn), UUID % 80, kind='rtl433', definition='rtl433-0:name=meter')
    sensor.open()
    for n in range(7):
        sensor.socket.sendall(frame3(PACKET, {5: {1: 'rtl433', 2: 1700000000, 3: n, 4: '{"model": "Toy", "id": %d}' % n}}))
    wait_for(norn, UUID % 80, num_packets=7)
