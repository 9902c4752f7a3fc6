"""Sources over time: helpers that die, hang or are many, sensors that go and come back."""
import os
import pathlib
import re
import signal
import struct
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import LOGIN, start, wait_until  # noqa: E402,F401
from helpers import CONFIG, HELPERS, alerts, command, running, sources, wait_for  # noqa: E402
from sensors import Sensor, port_of  # noqa: E402
from test_sensors import UUID, beacon, source, wait_for as wait_for_sensor  # noqa: E402


def test_a_helper_that_dies_is_started_again(start):  # noqa: F811
    norn = start('-c', 'example:type=example,name=x,rate=100', config=CONFIG)
    source = wait_for(norn, running)
    os.kill(source['kismet.datasource.ipc_pid'], signal.SIGKILL)
    failed = wait_for(norn, lambda s: s['kismet.datasource.error'])
    assert failed['kismet.datasource.retry_attempts'] == 1 and failed['kismet.datasource.ipc_pid'] == -1
    back = wait_for(norn, lambda s: s['kismet.datasource.running'])
    assert back['kismet.datasource.ipc_pid'] != source['kismet.datasource.ipc_pid']
    wait_until(lambda: alerts(norn, 'SOURCEERROR') and alerts(norn, 'SOURCEOPEN'))


def test_a_stuck_helper(start, tmp_path):  # noqa: F811
    stuck = tmp_path / 'helpers'
    stuck.mkdir()
    (stuck / 'norn_cap_example').write_text('#!/bin/sh\nexec sleep 60\n')
    (stuck / 'norn_cap_example').chmod(0o755)
    norn = start(config=CONFIG.replace(HELPERS, str(stuck)))
    reply = norn.post('/datasource/add_source.cmd', {'definition': 'example:type=example'}, auth=LOGIN)
    assert reply.status_code == 500 and 'does not say its version' in reply.text
    (stuck / 'norn_cap_example').chmod(0o644)
    reply = norn.post('/datasource/add_source.cmd', {'definition': 'example2:type=example'}, auth=LOGIN)
    if os.getuid():
        assert reply.status_code == 500 and 'may not run' in reply.text


def test_many_sources_open_in_groups(start):  # noqa: F811
    arguments = [a for n in range(4) for a in ('-c', f'example{n}:type=example,name=e{n}')]
    norn = start(*arguments, config=CONFIG + 'source_stagger_threshold=1\nsource_launch_group=2\n'
                 'source_launch_delay=3\n')
    states = {s['kismet.datasource.name']: s['norn.datasource.state'] for s in sources(norn)}
    assert states['e1'] == states['e2'] == states['e3'] == 'pending'
    end = time.monotonic() + 20
    while time.monotonic() < end and not all(s['kismet.datasource.running'] for s in sources(norn)):
        time.sleep(0.1)
    assert [s['kismet.datasource.running'] for s in sources(norn)] == [1] * 4
    assert sorted(s['kismet.datasource.hop_offset'] for s in sources(norn)) == [0, 0, 0, 0]


def test_a_helper_behind_a_socket(start, tmp_path):  # noqa: F811
    """As a unit of systemd with Accept=yes has it: a program for each connection."""
    path = tmp_path / 'norn_cap_example.socket'
    children = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    children.append(subprocess.Popen([f'{HELPERS}/norn_cap_example', '--in-fd=0', '--out-fd=0'],
                                                     stdin=connection))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        norn = start('-c', 'example:type=example,name=x,rate=100', config='httpd_username=kismet\nhttpd_password=secret\n'
                     f'helper_binary_path={tmp_path}/none\nnorn_helper_sockets={tmp_path}\n')
        source = wait_for(norn, running)
        assert source['kismet.datasource.ipc_pid'] == -1
        reply = command(norn, source['kismet.datasource.uuid'], 'set_channel', {'channel': '11'})
        assert reply.status_code == 200 and reply.json()['kismet.datasource.channel'] == '11'
        assert command(norn, source['kismet.datasource.uuid'], 'close_source').status_code == 200
        children[-1].wait(timeout=10)
        assert command(norn, source['kismet.datasource.uuid'], 'open_source').json()['kismet.datasource.running'] == 1
        children[-1].kill()  # returns, behind another connection
        n = len(children)
        wait_for(norn, lambda s: len(children) > n and running(s))
        assert norn.stop() == 0
        for child in children:
            child.wait(timeout=10)
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_sensor_comes_back(start):  # noqa: F811
    norn = start()
    port = port_of(norn)
    sent, kept = 0, []
    for n in range(5):
        sensor = Sensor(port, UUID % 4, version=3 if n % 2 == 0 else 2)
        kept.append(sensor)
        sensor.open()
        wait_for_sensor(norn, UUID % 4, running=1)
        for _ in range(50):
            sensor.send(beacon(n))
        sent += 50
        wait_for_sensor(norn, UUID % 4, num_packets=sent)
        if n < 3:
            sensor.close()  # else the next one takes over
            record = wait_for_sensor(norn, UUID % 4, running=0, error=1)
            assert re.search('closed the connection|reset', record['kismet.datasource.error_reason'])
    assert len(norn.get('/datasource/all_sources.json', auth=LOGIN).json()) == 1
    raised = norn.get('/alerts/definitions.json', auth=LOGIN).json()
    assert any(a['kismet.alert.definition.header'] == 'SOURCEERROR' for a in raised)
    assert 'connected again' in norn.text()


def test_who_is_turned_away(start):  # noqa: F811
    norn = start()
    port = port_of(norn)
    for uuid, kind in ((UUID % 5, 'nosuch'), ('no uuid', 'linuxwifi'), (UUID % 5, 'stdin')):
        assert Sensor(port, uuid, kind=kind).reported()
    garbage = Sensor(port, UUID % 5, announce=False)
    garbage.socket.sendall(b'GET / HTTP/1.0\r\n\r\n')
    assert garbage.read() is None
    first = Sensor(port, UUID % 6)
    first.open()
    wait_for_sensor(norn, UUID % 6, running=1)
    assert 'uuid' in Sensor(port, UUID % 6, kind='rtl433').reported()
    assert source(norn, UUID % 6)['kismet.datasource.running'] == 1
    silent = Sensor(port, UUID % 5, announce=False)
    begun = time.monotonic()
    assert 'announce' in silent.reported() and 3 < time.monotonic() - begun < 9
    refused = Sensor(port, UUID % 7)
    refused.open(success=False, text='No such radio')
    assert wait_for_sensor(norn, UUID % 7, error=1)['kismet.datasource.error_reason'] == 'No such radio'


def test_pauses_grow_until_packets_come(start, tmp_path):  # noqa: F811
    """A FIFO whose writers bring nothing that can be read: one alert stands for all of them."""
    fifo = tmp_path / 'fifo'
    os.mkfifo(fifo)
    norn = start('-c', str(fifo), config=CONFIG)
    for attempt in (1, 2):
        fifo.write_bytes(b'this is no capture, truly it is not')
        failed = wait_for(norn, lambda s: s['kismet.datasource.retry_attempts'] == attempt)
        assert 'neither pcap nor pcapng' in failed['kismet.datasource.error_reason']
    fifo.write_bytes(pathlib.Path(os.environ['SAMPLE']).read_bytes())  # waits until it is opened again
    wait_for(norn, lambda s: s['kismet.datasource.num_packets'] == 700 and s['kismet.datasource.retry_attempts'] == 1)
    wait_until(lambda: len(alerts(norn, 'SOURCEERROR')) >= 2)
    assert len(alerts(norn, 'SOURCEERROR')) == 2  # of the series, and of the end behind the packets
    assert len(alerts(norn, 'SOURCEOPEN')) == 1


def test_what_lives_and_is_not_understood_says_so(start, tmp_path):  # noqa: F811
    """Ethernet frames of a FIFO, after half a minute."""
    fifo = tmp_path / 'fifo'
    os.mkfifo(fifo)
    norn = start('-c', str(fifo), config=CONFIG)
    head = struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)
    with open(fifo, 'wb', buffering=0) as out:
        out.write(head + (struct.pack('<IIII', 1700000000, 0, 60, 60) + bytes(60)) * 5)
        reported = wait_for(norn, lambda s: s['kismet.datasource.warning'], seconds=60)
    assert '5 packets, none understood: Ethernet frames: norn needs a monitor interface' in reported['kismet.datasource.warning']
