"""norn doctor: what is missing on this machine."""
import os
import socket
import subprocess

NORN = os.environ['NORN']


def doctor(folder, *conf):
    (folder / 'a.conf').write_text('\n'.join(('remote_capture_enabled=false', f'log_prefix={folder}', *conf)) + '\n')
    out = subprocess.run([NORN, 'doctor', '--homedir', folder, '-f', folder / 'a.conf'], capture_output=True, text=True,
                         timeout=30, check=False)
    return out.returncode, out.stdout


def test_a_taken_port_and_a_missing_vendor_file_are_told(tmp_path):
    with socket.create_server(('127.0.0.1', 0)) as taken:
        port = taken.getsockname()[1]
        status, text = doctor(tmp_path, f'httpd_port={port}', 'ouifile=/nonexistent/oui.txt')
    assert status == 1 and f'{port}: Address already in use' in text and 'correct ouifile=' in text
    status, text = doctor(tmp_path, f'httpd_port={port}')
    assert f'{port} is free' in text and 'correct ouifile=' not in text
