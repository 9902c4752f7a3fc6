"""Ordinary life: how many alerts an hour of it raises, as the manual lists it, and none of them above low."""
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(os.environ['SAMPLE']).resolve().parents[2]
SHARED = ROOT.parent / 'shared'
MANUAL = ROOT / 'doc/alerts-of-captures.md'
sys.path.insert(0, str(ROOT / 'tests/api'))
from alert_server import SYSTEM  # noqa: E402
from conftest import Norn  # noqa: E402

CONFIG = 'enable_logging=false\nalertbacklog=5000\nhttpd_username=kismet\nhttpd_password=secret\n'
LOW = 5
# By what it sends an extender of another maker looks like a copy of the network.
ABOVE = {('benign_extender_other_vendor.pcap', 'EVILTWIN')}
OF_PROJECTS = '''parrot_anafi4_real.pcapng brno-probes-1k.pcap wpa2-psk-linksys.cap test1.pcap capture_wds-01.cap n-02.cap
    hwsim0.pcapng wpa3-psk.pcap MOM1.cap odid_wifi_bcn_sample.pcap odid_bt5_lr_sample.pcapng ble_pairing.pcap
    pairing_and_ltk_exchange.pcap le_secure_connections.pcapng vhci-le-scan.pcap zigbee_philips_hue_association.pcap
    logitech_mouse.pcap ieee802.11_exthdr.pcap'''.split()


def captures():
    found = sorted((ROOT / 'tests/captures').glob('*.pcap')) + [SHARED / 'captures' / name for name in OF_PROJECTS]
    return found + sorted((SHARED / 'cases/attacks').glob('benign_*'))


def seconds(capture):
    out = subprocess.run(['capinfos', '-Tmru', capture], capture_output=True, text=True, check=True).stdout
    return float(out.split('\t')[-1].split(',')[-1])


def alerts_of(home):
    """(Capture, alert): how many were raised, and how severe they are. Each capture has a server of its own, since they
    have names and addresses in common."""
    found = {}
    for path in captures():
        (home / path.name).mkdir()
        norn = Norn(home / path.name, '-c', str(path), config=CONFIG)
        norn.wait_done()
        for a in norn.get('/alerts/all_alerts.json').json():
            if a['kismet.alert.header'] not in SYSTEM:
                one = found.setdefault((path.name, a['kismet.alert.header']), [0, a['kismet.alert.severity']])
                one[0] += 1
        assert norn.stop() == 0
    return found


def table(found, hours):
    """The rows of the manual."""
    names = sorted({alert for _, alert in found})
    for alert in names:
        of = [name for name, what in sorted(found) if what == alert]
        count = sum(found[name, alert][0] for name in of)
        severity = 'low' if found[of[0], alert][1] <= LOW else 'above low'
        yield f'| `{alert}` | {severity} | {count} | {count / hours:.1f} | {", ".join(f"`{name}`" for name in of)} |'


@pytest.mark.skipif(not SHARED.is_dir(), reason='the captures are not here')
def test_ordinary_life_raises_what_the_manual_says_and_nothing_above_low(tmp_path):
    found = alerts_of(tmp_path)
    assert {key for key, (_, severity) in found.items() if severity > LOW} <= ABOVE
    hours = sum(seconds(path) for path in captures()) / 3600
    said = re.search(r'^(\d+) ordinary captures, ([\d.]+) hours', MANUAL.read_text(), re.M)
    assert said and said.groups() == (str(len(captures())), f'{hours:.2f}')
    rows = list(table(found, hours))
    listed = re.findall(r'^\| `\w+` \| (?:above )?low \|.*$', MANUAL.read_text(), re.M)
    assert listed == rows, '\n'.join(rows)
