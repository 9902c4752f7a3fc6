"""Real captures show the same in whatever form they come."""
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import BOARD, LOGIN, start  # noqa: E402,F401
from forms import WRAPS, facts, forms, read  # noqa: E402

CAPTURES = pathlib.Path(__file__).resolve().parents[3] / 'shared' / 'captures'
NAMES = ['MOM1.cap', 'capture_wds-01.cap', 'example-ft.pcapng', 'handshake_has_1234.cap', 'hwsim0.pcapng', 'leap.dump',
         'n-02.cap', 'test1.pcap', 'wpa2-psk-linksys.cap', 'wpa3-psk.pcap', 'wps2.0.pcap']
# What an access point says once alone counts where its FCS is right (doc/decisions/0048): forms with one are compared apart.
CHECKED = {'handshake_has_1234.cap', 'leap.dump'}

pytestmark = pytest.mark.skipif(not CAPTURES.is_dir(), reason='no captures')


def reported(start, path):
    norn = start('-c', str(path), config=BOARD)
    norn.wait_done()
    found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    norn.stop()
    return facts(found)


@pytest.mark.parametrize('name', NAMES)
def test_every_form_shows_the_same(start, tmp_path, name):
    link, frames = read(CAPTURES / name)
    expected = {False: reported(start, CAPTURES / name)}
    for i, (form, octets) in enumerate(forms(link, frames)):
        path = tmp_path / f'{i}.cap'
        path.write_bytes(octets)
        found, checked = reported(start, path), name in CHECKED and WRAPS.get(form, (0, 0, None))[2] is not None
        assert found == expected.setdefault(checked, found), form
