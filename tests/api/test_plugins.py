"""Native plugins: the examples, and what is refused."""
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess

import pytest

import reply_schema
from conftest import LOGIN, wait_until

ROOT = pathlib.Path(__file__).parents[2]
HELLO = pathlib.Path(os.environ['NORN']).parent / 'plugins/hello.so'
LIST = '/plugins/all_plugins.json'


def install(tmp_path, name='hello', object=HELLO, example='hello'):
    folder = tmp_path / 'plugins' / name
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    shutil.copy(ROOT / 'plugins' / example / 'manifest.conf', folder)
    shutil.copy(object, folder / f'{example}.so')
    (folder / f'{example}.so').chmod(0o755)
    (folder / 'manifest.conf').chmod(0o644)
    return folder


def run(start, tmp_path, *more, config=''):
    reply_schema.known = None  # plugins add to it
    norn = start('-c', os.environ['SAMPLE'], '--datadir', str(tmp_path), *more,
                 config='httpd_username=kismet\nhttpd_password=secret\n' + config)
    norn.wait_done()
    return norn


def test_the_example_counts_reads_and_warns(start, tmp_path):
    folder = install(tmp_path)
    norn = run(start, tmp_path)
    record, = norn.get(LIST).json()
    assert record['kismet.plugin.name'] == 'hello' and record['kismet.plugin.path'] == str(folder)
    packets = sum(s['kismet.datasource.num_packets'] for s in norn.get('/datasource/all_sources.json', auth=LOGIN).json())
    assert norn.get('/plugin-hello/count.json').json() == {'packets': packets, 'device': 0}
    device = norn.get('/devices/views/all/devices.json').json()[0]
    reply = norn.get('/plugin-hello/count.json', params={'key': device['kismet.device.base.key']}).json()
    assert reply['device'] == device['kismet.device.base.macaddr']
    assert norn.get('/plugin-hello/count.json?key=1_2').status_code == 404
    alerts = [a['kismet.alert.header'] for a in norn.get('/alerts/all_alerts.json').json()]
    assert alerts.count('HELLOPACKET') == 1


LINE = re.compile(r'\d{16},127,\d+,\d+,-?\d*(,[0-9A-F]{2}(:[0-9A-F]{2}){5}){2}')


def test_the_example_has_a_log_and_a_view(start, tmp_path):
    install(tmp_path, 'lines', HELLO.with_name('lines.so'), 'lines')
    config = f'log_types=lines\nlog_prefix={tmp_path}\n'
    norn = run(start, tmp_path, config=config)
    driver, = [d for d in norn.get('/logging/drivers.json').json() if d['kismet.logfile.type.class'] == 'lines']
    assert driver['kismet.logfile.type.description'] == 'One line a packet.'
    first, = norn.get('/logging/active.json', auth=LOGIN).json()
    second = norn.post('/logging/by-class/lines/start.json', {'title': 'mine'}, auth=LOGIN).json()
    assert 'mine' in second['kismet.logfile.path'] and second['kismet.logfile.path'].endswith('.lines')
    norn.post('/datasource/add_source.cmd', {'definition': os.environ['SAMPLE'] + ':name=again'}, auth=LOGIN)
    packets = [s['kismet.datasource.num_packets'] for s in norn.wait_done()]
    for log, count in ((first, sum(packets)), (second, packets[1])):
        assert norn.post(f'/logging/by-uuid/{log["kismet.logfile.uuid"]}/stop.cmd', auth=LOGIN).status_code == 200
        lines = pathlib.Path(log['kismet.logfile.path']).read_text().splitlines()
        assert lines[0].startswith('time_us,') and len(lines) == 1 + count
        assert all(LINE.fullmatch(line) for line in lines[1:]), lines[1]
    assert norn.get('/logging/active.json', auth=LOGIN).json() == []
    device = norn.get('/devices/views/all/devices.json').json()[0]
    assert norn.get('/devices/views/lines-named/devices.json').json() == []
    norn.post(f'/devices/by-key/{device["kismet.device.base.key"]}/set_name.cmd', {'username': 'x'}, auth=LOGIN)
    named, = norn.get('/devices/views/lines-named/devices.json').json()
    assert named['kismet.device.base.key'] == device['kismet.device.base.key']


def test_a_log_of_a_plugin_that_fails_is_reported_and_tried_again(start, tmp_path):
    install(tmp_path, 'lines', HELLO.with_name('lines.so'), 'lines')
    norn = run(start, tmp_path, config=f'log_prefix={tmp_path}\n')
    log = norn.get('/logging/by-class/lines/start.json', auth=LOGIN).json()
    path = pathlib.Path(log['kismet.logfile.path'])
    path.unlink()
    wait_until(lambda: 'Logging continues' in norn.text())
    assert 'it was removed by another program' in norn.text() and not path.exists()
    again, = norn.get('/logging/active.json', auth=LOGIN).json()
    assert pathlib.Path(again['kismet.logfile.path']).exists() and again['norn.logfile.files'] == 2


def toys(path, *packets):
    """A capture of link type 147, one packet a second."""
    octets = struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 147)
    for i, p in enumerate(packets):
        octets += struct.pack('<IIII', 1700000000 + i, 0, len(p), len(p)) + p
    path.write_bytes(octets)
    return str(path)


def test_the_example_has_a_phy(start, tmp_path):
    install(tmp_path, 'toybox', HELLO.with_name('toybox.so'), 'toybox')
    one, two = b'\2\0\0\0\0\1', b'\2\0\0\0\0\2'
    path = toys(tmp_path / 'toys.pcap', one + b'\x05\x00\xd7la la', two + b'\x07\xff\xf6', one + b'\x09\x00\xd8',
                one + b'\x09\x00\xd8', b'short')
    norn = run(start, tmp_path, '-c', path, config=f'log_types=kismet\nlog_prefix={tmp_path}\n')
    phy, = [p for p in norn.get('/phy/all_phys.json').json() if p['kismet.phy.phy_name'] == 'Toybox']
    assert (phy['kismet.phy.device_count'], phy['kismet.phy.packet_count']) == (2, 4)
    devices = {d['kismet.device.base.macaddr']: d for d in norn.get('/devices/views/phy-Toybox/devices.json').json()}
    toy = devices['02:00:00:00:00:01']
    assert toy['kismet.device.base.packets.total'] == 3 and toy['kismet.device.base.commonname'] == 'a toy'
    assert toy['toybox.device'] == {'toybox.loudness': 9, 'toybox.temperature': 21.6, 'toybox.song': 'la la'}
    assert devices['02:00:00:00:00:02']['toybox.device'] == {'toybox.loudness': 7, 'toybox.temperature': -1}
    found = norn.post('/devices/by-phy/Toybox/devices.json', {
        'fields': ['toybox.device/toybox.song'], 'regex': [['toybox.device/toybox.song', '^la']]}).json()
    assert found == [{'toybox.song': 'la la'}]
    schema = norn.get('/openapi.json').json()['components']['schemas']
    assert schema['toybox_device']['properties']['toybox.loudness']['description'] == 'How loud it sings.'
    assert 'toybox.temperature' in norn.get('/system/tracked_fields.html').text
    others = norn.get('/devices/by-phy/IEEE802.11/devices.json').json()
    assert others and not any('toybox.device' in d for d in others)
    log = norn.get('/logging/active.json', auth=LOGIN).json()[0]['kismet.logfile.path']
    assert norn.stop() == 0
    kept = [json.loads(x) for x, in sqlite3.connect(log).execute("SELECT device FROM devices WHERE phyname = 'Toybox'")]
    assert sorted(d['toybox.device']['toybox.loudness'] for d in kept) == [7, 9]


def test_two_plugins_with_one_class_of_logs(start, tmp_path):
    for name in 'one', 'two':
        install(tmp_path, name, HELLO.with_name('lines.so'), 'lines')
    norn = run(start, tmp_path)
    assert len(norn.get(LIST).json()) == 1 and 'its start() returned an error' in norn.text()


@pytest.mark.parametrize('how', ['no-plugins', 'allowplugins'])
def test_no_plugins(start, tmp_path, how):
    install(tmp_path)
    norn = run(start, tmp_path, '--no-plugins') if how == 'no-plugins' else run(start, tmp_path, config='allowplugins=false\n')
    assert norn.get(LIST).json() == [] and norn.get('/plugin-hello/count.json').status_code == 404


def writable_object(folder):
    (folder / 'hello.so').chmod(0o777)


def writable_folder(folder):
    folder.chmod(0o777)


def link(folder):
    (folder / 'hello.so').rename(folder / 'other.so')
    (folder / 'hello.so').symlink_to('other.so')


def elsewhere(folder):
    (folder / 'manifest.conf').write_text('name=x\nobject=../hello.so\n')


def nameless(folder):
    (folder / 'manifest.conf').write_text('object=hello.so\n')


def no_manifest(folder):
    (folder / 'manifest.conf').unlink()


def foreign(folder):
    if os.getuid() != 0:
        pytest.skip('only root can give files away')
    os.chown(folder / 'hello.so', 65534, 65534)


def no_code(folder):
    (folder / 'hello.so').write_bytes(b'x' * 100)


@pytest.mark.parametrize('spoil, reason', [
    (writable_object, 'users other than its owner may write it'), (writable_folder, 'users other than its owner may write it'),
    (link, 'no plain file'), (elsewhere, 'must be the name of a file'), (nameless, 'no name='), (no_manifest, 'no manifest.conf'),
    (foreign, 'belongs neither to root'), (no_code, 'hello.so')])
def test_what_is_refused_and_why(start, tmp_path, spoil, reason):
    spoil(install(tmp_path))
    norn = run(start, tmp_path)
    assert norn.get(LIST).json() == []
    assert 'is refused' in norn.text() and reason in norn.text()


def test_another_version_of_the_api_is_refused(start, tmp_path):
    source = tmp_path / 'old.c'
    source.write_text('#include <norn/plugin.h>\nextern const struct norn_plugin norn_plugin;\n'
                      'const struct norn_plugin norn_plugin = {NORN_PLUGIN_API + 1, "old", "old", 0, 0};\n')
    subprocess.run(['cc', '-shared', '-fPIC', '-I', ROOT / 'include', '-o', tmp_path / 'old.so', source], check=True)
    install(tmp_path, object=tmp_path / 'old.so')
    norn = run(start, tmp_path)
    assert norn.get(LIST).json() == [] and 'another version of the API' in norn.text()


def test_files_of_a_plugin_without_code(start, tmp_path):
    folder = install(tmp_path, 'pages')
    (folder / 'manifest.conf').write_text('name=pages\n')
    (folder / 'httpd').mkdir()
    (folder / 'httpd/index.html').write_text('<p>here</p>')
    norn = run(start, tmp_path)
    assert [p['kismet.plugin.name'] for p in norn.get(LIST).json()] == ['pages']
    assert norn.get('/plugin/pages/index.html').text == norn.get('/plugin/pages/').text == '<p>here</p>'
    for path in 'pages/%2e%2e/manifest.conf', 'pages/none', 'none/index.html', 'pages':
        assert norn.get('/plugin/' + path).status_code == 404
