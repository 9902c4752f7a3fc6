"""norn doctor: what is missing on this machine."""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

import pytest

NORN = os.environ['NORN']


def doctor(folder, *conf, root='/nonexistent', norn=NORN, user=None):
    (folder / 'a.conf').write_text('\n'.join(('remote_capture_enabled=false', f'log_prefix={folder}', *conf)) + '\n')
    out = subprocess.run([norn, 'doctor', '--homedir', folder, '-f', folder / 'a.conf'], capture_output=True, text=True,
                         timeout=30, check=False, user=user, group=user, extra_groups=user and [],
                         env={**os.environ, 'NORN_DOCTOR_ROOT': str(root)})
    return out.returncode, out.stdout


def test_a_taken_port_and_a_missing_vendor_file_are_reported(tmp_path):
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
        status, text = doctor(tmp_path, f'httpd_port={port}', 'ouifile=/nonexistent/oui.txt')
    assert status == 1 and f'{port} Address already in use' in text and 'correct ouifile=' in text
    status, text = doctor(tmp_path, f'httpd_port={port}')
    assert f'{port} is free' in text and 'correct ouifile=' not in text and status == 0


def line(text, subject):
    return next(row for row in text.splitlines() if row[9:].startswith(subject))


def test_kinds_of_sources_and_their_packages(tmp_path):
    status, text = doctor(tmp_path, f'helper_binary_path={tmp_path}', f'norn_helper_sockets={tmp_path}')
    assert status == 0, 'nothing is configured that would need them'
    assert 'apt install norn-capture-linux-wifi' in line(text, 'kind linuxwifi')
    assert 'kismet-capture-sdr-rtl433 (from Kismet' in line(text, 'kind rtl433')
    status, text = doctor(tmp_path, f'helper_binary_path={tmp_path}', f'norn_helper_sockets={tmp_path}',
                          'source=wlan7:type=linuxwifi')
    assert status == 1 and line(text, 'source=wlan7').startswith('MISSING')
    assert 'apt install norn-capture-linux-wifi' in line(text, 'source=wlan7')
    status, text = doctor(tmp_path, f'source={os.environ["SAMPLE"]}')
    assert status == 0 and 'would start' in line(text, 'source=')


@pytest.mark.skipif(os.getuid() != 0, reason='only root can run it as somebody else')
def test_a_program_without_capabilities():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        shutil.copy(NORN, folder / 'norn')
        (folder / 'norn_cap_linux_wifi').write_text('')
        (folder / 'norn_cap_linux_wifi').chmod(0o755)
        conf = ('httpd_port=0', f'helper_binary_path={folder}', 'configdir=/tmp')
        status, text = doctor(folder, *conf, norn=folder / 'norn', user=65534)
        assert status == 0 and 'setcap cap_net_admin,cap_net_raw+ep' in line(text, 'kind linuxwifi')
        status, text = doctor(folder, *conf, 'source=wlan7:type=linuxwifi', norn=folder / 'norn', user=65534)
        assert status == 1 and 'setcap' in line(text, 'source=wlan7')
        (folder / 'norn_cap_linux_wifi').chmod(0o750)
        status, text = doctor(folder, *conf, norn=folder / 'norn', user=65534)
        assert 'the file\'s group' in line(text, 'kind linuxwifi')


def test_a_machine_with_radios(tmp_path):
    root = tmp_path / 'root'
    (root / 'sys/class/net/wlan3/phy80211').mkdir(parents=True)
    (root / 'sys/class/ieee80211/phy0/rfkill0').mkdir(parents=True)
    (root / 'sys/class/ieee80211/phy0/rfkill0/hard').write_text('0\n')
    (root / 'sys/class/ieee80211/phy0/rfkill0/soft').write_text('1\n')
    (root / 'proc/7').mkdir(parents=True)
    (root / 'proc/7/comm').write_text('NetworkManager\n')
    (root / 'var/lib/ieee-data').mkdir(parents=True)
    (root / 'var/lib/ieee-data/oui.txt').write_text('')
    os.utime(root / 'var/lib/ieee-data/oui.txt', (1.3e9, 1.3e9))
    status, text = doctor(tmp_path, root=root)
    assert status == 1 and 'rfkill unblock wifi' in line(text, 'Wi-Fi: rfkill')
    assert line(text, 'Wi-Fi: interfaces').endswith(' wlan3')
    assert 'nmcli device set' in line(text, 'Wi-Fi: NetworkManager')
    assert 'var/lib/ieee-data/oui.txt, of 2011-03; for a newer one' in line(text, 'manufacturers')
    (root / 'usr/lib/udev/hwdb.d').mkdir(parents=True)
    (root / 'usr/lib/udev/hwdb.d/20-OUI.hwdb').write_text('')
    assert 'usr/lib/udev/hwdb.d/20-OUI.hwdb, of' in line(doctor(tmp_path, root=root)[1], 'manufacturers')


def test_gps_and_addresses(tmp_path):
    with socket.create_server(('127.0.0.1', 0)) as gpsd:
        port = gpsd.getsockname()[1]
        status, text = doctor(tmp_path, f'gps=gpsd:host=127.0.0.1,port={port}', 'httpd_port=0')
        assert status == 0 and 'answers' in line(text, 'positions: GPS')
    status, text = doctor(tmp_path, f'gps=gpsd:host=127.0.0.1,port={port}', 'gps=serial:device=/dev/none', 'httpd_port=0')
    assert status == 1 and 'apt install gpsd' in text and 'plug the receiver in' in text
    status, text = doctor(tmp_path, 'httpd_bind_address=192.0.2.77', 'httpd_port=2999')
    assert status == 1 and '192.0.2.77 port 2999 Cannot assign requested address' in text


def test_folders(tmp_path):
    status, text = doctor(tmp_path, 'log_types=kismet', f'log_prefix={tmp_path}/a.conf/logs', 'httpd_port=0')
    assert status == 1 and 'give it to the user' in line(text, 'logs: folder')
    status, text = doctor(tmp_path, 'log_types=kismet', f'log_prefix={tmp_path}/later', 'httpd_port=0')
    assert status == 0 and 'MB free' in line(text, 'logs: folder')
    assert 'UTC' in line(text, 'clock') and line(text, 'user')
