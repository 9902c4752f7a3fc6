"""The command line and the configuration, as an operator uses them."""
import os
import pathlib
import pty
import signal
import subprocess
import time

import pytest

from conftest import wait_until

NORN = os.environ['NORN']
SAMPLE = os.environ['SAMPLE']


def run(*arguments, **more):
    return subprocess.run([NORN, *arguments], capture_output=True, text=True, timeout=30, **more)


WRONG = (  # a line of the configuration, and what is said of it
    ('httpd_port=70000', 'httpd_port=70000: expected a whole number from 0 to 65535'),
    ('tracker_max_devices=-1', 'tracker_max_devices=-1: expected a whole number, 0 or more'),
    ('channel_hop=maybe', 'channel_hop=maybe: expected true or false'),
    ('httpd_bind_address=eth0', 'httpd_bind_address=eth0: expected an IPv4 or IPv6 address'),
    ('server_uuid=1', 'server_uuid=1: expected a UUID, such as '),
    ('channel_hop_speed=fast', 'channel_hop_speed=fast: expected a rate such as 5/sec'),
    ('dot11_datasource_opt=x', 'dot11_datasource_opt=x: expected OPTION,VALUE'),
    ('httpd_allowed_host=a b', 'httpd_allowed_host=a b: expected a host name'),
    ('httpd_trusted_proxy=x', 'httpd_trusted_proxy=x: expected an address, with or without a mask'),
    ('gps=true', "gps=true: There is no GPS of type 'true'; expected one of: gpsd"),
    ('gps=virtual:lat=1', 'gps=virtual:lat=1: expected lat= and lon=, in degrees'),
    ('gps=virtual:lat=100,lon=5', 'expected lat= from -90 to 90 and lon= from -180 to 180'),
    ('gps=serial:baud=4800', 'gps=serial:baud=4800: the GPS has no device=, such as /dev/ttyACM0'),
    ('gps=gpsd:port=x', 'port=x: expected a number from 1 to 65535'),
    ('gps=web:uuid=1', 'uuid=1 is not a UUID'),
    ('resume=/no/such/log', 'resume=/no/such/log: No such file or directory'),
    ('source=a.pcap:fcs=maybe', 'The option fcs=maybe is not valid: expected ignore or check'),
    ('include=none.conf', "a.conf:1: Cannot read 'none.conf': No such file or directory"),
    ('httpd_port=1\x01', 'a.conf:1: the line has a control character, so this is not a text file; '
                         'the rest of it is not read'),
    ('log_title=' + 'x' * 9000, 'a.conf:1: the line is longer than 8192 octets; the rest of the file is not read'),
    ('=x', 'a.conf:1: expected name=value'),
)


@pytest.mark.parametrize('line, phrase', WRONG, ids=[w[1][:20] for w in WRONG])
def test_an_error_says_what_and_where(tmp_path, line, phrase):
    conf = tmp_path / 'a.conf'
    conf.write_text(line + '\n')
    done = run('--check', '-f', conf, '--homedir', tmp_path)
    assert done.returncode == 1 and phrase in done.stderr + done.stdout, done
    assert done.stdout.endswith('1 error\n')


def test_a_start_that_fails_says_so_last(tmp_path):
    missing = run('-f', tmp_path / 'none.conf', '--homedir', tmp_path)
    assert missing.returncode == 1 and 'Cannot read the configuration file' in missing.stderr
    assert missing.stderr.endswith('The server does not start: the configuration has 1 error, see above\n')
    wrong = run('--device-timeout', 'long', '--homedir', tmp_path)
    assert 'command line: tracker_device_timeout=long: expected a whole number, 0 or more' in wrong.stderr
    (tmp_path / 'a.conf').write_text('httpd_port=x\nhttpd_ssl=x\n')
    password = run('--set-password', '-f', tmp_path / 'a.conf', '--homedir', tmp_path, input='new\n')
    assert password.stderr.endswith('The password was not changed: the configuration has 2 errors, see above\n')
    for given, phrase in ('', 'standard input has no password'), ('\n', 'a password 1 to 255 octets'):
        done = run('--set-password', '--homedir', tmp_path, input=given)
        assert done.returncode == 1 and 'Nothing was changed: ' in done.stderr and phrase in done.stderr


def test_debug_shows_steps(start, tmp_path):
    (tmp_path / 'more.conf').write_text('log_title=x\n')
    norn = start('--debug', '-c', 'example:name=made', config=f'include={tmp_path}/more.conf\n')
    norn.get('/system/timestamp.json?secret=1')
    for phrase in (f"DEBUG: Reading the configuration file '{norn.config}'", f"'{tmp_path}/more.conf'", 'was started as process',
                   'DEBUG: GET /system/timestamp.json from 127.0.0.1: status 200'):
        wait_until(lambda: phrase in norn.text())
    assert 'secret' not in norn.text()
    messages = norn.get('/messagebus/all_messages.json').json()
    assert not any('/system/timestamp' in m['kismet.messagebus.message_string'] for m in messages)
    assert 'DEBUG' not in start().text()


def test_help_and_version():
    assert 'Examples:' in run('--help').stdout
    assert run('-v').stdout.startswith('norn ')
    wrong = run('--nope')
    assert wrong.returncode == 2 and '--help' in wrong.stderr


def test_dump_can_be_read_back(tmp_path):
    first = run('--dump-config', '--homedir', tmp_path)
    assert first.returncode == 0 and 'httpd_port=2501' in first.stdout
    (tmp_path / 'a.conf').write_text(first.stdout)
    second = run('--dump-config', '--homedir', tmp_path, '-f', tmp_path / 'a.conf')
    assert second.stdout == first.stdout and second.stderr == ''


def test_a_dump_starts_the_same_server(start, tmp_path):
    first = start(config='httpd_username="a b"\nhttpd_password= #x"y \nserver_name=café\nown_ssid=Cafe #1\n'
                  'log_template=%n-%l\nchannel_hop_speed=3/sec\ndevicefound=00:11:22:00:00:00/FF:FF:FF:00:00:00\n')
    with open(tmp_path / 'dump.conf', 'w') as out:
        subprocess.run([NORN, '--dump-config', '-f', first.config, '--homedir', first.home], stdout=out, check=True)
    dump = (tmp_path / 'dump.conf').read_text()
    assert (tmp_path / 'dump.conf').stat().st_mode & 0o77 == 0 and '***' not in dump
    assert run('--dump-config', '-f', tmp_path / 'dump.conf', '--homedir', first.home).stdout == dump
    second = start(config=dump)
    assert second.get('/session/check_login', auth=('a b', '#x"y')).status_code == 200
    assert second.get('/session/check_login', auth=('a b', '***')).status_code in (401, 403)
    assert second.get('/system/status.json').json()['kismet.system.server_name'] == 'café'


def test_it_starts_again_with_huge_pages(start, monkeypatch):
    """Unless somebody has a mind of his own; its children get nothing of it."""
    read = {}
    for tunables in '', 'glibc.malloc.arena_max=2':
        monkeypatch.setenv('GLIBC_TUNABLES', tunables) if tunables else monkeypatch.delenv('GLIBC_TUNABLES', False)
        norn = start()
        given = pathlib.Path(f'/proc/{norn.process.pid}/environ').read_bytes().decode().split('\0')
        read[tunables] = [v for v in given if v.startswith('GLIBC_TUNABLES=')]
        assert norn.get('/healthz').text == 'ok\n'
    assert read['glibc.malloc.arena_max=2'] == ['GLIBC_TUNABLES=glibc.malloc.arena_max=2']
    assert read[''] == [] if is_sanitized() else 'glibc.malloc.hugetlb=1' in read[''][0]


def is_sanitized():
    """It has another allocator then."""
    return b'__asan_init' in (code := pathlib.Path(NORN).read_bytes()) or b'__tsan_init' in code


def test_a_terminal_shows_no_secrets(tmp_path):
    (tmp_path / 'a.conf').write_text('httpd_password=sesame\n')
    ours, theirs = pty.openpty()
    shown = b''
    with subprocess.Popen([NORN, '--dump-config', '-f', tmp_path / 'a.conf'], stdout=theirs):
        os.close(theirs)
        while chunk := read_or_nothing(ours):
            shown += chunk
    os.close(ours)
    assert b'#httpd_password=' in shown and b'sesame' not in shown


def read_or_nothing(file):
    try:
        return os.read(file, 65536)
    except OSError:  # the other end is closed
        return b''


def test_check_says_what_is_wrong(tmp_path):
    good = run('--check', '-c', SAMPLE, '--homedir', tmp_path)
    assert good.returncode == 0 and 'would start' in good.stdout
    conf = tmp_path / 'a.conf'
    conf.write_text('httpd_port=70000\nnope=1\nnope=2\nlog_title=x\nchannel_hop=maybe\nno equals\ngps=true\n')
    bad = run('--check', '-f', conf, '--homedir', tmp_path)
    assert bad.returncode == 1 and 'gps=true: There is no GPS' in bad.stderr
    assert 'a.conf:1' in bad.stderr and '0 to 65535' in bad.stderr
    assert bad.stderr.count("unknown option 'nope'") == 1 and 'log_title' not in bad.stderr
    assert 'true or false' in bad.stderr and 'a.conf:6' in bad.stderr


def test_includes_overrides_and_lists(tmp_path):
    (tmp_path / 'b.conf').write_text('server_name="from b"\nsource=one\nsource=two\n')
    (tmp_path / 'site.conf').write_text('server_description=site\nsource+=three\n')
    (tmp_path / 'replace.conf').write_text('source=four\n')
    (tmp_path / 'a.conf').write_text(
        'include=%E/b.conf\nopt_include=%E/none.conf\nopt_override=%E/site.conf\n'
        'server_description=main\nserver_location=%h stays\n')

    def dump(*more):
        out = run('--dump-config', '--confdir', tmp_path, '-f', tmp_path / 'a.conf', *more)
        return [line for line in out.stdout.splitlines() if not line.startswith('#')]

    lines = dump()
    assert 'server_name=from b' in lines and 'server_description=site' in lines
    assert [x for x in lines if x.startswith('source=')] == ['source=one', 'source=two', 'source=three']
    (tmp_path / 'a.conf').write_text('include=%E/b.conf\nopt_override=%E/replace.conf\n')
    assert [x for x in dump() if x.startswith('source=')] == ['source=four']
    assert [x for x in dump('-c', 'five') if x.startswith('source=')] == ['source=five']
    (tmp_path / 'kismet_wardrive.conf').write_text('dot11_keep_eapol=false\n')
    assert 'dot11_keep_eapol=false' in dump('-o', 'wardrive')
    (tmp_path / 'b.conf').write_text('include=%E/b.conf\n')
    assert 'include itself' in run('--check', '--confdir', tmp_path, '-f', tmp_path / 'a.conf').stderr


def test_files_of_others_are_found(tmp_path):
    (tmp_path / 'conf.d').mkdir()
    (tmp_path / 'conf.d/20.conf').write_text('\ufeffserver_name=twenty\r\n', newline='')
    (tmp_path / 'conf.d/10.conf').write_text('server_name=ten\nsource=ten\n')
    (tmp_path / 'beside.conf').write_text('server_description=beside\n')
    (tmp_path / 'a.conf').write_text('opt_include=conf.d/*.conf\nopt_include=none/*.conf\ninclude=beside.conf\n'
                                     'include=%E/beside.conf\n')
    out = run('--dump-config', '-f', tmp_path / 'a.conf', cwd='/')
    assert out.returncode == 0 and not out.stderr, out.stderr
    for line in ('server_name=twenty', 'source=ten', 'server_description=beside'):
        assert line + '\n' in out.stdout
    (tmp_path / 'a.conf').write_text('include=conf.d/*.none\n')
    out = run('--check', '-f', tmp_path / 'a.conf')
    assert out.returncode == 1 and 'a.conf:1' in out.stderr and 'No such file' in out.stderr


def test_the_command_line_replaces(tmp_path):
    (tmp_path / 'a.conf').write_text('log_types=kismet\nlog_types+=pcapng\nlog_prefix=/tmp/a\n')
    out = run('-f', tmp_path / 'a.conf', '-T', 'wiglecsv,pcapppi', '-p', '/tmp/b #c', '--dump-config').stdout.splitlines()
    assert [line for line in out if line.startswith('log_types')] == ['log_types=wiglecsv', 'log_types=pcapppi']
    assert 'log_prefix="/tmp/b #c"' in out
    (tmp_path / 'mine.conf').write_text('log_title=mine\n')
    assert 'log_title=mine\n' in run('-o', tmp_path / 'mine.conf', '--dump-config').stdout


def test_bad_values_in_files_of_kismet_are_reported(start, tmp_path):
    """Kismet starts with such files, so norn does: the default counts, a warning and an alert report it."""
    site = tmp_path / 'kismet_site.conf'
    site.write_text('httpd_session_timeout=never\nalert=BCASTDISCON,often\napspoof=a:ssid="("\ndevicefound=y\nwepkey=zz\n'
                    'channel_hop_speed=fast\nremote_capture_listen=eth0\nhttpd_bind_address=wlan0\nserver_uuid=1\ngps=true\n'
                    'dot11_datasource_opt=x\nkis_log_device_filter=x\nview=x\nuav_match=x\nno equals\nlog_title=good\n')
    norn = start(config=f'opt_override={site}\n')
    for what in ('httpd_session_timeout=never', 'alert=BCASTDISCON', 'apspoof=a', 'devicefound=y', 'wepkey=***: ',
                 'channel_hop_speed=fast', 'remote_capture_listen=eth0', 'httpd_bind_address=wlan0', 'server_uuid=1',
                 'gps=true', 'dot11_datasource_opt=x', 'kis_log_device_filter=x', 'view=x', 'uav_match=x', "'no equals'"):
        lines = [line for line in norn.text().splitlines() if what in line]
        assert len(lines) == 1 and 'WARNING' in lines[0] and 'kismet_site.conf:' in lines[0], (what, lines)
    reported = wait_until(lambda: [a['kismet.alert.text'] for a in norn.get('/alerts/all_alerts.json').json()
                               if a['kismet.alert.header'] == 'CONFIGERROR'])
    assert len(reported) == 1 and '14 invalid values' in reported[0] and 'kismet_site.conf:1:' in reported[0]
    checked = run('--check', '-f', norn.config, '--homedir', norn.home)
    assert checked.returncode == 0, checked.stderr


def test_random_octets_as_configuration_and_capture(tmp_path):
    (tmp_path / 'x').write_bytes(os.urandom(20000))
    assert run('--check', '-f', tmp_path / 'x', '--homedir', tmp_path).returncode == 1
    reply = run('--check', '-c', tmp_path / 'x', '--homedir', tmp_path)
    assert reply.returncode == 1 and 'Cannot read' in reply.stdout


def test_names_of_the_old_command_line_are_understood(tmp_path):
    out = run('--no-ncurses', '--no-line-wrap', '--no-console-wrapper', '-n', '-T', 'kismet', '-t', 'x',
              '-p', '/tmp', '--device-timeout=7', '--no-plugins', '--dump-config', '--homedir', tmp_path)
    assert out.returncode == 0 and 'tracker_device_timeout=7' in out.stdout


def test_a_port_in_use_is_an_error_in_words(start, tmp_path):
    norn = start()
    conf = tmp_path / 'same.conf'
    conf.write_text(f'httpd_port={norn.url.rsplit(":", 1)[1]}\n')
    out = run('-f', conf, '--homedir', tmp_path)
    assert out.returncode == 1 and 'Cannot listen' in out.stderr and 'httpd_port' in out.stderr


def test_background(tmp_path):
    conf = tmp_path / 'a.conf'
    conf.write_text(f'httpd_port=0\nhttpd_unix_socket={tmp_path}/socket\n')
    out = run('--daemonize', '-f', conf, '--homedir', tmp_path)
    assert out.returncode == 0
    found = subprocess.run(['pgrep', '-f', str(conf)], capture_output=True, text=True).stdout.split()
    assert len(found) == 1
    os.kill(int(found[0]), signal.SIGTERM)
    for _ in range(200):
        if not os.path.exists(f'/proc/{found[0]}'):
            return
        time.sleep(0.05)
    raise AssertionError('it does not end')
