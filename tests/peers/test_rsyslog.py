"""Alerts for an rsyslog of our own, where there is one."""
import socket
import subprocess
import time

import pytest

from peers import CONFIG, program, start, wait_until  # noqa: F401
from test_delivery import define, report


def seen(norn, got):
    """True when one has come; what was sent before rsyslog listened is lost, so that it is reported again."""
    if got.exists() and '|REPORTED|' in got.read_text():
        return True
    report(norn, 'it "happened" caf\u00e9]')
    time.sleep(0.2)
    return False


@pytest.mark.parametrize('kind', ['udp', 'tcp', 'unix'])
def test_rsyslog_understands(start, tmp_path, kind):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == 'udp' else socket.SOCK_STREAM) as s:
        s.bind(('127.0.0.1', 0))
        port = s.getsockname()[1]
    position, got = tmp_path / 's', tmp_path / 'got'
    listens = {'udp': f'module(load="imudp")\ninput(type="imudp" address="127.0.0.1" port="{port}")',
               'tcp': f'module(load="imtcp")\ninput(type="imtcp" address="127.0.0.1" port="{port}")',
               'unix': f'module(load="imuxsock" SysSock.Use="off")\n'
                       f'input(type="imuxsock" Socket="{position}" UseSpecialParser="off" ParseHostname="on")'}[kind]
    conf = tmp_path / 'rsyslog.conf'
    conf.write_text(f'global(workDirectory="{tmp_path}")\n{listens}\n'
                    'template(name="t" type="string" string="%syslogfacility%|%syslogseverity%|%app-name%|%procid%|%msgid%|'
                    f'%structured-data%|%msg%\\n")\naction(type="omfile" file="{got}" template="t")\n')
    with subprocess.Popen([program('rsyslogd'), '-n', '-f', conf, '-i', tmp_path / 'pid'],
                          stderr=subprocess.DEVNULL) as rsyslog:
        try:
            wait_until(lambda: (tmp_path / 'pid').exists() and (kind != 'unix' or position.exists()))
            where = position if kind == 'unix' else f'127.0.0.1:{port}'
            norn = start(config=CONFIG + f'norn_alert_syslog={kind}:{where}\n')
            define(norn)
            wait_until(lambda: seen(norn, got))
        finally:
            rsyslog.terminate()
    line = [line for line in got.read_text().splitlines() if '|REPORTED|' in line][0]
    facility, severity, app, process, name, data, text = line.split('|')
    assert (facility, severity, app, process, name) == ('16', '3', 'norn', str(norn.process.pid), 'REPORTED')
    assert data.startswith('[norn@32473 class="OTHER" severity="15" ') and 'source="00:0C:00:00:00:02"' in data
    assert text.removeprefix('\ufeff') == 'it "happened" caf\u00e9]'
