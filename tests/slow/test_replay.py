"""Real captures, logged: the log as a source, and a run that goes on with it, have the devices of the live run."""
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'api'))
from conftest import BOARD, LOGIN, Norn  # noqa: E402

SHARED = pathlib.Path(__file__).parents[3] / 'shared/captures'
FILES = sorted(f for f in (*SHARED.glob('*'), pathlib.Path(os.environ['SAMPLE']))
               if f.suffix in ('.pcap', '.pcapng', '.cap', '.dump')) if SHARED.is_dir() else []
OF_THE_SOURCE = {
    'kismet.device.base.mod_time',     # server time
    'kismet.common.seenby.source',     # by its names, which are those of the log
}
DIFFERS = {
    'kismet.common.rrd.serial_time',  # the second of the request
    'kismet.server.uuid',             # another server
}


def steady(record, without):
    if isinstance(record, dict):
        return {k: steady(v, without) for k, v in record.items() if k not in without}
    return [steady(v, without) for v in record] if isinstance(record, list) else record


def devices(tmp_path, name, without, *arguments, more=''):
    home = tmp_path / name
    home.mkdir()
    norn = Norn(home, *arguments, config=BOARD + more)
    try:
        if '-c' in arguments:
            norn.wait_done()
        found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
        return {d['kismet.device.base.key']: steady(d, without) for d in found}
    finally:
        assert norn.stop() == 0


SOURCE = 'uuid=11111111-2222-3333-4444-555555555555'
FACTS = ('type', 'commonname', 'crypt', 'channel', 'first_time', 'basic_type_set')
BEACONS_SEC = 10  # between two that are logged


def the_log(tmp_path, name):
    log, = (tmp_path / name).glob('*.kismet')
    return log


@pytest.mark.parametrize('capture', FILES, ids=lambda f: f.name)
def test_all_that_was_seen(tmp_path, capture):
    """With every beacon in the log nothing differs but when it was read."""
    live = devices(tmp_path, 'live', DIFFERS, '-c', f'{capture}:{SOURCE}', more='log_types=kismet\nkis_log_beacons=all\n')
    log = the_log(tmp_path, 'live')
    back = devices(tmp_path, 'resumed', DIFFERS, '--resume', str(log), '--no-logging')
    replayed = devices(tmp_path, 'replayed', DIFFERS | OF_THE_SOURCE, '-c', f'{log}:{SOURCE}')
    assert back.keys() == replayed.keys() == live.keys()
    for key, device in live.items():
        assert back[key] == device
        assert replayed[key] == steady(device, OF_THE_SOURCE)


@pytest.mark.parametrize('capture', FILES, ids=lambda f: f.name)
def test_beacons_that_say_nothing_new(tmp_path, capture):
    """Without them the devices are the same, and what they are."""
    live = devices(tmp_path, 'live', DIFFERS, '-c', str(capture), more='log_types=kismet\n')
    replayed = devices(tmp_path, 'replayed', DIFFERS, '-c', str(the_log(tmp_path, 'live')))
    assert replayed.keys() == live.keys()
    for key, device in live.items():
        for fact in FACTS:
            assert replayed[key]['kismet.device.base.' + fact] == device['kismet.device.base.' + fact], (key, fact)
        last = 'kismet.device.base.last_time'
        assert 0 <= device[last] - replayed[key][last] <= BEACONS_SEC
