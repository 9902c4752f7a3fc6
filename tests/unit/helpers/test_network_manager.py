"""NetworkManager is asked to leave an interface alone, on a bus of the test's own, where a mock stands for it."""
import os
import subprocess

import dbus
import dbusmock
import pytest

SERVICE = 'org.freedesktop.NetworkManager'
DISCONNECTED, CONFIGURING, ACTIVATED = 30, 50, 100


class OwnBus(dbusmock.DBusTestCase):
    pass


@pytest.fixture
def manager():
    """The mock's interface for adding devices."""
    OwnBus.start_system_bus()
    bus = OwnBus.get_dbus(system_bus=True)
    process, mock = OwnBus.spawn_server_template('networkmanager', stdout=subprocess.DEVNULL)
    yield bus, dbus.Interface(mock, dbusmock.MOCK_IFACE)
    process.terminate()
    process.wait(timeout=10)
    OwnBus.tearDownClass()


def ask(*words):
    return subprocess.run([os.environ['ASK'], *words], capture_output=True, text=True, timeout=10, check=True).stdout.strip()


def managed(bus, path):
    device = dbus.Interface(bus.get_object(SERVICE, path), dbus.PROPERTIES_IFACE)
    return bool(device.Get(SERVICE + '.Device', 'Managed'))


def test_an_idle_interface_is_released_and_returned(manager):
    bus, mock = manager
    path = mock.AddWiFiDevice('one', 'wlan7', DISCONNECTED)
    assert ask('release', 'wlan7') == 'released' and not managed(bus, path)
    assert ask('release', 'wlan7') == 'none'  # it is not managed any more
    ask('return', 'wlan7')
    assert managed(bus, path)


@pytest.mark.parametrize('state', [CONFIGURING, ACTIVATED])
def test_a_connection_stays(manager, state):
    bus, mock = manager
    path = mock.AddWiFiDevice('one', 'wlan7', state)
    assert ask('release', 'wlan7') == 'in use' and managed(bus, path)


def test_interfaces_that_are_not_managed(manager):
    assert ask('release', 'wlan8') == 'none'


def test_without_a_bus(monkeypatch):
    monkeypatch.setenv('DBUS_SYSTEM_BUS_ADDRESS', 'unix:path=/nonexistent')
    assert ask('release', 'wlan7') == 'none'
