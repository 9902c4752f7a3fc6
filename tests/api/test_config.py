"""The command line and the configuration, as an operator uses them."""
import os
import signal
import subprocess
import time

NORN = os.environ['NORN']
SAMPLE = os.environ['SAMPLE']


def run(*arguments, **more):
    return subprocess.run([NORN, *arguments], capture_output=True, text=True, timeout=30, **more)


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


def test_check_says_what_is_wrong(tmp_path):
    good = run('--check', '-c', SAMPLE, '--homedir', tmp_path)
    assert good.returncode == 0 and 'would start' in good.stdout
    conf = tmp_path / 'a.conf'
    conf.write_text('httpd_port=70000\nnope=1\nnope=2\nlog_title=x\nchannel_hop=maybe\nno equals\n')
    bad = run('--check', '-f', conf, '--homedir', tmp_path)
    assert bad.returncode == 1
    assert 'a.conf:1' in bad.stderr and '0 to 65535' in bad.stderr
    assert bad.stderr.count("'nope' is no option") == 1 and 'log_title' not in bad.stderr
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
