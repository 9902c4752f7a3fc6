"""Kismet's configuration folder and command line, and what its users write into kismet_site.conf."""
import gzip
import json
import pathlib
import re
import shutil
import subprocess

import pytest
from peers import LOGIN, NORN, SAMPLE, shared, start, wait_until  # noqa: F401

STOCK = 'peers/kismet-2025-09-conf'
# What users of Kismet put into their kismet_site.conf, each a line or a few, without faults.
SITES = {
    'plain': 'log_prefix=/data/kismet\nlog_types=kismet,pcapng,wiglecsv\nlog_title=survey\nserver_name=Pi in the car\n',
    'login': 'httpd_username=admin\nhttpd_password=pass word\nhttpd_bind_address=127.0.0.1\nhttpd_session_timeout=7200\n',
    'no login': 'httpd_username=\nhttpd_password=\nhttpd_uri_prefix=\n',
    'gps': 'gps=gpsd:host=localhost,port=2947,reconnect=true\ngps=serial:device=/dev/ttyUSB0,name=gps,baud=9600\n',
    'rolling log': 'kis_log_ephemeral_dangerous=true\nkis_log_packet_timeout=1800\nkis_log_device_timeout=1800\n'
                   'kis_log_alert_timeout=1800\nkis_log_message_timeout=1800\nkis_log_snapshot_timeout=1800\n',
    'small machine': 'tracker_device_timeout=1800     # 60s * 30 = 30 minutes\ntracker_max_devices=1000 #few\n'
                     'keep_datasource_signal_history=false\ntrack_device_seenby_view=false\nmanuf_lookup=false\nulimit_mbytes=512\n'
                     'packet_dedup_size=1024 #standard 2048\nipc_buffer_kb=64\ntcp_buffer_kb=64\n',
    'filters': 'kis_log_device_filter_default=block\nkis_log_device_filter=IEEE802.11,12:34:56:78:9A:BC,pass\n'
               'kis_log_device_filter=BTLE,D0:12:34:56:78:9A,pass\nkis_log_packet_filter_default=block\n'
               'kis_log_packet_filter=IEEE802.11,any,00:11:22:00:00:00/ff:ff:ff:00:00:00,block\n',
    'alerts': 'apspoof=Corp:ssid="(?:^Company-WiFi$)",validmacs="02:00:00:00:A1:00,02:00:00:00:A2:00/FF:FF:FF:FF:FF:00"\n'
              'ssidcanary=Canary:ssid="^FoobarCanary$"\nalert=DEAUTHFLOOD,10/min,2/sec\nalert=OVERPOWERED,0/min,0/sec\n'
              'devicefound=00:DE:AD:00:BE:EF\ndevicelost=AA:BB:CC:00:00:00/FF:FF:FF:00:00:00\ndevicelost_timeout=60\n',
    'keys': 'wepkey=00:DE:AD:C0:DE:00,FEEDFACE42\nwepkey=00:DE:AD:C0:DE:01/FF:FF:FF:FF:FF:00,0102030405060708090A0B0C0D\n',
    'sensors': 'remote_capture_listen=0.0.0.0\nremote_capture_port=0\nserver_announce=false\noverride_remote_timestamp=false\n',
    'windows editor': '\ufefflog_title="my drive"\r\n\r\n# a note\r\nchannel_hop_speed=3/sec\r\nmask_datasource_interface=wlan0\r\n',
    'more of the same': 'log_types+=pcapng\nopt_include=%E/datasources.d/*.conf\nhelper_binary_path+=/opt/kismet/bin\n',
}


def kismet_folder(tmp_path, site=''):
    """A copy of Kismet's folder with that kismet_site.conf, and ports that no one else has."""
    folder = tmp_path / 'etc'
    shutil.copytree(shared(STOCK), folder)
    (folder / 'kismet_site.conf').write_text(site, newline='')
    return folder


def serve(start, folder, *arguments):
    norn = start('--confdir', folder, *arguments, config=f'include={folder}/kismet.conf\nopt_override={folder}/ports.conf\n')
    return norn


@pytest.fixture
def folder(tmp_path):
    def make(site=''):
        made = kismet_folder(tmp_path, site)
        (made / 'ports.conf').write_text('httpd_port=0\nremote_capture_port=0\nhttpd_username=kismet\nhttpd_password=secret\n'
                                         f'configdir={tmp_path}\n')
        return made
    return make


def complaints(text):
    return [line for line in text.splitlines() if re.search('ERROR|WARNING', line)]


def config_errors(norn):
    alerts = norn.get('/alerts/all_alerts.json', auth=LOGIN).json()
    return [a for a in alerts if a['kismet.alert.header'] == 'CONFIGERROR']


def test_the_folder_checks_as_it_is(tmp_path):
    """Where it lies, unchanged: by its folder, and by its file alone."""
    stock = shared(STOCK)
    for how in (['--confdir', stock], ['-f', stock / 'kismet.conf'], ['-o', 'wardrive', '--confdir', stock]):
        done = subprocess.run([NORN, '--check', '--homedir', tmp_path, *how], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0 and '0 errors' in done.stdout, done
        assert 'ERROR' not in done.stderr and done.stderr.count('have no effect here') == 1


def test_the_folder_serves(start, folder):
    norn = serve(start, folder(), '-c', SAMPLE, '--no-ncurses', '--no-line-wrap', '--no-console-wrapper', '--no-logging')
    norn.wait_done()
    assert norn.get('/devices/views/all/devices.json').json()
    assert norn.get('/').status_code == 200  # though Kismet's own pages are not installed, nor its list of vendors
    if pathlib.Path('/usr/share/ieee-data/oui.txt').exists():
        assert norn.get('/devices/by-mac/00:1D:AA:00:00:01/devices.json').json()[0]['kismet.device.base.manuf'] != 'Unknown'
    assert not config_errors(norn)
    rules = norn.get('/phy/phyuav/manuf_matchers.json', auth=LOGIN).json()
    assert any(r['uav_match_name'] == 'parrot_bebop' for r in rules)


def test_the_login_and_the_keys_stay(start, tmp_path):
    """Of a home folder that Kismet used; its session.db holds API keys as a JSON array."""
    made = kismet_folder(tmp_path, 'httpd_port=0\nremote_capture_port=0\nhttpd_require_login=always\n'
                         f'configdir={tmp_path}/.kismet/\nhttpd_auth_file={tmp_path}/.kismet/kismet_httpd.conf\n'
                         f'httpd_session_db={tmp_path}/.kismet/session.db\n')
    (tmp_path / '.kismet').mkdir()
    (tmp_path / '.kismet/kismet_httpd.conf').write_text('httpd_username=kismet\nhttpd_password=of kismet\n')
    key = {'name': 'script', 'role': 'readonly', 'token': 'AB' * 16, 'created': 1700000000, 'accessed': 0, 'expires': 0}
    (tmp_path / '.kismet/session.db').write_text(json.dumps([key]))
    norn = start('--confdir', made, config=f'include={made}/kismet.conf\n')
    assert norn.get('/session/check_login', auth=('kismet', 'of kismet')).status_code == 200
    assert norn.get('/system/status.json', cookies={'KISMET': key['token']}).status_code == 200
    assert norn.get('/system/status.json', cookies={'KISMET': 'CD' * 16}).status_code == 401


def test_kismets_list_of_vendors(start, folder, tmp_path):
    (tmp_path / 'kismet').mkdir()
    with gzip.open(tmp_path / 'kismet/kismet_manuf.txt.gz', 'wt') as out:
        out.write('00:1D:A9\tNobody\n00:1D:AA\tDrayTek Corp.\n')
    norn = serve(start, folder(), '-c', SAMPLE, '-n', '--datadir', tmp_path)
    norn.wait_done()
    found, = norn.get('/devices/by-mac/00:1D:AA:00:00:01/devices.json').json()
    assert found['kismet.device.base.manuf'] == 'DrayTek Corp.'


@pytest.mark.parametrize('name', SITES)
def test_sites_of_users(folder, tmp_path, name):
    made = folder(SITES[name])
    done = subprocess.run([NORN, '--check', '--homedir', tmp_path, '--confdir', made], capture_output=True, text=True,
                          timeout=30)
    wrong = [line for line in complaints(done.stderr) if 'kismet_site.conf' in line]
    assert done.returncode == 0 and not wrong, done.stderr


def test_a_site_replaces_what_the_folder_says(folder, tmp_path):
    made = folder('log_types=pcapng\nlog_prefix=/elsewhere\nserver_name="quoted name"\nHTTPD_PORT=2600\nlog_title=\n')
    dump = subprocess.run([NORN, '--dump-config', '--homedir', tmp_path, '--confdir', made, '-o', 'wardrive'],
                          capture_output=True, text=True, timeout=30).stdout.splitlines()
    assert [x for x in dump if x.startswith('log_types=')] == ['log_types=pcapng', 'log_types=wiglecsv']
    for line in ('log_prefix=/elsewhere', 'server_name=quoted name', 'httpd_port=2600', 'log_title=Kismet',
                 'dot11_ap_only_survey=true'):
        assert line in dump, line


def test_faults_of_a_site_are_reported_and_the_server_runs(start, folder):
    norn = serve(start, folder('httpd_session_timeout=never\nchannel_hop=perhaps\nalert=NOPE,a,b\nkis_log_device_rate=-5\nlisten=0.0.0.0:2501\n'))
    reported = [line for line in complaints(norn.text()) if 'kismet_site.conf' in line]
    assert len(reported) == 5 and all('WARNING' in line for line in reported), reported
    alert, = wait_until(lambda: config_errors(norn))
    assert '4 invalid values' in alert['kismet.alert.text'] and '1 unknown options' in alert['kismet.alert.text']


SWITCHES = [['-c', SAMPLE], ['--capture-source', SAMPLE], [SAMPLE], ['-n'], ['--no-logging'], ['-T', 'kismet,pcapng'],
            ['--log-types=kismet'], ['-t', 'x'], ['--log-title', 'x'], ['-p', '/tmp'], ['--log-prefix=/tmp'], ['--no-ncurses'],
            ['--no-ncurses-wrapper'], ['--no-console-wrapper'], ['--no-line-wrap'], ['-s'], ['--silent'], ['--debug'],
            ['--no-plugins'], ['--disable-plugins'], ['--homedir', '/tmp'], ['--datadir', '/usr/share'],
            ['--device-timeout=60'], ['-o', 'wardrive'], ['--override', 'wardrive'], ['--daemonize']]


@pytest.mark.parametrize('switch', SWITCHES, ids=' '.join)
def test_switches_of_scripts_are_taken(tmp_path, switch):
    done = subprocess.run([NORN, '--check', '--homedir', tmp_path, '--confdir', shared(STOCK), *switch], capture_output=True,
                          text=True, timeout=30)
    assert done.returncode == 0, done.stderr
