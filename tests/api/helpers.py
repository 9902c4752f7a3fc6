"""What tests of capture helpers share."""
import os
import time

from conftest import LOGIN

HELPERS = os.environ['HELPERS']
CONFIG = f'httpd_username=kismet\nhttpd_password=secret\nhelper_binary_path={HELPERS}\n'


def sources(norn):
    return norn.get('/datasource/all_sources.json', auth=LOGIN).json()


def wait_for(norn, what, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = sources(norn)
        if found and what(found[0]):
            return found[0]
        time.sleep(0.05)
    raise AssertionError((found, norn.text()))


def command(norn, uuid, what, body=None):
    return norn.post(f'/datasource/by-uuid/{uuid}/{what}.cmd', body or {}, auth=LOGIN)


def running(source):
    return source['kismet.datasource.running'] and source['kismet.datasource.num_packets'] > 0


def alerts(norn, header):
    """The texts of those that were raised. A source shows its state a moment before the alert is there."""
    return [a['kismet.alert.text'] for a in norn.get('/alerts/all_alerts.json', auth=LOGIN).json()
            if a['kismet.alert.header'] == header]


def ended(pid):
    for _ in range(200):
        if not os.path.exists(f'/proc/{pid}'):
            return True
        time.sleep(0.02)
    return False
