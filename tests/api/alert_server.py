"""One server that reads many captures, and what each of them raised."""
import json
import os
import sqlite3

from alert_cases import OWN_AP, PRINTED
from conftest import Norn
from frames import AP, OTHER

SYSTEM = {'ROOTUSER', 'GLOBALHTTPDUSER', 'LOGDISABLED', 'CONFIGERROR'}


def any_of(address):
    return f'{address[:5]}:00:00:00:00/FF:FF:00:00:00:00'


def stored(alert):
    """Time and CRC of the packet that the alert refers to, as the kismetdb has it."""
    with sqlite3.connect(alert['norn.alert.log']) as db:
        (sec, usec, crc), = db.execute('SELECT ts_sec, ts_usec, hash FROM packets WHERE packetid = ?',
                                       (alert['norn.alert.packet'],))
    return sec + usec / 1e6, crc & 0xffffffff


def alerts_of(home, captures, rates='', fcs=False):
    """The alerts of each capture, by its number. A kismetdb holds what they refer to."""
    assert len(captures) <= 256  # sources that a server has at most
    home.mkdir()
    for c in captures:
        c.write(home / f'{c.case}.pcap', fcs)
    (home / '.norn').mkdir()
    (home / '.norn/fingerprints.jsonl').write_text('\n'.join(
        [json.dumps({'macaddr': c.address(PRINTED), 'beacon_hash': 2822839245, 'probe_hash': 301700466,
                     'response_hash': 2822839245}) for c in captures] + ['{"macaddr":']))
    config = ('httpd_username=kismet\nhttpd_password=secret\nalertbacklog=5000\nouifile=/dev/null\n'
              + f'log_types=kismet\nlog_prefix={home}\n'
              + rates + f'apspoof=Mine:ssid="^mine[0-9]+$",validmacs="{any_of(AP)},{any_of(OTHER)}"\n'
              + f'ssidcanary=Bait:ssid="^canary"\nown_bssid={any_of(OWN_AP)}\n'
              + ''.join(f'own_ssid={c.name(b"own").decode()}\n' for c in captures))
    sources = [word for c in captures for word in ('-c', str(home / f'{c.case}.pcap'))]
    norn = Norn(home, '--homedir', str(home), *sources, config=config)
    files = {s['kismet.datasource.uuid']: int(os.path.basename(s['kismet.datasource.interface'])[:-5])
             for s in norn.wait_done()}
    alerts = {c.case: [] for c in captures}
    for a in norn.get('/alerts/all_alerts.json').json():
        if a['kismet.alert.header'] not in SYSTEM:
            alerts[files[a['norn.alert.datasource']]].append(a)
    assert norn.stop() == 0, norn.text()
    return alerts
