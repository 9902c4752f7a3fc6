"""Capture helpers elsewhere: sensors over TCP and websockets."""
import signal
import subprocess

from conftest import LOGIN
from helpers import CONFIG, HELPERS, command, running, sources, wait_for
from sensors import port_of


def test_a_helper_as_a_sensor(start):
    norn = start(config=CONFIG)
    sensor = subprocess.Popen([f'{HELPERS}/norn_cap_example', '--tcp', f'--connect=127.0.0.1:{port_of(norn)}',
                               '--source=example7:name=roof,rate=300', '--fixed-gps=40.5,-3.25,600'],
                              stderr=subprocess.DEVNULL)
    try:
        source = wait_for(norn, running)
        assert source['kismet.datasource.remote'] == 1 and source['kismet.datasource.name'] == 'roof'
        source = wait_for(norn, lambda s: s['norn.datasource.captured'] > 300)
        assert source['norn.datasource.lost'] == 0
        device = norn.get('/devices/last-time/0/devices.json', auth=LOGIN).json()[0]
        where = device['kismet.device.base.location']['kismet.common.location.last']
        assert where['kismet.common.location.geopoint'] == [-3.25, 40.5]
        reply = command(norn, source['kismet.datasource.uuid'], 'set_channel', {'channel': '11'})
        assert reply.status_code == 200 and reply.json()['kismet.datasource.channel'] == '11'
    finally:
        sensor.send_signal(signal.SIGTERM)
        assert sensor.wait(timeout=10) == 0


def test_a_sensor_that_finds_its_server(start):
    sensor = subprocess.Popen([f'{HELPERS}/norn_cap_example', '--tcp', '--autodetect', '--source=example8:rate=50'],
                              stderr=subprocess.PIPE, text=True)
    try:
        norn = start(config=CONFIG + 'server_announce=true\nserver_announce_address=127.0.0.1\nserver_name=attic\n')
        assert wait_for(norn, running)['kismet.datasource.remote'] == 1
    finally:
        sensor.send_signal(signal.SIGTERM)
        said = sensor.communicate(timeout=10)[1]
    assert "The server 'attic' is at 127.0.0.1" in said and 'frames captured' in said


def test_a_server_that_is_restarted(start):
    norn = start(config=CONFIG)
    port = port_of(norn)
    sensor = subprocess.Popen([f'{HELPERS}/norn_cap_example', '--tcp', f'--connect=127.0.0.1:{port}',
                               '--source=example9:rate=100'], stderr=subprocess.DEVNULL)
    try:
        first = wait_for(norn, running)
        assert norn.stop() == 0
        again = start(config=CONFIG + f'remote_capture_port={port}\n')
        second = wait_for(again, lambda s: s['norn.datasource.captured'] > 200)
        assert second['kismet.datasource.uuid'] == first['kismet.datasource.uuid']
        # What was captured meanwhile waited in the sensor; what the other server has seen is not lost.
        assert second['norn.datasource.lost'] == 0
    finally:
        sensor.send_signal(signal.SIGTERM)
        assert sensor.wait(timeout=10) == 0


def test_a_helper_over_a_websocket(start):
    norn = start(config=CONFIG)
    port = norn.url.rsplit(':', 1)[1]
    arguments = [f'{HELPERS}/norn_cap_example', f'--connect=127.0.0.1:{port}', '--source=example4:rate=500']
    refused = subprocess.run([*arguments, '--disable-retry', '--user=kismet', '--password=wrong'],
                             capture_output=True, text=True, timeout=20)
    assert refused.returncode == 1 and "role 'datasource'" in refused.stderr
    sensor = subprocess.Popen([*arguments, '--user=kismet', '--password=secret'], stderr=subprocess.PIPE, text=True)
    try:
        source = wait_for(norn, lambda s: s['norn.datasource.captured'] > 1000)
        assert source['kismet.datasource.remote'] == 1 and source['norn.datasource.lost'] == 0
        reply = command(norn, source['kismet.datasource.uuid'], 'set_channel', {'channel': '1'})
        assert reply.status_code == 200 and reply.json()['kismet.datasource.channel'] == '1'
    finally:
        sensor.send_signal(signal.SIGTERM)
        said = sensor.communicate(timeout=10)[1]
    captured = int(said.split(' frames captured')[0].split()[-1])
    wait_for(norn, lambda s: s['kismet.datasource.num_packets'] == captured)


def test_a_helper_by_tls(start, tmp_path, monkeypatch):
    cert, key = tmp_path / 'cert', tmp_path / 'key'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key,
                    '-out', cert, '-days', '2'], check=True, capture_output=True)
    monkeypatch.setenv('REQUESTS_CA_BUNDLE', str(cert))
    norn = start(config=f'{CONFIG}httpd_ssl=true\nhttpd_ssl_cert={cert}\nhttpd_ssl_key={key}\n')
    port = norn.url.rsplit(':', 1)[1]
    program = [f'{HELPERS}/norn_cap_example', '--source=example4:rate=500', '--user=kismet', '--password=secret',
               '--disable-retry']
    for more, words in ((['--ssl'], 'is not trusted'),
                        ([f'--ssl-certificate={key}'], 'no certificate can be read'),
                        ([], 'accepts no websocket')):
        said = subprocess.run([*program, *more, f'--connect=localhost:{port}'], capture_output=True, text=True,
                              timeout=20)
        assert said.returncode == 1 and words in said.stderr, said.stderr
    other = subprocess.run([*program, f'--ssl-certificate={cert}', f'--connect=127.1:{port}'],
                           capture_output=True, text=True, timeout=20)
    assert other.returncode == 1 and 'is not trusted' in other.stderr  # a certificate of another name
    sensor = subprocess.Popen([*program, f'--ssl-certificate={cert}', f'--connect=localhost:{port}'],
                              stderr=subprocess.PIPE, text=True)
    try:
        source = wait_for(norn, lambda s: s['norn.datasource.captured'] > 1000)
        assert source['norn.datasource.lost'] == 0
        reply = command(norn, source['kismet.datasource.uuid'], 'set_channel', {'channel': '1'})
        assert reply.status_code == 200 and reply.json()['kismet.datasource.channel'] == '1'
    finally:
        sensor.send_signal(signal.SIGTERM)
        said = sensor.communicate(timeout=10)[1]
    captured = int(said.split(' frames captured')[0].split()[-1])
    wait_for(norn, lambda s: s['kismet.datasource.num_packets'] == captured)
