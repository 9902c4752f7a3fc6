"""Sightings of every capture: by minute and address as many frames, sent ones and retries as tshark counts, each minute of
a device in one row, and over all of them the device's packets."""
import pathlib
import shutil
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import Norn  # noqa: E402
from test_sightings import LOGGED, logged, rows_of, the_log, witnessed  # noqa: E402

CAPTURES = pathlib.Path(__file__).resolve().parents[3] / 'shared' / 'captures'
NAMES = sorted(p.name for p in CAPTURES.glob('*cap*')) if CAPTURES.is_dir() else []
# tshark stops at an end that is torn, and has no addresses of Bluetooth here.
TORN = {'handshake_has_1234.cap', 'pmkid-not-recognized.cap'}
BLUETOOTH = {'ble_pairing.pcap', 'le_secure_connections.pcapng', 'pairing_and_ltk_exchange.pcap', 'vhci-le-scan.pcap'}
PACKETS = '$."kismet.device.base.packets.total"'

pytestmark = pytest.mark.skipif(not NAMES or not shutil.which('tshark'), reason='no captures or no tshark')


def without_octets(rows):
    """An FCS and headers of radios are no part of a frame here, and are in tshark's length of it."""
    return {key: (frames, sent, retries) for key, (frames, sent, _, retries) in rows.items()}


@pytest.mark.parametrize('name', NAMES)
def test_as_tshark_counts(tmp_path, name):
    norn = Norn(tmp_path, '-c', str(CAPTURES / name), config=LOGGED)
    norn.wait_done()
    assert norn.stop() == 0
    log = the_log(norn)
    rows, different = rows_of(log, 'SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT start, phyname, devmac, datasource '
                              'FROM norn_sightings)) FROM norn_sightings')[0]
    assert rows == different
    wrong = rows_of(log, 'SELECT devmac, seen, packets FROM (SELECT devmac, sum(frames - duplicates) AS seen, '
                    f"json_extract(CAST(device AS TEXT), '{PACKETS}') AS packets FROM norn_sightings JOIN devices "
                    'USING (phyname, devmac) GROUP BY phyname, devmac) WHERE seen != packets')
    assert wrong == []
    if name not in TORN | BLUETOOTH:
        assert without_octets(logged(log)) == without_octets(witnessed(CAPTURES / name))
