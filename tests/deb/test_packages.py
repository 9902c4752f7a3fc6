"""The packages in a Debian 12: installed, used, removed and purged."""
import pathlib
import re
import shutil
import subprocess

import pytest

from debian import DEBS, copy, needs_debian, run

INSTALL = 'dpkg -i ' + ' '.join(f'/debs/{d.name}' for d in DEBS if '-dbgsym_' not in d.name)


@pytest.fixture(scope='module')
def debian():
    needs_debian()
    with copy() as root:
        run(root, INSTALL)
        yield root


def test_programs_are_installed_with_their_rights(debian):
    told = run(debian, "stat -c '%n %U:%G %a' /usr/bin/norn_cap_linux_wifi /etc/norn/norn.conf /var/lib/norn /var/log/norn"
                       ' && getcap /usr/bin/norn_cap_linux_wifi && id -nG norn')
    for line in ('/usr/bin/norn_cap_linux_wifi root:norn-capture 750', '/etc/norn/norn.conf root:norn 640',
                 '/var/lib/norn norn:norn 750', '/var/log/norn norn:norn 750', 'norn norn-capture',
                 '/usr/bin/norn_cap_linux_wifi cap_net_admin,cap_net_raw=ep'):
        assert line in told.splitlines(), told


def test_the_server_runs(debian):
    shutil.copy(pathlib.Path(__file__).parents[1] / 'captures' / 'sample.pcap', debian / 'sample.pcap')
    told = run(debian, 'norn --version && cd /var/log/norn && setpriv --reuid norn --regid norn --init-groups norn --daemonize '
                       '--homedir /var/lib/norn --confdir /etc/norn -c /sample.pcap && '
                       'curl -s http://127.0.0.1:2501/ | grep app.js && curl -sf http://127.0.0.1:2501/app.js >/dev/null && '
                       'for i in $(seq 100); do devices=$(curl -s http://127.0.0.1:2501/devices/views/all/devices.json); '
                       '[ ${#devices} -lt 9999 ] || break; sleep 0.1; done; echo "devices ${#devices}"; '
                       'norn doctor --homedir /var/lib/norn | tail -n 1')
    assert re.match(r'norn \d+\.\d+\.\d+$', told, re.M)
    assert re.search(r'^devices \d{5,}$', told, re.M), told
    assert re.search(r'^\d missing$', told, re.M), told


def test_units_and_completion(debian):
    told = run(debian, 'systemctl is-enabled norn.service norn-capture-linux-wifi.socket; '
                       'systemd-analyze security --offline=true norn.service | tail -n 1; '
                       'systemd-analyze security --offline=true norn-sensor-linux-wifi@x.service | tail -n 1; '
                       'bash -n /usr/share/bash-completion/completions/norn; bash -n /usr/share/bash-completion/completions/norn-log', check=False)
    assert told.splitlines()[:2] == ['enabled', 'enabled']
    server, sensor = (float(x) for x in re.findall(r'exposure level for \S+ ([\d.]+)', told))
    assert server < 2 and sensor < 3


def test_what_is_changed_stays_and_purge_leaves_nothing(debian):
    conf = debian / 'etc/norn/norn.conf'
    conf.write_text(conf.read_text() + 'server_name=mine\n')
    (debian / 'var/lib/norn/kept').touch()
    run(debian, INSTALL)  # as an upgrade
    assert 'server_name=mine' in conf.read_text() and (debian / 'var/lib/norn/kept').exists()
    assert 'root:norn 640' in run(debian, "stat -c '%U:%G %a' /etc/norn/norn.conf")
    run(debian, 'dpkg --remove norn norn-capture-linux-wifi norn-log norn-dev')
    assert conf.exists() and not (debian / 'usr/bin/norn').exists()
    run(debian, 'dpkg --purge norn norn-capture-linux-wifi norn-log norn-dev')
    left = run(debian, r"find / -xdev -path /debs -prune -o -path /proc -prune -o -name '*norn*' -print")
    assert left.split() == [], left


def test_lintian_finds_nothing():
    needs_debian()
    if not shutil.which('lintian'):
        pytest.skip('no lintian')
    done = subprocess.run(['lintian', '--allow-root', *DEBS], capture_output=True, text=True)
    assert done.stdout == '' and done.returncode == 0, done.stdout
