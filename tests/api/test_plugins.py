"""Native plugins: the example, and what is refused."""
import os
import pathlib
import shutil
import subprocess

import pytest

from conftest import LOGIN

ROOT = pathlib.Path(__file__).parents[2]
HELLO = pathlib.Path(os.environ['NORN']).parent / 'plugins/hello.so'
LIST = '/plugins/all_plugins.json'


def install(tmp_path, name='hello', object=HELLO):
    folder = tmp_path / 'plugins' / name
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    shutil.copy(ROOT / 'plugins/hello/manifest.conf', folder)
    shutil.copy(object, folder / 'hello.so')
    (folder / 'hello.so').chmod(0o755)
    (folder / 'manifest.conf').chmod(0o644)
    return folder


def run(start, tmp_path, *more, config=''):
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
    (writable_object, 'others than its owner may write it'), (writable_folder, 'others than its owner may write it'),
    (link, 'no plain file'), (elsewhere, 'no plain name'), (nameless, 'no name='), (no_manifest, 'no manifest.conf'),
    (foreign, 'belongs to another user'), (no_code, 'hello.so')])
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
