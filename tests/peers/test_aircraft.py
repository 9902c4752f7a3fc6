"""Aircraft by the list that Debian's dump1090-mutability installs: what its own web page would show of each."""
import csv
import json
import pathlib

import pytest
from peers import CONFIG, LOGIN, shared, start, wait_until  # noqa: F401  first: it says where the others are
from test_reports import Reporter

LIST = pathlib.Path('/usr/share/dump1090-mutability/html/db')
# A block of each length of the list.
LEVELS = ('0', '06', '3C6', '400A')


def entry(icao):
    """As the page asks: the longest block that names the address, whose entries are the rest of it."""
    for n in range(1, 6):
        block = LIST / f'{icao[:n]}.json'
        found = json.loads(block.read_text()).get(icao[n:]) if block.exists() else None
        if found is not None:
            return found
    return {}


def of_levels():
    """One that is in a block of each length, each with a registration where the block has one."""
    for prefix in LEVELS:
        block = {k: v for k, v in json.loads((LIST / f'{prefix}.json').read_text()).items() if k != 'children'}
        yield prefix + max(block, key=lambda k: ('r' in block[k], k))


@pytest.fixture
def expected():
    if not LIST.exists():
        pytest.skip('dump1090-mutability is not installed')
    with shared('captures/adsb-sample.csv').open() as f:
        captured = {row[2].upper() for row in csv.reader(f) if row[1][:2] in ('8D', '8d')}
    return {icao: entry(icao) for icao in sorted(captured)[:200] + list(of_levels()) + ['000001']}


@pytest.mark.parametrize('config', ['', f'norn_aircraft_files={LIST}\n'], ids=['where Debian has it', 'where it is said'])
def test_each_aircraft_is_as_in_the_list(start, expected, config):  # noqa: F811
    norn = start(config=CONFIG + config)
    reporter = Reporter(norn, 'rtladsb')
    for icao in expected:
        reporter.report('RTLadsb', {'icao': icao.lower()})
    records = wait_until(lambda: found_of(norn) if len(found_of(norn)) == len(expected) else None)
    reporter.close()
    assert records == {icao: (e.get('r', 'Unknown'), e.get('t', 'Unknown')) for icao, e in expected.items()}
    assert sum('r' in e for e in expected.values()) > 3 and not expected['000001']


def found_of(norn):
    devices = norn.get('/devices/views/phy-ADSB/devices.json', auth=LOGIN).json()
    records = {d['adsb.device']['adsb.device.icao']: d['adsb.device']['kismet.adsb.icao_record'] for d in devices}
    return {icao: (r['adsb.icao.regid'], r['adsb.icao.model']) for icao, r in records.items()}
