"""From every download of handshakes whose passphrase can be found, hcxpcapngtool makes a hash and aircrack-ng finds it; the
hash lines that norn itself makes are those of hcxpcapngtool."""
import subprocess

import pytest
from peers import CONFIG, LOGIN, Norn, program, run, shared  # first: it says where the others are
from handshake_cases import CASES, PASSPHRASE, download, lines_of, packets, serve


@pytest.fixture(scope='module')
def server(tmp_path_factory):
    server = serve(Norn, tmp_path_factory.mktemp('handshakes'), LOGIN)
    yield server
    assert server.stop() == 0


def hashes_of(capture):
    made = capture.with_suffix('.hashes')
    run('hcxpcapngtool', '-o', made, capture)
    return made.read_text().split() if made.exists() else []


@pytest.mark.parametrize('name', CASES)
def test_hcxpcapngtool_makes_the_same_of_the_download(server, name):
    case, capture = CASES[name], server.home / f'{name}-download.pcap'
    content = download(server, case, 'handshake.pcap')
    if len(packets(content)) < 2:  # no key frame: a station named its key when it joined
        content = download(server, case, 'pmkid.pcap')
    capture.write_bytes(content)
    assert sorted(lines_of(server, case)) == sorted(hashes_of(capture))


@pytest.mark.parametrize('name', CASES)
def test_hcxhashtool_reads_every_line(server, name):
    case, hashes, kept = CASES[name], server.home / f'{name}.hc22000', server.home / f'{name}-kept.hc22000'
    hashes.write_bytes(download(server, case, 'handshake.hc22000'))
    run('hcxhashtool', '-i', hashes, '-o', kept)
    assert kept.exists() or not lines_of(server, case)
    assert sorted(lines_of(server, case)) == (sorted(kept.read_text().split()) if kept.exists() else [])


@pytest.mark.parametrize('name', [name for name, case in CASES.items() if case.aircrack])
def test_aircrack_finds_the_passphrase(server, name):
    case, capture = CASES[name], server.home / f'{name}-aircrack.pcap'
    (server.home / 'words').write_bytes(b'not this one\n' + PASSPHRASE + b'\nnor this\n')
    capture.write_bytes(download(server, case, 'handshake.pcap'))
    said = subprocess.run([program('aircrack-ng'), '-q', '-b', case.network.bssid, '-w', server.home / 'words', capture],
                          capture_output=True, text=True, timeout=60).stdout
    assert f'KEY FOUND! [ {PASSPHRASE.decode()} ]' in said, said


@pytest.mark.parametrize('name', ['wds-handshake', 'hidden-handshake', 'normal-handshake', 'pmkid-zero'])
def test_captures_that_went_wrong(tmp_path, name):
    """The hash lines are those that hcxpcapngtool makes of the capture itself."""
    capture = tmp_path / 'capture.pcap'
    capture.write_bytes(shared(f'cases/wifi/{name}.pcap').read_bytes())
    norn = Norn(tmp_path, '-c', str(capture), config=CONFIG + 'enable_logging=false\n')
    norn.wait_done()
    at = '/phy/phy80211/by-key/{}/pcap/x-handshake'.format(norn.get(
        '/devices/by-mac/00:1D:AA:00:00:01/devices.json', auth=LOGIN).json()[0]['kismet.device.base.key'])
    ours = norn.get(f'{at}.hc22000', auth=LOGIN).text.split('\n')[:-1]
    frames = packets(norn.get(f'{at}.pcap', auth=LOGIN).content)
    assert norn.stop() == 0
    assert ours == hashes_of(capture) and frames[0][1][0] in (0x80, 0x50)
