"""What wigle.net is sent, read by a program that knows CSV (RFC 4180) and nothing of norn: each name and column arrives."""
import json

import pytest
from peers import CONFIG, run, start  # noqa: F401  first: it says where the others are
from frames import Capture
from test_wigle import NAMES, TOOL
from wigle import COLUMNS


@pytest.mark.parametrize('made_by', ['the log as it is written', 'norn-log'])
def test_sqlite_imports_every_row(start, tmp_path, made_by):  # noqa: F811
    c = Capture().tuned(2437)
    for n, name in enumerate(NAMES):
        c.beacon(name.encode(), bssid=f'00:0d:00:00:04:{n:02x}')
    norn = start('-c', str(c.write(tmp_path / 'c.pcap')), config=CONFIG + 'log_types=kismet,wiglecsv\n'
                 f'log_prefix={tmp_path}\ngps=virtual:lat=10.5,lon=-20.25,alt=7\n')
    norn.wait_done()
    assert norn.stop() == 0
    path = next(tmp_path.glob('*.wiglecsv'))
    if made_by == 'norn-log':
        path = tmp_path / 'made.csv'
        run(TOOL, 'wigle', '--out', path, next(tmp_path.glob('*.kismet')))
    database = tmp_path / 'imported'
    assert run('sqlite3', database, f'.import --csv --skip 1 {path} rows') == ''
    assert run('sqlite3', database, "select group_concat(name) from pragma_table_info('rows')").strip() == ','.join(COLUMNS)
    found = json.loads(run('sqlite3', '-json', database, 'select MAC, SSID, Type from rows order by MAC'))
    assert found == [{'MAC': f'00:0D:00:00:04:{n:02X}', 'SSID': name, 'Type': 'WIFI'} for n, name in enumerate(NAMES)]
