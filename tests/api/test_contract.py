"""The general sentences of the REST reference, one test each."""
from conftest import LOGIN

SUMMARY = '/devices/summary/devices.json'
MAC = 'kismet.device.base.macaddr'


def test_unknown_keys_of_a_command_are_no_error(server):
    reply = server.post(SUMMARY, {'fields': [MAC], 'of a later version': {'a': [1]}})
    assert reply.status_code == 200 and set(reply.json()[0]) == {MAC}


def test_keys_are_case_sensitive(server):
    assert len(server.post(SUMMARY, {'Fields': [MAC]}).json()[0]) > 1
    assert server.post('/datasource/add_source.cmd', {'Definition': 'x'}, auth=LOGIN).status_code == 400


def test_commands_come_as_form_variable_or_json(server):
    form = server.post(SUMMARY, data={'json': '{"fields": ["%s"]}' % MAC})
    assert form.json() == server.post(SUMMARY, {'fields': [MAC]}).json()


def test_configuration_needs_a_login_and_the_rest_does_not(server):
    for path in ('/datasource/all_sources.json', '/logging/active.json', '/auth/apikey/list.json'):
        assert server.get(path).status_code == 401, path
        assert server.get(path, auth=LOGIN).status_code == 200, path
    for path in ('/system/status.json', '/devices/views/all_views.json', '/alerts/definitions.json',
                 '/channels/channels.json', '/messagebus/all_messages.json', '/phy/all_phys.json'):
        assert server.get(path).status_code == 200, path


def test_formats_of_lines_have_no_pretty_form(server):
    assert server.get('/devices/all_devices.ekjson').status_code == 200
    for other in ('prettyjson', 'json'):
        assert server.get(f'/devices/all_devices.{other}').status_code == 404


def test_dev_is_another_spelling_of_devices(server):
    key = server.post(SUMMARY, {'fields': ['kismet.device.base.key']}).json()[0]['kismet.device.base.key']
    tag = {'tagname': 'contract', 'tagvalue': 'kept'}
    assert server.post(f'/dev/by-key/{key}/set_tag.cmd', tag, auth=LOGIN).status_code == 200
    device = server.get(f'/devices/by-key/{key}/device.json').json()
    assert device['kismet.device.base.tags']['contract'] == 'kept'


def test_a_path_behind_the_extension_gives_part_of_a_device(server):
    key = server.post(SUMMARY, {'fields': ['kismet.device.base.key']}).json()[0]['kismet.device.base.key']
    whole = server.get(f'/devices/by-key/{key}/device.json').json()
    assert server.get(f'/devices/by-key/{key}/device.json/{MAC}').json() == whole[MAC]
    assert server.get(f'/devices/by-key/{key}/device.json/no.such.field').status_code == 404
