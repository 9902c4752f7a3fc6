"""/openapi.json: a document of OpenAPI 3.1 that has every route, and schemas that replies keep."""
import json
import pathlib
import re
import shutil
import subprocess

import jsonschema
import pytest

from conftest import LOGIN
from reply_schema import ReplySchemas

MANUAL = pathlib.Path(__file__).parents[2] / 'doc' / 'rest.md'
METHODS = {'get', 'post'}
# The parts of OpenAPI 3.1 (sections 4.8.1 to 4.8.30) that the document uses.
RULES = {
    'type': 'object', 'required': ['openapi', 'info', 'paths', 'components'],
    'properties': {
        'openapi': {'pattern': r'^3\.1\.\d+$'},
        'info': {'required': ['title', 'version']},
        'paths': {
            'patternProperties': {'^/': {
                'type': 'object', 'minProperties': 1, 'additionalProperties': False,
                'properties': {m: {'$ref': '#/$defs/operation'} for m in METHODS}}},
            'additionalProperties': False},
        'components': {
            'additionalProperties': False,
            'properties': {
                part: {'type': 'object', 'propertyNames': {'pattern': r'^[a-zA-Z0-9._-]+$'}}
                for part in ('schemas', 'responses', 'requestBodies', 'securitySchemes')}}},
    '$defs': {'operation': {
        'type': 'object', 'required': ['operationId', 'summary', 'responses', 'security'],
        'properties': {
            'summary': {'type': 'string', 'minLength': 3},
            'responses': {'minProperties': 1, 'propertyNames': {'pattern': r'^[1-5](\d\d|XX)$'},
                          'additionalProperties': {'anyOf': [{'required': ['$ref']},
                                                             {'required': ['description']}]}},
            'parameters': {'items': {'required': ['name', 'in', 'schema'], 'properties': {
                'in': {'const': 'path'}, 'required': {'const': True}}}},
            'security': {'type': 'array', 'items': {'type': 'object', 'propertyNames': {
                'enum': ['basic', 'cookie', 'key']}}}}}},
}


@pytest.fixture(scope='module')
def document(server):
    reply = server.get('/openapi.json')
    assert reply.status_code == 200 and reply.headers['Content-Type'] == 'application/json'
    return reply.json()


def operations(document):
    for path, item in document['paths'].items():
        for method, operation in item.items():
            yield path, method, operation


def references(part):
    if isinstance(part, dict):
        if isinstance(part.get('$ref'), str):
            yield part['$ref']
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_keeps_the_rules_of_openapi(document):
    jsonschema.Draft202012Validator(RULES).validate(document)
    for name, schema in document['components']['schemas'].items():
        jsonschema.Draft202012Validator.check_schema(schema)


def npm_says(document):
    """(status, text) of the validator that the web folder installs; it takes the document of the specification."""
    if not shutil.which('node'):
        pytest.skip('no node')
    script = pathlib.Path(__file__).parents[2] / 'web/test/openapi.mjs'
    run = subprocess.run(['node', script], input=json.dumps(document), capture_output=True, text=True, timeout=60)
    if run.returncode == 77:
        pytest.skip('the validator is not installed; make deps does')
    return run.returncode, run.stderr


def test_a_validator_of_others_agrees(document):
    assert npm_says(document) == (0, '')
    path = next(iter(document['paths']))
    spoilt = {**document, 'paths': {path: {'get': {'responses': {'200': {}}}}}}
    status, text = npm_says(spoilt)
    assert status == 1 and 'description' in text


def test_operations_have_ids_of_their_own_and_all_parameters(document):
    ids = [operation['operationId'] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for path, _, operation in operations(document):
        assert re.findall(r'\{(\w+)\}', path) == [p['name'] for p in operation['parameters']], path


def test_every_reference_resolves(document):
    found = set(references(document))
    assert len(found) > 30
    for reference in found:
        part = document
        for step in reference.removeprefix('#/').split('/'):
            assert step in part, reference
            part = part[step]


def test_every_route_of_the_tables_is_in_it(document):
    rows = [[c.strip(' `') for c in line.split('|')[1:6]] for line in MANUAL.read_text().splitlines()
            if line.startswith('| ') and '`/' in line]
    assert len(rows) > 100
    for methods, path, extensions, who, _ in rows:
        end = {'any': '.{extension}', 'none': ''}.get(extensions, '.' + extensions)
        item = document['paths'][path + ('.{extension}' if ',' in extensions else end)]
        for method in methods.lower().split(', '):
            assert (item[method]['security'] == []) == (who == 'anybody'), path
    assert len(rows) <= len(list(operations(document)))


def test_a_device_has_the_schema_of_its_table(document, server):
    schema = document['components']['schemas']['device_base']
    assert schema['properties']['kismet.device.base.macaddr']['x-norn-type'] == 'mac_addr'
    assert schema['properties']['kismet.device.base.packets.total']['type'] == 'integer'
    device = server.get('/devices/views/all/devices.json').json()[0]
    assert set(device) <= set(schema['properties'])


def test_a_reply_that_is_not_as_its_route_says_is_reported(document, server):
    schemas = ReplySchemas(document)
    path = '/system/timestamp.json'
    assert schemas.check(path, server.get(path).json()) == '/system/timestamp.{extension}'
    with pytest.raises(AssertionError, match='usec'):
        schemas.check(path, {'kismet.system.timestamp.usec': 'text'})
    with pytest.raises(AssertionError, match='unknown'):
        schemas.check(path, {'unknown': 1})
    assert schemas.find('/healthz') == (None, None)  # a text
    assert schemas.check('/devices/by-key/1_2/device.json/kismet.device.base.name', 'x') is None


@pytest.mark.parametrize('path', [
    '/system/status', '/channels/channels', '/devices/views/all_views', '/phy/all_phys', '/alerts/definitions',
    '/alerts/all_alerts', '/alerts/last-time/0/alerts', '/messagebus/last-time/0/messages', '/datasource/types',
    '/datasource/defaults', '/datasource/all_sources', '/gps/all_gps', '/gps/location', '/gps/all_locations',
    '/logging/drivers', '/logging/active', '/plugins/all_plugins', '/streams/all_streams',
    '/phy/phyuav/manuf_matchers', '/devices/alerts/mac/found/macs', '/auth/apikey/list'])
def test_replies_are_as_the_document_says(document, server, path):
    reply = server.get(path + '.json', auth=LOGIN)
    assert reply.status_code == 200
    assert ReplySchemas(document).check(path + '.json', reply.json())


def test_every_device_is_as_the_document_says(document, server):
    schemas = ReplySchemas(document)
    devices = server.get('/devices/views/all/devices.json').json()
    assert devices
    for device in devices[:40]:
        assert schemas.check('/devices/by-key/x/device.json', device)
