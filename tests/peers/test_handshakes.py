"""Downloads of handshakes, for those who audit passphrases: hcxpcapngtool and aircrack-ng."""
import re

import pytest
from peers import CONFIG, LOGIN, WPA2, program, run, shared, start  # noqa: F401

PASSPHRASE = 'correct horse'  # of tests/captures/wpa2.pcap


def downloads(norn):
    """The handshakes of all access points, by address."""
    norn.wait_done()
    points = norn.get('/devices/views/phydot11_accesspoints/devices.json', auth=LOGIN).json()
    kept = {}
    for device in points:
        reply = norn.get(f'/phy/phy80211/by-key/{device["kismet.device.base.key"]}/pcap/x-handshake.pcap', auth=LOGIN)
        if reply.status_code == 200:
            kept[device['kismet.device.base.macaddr']] = reply.content
    return kept


def write(tmp_path, content):
    (tmp_path / 'handshake.pcap').write_bytes(content)
    return tmp_path / 'handshake.pcap'


def hashes(tmp_path, capture):
    run('hcxpcapngtool', '-o', tmp_path / 'hashes', capture)
    return (tmp_path / 'hashes').read_text().split() if (tmp_path / 'hashes').exists() else []


def messages(tmp_path, capture):
    """How often hcxpcapngtool met each message of a handshake, which it counts by number."""
    said = run('hcxpcapngtool', '-o', tmp_path / 'hashes', capture)
    return re.findall(r'EAPOL (M[1-4]) messages \(total\)\.+: (\d+)', said)


def test_aircrack_finds_the_passphrase(start, tmp_path):
    (address, content), = downloads(start('-c', str(WPA2), config=CONFIG)).items()
    (tmp_path / 'words').write_text(f'not this one\n{PASSPHRASE}\nnor this\n')
    said = run('aircrack-ng', '-q', '-b', address, '-w', tmp_path / 'words', write(tmp_path, content))
    assert f'KEY FOUND! [ {PASSPHRASE} ]' in said


def test_hcxpcapngtool_makes_the_same_hashes(start, tmp_path):
    """Of the download as of the capture itself: networks, stations, and message pairs."""
    (_, content), = downloads(start('-c', str(WPA2), config=CONFIG)).items()
    ours = hashes(tmp_path, write(tmp_path, content))
    (tmp_path / 'whole').mkdir()
    theirs = hashes(tmp_path / 'whole', WPA2)
    assert ours and {line.split('*')[3:6] and tuple(line.split('*')[3:6]) for line in ours} == {
        tuple(line.split('*')[3:6]) for line in theirs}


@pytest.mark.parametrize('name', ['normal-handshake.pcap', 'hidden-handshake.pcap'])
def test_captures_that_went_wrong(start, tmp_path, name):
    """The messages that hcxpcapngtool finds in the capture are in the download."""
    capture = shared(f'cases/wifi/{name}')
    kept = downloads(start('-c', str(capture), config=CONFIG))
    found = [messages(tmp_path, write(tmp_path, content)) for content in kept.values()]
    assert messages(tmp_path, capture) in found and messages(tmp_path, capture)
