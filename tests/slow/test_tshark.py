"""tshark as a second witness: over every capture norn and tshark name the same addresses, networks,
transmitters, key messages, key management suites and channels."""
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import LOGIN, Norn  # noqa: E402

CAPTURES = pathlib.Path(__file__).resolve().parents[3] / 'shared' / 'captures'
NAMES = sorted(p.name for p in CAPTURES.glob('*cap*')) + ['leap.dump'] if CAPTURES.is_dir() else []
FIELDS = ['wlan.fc.type', 'wlan.fc.subtype', 'wlan.fc.ds', 'wlan.bssid', 'wlan.sa', 'wlan.da', 'wlan.ta',
          'wlan.ra', 'wlan.ssid', 'wlan_rsna_eapol.keydes.msgnr', 'wlan_rsna_eapol.keydes.nonce',
          'wlan.rsn.akms', 'wlan.wfa.ie.wpa.akms', 'wlan.ds.current_channel', 'wlan.ht.info.primarychannel', 'wlan.fcs.status',
          'wlan.fc.version', '_ws.malformed']
# IEEE 802.11-2020 table 9-151 to the bits of crypt_bitfield.
AKMS = {1: 37, 2: 38, 3: 39, 4: 40, 5: 41, 6: 42, 7: 43, 8: 44, 9: 45, 10: 46, 11: 47, 12: 48, 13: 49,
        14: 50, 15: 51, 16: 52, 17: 53, 18: 54, 19: 55, 20: 56, 24: 44, 25: 45}
MANAGEMENT, DATA = '0', '2'
BEACON, ANSWER, PROBE = '8', '5', '4'

pytestmark = pytest.mark.skipif(not NAMES or not shutil.which('tshark'), reason='no captures or no tshark')


def single(mac):
    """An address that may be a device: one station's, and not all zeros."""
    return bool(mac) and not int(mac[:2], 16) & 1 and mac != '00:00:00:00:00:00'


def ours(frame):
    """Frames that show devices: whole headers, right checksums, subtypes that the standard has."""
    kind, subtype = frame['wlan.fc.type'], frame['wlan.fc.subtype']
    if frame['wlan.fcs.status'] == '0' or not frame['wlan.ta']:
        return False
    return (kind == MANAGEMENT and subtype not in ('7', '15')) or (kind == DATA and subtype not in ('7', '13'))


def frames_of(path, witness):
    command = ['tshark', '-n', '-r', str(path), '-o', 'wlan.check_checksum:TRUE', '-T', 'fields',
               '-E', 'separator=|', '-E', 'occurrence=a']
    for field in FIELDS:
        command += ['-e', field]
    text = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout
    for line in text.splitlines():
        frame = dict(zip(FIELDS, line.split('|')))
        witness.other_versions += frame['wlan.fc.version'] not in ('', '0')
        if ours(frame):
            yield frame


class Witness:
    """What tshark saw."""

    def __init__(self, path):
        self.bssids, self.devices, self.senders, self.keys = set(), set(), set(), set()
        self.networks, self.probed = {}, set()
        self.other_versions = 0
        for f in frames_of(path, self):
            self.see(f)

    def see(self, f):
        null = f['wlan.fc.type'] == DATA and f['wlan.fc.subtype'] in ('4', '12')
        named = {m for m in (f['wlan.bssid'], f['wlan.sa'], f['wlan.da']) if single(m)}
        if f['wlan.fc.ds'] == '0x03' and f['wlan.fc.type'] == DATA:
            named |= {m for m in (f['wlan.ta'], f['wlan.ra']) if single(m)}
        if not null:
            self.devices |= named
        if single(f['wlan.bssid']) and not null:
            self.bssids.add(f['wlan.bssid'])
        # Who talks without an access point between has the other end as its partner.
        if f['wlan.fc.type'] == DATA and f['wlan.fc.ds'] in ('0x00', '0x03') and not null:
            self.bssids |= named
        if single(f['wlan.sa']) and not null:
            self.senders.add(f['wlan.sa'])
        if f['wlan_rsna_eapol.keydes.msgnr'] and single(f['wlan.bssid']):
            station = f['wlan.da'] if f['wlan.sa'] == f['wlan.bssid'] else f['wlan.sa']
            self.keys.add((f['wlan.bssid'], station, int(f['wlan_rsna_eapol.keydes.msgnr']),
                           f['wlan_rsna_eapol.keydes.nonce']))
        if f['wlan.fc.type'] == MANAGEMENT:
            self.see_management(f)

    def see_management(self, f):
        if f['_ws.malformed'] and not f['wlan.ssid']:  # the list of elements broke before the name
            return
        ssid = f['wlan.ssid'].split(',')[0].replace('<MISSING>', '')
        if f['wlan.fc.subtype'] in (BEACON, ANSWER) and single(f['wlan.bssid']):
            suites = f['wlan.rsn.akms'].split(',') + f['wlan.wfa.ie.wpa.akms'].split(',')
            akms = sorted({AKMS.get(int(a) & 255, 0) for a in suites if a})
            channel = f['wlan.ht.info.primarychannel'].split(',')[-1]
            self.networks[f['wlan.bssid'], f['wlan.fc.subtype'] == BEACON, ssid] = (akms, channel)
        elif f['wlan.fc.subtype'] in (PROBE, '0', '2') and single(f['wlan.sa']):
            self.probed.add((f['wlan.sa'], ssid))


def octets(record, text, hexed=None):
    if hexed and hexed in record:
        return record[hexed].lower()
    raw = re.sub(r'\\x([0-9A-F]{2})|\\(["\\])', lambda m: chr(int(m[1], 16)) if m[1] else m[2], record[text])
    wide = any(ord(c) > 255 for c in raw) or '\\x' not in record[text]
    return raw.encode('utf-8' if wide else 'latin-1').hex()


class Ours:
    """What norn shows of the same capture."""

    def __init__(self, devices):
        self.bssids, self.devices, self.senders, self.keys = set(), set(), set(), set()
        self.networks, self.probed = {}, set()
        for d in devices:
            self.take(d['kismet.device.base.macaddr'].lower(), d, d.get('dot11.device', {}))

    def take(self, mac, d, x):
        self.devices.add(mac)
        if d['kismet.device.base.packets.tx_total']:
            self.senders.add(mac)
        for bssid in x.get('dot11.device.client_map', {}):
            self.bssids.add(bssid.lower())
        for beacon in (True, False):
            which = 'advertised' if beacon else 'responded'
            for n in x.get(f'dot11.device.{which}_ssid_map', []):
                ssid = octets(n, 'dot11.advertisedssid.ssid', 'norn.advertisedssid.ssid_hex')
                bits = n['dot11.advertisedssid.crypt_bitfield']
                akms = sorted(b for b in set(AKMS.values()) if bits >> b & 1)
                self.networks[mac, beacon, ssid] = (akms, n['dot11.advertisedssid.channel'])
        for n in x.get('dot11.device.probed_ssid_map', []):
            self.probed.add((mac, octets(n, 'dot11.probedssid.ssid', 'norn.probedssid.ssid_hex')))
        for client, keys in x.get('dot11.device.wpa_handshake_list', {}).items():
            for k in keys:
                self.keys.add((mac, client.lower(), k['dot11.eapol.message_num'], k['dot11.eapol.nonce'].lower()))


    def leave_out(self, macs):
        self.devices -= macs
        self.senders -= macs
        self.bssids -= macs
        self.networks = {k: v for k, v in self.networks.items() if k[0] not in macs}


def difference(mine, theirs):
    return f'only norn: {sorted(mine - theirs)[:6]}; only tshark: {sorted(theirs - mine)[:6]}'


@pytest.fixture(name='read')
def _read(tmp_path):
    def go(name):
        config = 'httpd_username=kismet\nhttpd_password=secret\nenable_logging=false\nnorn_max_eapol=1024\n'
        norn = Norn(tmp_path, '-c', f'{CAPTURES / name}:type=pcapfile', config=config)
        try:
            norn.wait_done()
            view = '/devices/views/phy-IEEE802.11/devices.json'
            return norn.get(view, auth=LOGIN).json()
        finally:
            assert norn.stop() == 0
    return go


@pytest.mark.parametrize('name', NAMES)
def test_both_say_the_same(name, read):
    mine, theirs = Ours(read(name)), Witness(CAPTURES / name)
    # Frames of another protocol version, broken ones mostly: norn reads them as Kismet does, tshark does not.
    odd = mine.devices - theirs.devices
    assert len(odd) <= 4 * theirs.other_versions, difference(mine.devices, theirs.devices)
    mine.leave_out(odd)
    assert mine.devices == theirs.devices, difference(mine.devices, theirs.devices)
    assert mine.senders == theirs.senders, difference(mine.senders, theirs.senders)
    assert mine.bssids <= theirs.bssids, difference(mine.bssids, theirs.bssids)
    assert mine.probed == theirs.probed, difference(mine.probed, theirs.probed)
    assert set(mine.networks) == set(theirs.networks), difference(set(mine.networks), set(theirs.networks))
    for key, (akms, channel) in theirs.networks.items():
        assert mine.networks[key][0] == akms, key
        if channel and key[1]:
            assert mine.networks[key][1] == channel, key
    assert mine.keys == theirs.keys, difference(mine.keys, theirs.keys)
