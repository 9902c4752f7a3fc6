"""A Debian of their own for the packages: a copy of the folder that root.sh made."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

DEBIAN = pathlib.Path(os.environ.get('DEBIAN', 'none'))
DEBS = sorted(pathlib.Path(os.environ.get('DEBS', 'none')).glob('*.deb'))


def needs_debian():
    if not (DEBIAN / 'made').exists() or not DEBS or os.getuid():
        pytest.skip('no packages or no Debian for them: as root, make deb deb-root')


def run(root, command, check=True):
    """Runs a shell's command inside: processes and network are its own, and end with it."""
    inside = f'mount -t proc proc /proc && ip link set lo up && {command}'
    done = subprocess.run(['unshare', '--mount', '--net', '--pid', '--fork', '--kill-child', 'chroot', root, 'sh', '-c', inside],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100,
                          env={'PATH': '/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL': 'C.UTF-8', 'HOME': '/root',
                               'DEBIAN_FRONTEND': 'noninteractive'})
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@contextlib.contextmanager
def copy():
    folder = pathlib.Path(tempfile.mkdtemp(prefix='norn-deb-', dir=DEBIAN.parent))
    try:
        subprocess.run(['cp', '-a', '--reflink=auto', f'{DEBIAN}/.', folder], check=True)
        (folder / 'debs').mkdir()
        for package in DEBS:
            shutil.copy(package, folder / 'debs')
        yield folder
    finally:
        shutil.rmtree(folder)
