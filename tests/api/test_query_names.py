"""/query/names, the manual of the language, and /query/complete."""
import os

import pytest

from conftest import Norn

TEXT, KIND, NAME = 'norn.query.text', 'norn.query.kind', 'norn.query.name'


@pytest.fixture(scope='module')
def norn(tmp_path_factory):
    norn = Norn(tmp_path_factory.mktemp('names'), '-c', os.environ['SAMPLE'])
    norn.wait_done()
    yield norn
    assert norn.stop() == 0, norn.text()


def complete(norn, q, at=None, **more):
    reply = norn.get('/query/complete.json', params={'q': q, **({} if at is None else {'at': at}), **more})
    assert reply.status_code == 200, reply.text
    return reply.json()


def texts(reply):
    return [c[TEXT] for c in reply['norn.query.candidates']]


def test_every_name_has_a_meaning_and_an_example_that_works(norn):
    names = norn.get('/query/names.json').json()
    assert {n['norn.query.record'] for n in names} == {'devices', 'sightings', 'alerts', 'messages', 'packets'}
    for name in names:
        assert name['norn.query.description'].endswith('.') and name[KIND]
        if name['norn.query.record'] != 'packets' and name[NAME] != 'view':
            reply = norn.get(f"/query/{name['norn.query.record']}.json", params={'q': name['norn.query.example'], 'limit': 1})
            assert reply.status_code == 200, reply.text
    assert norn.get('/query/names').json() == names == norn.post('/query/names', {}).json() == norn.post('/query/names.json', {}).json()


def test_names_are_completed(norn):
    reply = complete(norn, 'sig')
    assert texts(reply) == ['signal', 'signal_max', 'signal_min']
    assert (reply['norn.query.from'], reply['norn.query.at'], reply['norn.query.want']) == (0, 3, 'term')
    assert 'and' not in texts(complete(norn, '')) and 'not' in texts(complete(norn, ''))
    assert texts(complete(norn, 'type:ap o'))[0] == 'or'
    assert texts(complete(norn, 'type:ap sig and channel:6', 11)) == ['signal', 'signal_max', 'signal_min']
    assert 'severity' in texts(complete(norn, 'sev', record='alerts'))


def test_values_are_those_that_occur(norn):
    reply = complete(norn, 'type:')
    assert reply['norn.query.want'] == 'value' and '"Wi-Fi AP"' in texts(reply)
    counts = [c['norn.query.count'] for c in reply['norn.query.candidates']]
    assert counts == sorted(counts, reverse=True)
    for text in texts(complete(norn, 'ssid:si')):
        assert text.startswith('site-')
        assert norn.get('/query/devices.json', params={'q': 'ssid:' + text}).json()['norn.query.matched']
    assert texts(complete(norn, 'type:"wi-fi a'))[0] == '"Wi-Fi AP"'
    assert texts(complete(norn, 'severity>=', record='alerts'))[:2] == ['info', 'low']
    assert texts(complete(norn, 'seen<'))  # an example of the kind


def test_faults_have_a_position(norn):
    reply = complete(norn, 'type:ap sginal>-60')
    assert (reply['norn.query.error_at'], reply['norn.query.error_length']) == (8, 6)
    assert "'signal' is one" in reply['norn.query.error']
    assert 'norn.query.error' not in complete(norn, 'type:ap')


@pytest.mark.parametrize('arguments', [{'at': 99}, {'at': -1}, {'at': 'x'}, {'record': 'none'}, {'q': 'x' * 65537}])
def test_bad_input_is_refused(norn, arguments):
    reply = norn.post('/query/complete', data={'q': 'type', **arguments})
    assert reply.status_code == 400 and reply.text.startswith('Invalid request')


def test_without_an_extension_it_is_json(norn):
    for reply in (norn.get('/query/complete?q=ty&at=2'), norn.post('/query/complete.json', {'q': 'ty', 'at': 2})):
        assert reply.headers['Content-Type'].startswith('application/json') and texts(reply.json()) == ['type']
