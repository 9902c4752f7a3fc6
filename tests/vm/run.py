#!/usr/bin/python3
"""run.py KERNEL NORN HELPER...: boots Debian's kernel with four simulated radios and judges what norn saw there.

KERNEL is the folder where `make vm-deps` unpacked the kernel package. NORN_VM_SAVE=FOLDER keeps the captures.
"""
import json, re

from machine import main


def channels(line):
    return re.findall(r'channel (\d+)', line)


def judge(reported):
    """Each row: what must be so, and whether it is."""
    devices = {d['kismet.device.base.macaddr']: d for d in json.loads(reported['devices'])}
    sources = {s['kismet.datasource.name']: s for s in json.loads(reported['sources_after'])}
    yield 'norn ended with success', reported['stopped'].strip() == '0'
    yield 'a source hops', len(set(channels(reported['hopping']))) > 1
    yield 'a lock holds', set(channels(reported['locked'])) == {'6'}
    yield 'it hops again', len(set(channels(reported['hopping_again']))) > 1
    yield 'both sources have packets', all(sources[n]['kismet.datasource.num_packets'] for n in ('w2', 'w3'))
    for name, bssid, akm in (('wpa2', '02:00:00:00:02:00', 'WPA2-PSK'), ('wpa3', '02:00:00:00:03:00', 'WPA3-SAE')):
        yield f'{name}: the station associated', reported[f'{name}.associated'].strip() != '0'
        device = devices.get(bssid, {})
        dot11 = device.get('dot11.device', {})
        networks = [(s['dot11.advertisedssid.ssid'], akm in s['dot11.advertisedssid.crypt_string'].split())
                    for s in dot11.get('dot11.device.advertised_ssid_map', [])]
        yield f'{name}: beacons have SSID and AKM', networks == [(f'norn-{name}', True)]
        yield f'{name}: data is seen', device.get('kismet.device.base.packets.data', 0) > 0
        yield f'{name}: all of the handshake is held', dot11.get('dot11.device.wpa_present_handshake') == 0x1e
    probed = [d for d in devices.values() if d.get('dot11.device', {}).get('dot11.device.probed_ssid_map')]
    yield 'probe requests are seen', bool(probed)
    running = [[s['kismet.datasource.running'] for s in json.loads(reported[n])] for n in ('vanished', 'returned')]
    yield 'a radio that goes is noticed', 0 in running[0]
    yield 'it is used again when it is back', running[1] == [1, 1]
    removed, back = json.loads(reported['radios_gone']), json.loads(reported['radios_back'])
    yield 'radios that are pulled out are noticed', all(s['kismet.datasource.error'] for s in removed)
    yield 'and said so in words', all(s['kismet.datasource.error_reason'] for s in removed)
    yield 'they are used again when they are put in', all(s['kismet.datasource.running'] for s in back)


main(judge=judge, init='init', seconds=200)
