"""kismetdb logs, for users who read them with sqlite3 and Python as Kismet's documents do."""
import json
import sqlite3
import subprocess

from peers import CONFIG, LOGIN, WPA2, program, run, start, wait_until  # noqa: F401

QUERIES = {
    'select count(*) from packets where phyname = "IEEE802.11"': '69',
    'select count(*) from devices where strongest_signal < 0 and devmac = upper(devmac)': None,
    'select type, devmac from devices where phyname = "IEEE802.11" order by first_time': None,
    'select json_extract(cast(device as text), "$.kismet\\.device\\.base\\.macaddr") from devices': None,
    'select kismet_version, db_version, db_module from kismet': None,
    'select sourcemac, destmac, transmac, dlt, length(packet), signal from packets order by ts_sec, ts_usec limit 3': None,
    'select phyname, devmac, strongest_signal, sum(frames), min(start) from devices join norn_sightings '
    'using (phyname, devmac) group by phyname, devmac': None,
    'select uuid, typestring, name, interface from datasources': None,
    'select ts_sec, header, json from alerts': None,
    'select ts_sec, msgtype, message from messages': None,
    'select datetime(ts_sec, "unixepoch"), json from snapshots': None,
}


def test_sqlite_reads_a_log_while_it_is_written(start):
    norn = start('-c', str(WPA2), config=CONFIG + 'log_types=kismet\nkis_log_beacons=all\nkis_log_device_rate=1\n')
    norn.wait_done()
    path = norn.home / norn.get('/logging/active.json', auth=LOGIN).json()[0]['kismet.logfile.path']
    wait_until(lambda: run('sqlite3', '-readonly', path, 'select count(*) from devices').strip() != '0')
    assert run('sqlite3', '-readonly', path, 'pragma quick_check').strip() == 'ok'
    assert norn.stop() == 0
    assert run('sqlite3', path, 'pragma integrity_check').strip() == 'ok'
    for query, answer in QUERIES.items():
        said = run('sqlite3', '-bail', path, query.replace('"', "'")).strip()
        assert answer is None or said == answer, (query, said)


def test_queries_as_python_users_write_them(start):
    """Devices are JSON in a blob, packets octets with their link type, positions numbers."""
    norn = start('-c', str(WPA2), config=CONFIG + 'log_types=kismet\n')
    norn.wait_done()
    path = norn.home / norn.get('/logging/active.json', auth=LOGIN).json()[0]['kismet.logfile.path']
    assert norn.stop() == 0
    with sqlite3.connect(path) as log:
        log.row_factory = sqlite3.Row
        devices = [(row['devmac'], json.loads(row['device'])) for row in log.execute('SELECT * FROM devices')]
        assert devices and all(mac == d['kismet.device.base.macaddr'] for mac, d in devices)
        packets = log.execute('SELECT ts_sec, ts_usec, dlt, packet, lat, lon FROM packets').fetchall()
        assert packets and all(isinstance(p['packet'], bytes) and p['lat'] == 0 for p in packets)
    log.close()


def test_a_dump_of_it_is_a_database_again(start, tmp_path):
    norn = start('-c', str(WPA2), config=CONFIG + 'log_types=kismet\n')
    norn.wait_done()
    path = norn.home / norn.get('/logging/active.json', auth=LOGIN).json()[0]['kismet.logfile.path']
    assert norn.stop() == 0
    dump = run('sqlite3', path, '.dump')
    subprocess.run([program('sqlite3'), '-bail', tmp_path / 'again'], input=dump, text=True, check=True, timeout=30)
    assert run('sqlite3', tmp_path / 'again', 'select count(*) from packets').strip() == run(
        'sqlite3', path, 'select count(*) from packets').strip()
