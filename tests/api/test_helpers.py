"""Capture helpers that the server starts and speaks to over pipes."""
import os
import pathlib
import socket
import subprocess

from conftest import LOGIN, Norn, wait_until
from helpers import CONFIG, alerts, command, ended, running, sources, wait_for


def test_life_over_rest(start):
    norn = start(config=CONFIG)
    reply = norn.post('/datasource/add_source.cmd', {'definition': 'example:type=example,rate=200'}, auth=LOGIN)
    assert reply.status_code == 200 and reply.json()['kismet.datasource.running'] == 1
    uuid, pid = reply.json()['kismet.datasource.uuid'], reply.json()['kismet.datasource.ipc_pid']
    assert pathlib.Path(f'/proc/{pid}/exe').resolve().name == 'norn_cap_example'
    status = pathlib.Path(f'/proc/{pid}/status').read_text()
    assert 'CapEff:\t0000000000000000' in status and 'Seccomp:\t2' in status and 'NoNewPrivs:\t1' in status
    assert wait_for(norn, running)['kismet.datasource.hop_channels'] == ['1', '6', '11']
    reply = command(norn, uuid, 'set_channel', {'channel': '11'})
    assert reply.status_code == 200 and reply.json()['kismet.datasource.channel'] == '11'
    reply = command(norn, uuid, 'set_channel', {'channel': '77'})
    assert reply.status_code == 500 and 'no channel' in reply.text
    reply = command(norn, uuid, 'set_hop')
    assert reply.status_code == 200 and reply.json()['kismet.datasource.hopping'] == 1
    assert command(norn, uuid, 'set_channel', {'channel': '6'}).json()['kismet.datasource.hopping'] == 0
    reply = norn.get(f'/datasource/by-uuid/{uuid}/set_hop.json', auth=LOGIN)
    assert reply.status_code == 200 and reply.json()['kismet.datasource.hopping'] == 1
    reply = command(norn, uuid, 'set_channel', {'channels': ['3', '4'], 'hoprate': 10})
    assert reply.json()['kismet.datasource.hop_channels'] == ['3', '4']
    assert reply.json()['kismet.datasource.hop_rate'] == 10
    assert command(norn, uuid, 'close_source').status_code == 200
    assert ended(pid)
    assert sources(norn)[0]['norn.datasource.state'] == 'closed'
    reply = command(norn, uuid, 'open_source')
    assert reply.status_code == 200 and reply.json()['kismet.datasource.running'] == 1
    again = reply.json()['kismet.datasource.ipc_pid']
    assert norn.stop() == 0
    assert ended(again)


def test_what_cannot_be_opened(start):
    norn = start(config=CONFIG)

    def add(definition):
        return norn.post('/datasource/add_source.cmd', {'definition': definition}, auth=LOGIN)

    for definition, reason in (('wlan99', 'no capture program'), ('x:type=nosuch', 'no source type'),
                               ('x:type=rtl433', 'kismet_cap_sdr_rtl433'), ('/no/such/file', 'Cannot open')):
        reply = add(definition)
        assert reply.status_code == 500 and reason in reply.text, reply.text
    reply = add('other:type=example')
    assert reply.status_code == 500 and "has to be 'example'" in reply.text
    assert sources(norn)[0]['kismet.datasource.error'] == 1


def test_standard_input(start, tmp_path):
    fifo = tmp_path / 'fifo'
    os.mkfifo(fifo)
    norn = start('-c', str(fifo), config=CONFIG)
    octets = pathlib.Path(os.environ['SAMPLE']).read_bytes()
    with open(fifo, 'wb', buffering=0) as out:
        out.write(octets[:2000])
        first = wait_for(norn, running)
        assert first['norn.datasource.state'] == 'running'
        assert first['kismet.datasource.type_driver']['kismet.datasource.driver.type'] == 'stdin'
        out.write(octets[2000:])
    ended = wait_for(norn, lambda s: s['norn.datasource.state'] == 'error')
    assert ended['kismet.datasource.num_packets'] > first['kismet.datasource.num_packets']
    assert 'writer has ended' in ended['kismet.datasource.error_reason']
    with open(fifo, 'wb', buffering=0) as out:  # waits until the FIFO is opened anew
        out.write(octets)
        wait_for(norn, lambda s: s['kismet.datasource.num_packets'] == 1400)
    wait_until(lambda: alerts(norn, 'SOURCEERROR') and alerts(norn, 'SOURCEOPEN'))


def test_a_fifo_that_is_not_tried_again(start, tmp_path):
    fifo = tmp_path / 'fifo'
    os.mkfifo(fifo)
    norn = start('-c', f'{fifo}:retry=false', config=CONFIG)
    fifo.write_bytes(pathlib.Path(os.environ['SAMPLE']).read_bytes())
    ended = wait_for(norn, lambda s: s['norn.datasource.state'] == 'error')
    assert ended['kismet.datasource.num_packets'] == 700 and ended['kismet.datasource.retry_attempts'] == 0


def test_standard_input_is_read_once(tmp_path):
    """A pipe that ends is reported; the end of a file that the shell gives is no fault."""
    for piped in (True, False):
        home = tmp_path / str(piped)
        home.mkdir()
        octets = pathlib.Path(os.environ['SAMPLE'])
        norn = Norn(home, '-c', '-', config=CONFIG, stdin=subprocess.PIPE if piped else octets.open('rb'))
        if piped:
            norn.process.stdin.write(octets.read_bytes())
            norn.process.stdin.close()
        done = wait_for(norn, lambda s: s['norn.datasource.state'] == 'done')
        assert done['kismet.datasource.num_packets'] == 700 and done['kismet.datasource.retry'] == 0
        if piped:
            wait_until(lambda: alerts(norn, 'SOURCEERROR'))
        raised = alerts(norn, 'SOURCEERROR')
        assert len(raised) == piped, raised
        assert norn.stop() == 0


def test_list_and_types(start):
    norn = start(config=CONFIG)
    types = {t['kismet.datasource.driver.type']: t for t in norn.get('/datasource/types.json', auth=LOGIN).json()}
    assert types['linuxwifi']['kismet.datasource_driver.hop_capable'] == 1
    assert types['pcapfile']['kismet.datasource.driver.local_ipc'] == 0


def interfaces(norn):
    found = norn.get('/datasource/list_interfaces.json', auth=LOGIN).json()
    return {(i['kismet.datasource.probed.interface'], i['kismet.datasource.type_driver']['kismet.datasource.driver.type'])
            for i in found}


def test_interfaces_are_listed_unless_masked(start):
    assert ('example', 'example') in interfaces(start(config=CONFIG))
    assert ('example', 'example') not in interfaces(start(config=CONFIG + 'mask_datasource_interface=example\n'))
    assert ('example', 'example') not in interfaces(
        start(config=CONFIG + 'mask_datasource_type=other\nmask_datasource_type=example\n'))


def test_tzsp(start):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    norn = start('-c', f'tzsp:port={port},name=ap', config=CONFIG)
    wait_for(norn, lambda s: s['kismet.datasource.running'])
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    mac = bytes([2, 0, 0, 0, 9, 9])
    frame = (b'\x80\0\0\0' + b'\xff' * 6 + mac + mac + b'\0\0' + bytes(8) + b'\x64\0\x01\x04\0\x04tzsp\x03\x01\x06')
    for _ in range(3):
        sender.sendto(b'\x01\x00\x00\x12\x0a\x01\xc4\x12\x01\x06\x01' + frame, ('127.0.0.1', port))
    sender.sendto(b'\x01\x04\x00\x00', ('127.0.0.1', port))
    sender.sendto(b'rubbish', ('127.0.0.1', port))
    source = wait_for(norn, lambda s: s['kismet.datasource.num_packets'] == 3)
    assert source['kismet.datasource.num_error_packets'] == 1
    device = norn.get('/devices/last-time/0/devices.json', auth=LOGIN).json()[0]
    assert device['kismet.device.base.commonname'] == 'tzsp' and device['kismet.device.base.channel'] == '6'
    assert device['kismet.device.base.signal']['kismet.common.signal.last_signal'] == -60
    again = norn.post('/datasource/add_source.cmd', {'definition': f'tzsp:port={port}'}, auth=LOGIN)
    assert again.status_code == 500 and 'Cannot listen' in again.text


def test_helpers_beside_the_server(tmp_path):
    """Without helper_binary_path they are where the server is, or in its folder `helpers`."""
    (tmp_path / 'norn.conf').write_text('httpd_port=0\n')
    said = subprocess.run([os.environ['NORN'], '--check', '-f', tmp_path / 'norn.conf', '--homedir', tmp_path,
                           '-c', 'example:type=example'], capture_output=True, text=True, timeout=20)
    assert 'example:type=example: would start' in said.stdout
