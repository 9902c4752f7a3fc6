"""Forgery on a local network in clear, by the tools that do it (../shared/cases/attacks), and what looks like it."""
import os
import pathlib

import pytest

from conftest import BOARD

SHARED = pathlib.Path(os.environ['SAMPLE']).resolve().parents[3] / 'shared/cases/attacks'
LAN = {'ARPPOISONING', 'DHCPSTARVATION', 'ICMPREDIRECT', 'NAMEPOISONING', 'ROGUEDHCP', 'ROGUERA'}


def lan_alerts(start, path):
    norn = start('-c', str(path), config=BOARD)
    norn.wait_done()
    return [a for a in norn.get('/alerts/all_alerts.json').json() if a['kismet.alert.header'] in LAN]


@pytest.mark.skipif(not SHARED.exists(), reason='no shared captures')
@pytest.mark.parametrize('name, rule', [('lan_arp', 'ARPPOISONING'), ('lan_rogue_dhcp', 'ROGUEDHCP')])
def test_tool(start, name, rule):
    alerts = lan_alerts(start, SHARED / f'{name}.pcap')
    assert {a['kismet.alert.header'] for a in alerts} == {rule} and len(alerts) <= 12
    assert {a['kismet.alert.source_mac'] for a in alerts} == {'8C:85:90:00:00:44'}


@pytest.mark.skipif(not SHARED.exists(), reason='no shared captures')
@pytest.mark.parametrize('name', ['benign_random_mac', 'benign_ordinary', 'benign_extender_other_vendor'])
def test_ordinary_life(start, name):
    assert lan_alerts(start, SHARED / f'{name}.pcap') == []
