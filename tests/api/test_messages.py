"""Messages."""
import time

from conftest import LOGIN


def test_messages(server):
    everything = server.get('/messagebus/all_messages.json').json()
    assert any('is read' in m['kismet.messagebus.message_string'] for m in everything)
    since = server.get('/messagebus/last-time/0/messages.json').json()
    assert len(since['kismet.messagebus.list']) == len(everything)
    assert abs(since['kismet.messagebus.timestamp'] - time.time()) < 5
    later = server.get(f'/messagebus/last-time/{int(time.time()) + 9}/messages.json').json()
    assert later['kismet.messagebus.list'] == []
    assert server.get('/messagebus/last-time/x/messages.json').status_code == 400


def test_commands_leave_an_audit_message(server):
    server.post('/devices/by-key/1_2/set_name.cmd', {'username': 'x'}, auth=LOGIN)
    texts = [m['kismet.messagebus.message_string'] for m in server.get('/messagebus/all_messages.json').json()]
    assert any('kismet' in t and '127.0.0.1' in t and 'set_name' in t for t in texts)
