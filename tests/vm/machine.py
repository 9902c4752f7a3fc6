"""What both tests of the virtual machine share: how it is made and booted, and when it cannot be."""
import base64, os, pathlib, shutil, subprocess, sys, tempfile

SKIP = 77
PROGRAMS = ['qemu-system-x86_64', 'busybox', 'cpio', 'iw', 'curl', 'hostapd', 'wpa_supplicant', 'dumpcap']
HERE = pathlib.Path(__file__).parent
os.environ['PATH'] += ':/usr/sbin:/sbin'


def boot(image, kernel, init, tools, files, seconds, memory, work):
    """Runs the machine to its end; gives {name: line} of what its init reported."""
    subprocess.run(['sh', HERE / 'build.sh', kernel, work / 'initrd.gz', init, ' '.join(tools), *files], check=True)
    with open(work / 'console', 'wb') as console:
        machine = subprocess.Popen(
            ['qemu-system-x86_64', '-accel', 'tcg', '-cpu', 'max', '-smp', '2', '-m', str(memory), '-nodefaults',
             '-no-reboot', '-display', 'none', '-kernel', image, '-initrd', work / 'initrd.gz',
             '-append', 'console=ttyS0 panic=-1 quiet', '-serial', 'stdio', '-serial', f'file:{work}/reported'],
            stdin=subprocess.DEVNULL, stdout=console, stderr=console)
        try:
            machine.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            machine.kill()
            machine.wait()
    lines = (work / 'reported').read_text(errors='replace').splitlines()
    return dict((line + ' ').split(' ', 1) for line in lines)


def save(folder, reported, console):
    (pathlib.Path(folder) / 'console').write_text(console)
    for name, line in reported.items():
        where = pathlib.Path(folder) / name
        where.write_bytes(base64.b64decode(line)) if name.endswith('.pcap') else where.write_text(line)


def run(kernel, files, judge, init, seconds, tools=(), memory=768, more=lambda work: []):
    """Boots and judges: judge gives (what must be so, whether it is) of what was reported; more(work) writes files
    that the machine gets. The exit status. NORN_VM_SAVE=FOLDER keeps what was reported."""
    images = sorted(pathlib.Path(kernel).glob('boot/vmlinuz-*'))
    missing = [p for p in [*PROGRAMS, *tools] if not shutil.which(p)] + ([] if images else ['a kernel'])
    if os.uname().machine != 'x86_64':
        missing.append('a processor of the kernel (amd64)')
    if missing:
        print(f'skipped: {", ".join(missing)} not found; `make vm-deps` fetches it')
        return SKIP
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        reported = boot(images[-1], kernel, init, tools, [*files, *more(work)], seconds, memory, work)
        console = (work / 'console').read_text(errors='replace')
    if os.environ.get('NORN_VM_SAVE'):
        save(os.environ['NORN_VM_SAVE'], reported, console)
    if 'end' not in reported:
        print(console, f'\nthe machine did not come to its end in {seconds} s; it reported {", ".join(reported)}')
        return 1
    failed = 0
    for what, so in judge(reported):
        print('ok    ' if so else 'FAILED', what)
        failed += not so
    if failed:
        print(console)
    return 1 if failed else 0


def main(**how):
    kernel, *files = sys.argv[1:]
    sys.exit(run(kernel, files, **how))
