"""System Status and Datasources."""
import time

from conftest import BOARD, LOGIN


def test_status(server):
    status = server.get('/system/status.json').json()
    assert status['kismet.system.devices.count'] > 0
    assert 1000 < status['kismet.system.memory.rss'] < 200000
    assert abs(status['kismet.system.timestamp.sec'] - time.time()) < 5
    pretty = server.get('/system/status.prettyjson').json()
    assert pretty['description.kismet.system.memory.rss'].startswith('uint64_t, ')
    now = server.get('/system/timestamp.json').json()
    assert 0 <= now['kismet.system.timestamp.usec'] < 1000000
    assert server.get('/system/user_status.json').json()['kismet.system.user']
    assert server.post('/system/status.json', {'fields': ['kismet.system.version']}).json().keys() == {
        'kismet.system.version'}


def test_tracked_fields(server):
    page = server.get('/system/tracked_fields.html')
    assert page.headers['Content-Type'].startswith('text/html')
    assert 'kismet.device.base.macaddr' in page.text and 'dot11.advertisedssid.ssid' in page.text


def test_home_page(server):
    """The built interface, or without it a plain page."""
    page = server.get('/')
    assert 'id="app"' in page.text or '<table>' in page.text
    if 'id="app"' in page.text:
        assert "default-src 'none'" in page.headers['Content-Security-Policy']


def test_home_page_without_the_web_interface(start, tmp_path):
    assert '<table>' in start(config=f'httpd_home={tmp_path}\n').get('/').text


def test_sources(server):
    sources = server.get('/datasource/all_sources.json', auth=LOGIN).json()
    assert len(sources) == 1 and sources[0]['kismet.datasource.num_packets'] > 0
    uuid = sources[0]['kismet.datasource.uuid']
    one = server.get(f'/datasource/by-uuid/{uuid}/source.json', auth=LOGIN).json()
    assert one['kismet.datasource.uuid'] == uuid
    unknown = '00000000-0000-0000-0000-000000000000'
    assert server.get(f'/datasource/by-uuid/{unknown}/source.json', auth=LOGIN).status_code == 404
    assert server.get('/datasource/by-uuid/x/source.json', auth=LOGIN).status_code == 400


def test_source_lifecycle(start, tmp_path):
    import os
    import shutil
    path = tmp_path / 'a b.pcap'
    shutil.copy(os.environ['SAMPLE'], path)
    norn = start()
    definition = f'{path}:realtime=true,name="one, two"'
    assert norn.post('/datasource/add_source.cmd', {'definition': definition}).status_code == 401
    added = norn.post('/datasource/add_source.json', {'definition': definition}, auth=LOGIN)
    assert added.status_code == 200, added.text
    uuid = added.json()['kismet.datasource.uuid']
    assert added.json()['kismet.datasource.name'] == 'one, two'
    base = f'/datasource/by-uuid/{uuid}/'

    def source():
        return norn.get(base + 'source.json', auth=LOGIN).json()

    assert norn.post('/datasource/add_source.cmd', {'definition': definition}, auth=LOGIN).status_code == 500
    assert norn.get(base + 'pause_source.cmd').status_code == 401
    assert norn.get(base + 'pause_source.cmd', auth=LOGIN).json()['kismet.datasource.paused'] == 1
    assert norn.post(base + 'resume_source.cmd', auth=LOGIN).json()['kismet.datasource.paused'] == 0
    assert norn.get(base + 'close_source.cmd', auth=LOGIN).json()['norn.datasource.state'] == 'closed'
    assert source()['kismet.datasource.running'] == 0
    assert norn.get(base + 'enable_source.cmd', auth=LOGIN).json()['norn.datasource.state'] == 'running'
    assert norn.get(base + 'open_source.cmd', auth=LOGIN).status_code == 500
    assert norn.get(base + 'disable_source.cmd', auth=LOGIN).status_code == 200
    path.unlink()
    assert norn.get(base + 'open_source.cmd', auth=LOGIN).status_code == 500
    assert source()['norn.datasource.state'] == 'error' and source()['kismet.datasource.error_reason']
    for command in ({'channel': '6'}, {'channels': ['1', '6'], 'hoprate': 5}, {'hoprate': 5}):
        assert norn.post(base + 'set_channel.cmd', command, auth=LOGIN).status_code == 500
    assert norn.post(base + 'set_channel.cmd', {}, auth=LOGIN).status_code == 400
    for wrong in ({}, {'definition': ''}):
        assert norn.post('/datasource/add_source.cmd', wrong, auth=LOGIN).status_code == 400
    for wrong in ('/no/such', f'{norn.config}', 'x:type=none', ':a=b', 'x:uuid=1'):
        reply = norn.post('/datasource/add_source.cmd', {'definition': wrong}, auth=LOGIN)
        assert reply.status_code == 500 and len(reply.text) > 10, wrong


def test_what_lives_and_fails_at_the_start_is_tried_again(start, tmp_path):
    """A program that is not there yet; a file that is not there is tried once."""
    import os
    helper = tmp_path / 'norn_cap_example'
    norn = start('-c', f'{tmp_path}/later.pcap', '-c', 'example:type=example,retry=false,name=never',
                 '-c', 'example:type=example', config=f'{BOARD}helper_binary_path={tmp_path}\n')
    sources = norn.get('/datasource/all_sources.json', auth=LOGIN).json()
    assert [s['norn.datasource.state'] for s in sources] == ['error'] * 3
    assert [s['kismet.datasource.retry'] for s in sources] == [0, 0, 1]
    helper.symlink_to(os.environ['HELPERS'] + '/norn_cap_example')
    (tmp_path / 'later.pcap').write_bytes(b'')
    for _ in range(150):
        sources = norn.get('/datasource/all_sources.json', auth=LOGIN).json()
        if sources[2]['kismet.datasource.num_packets']:
            break
        time.sleep(0.1)
    assert sources[2]['kismet.datasource.num_packets'] > 0
    assert [s['norn.datasource.state'] for s in sources[:2]] == ['error', 'error']
    assert 'No such file' in sources[0]['kismet.datasource.error_reason']


def test_kinds_and_defaults(server):
    types = server.get('/datasource/types.json').json()
    assert 'pcapfile' in [t['kismet.datasource.driver.type'] for t in types]
    defaults = server.get('/datasource/defaults.json').json()
    assert defaults['kismet.datasourcetracker.default.hop_rate'] == 5
    found = server.get('/datasource/list_interfaces.json').json()
    assert 'example' in [i['kismet.datasource.probed.interface'] for i in found]


def test_channels(server):
    use = server.get('/channels/channels.json').json()
    by_frequency = use['kismet.channeltracker.frequency_map']
    assert by_frequency and all(k.isdigit() for k in by_frequency)
    some = next(iter(by_frequency.values()))
    assert some['kismet.channelrec.frequency'] > 2000000
    assert len(some['kismet.channelrec.packets_rrd']['kismet.common.rrd.minute_vec']) == 60
    assert use['kismet.channeltracker.channel_map']


def test_what_pages_of_kismet_ask_for_first(server):
    assert server.get('/antennas/antennas.json').json() == []
    modules = server.get('/dynamic.json')
    assert [m['module'] for m in modules.json()['dynamicjs']] == [
        'kismet_ui_' + name for name in ('dot11', 'datasources', 'bluetooth', 'btle', 'rtl433', 'rtladsb', 'rtlamr', 'uav', 'zwave')]
    assert all(m['js'] == 'js/' + m['module'].replace('_', '.', 2) + '.js' for m in modules.json()['dynamicjs'])
    assert modules.headers['Content-Type'] == 'application/json'
    assert server.get('/dynamic.js').headers['Content-Type'] == 'application/javascript'
    assert server.get('/dynamic.json.json').status_code == 404
