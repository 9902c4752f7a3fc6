"""/query/devices, sightings, alerts and messages: what expressions select, in pages, in other formats, counted; and bad input."""
import csv
import io
import json
import time

import pytest

from conftest import LOGIN, Norn
from frames import AP, BROADCAST, Capture, STATION

MAC = 'kismet.device.base.macaddr'
CONFIG = 'httpd_username=kismet\nhttpd_password=secret\nouifile=/dev/null\n' + '''view=office:ssid:office* channel:1..13
view=cafes:dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid=^caf
'''
NETWORKS = {f'02:00:00:00:01:{i:02X}': (name, mhz, dbm) for i, (name, mhz, dbm) in enumerate((
    (b'office', 2412, -40), (b'Office-5', 5180, -60), (b'cafe', 2437, -70), (b'open, space', 2462, -80)))}
CHANNELS = {2412: 1, 5180: 36, 2437: 6, 2462: 11}


@pytest.fixture(scope='module')
def norn(tmp_path_factory):
    home = tmp_path_factory.mktemp('query')
    c = Capture()
    for bssid, (name, mhz, dbm) in NETWORKS.items():
        c.tune(mhz, dbm).beacon(name, bssid=bssid, channel=CHANNELS[mhz])
    c.probe(b'corp', source='02:00:00:00:02:01').probe(b'cafe', source='02:00:00:00:02:02')
    for _ in range(30):
        c.disconnect(12, to=BROADCAST, source=AP, bssid=AP, step=0.01)
    norn = Norn(home, '-c', str(c.write(home / 'a.pcap')), config=CONFIG)
    norn.wait_done()
    yield norn
    assert norn.stop() == 0, norn.text()


def ask(norn, q='', kind='devices', **more):
    reply = norn.get(f'/query/{kind}.json', params={'q': q, **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


def found(norn, q, **more):
    return {d[MAC][-5:] for d in ask(norn, q, **more)['data']}


def test_expressions_select_devices(norn):
    assert found(norn, 'ssid:office') == {'01:00', '01:01'}
    assert found(norn, 'ssid=office') == {'01:00'}
    assert found(norn, 'ssid:/^OFF/i not channel:1') == {'01:01'}
    assert found(norn, 'type:ap freq<3GHz signal>-75') == {'01:00', '01:02'}
    assert found(norn, 'ssid:"open, space"') == {'01:03'}
    assert found(norn, 'mac:02:00:00:00:02') == {'02:01', '02:02'}
    assert found(norn, '02:00:00:00:02 probe:corp') == {'02:01'}
    assert found(norn, 'cafe') == {'01:02', '02:02'}
    assert found(norn, 'mac:02:00:00:00 (ssid:* or probe:c*) not ssid:net') == {'01:00', '01:01', '01:02', '01:03', '02:01', '02:02'}
    assert found(norn, 'mac:02:00:00:00:01 channel:(1,11)') == {'01:00', '01:03'}
    assert found(norn, 'dot11.device/dot11.device.num_probed_ssids>0') == {'02:01', '02:02'}
    assert found(norn, 'changed<1h seen>2000-01-01 type:ap channel:6') == {'01:02'}
    assert found(norn, 'seen<1990-01-01') == set()
    whole = ask(norn)
    assert whole['norn.query.matched'] == len(whole['data']) == len(norn.get('/devices/views/all/devices.json').json())


def test_what_a_source_saw(norn):
    source = norn.get('/datasource/all_sources.json', auth=LOGIN).json()[0]
    uuid, name = source['kismet.datasource.uuid'], source['kismet.datasource.name']
    everything = ask(norn)['norn.query.matched']
    assert ask(norn, f'source:{uuid}')['norn.query.matched'] == ask(norn, f'source:"{name}"')['norn.query.matched'] == everything
    assert found(norn, f'source:{uuid[:8]} ssid:cafe') == {'01:02'} and found(norn, 'source:none') == set()
    groups = ask(norn, group='source', sort='source')['norn.query.groups']
    assert [(g['norn.query.value'], g['norn.query.count']) for g in groups] == [(name, everything)]
    path = 'kismet.device.base.seenby/kismet.common.seenby.uuid'
    assert len(ask(norn, sort=path, fields='mac')['data']) == everything
    page = norn.post('/devices/views/all/devices.json?page=0&sort=' + path, {'fields': [MAC]}).json()
    assert page['last_row'] == everything


def test_columns_spare_records(norn):
    assert ask(norn, 'changed>now')['norn.query.scanned'] == 0
    assert ask(norn, 'seen<1990-01-01')['norn.query.scanned'] == 0
    assert 0 < ask(norn, 'view:phydot11_accesspoints')['norn.query.scanned'] < ask(norn)['norn.query.scanned']


def test_devices_of_alerts(norn):
    alerts = ask(norn, 'severity>=low alert:*', 'alerts')['data']
    names = {a['kismet.alert.header'] for a in alerts if a['norn.alert.frames']}
    assert names
    for name in names:
        assert 'D:' not in name and found(norn, f'alert:{name[:6]}*') == {AP.upper()[-5:]}
    assert found(norn, 'alert:none') == set()


def test_views_of_an_expression(norn):
    macs = [d[MAC][-5:] for d in norn.get('/devices/views/office/devices.json').json()]
    assert macs == ['01:00']
    sizes = {v['kismet.devices.view.id']: v['kismet.devices.view.size']
             for v in norn.get('/devices/views/all_views.json').json()}
    assert (sizes['office'], sizes['cafes']) == (1, 1)
    assert found(norn, 'view:office') == {'01:00'} and found(norn, 'view:cafes type:ap') == {'01:02'}
    assert found(norn, 'view:office channel:6') == set()
    assert norn.get('/query/devices.json', params={'q': 'view:none'}).status_code == 404


def test_fields_have_the_names_that_they_were_asked_for_by(norn):
    command = {'q': 'ssid:cafe', 'fields': ['mac', ['channel', 'c'], 'kismet.device.base.signal/kismet.common.signal.last_signal']}
    row = norn.post('/query/devices.json', command).json()['data'][0]
    assert row == {'mac': '02:00:00:00:01:02', 'c': '6', 'kismet.common.signal.last_signal': -70}
    reply = norn.get('/query/devices.json?fields=mac,name&q=ssid:cafe').json()
    assert reply['data'] == [{'mac': '02:00:00:00:01:02', 'name': 'cafe'}]
    reply = norn.post('/query/devices.json', data={'q': 'ssid:cafe', 'fields': 'mac'}).json()
    assert reply['data'] == [{'mac': '02:00:00:00:01:02'}]


@pytest.mark.parametrize('sort', ['', 'name', '-signal', 'mac', '-seen', 'channel'])
def test_pages_have_each_device_once(norn, sort):
    whole = [d['mac'] for d in ask(norn, 'mac:02:00', sort=sort, fields='mac')['data']]
    assert len(whole) == len(set(whole)) == 6
    for limit in (1, 2, 5, 6):
        pages, after = [], ''
        while after is not None:
            reply = ask(norn, 'mac:02:00', sort=sort, fields='mac', limit=limit, after=after)
            assert len(reply['data']) <= limit and reply['norn.query.matched'] == 6
            pages += [d['mac'] for d in reply['data']]
            after = reply.get('norn.query.after')
        assert pages == whole


def test_orders(norn):
    signals = [d['signal'] for d in ask(norn, 'signal:*', sort='-signal', fields='signal')['data']]
    assert signals == sorted(signals, reverse=True) and len(signals) > 3


def test_other_formats(norn):
    lines = norn.get('/query/devices.ekjson', params={'q': 'ssid:*', 'sort': 'mac', 'limit': 3}).text.splitlines()
    assert [json.loads(line)[MAC][-2:] for line in lines] == ['00', '01', '02']
    reply = norn.get('/query/devices.csv', params={'q': 'ssid:*', 'sort': 'mac', 'fields': 'mac,ssid,seen,tag'})
    assert reply.headers['Content-Type'].startswith('text/csv')
    rows = list(csv.reader(io.StringIO(reply.text, newline='')))
    assert rows[0] == ['mac', 'ssid', 'seen', 'tag'] and rows[4][:2] == ['02:00:00:00:01:03', 'open, space']
    assert norn.get('/query/devices.csv', params={'q': 'ssid:none'}).text.startswith('mac,name,type,')
    pretty = norn.get('/query/devices.prettyjson', params={'q': 'ssid:cafe', 'limit': 1}).json()
    assert pretty['data'] and pretty['description.norn.query.matched']
    assert norn.get('/devices/views/all/devices.csv').status_code == 404


def test_groups_and_histograms(norn):
    reply = ask(norn, 'mac:02:00', group='type')
    groups = {g['norn.query.value']: g for g in reply['norn.query.groups']}
    assert groups['Wi-Fi AP']['norn.query.count'] == groups['Wi-Fi AP']['norn.query.devices'] == 4
    assert sum(g['norn.query.count'] for g in groups.values()) == reply['norn.query.matched'] == 6
    packets = sum(d['packets'] for d in ask(norn, 'mac:02:00 type:ap', fields='packets')['data'])
    assert groups['Wi-Fi AP']['norn.query.sums']['packets'] == packets
    spans = ask(norn, 'mac:02:00', histogram='1s')['norn.query.groups']
    starts = [s['norn.query.from'] for s in spans]
    assert starts == sorted(set(starts)) and sum(s['norn.query.count'] for s in spans) == 6
    both = ask(norn, 'ssid:*', group='channel', histogram='1h', limit=2)['norn.query.groups']
    assert len(both) == 2 and {'norn.query.value', 'norn.query.from'} <= set(both[0])
    rows = list(csv.reader(io.StringIO(norn.get('/query/devices.csv', params={'group': 'type'}).text)))
    assert rows[0][0] == 'norn.query.value' and len(rows) > 2
    of = ask(norn, kind='alerts', group='alert')['norn.query.groups']
    assert sum(g['norn.query.count'] for g in of) == ask(norn, kind='alerts')['norn.query.matched']


def test_messages(norn):
    texts = [m['text'] for m in ask(norn, 'kind:info text:"is read to the end"', 'messages', fields='text')['data']]
    assert len(texts) == 1 and 'a.pcap' in texts[0]
    newest = ask(norn, 'time<1d', 'messages', sort='-time', limit=1, fields='time')['data'][0]['time']
    assert abs(newest - time.time()) < 86400


def test_sightings(norn):
    whole = ask(norn, kind='sightings')
    assert whole['norn.query.matched'] == len(whole['data']) >= 6
    frames = {}
    for s in ask(norn, 'mac:02:00 frames>0', 'sightings', fields='mac,frames,start')['data']:
        frames[s['mac']] = frames.get(s['mac'], 0) + s['frames']
    for device in ask(norn, 'mac:02:00', fields='mac,packets')['data']:
        assert frames[device['mac']] == device['packets'], device
    groups = {g['norn.query.value']: g for g in ask(norn, 'mac:02:00', 'sightings', group='mac')['norn.query.groups']}
    assert {mac: g['norn.query.sums']['frames'] for mac, g in groups.items()} == frames
    minutes = ask(norn, 'mac:02:00', 'sightings', histogram='60s')['norn.query.groups']
    assert all(m['norn.query.from'] % 60 == 0 and m['norn.query.devices'] <= 6 for m in minutes)
    seen, after = [], ''
    while after is not None:
        page = ask(norn, '', 'sightings', sort='-frames', limit=2, after=after, fields='key,frames,start')
        seen += [tuple(s.values()) for s in page['data']]
        after = page.get('norn.query.after')
    assert len(seen) == len(whole['data']) and [s[1] for s in seen] == sorted((s[1] for s in seen), reverse=True)


FAULTS = (
    ({'q': 'sginal>-60'}, "At octet 0 ('sginal'): devices have no such name; 'signal' is one"),
    ({'q': '(type:ap'}, 'At octet 8: here and, or, a term or the ) of octet 0 is expected'),
    ({'q': 'signal>-60MHz'}, 'its number may have a unit: dBm'),
    ({'q': 'seen<10'}, 'a duration'),
    ({'q': 'seen:2026-02-01..2026-01-01'}, 'the span ends before it begins'),
    ({'q': 'ssid:/(/'}, 'the regular expression is not right'),
    ({'q': 'x ' * 40000}, 'at most 65536 octets'),
    ({'q': 'x ' * 30000}, 'at most 4096 terms'),
    ({'q': '(' * 65 + 'x'}, 'at most 64 deep'),
    ({'q': 'type:ap or view:office'}, 'a view is joined'),
    ({'fields': 'mac,nmae'}, "'fields' names 'nmae', which devices do not have; there is name"),
    ({'sort': 'none'}, "'sort' names 'none'"),
    ({'group': 'none'}, "'group' names 'none'"),
    ({'limit': '0'}, "'limit' is a number from 1"),
    ({'limit': 'many'}, "'limit'"),
    ({'histogram': '60'}, "'histogram' is a duration"),
    ({'after': 'xyz'}, "'after' is no cursor"),
    ({'from': 'soon'}, "'from' is a time"),
)


@pytest.mark.parametrize('arguments, sentence', FAULTS, ids=range(len(FAULTS)))
def test_bad_input_is_refused_with_a_sentence(norn, arguments, sentence):
    for command in ({'data': arguments}, {'json': arguments}):
        if 'limit' in arguments and 'json' in command and not arguments['limit'].isdigit():
            continue  # is no whole number, which any route refuses
        reply = norn.post('/query/devices.json', **command)
        assert reply.status_code == 400 and sentence in reply.text, reply.text


def test_a_cursor_belongs_to_its_query(norn):
    after = ask(norn, 'mac:02:00', sort='mac', limit=1)['norn.query.after']
    for other in ({'q': 'mac:02:01', 'sort': 'mac'}, {'q': 'mac:02:00', 'sort': '-mac'}, {'q': 'mac:02:00'}):
        reply = norn.get('/query/devices.json', params={**other, 'limit': 1, 'after': after})
        assert reply.status_code == 400 and 'cursor of another query' in reply.text
    assert norn.get('/query/alerts.json', params={'after': after}).status_code == 400


def test_an_expression_of_64_kb(norn):
    q = 'mac:(' + ','.join(f'02:00:00:00:{i >> 8:02x}:{i & 255:02x}' for i in range(3600)) + ')'
    assert 60000 < len(q) < 65536
    begin = time.process_time()
    assert len(norn.post('/query/devices.json', {'q': q, 'fields': ['mac']}).json()['data']) == 6
    assert time.process_time() - begin < 5


def test_what_costs_too_much_is_refused(start, tmp_path):
    c = Capture()
    for i in range(1000):
        c.beacon(b'a' * 28 + b'!', bssid='02:01:00:00:%02x:%02x' % (i >> 8, i & 255), step=0.001)
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')),
                 config='httpd_username=kismet\nhttpd_password=secret\nnorn_request_seconds=1\nnorn_max_match=1000000\n')
    norn.wait_done()
    reply = norn.get('/query/devices.json', params={'q': 'ssid:/^(a+)+$/'})
    assert reply.status_code == 503 and 'norn_request_seconds' in reply.text
    assert norn.get('/query/devices.json', params={'q': 'ssid:aaa', 'limit': 1}).json()['norn.query.matched'] == 1000


def test_a_view_that_is_no_expression_is_a_configuration_error(start):
    norn = start(config='httpd_username=kismet\nhttpd_password=secret\nview=bad:sginal>-60\n')
    assert "'signal' is one" in norn.text()
    assert 'bad' not in {v['kismet.devices.view.id'] for v in norn.get('/devices/views/all_views.json', auth=LOGIN).json()}
