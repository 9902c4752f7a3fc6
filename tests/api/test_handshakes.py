"""What is kept of handshakes, and how it is downloaded. tests/peers/test_passphrases.py tries the downloads with the programs
that they are for."""
import pytest

from conftest import LOGIN, Norn
from crackable import aes, cmac
from handshake_cases import CASES, device_of, download, lines_of, packets, serve


@pytest.fixture(scope='module')
def server(tmp_path_factory):
    server = serve(Norn, tmp_path_factory.mktemp('handshakes'), LOGIN)
    yield server
    assert server.stop() == 0


def confirms(network, line):
    """Whether the hash line is of the network's passphrase."""
    fields = line.split('*')
    station = ':'.join(fields[4][i:i + 2] for i in range(0, 12, 2))
    if fields[1] == '01':
        return fields[2] == network.pmkid(station).hex()
    eapol, anonce = bytes.fromhex(fields[7]), bytes.fromhex(fields[6])
    key = network.confirmation_key(station, anonce, eapol[17:49])
    return network.mic(key, eapol).hex() == fields[2]


@pytest.mark.parametrize('name', CASES)
def test_hash_lines_are_of_the_passphrase(server, name):
    case = CASES[name]
    lines = lines_of(server, case)
    assert all(line.split('*')[5] == case.network.ssid.hex() for line in lines)
    assert len(lines) == case.hashes and ' '.join(line.split('*')[8] for line in lines).strip() == case.pairs.strip()
    assert all(confirms(case.network, line) for line in lines)


@pytest.mark.parametrize('name', CASES)
def test_downloads_are_in_order(server, name):
    """One frame that is no key frame, which says the name; each as it was, and when."""
    case = CASES[name]
    frames = packets(download(server, case, 'handshake.pcap'))
    kept = {frame[:len(frame) - (4 if case.fcs else 0)]: time for time, frame in reversed(case.capture.frames)}
    assert frames == sorted(frames, key=lambda f: f[0])
    assert all(abs(kept[frame] * 1000000 - time) < 2 for time, frame in frames)
    others = [frame for _, frame in frames if frame[0] & 0xc == 0]
    assert len(others) <= 1 and all(case.network.ssid in frame for frame in others)
    assert len(others) == bool(frames)


def test_the_last_beacon_before_the_handshake_goes_with_it(server):
    case = CASES['beacons-around']
    first = packets(download(server, case, 'handshake.pcap'))[0]
    beacons = [(time, frame) for time, frame in case.capture.frames if frame[0] == 0x80]
    assert first[1] == beacons[2][1] and abs(first[0] - beacons[2][0] * 1000000) < 2


def test_a_network_that_changed_its_name_has_the_beacon_of_the_handshake(server):
    case = CASES['renamed']
    (beacon,) = [frame for _, frame in packets(download(server, case, 'handshake.pcap')) if frame[0] == 0x80]
    assert case.network.ssid in beacon


@pytest.mark.parametrize('how', ['answer', 'association', 'reassociation', 'association-first'])
def test_a_cloaked_network_has_the_name_that_was_reported(server, how):
    case = CASES[f'cloaked-{how}']
    assert device_of(server, case)['kismet.device.base.name'] == case.network.ssid.decode()


@pytest.mark.parametrize('name', ['psk', 'pmkid-of-zeros', 'zeros-of-association'])
def test_without_a_pmkid_there_is_no_frame(server, name):
    assert packets(download(server, CASES[name], 'pmkid.pcap')) == []


@pytest.mark.parametrize('name', ['pmkid', 'pmkid-and-all', 'pmkid-of-association'])
def test_a_pmkid_goes_with_the_name(server, name):
    frames = [frame for _, frame in packets(download(server, CASES[name], 'pmkid.pcap'))]
    assert len(frames) == 2 and CASES[name].network.pmkid() in frames[1] and CASES[name].network.ssid in frames[0]


def test_one_client(server):
    """Its frames, and its line, alone."""
    case = CASES['clients']
    key, client = device_of(server, case)['kismet.device.base.key'], 'F8:1A:67:11:23:02'
    at = f'/phy/phy80211/by-key/{key}/device/{client}/pcap/handshake'
    frames = packets(server.get(f'{at}.pcap', auth=LOGIN).content)
    (line,) = server.get(f'{at}.hc22000', auth=LOGIN).text.splitlines()
    assert len(frames) == 5 and client.replace(':', '').lower() in line
    assert server.get(at.replace(client, 'unknown') + '.hc22000', auth=LOGIN).status_code == 400
    assert server.get(f'{at}.hc22000').status_code == 401


def test_the_ciphers_of_this_test():
    """FIPS 197 C.1 and RFC 4493 4."""
    assert aes(bytes(range(16)), bytes.fromhex('00112233445566778899aabbccddeeff')).hex() == '69c4e0d86a7b0430d8cdb78070b4c55a'
    key = bytes.fromhex('2b7e151628aed2a6abf7158809cf4f3c')
    assert cmac(key, b'').hex() == 'bb1d6929e95937287fa37d129b756746'
    assert cmac(key, bytes.fromhex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411')
                ).hex() == 'dfa66747de9ae63030ca32611497c827'
