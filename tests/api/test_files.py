"""Capture files: read once, also damaged, compressed, of many interfaces, of any name; definitions that cannot be read;
sources of which nothing is understood."""
import gzip
import json
import os
import pathlib
import random
import shutil
import struct
import subprocess

import pytest

from conftest import LOGIN, wait_until
from helpers import CONFIG, alerts, command, sources

SAMPLE = pathlib.Path(os.environ['SAMPLE']).read_bytes()
SHARED = pathlib.Path(__file__).resolve().parents[3] / 'shared/cases/wifi'


def beacon(n=1, ssid=b'filed'):
    ap = bytes([2, 0, 0, 0, n >> 8, n & 255])
    return (b'\x80\0\0\0' + b'\xff' * 6 + ap + ap + b'\0\0' + bytes(8) + b'\x64\0\x01\x04' + bytes([0, len(ssid)]) + ssid
            + b'\x03\x01\x06')


def pcap(frames, linktype=105):  # which may carry the bits of an FCS
    out = struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, linktype)
    for n, frame in enumerate(frames):
        out += struct.pack('<IIII', 1700000000 + n, 0, len(frame), len(frame)) + frame
    return out


def block(kind, body):
    body += bytes(-len(body) % 4)
    return struct.pack('<II', kind, len(body) + 12) + body + struct.pack('<I', len(body) + 12)


def pcapng(interfaces, frames):
    """Frames in turn on interfaces of link type 105."""
    out = block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))
    out += block(1, struct.pack('<HHI', 105, 0, 0)) * interfaces
    for n, frame in enumerate(frames):
        out += block(6, struct.pack('<IIIII', n % interfaces, 0x60000, n, len(frame), len(frame)) + frame)
    return out


def pack(program, octets):
    if program == 'gzip':
        return gzip.compress(octets, mtime=0)
    if not shutil.which(program):
        pytest.skip(f'{program} is not there')
    return subprocess.run([program, '-q', '-c'] + ['-B4'] * (program == 'lz4'), input=octets, stdout=subprocess.PIPE, check=True).stdout


def by_name(norn):
    return {s['kismet.datasource.name']: s for s in norn.wait_done()}


def failures(norn):
    return alerts(norn, 'SOURCEERROR')


def add(norn, definition):
    return norn.post('/datasource/add_source.cmd', {'definition': definition}, auth=LOGIN)


def put(folder, files):
    """The options that name them."""
    options = []
    for name, octets in files.items():
        (folder / name).write_bytes(octets)
        options += ['-c', f'{folder / name}:name={name}']
    return options


def test_what_lies_before_the_damage_stays(start, tmp_path):
    random.seed(1)
    whole = pcap([beacon(n) for n in range(60)])
    size = 16 + len(beacon())
    claims = whole[:24 + 50 * size + 8] + b'\xff\xff\xff\x7f' + whole[24 + 50 * size + 12:]
    ng = pcapng(1, [beacon(n) for n in range(60)])
    one = len(block(6, bytes(20) + beacon()))
    ng_claims = ng[:-10 * one + 4] + b'\x07\0\0\0' + ng[-10 * one + 8:]
    large = pcap([beacon(n, random.randbytes(32)) + b'\xdd\xff' + random.randbytes(255) for n in range(2000)])
    packed = pack('gzip', large)
    files = {'claims.pcap': claims, 'claims.pcapng': ng_claims, 'cut.pcap': whole[:24 + 50 * size + 9],
             'cut.pcapng': ng[:-10 * one + 9], 'claims.pcap.gz': pack('gzip', claims),
             'cut.gz': packed[:-len(packed) // 2], 'sum.gz': packed[:-8] + b'\0\0\0\0' + packed[-4:]}
    for program, ending in (('zstd', '.zst'), ('lz4', '.lz4')):
        if shutil.which(program):
            octets = pack(program, large)
            files['cut' + ending] = octets[:-len(octets) // 3]
    norn = start(*put(tmp_path, files), config=CONFIG)
    found = by_name(norn)
    for name in files:
        source = found[name]
        assert source['norn.datasource.state'] == 'done' and source['kismet.datasource.error'] == 0, source
        assert source['kismet.datasource.retry'] == 0 and source['kismet.datasource.retry_attempts'] == 0
        assert 'octet' in source['kismet.datasource.warning'], source['kismet.datasource.warning']
        assert len(wait_until(lambda: [t for t in failures(norn) if f"'{name}'" in t and 'not tried again' in t])) == 1
        if name.startswith('claims') or name in ('cut.pcap', 'cut.pcapng'):
            assert source['kismet.datasource.num_packets'] == 50
            assert 'packet 51' in source['kismet.datasource.warning']
        else:
            assert 0 < source['kismet.datasource.num_packets'] <= 2000, name
    assert found['sum.gz']['kismet.datasource.num_packets'] == 2000


@pytest.mark.skipif(not SHARED.exists(), reason='no shared captures')
def test_damaged_captures_of_others(start):
    expected = {'corrupt.pcap': 50, 'corrupt.pcapng': 99, 'damaged-end.pcapng.gz': 3000}
    norn = start(*[a for n in expected for a in ('-c', f'{SHARED / n}:name={n}')], config=CONFIG)
    found = by_name(norn)
    for name, packets in expected.items():
        assert found[name]['norn.datasource.state'] == 'done'
        assert found[name]['kismet.datasource.num_packets'] == packets
    wait_until(lambda: len(failures(norn)) >= len(expected))
    assert len(failures(norn)) == len(expected)


def test_compressed_captures(start, tmp_path):
    files = {}
    for program in ('gzip', 'zstd', 'lz4'):
        if program != 'gzip' and not shutil.which(program):
            continue
        files['one.' + program] = pack(program, SAMPLE)
        files['two.' + program] = pack(program, SAMPLE[:9000]) + pack(program, SAMPLE[9000:])
        files['ng.' + program] = pack(program, pcapng(3, [beacon(n) for n in range(9)]))
    norn = start(*put(tmp_path, files), config=CONFIG)
    for name, source in by_name(norn).items():
        assert source['kismet.datasource.num_packets'] == (9 if name.startswith('ng') else 700), source
        assert source['kismet.datasource.warning'] == '', source
    assert failures(norn) == []


def test_many_interfaces(start, tmp_path):
    norn = start(*put(tmp_path, {'many.pcapng': pcapng(300, [beacon(n) for n in range(600)])}), config=CONFIG)
    assert by_name(norn)['many.pcapng']['kismet.datasource.num_packets'] == 600


def test_names_that_need_quotes(start, tmp_path):
    names = ['12:30.pcap', 'a, b.pcap', 'two words.pcap', 'say "so".pcap', 'back\\slash:.pcap', 'plain,comma.pcap']
    lines = []
    for name in names:
        (tmp_path / name).write_bytes(pcap([beacon()]))
        path = str(tmp_path / name).replace('\\', '\\\\').replace('"', '\\"')
        lines.append(f'source="{path}":info_antenna_type="a, b"\n')
    (tmp_path / 'x:y.pcap').write_bytes(pcap([beacon()]))
    norn = start(config=CONFIG + ''.join(lines) + f'source="{tmp_path}/x:y.pcap"\n')
    wait_until(lambda: len(sources(norn)) == len(names) + 1)
    found = by_name(norn)
    for name in names:
        source = found[str(tmp_path / name)]
        assert source['kismet.datasource.num_packets'] == 1, source
        assert source['kismet.datasource.info.antenna_type'] == 'a, b'
        # The definition that is shown can be given again.
        again = add(norn, source['kismet.datasource.definition'])
        assert again.status_code == 200 and again.json()['kismet.datasource.uuid'] == source['kismet.datasource.uuid']


# What is given, and what the answer holds.
WRONG = (
    ('', 'definition'),
    (':name=x', 'is empty'),
    ('""', 'is empty'),
    ('x.pcap:name', "no '=' in option 1, 'name'"),
    ('x.pcap:=x', 'no name before'),
    ('x.pcap:name=a,pps', "option 2, 'pps'"),
    ('/no/12:30.pcap', 'double quotes'),
    ('x.pcap:name="a', 'quote in option 1 that is not closed'),
    ('"x.pcap:name=a', 'quote in its interface that is not closed'),
    ('x.pcap:name="a"b', "behind the closing quote of option 1: expected ','"),
    ('"x.pcap"name=a', "behind the closing quote of its interface: expected ':'"),
    ('x.pcap:pps=fast', 'expected a number'),
    ('x.pcap:retry=perhaps', 'expected true or false'),
    ('x.pcap:uuid=1', 'expected a uuid'),
    ('x.pcap:fcs=yes', 'expected ignore or check'),
    ('x.pcap:type=nosuch', 'no source type'),
    ('x' * 5000, 'longer than'),
    ('/no/such/file:name=' + 'y' * 3000, 'No such file'),
    ('x.pcap:' + ','.join(f'o{n}=1' for n in range(70)), 'more than 64 options'),
    ('wlan99', "no interface 'wlan99'"),
    ('wlan99:type=linuxwifi', "no interface 'wlan99'"),
    ('lo', 'not a Wi-Fi interface'),
    ('/no/such/file', 'No such file'),
    ('/proc', 'directory'),
    ('/dev/null', 'device'),
    ('/proc/self/maps', 'neither pcap nor pcapng'),
)


def test_what_cannot_be_added_is_reported(start, tmp_path):
    norn = start(config=CONFIG)
    for definition, phrase in WRONG:
        reply = add(norn, definition)
        assert reply.status_code in (400, 500) and phrase in reply.text, (definition[:80], reply.text)
        assert reply.status_code == 400 or 'not added, and not tried again' in reply.text, reply.text
    assert sources(norn) == []
    (tmp_path / 'empty.pcap').write_bytes(b'')
    assert 'is empty' in add(norn, str(tmp_path / 'empty.pcap')).text
    reply = add(norn, 'other:type=example')
    assert reply.status_code == 500 and "has to be 'example'" in reply.text and 'is tried again' in reply.text
    reply = add(norn, 'another:type=example,retry=false')
    assert reply.status_code == 500 and 'not tried again' in reply.text


def test_what_check_says(tmp_path):
    (tmp_path / 'good.pcap').write_bytes(SAMPLE)
    wrong = [w for w in WRONG if w[0] not in ('', '""') and len(w[0]) < 200]
    conf = tmp_path / 'norn.conf'
    conf.write_text(CONFIG + ''.join(f'source={definition}\n' for definition, _ in wrong)
                    + f'source={tmp_path}/good.pcap:chanels=5\n')
    run = subprocess.run([os.environ['NORN'], '--check', '-f', conf], capture_output=True, text=True, timeout=60)
    lines = [line for line in run.stdout.splitlines() if line.startswith('source=')]
    assert run.returncode == 1 and len(lines) == len(wrong) + 1
    for (definition, phrase), line in zip(wrong, lines):
        assert phrase in line and 'would start' not in line, (definition, line)
    assert "would start; There is no source option 'chanels': did you mean 'channels'?" in lines[-1]


def test_lines_that_cannot_be_read_are_in_the_list(start, tmp_path):
    (tmp_path / 'good.pcap').write_bytes(SAMPLE)
    norn = start(config=CONFIG + 'source=x.pcap:name\nsource=y.pcap:type=nosuch\n'
                 f'source={tmp_path}/good.pcap:name=good,chanels=5\n')
    found = by_name(norn)
    for name, phrase in (('x.pcap:name', "no '='"), ('y.pcap:type=nosuch', 'no source type')):
        assert found[name]['norn.datasource.state'] == 'error'
        assert phrase in found[name]['kismet.datasource.error_reason']
        wait_until(lambda: any(f"'{name}'" in text and phrase in text for text in failures(norn)))
        reply = command(norn, found[name]['kismet.datasource.uuid'], 'open_source')
        assert reply.status_code == 500 and phrase in reply.text
    assert "did you mean 'channels'?" in found['good']['kismet.datasource.warning']


def test_a_file_that_is_read_can_be_read_again(start, tmp_path):
    path = tmp_path / 'again.pcap'
    path.write_bytes(pcap([beacon(n) for n in range(5)]))
    norn = start('-c', f'{path}:name=again', config=CONFIG)
    uuid = norn.wait_done()[0]['kismet.datasource.uuid']
    path.write_bytes(pcap([beacon(n) for n in range(7)]))
    assert command(norn, uuid, 'open_source').status_code == 200
    assert norn.wait_done()[0]['kismet.datasource.num_packets'] == 7
    path.write_bytes(pcap([beacon(n) for n in range(9)]))
    reply = add(norn, f'{path}:name=again')
    assert reply.status_code == 200 and reply.json()['kismet.datasource.uuid'] == uuid
    assert norn.wait_done()[0]['kismet.datasource.num_packets'] == 9
    assert len(sources(norn)) == 1


def with_sum(frame, good):
    """Behind a radiotap header that says that an FCS follows."""
    import zlib
    return (b'\0\0\x09\0\x02\0\0\0\x10' + frame
            + struct.pack('<I', zlib.crc32(frame) ^ (0 if good else 0x5a5a5a5a)))


def test_what_is_not_understood_is_reported(start, tmp_path):
    rewritten = pcap([with_sum(beacon(100 + n), False) for n in range(30)], 127)
    files = {'272.pcap': pcap([bytes(40)] * 274, 272), 'ethernet.pcap': pcap([bytes(60)] * 3, 1),
             'sums.pcap': rewritten, 'good.pcap': pcap([with_sum(beacon(200), True)], 127)}
    norn = start(*put(tmp_path, files), '-c', f'{tmp_path}/sums.pcap:name=ignored,fcs=ignore', config=CONFIG)
    found = by_name(norn)
    for name, phrase in (
            ('272.pcap', '274 packets, none understood: link type 272 has no phy'),
            ('ethernet.pcap', '3 packets, none understood: Ethernet frames: norn needs a monitor interface'),
            ('sums.pcap', '30 packets, none understood: every checksum is wrong: was the file rewritten? '
                          'fcs=ignore takes them')):
        assert phrase in found[name]['kismet.datasource.warning']
        assert phrase in norn.text()
    assert found['good.pcap']['kismet.datasource.warning'] == found['ignored']['kismet.datasource.warning'] == ''
    assert found['ignored']['kismet.datasource.num_error_packets'] == 0
    macs = {d['kismet.device.base.macaddr'] for d in norn.get('/devices/views/all/devices.json', auth=LOGIN).json()}
    assert len(macs) == 31


def test_counts_move_and_stand_still(start, tmp_path):
    (tmp_path / 'slow.pcap').write_bytes(pcap([beacon(n % 9) for n in range(3000)]))
    norn = start('-c', f'{tmp_path}/slow.pcap:name=slow,pps=10', config=CONFIG)

    def count():
        return sources(norn)[0]['kismet.datasource.num_packets']

    first = wait_until(count)
    assert first < 100
    wait_until(lambda: count() > first)
    uuid = sources(norn)[0]['kismet.datasource.uuid']
    assert command(norn, uuid, 'pause_source').status_code == 200
    wait_until(lambda: count() == count())
    paused = count()
    seen = norn.get('/system/timestamp.json').json()['kismet.system.timestamp.sec']
    wait_until(lambda: norn.get('/system/timestamp.json').json()['kismet.system.timestamp.sec'] > seen + 1)
    assert count() - paused <= 1
    command(norn, uuid, 'resume_source')
    wait_until(lambda: count() > paused + 1)


def test_what_is_paced_holds_up_no_other(start, tmp_path):
    slow = put(tmp_path, {f'slow{n}.pcap': pcap([beacon(n)] * 2000) for n in range(os.cpu_count() + 2)})
    norn = start(*[o + ',pps=10' if ':name=' in o else o for o in slow], config=CONFIG)
    wait_until(lambda: all(s['kismet.datasource.num_packets'] for s in sources(norn)))
    (tmp_path / 'fast.pcap').write_bytes(SAMPLE)
    assert add(norn, f'{tmp_path}/fast.pcap:name=fast').status_code == 200
    wait_until(lambda: sources(norn)[-1]['norn.datasource.state'] == 'done')
    assert sources(norn)[-1]['kismet.datasource.num_packets'] == 700
    assert sources(norn)[0]['norn.datasource.state'] == 'running'
    for pace in ('-3', 'nan', 'inf', '1e-300'):
        reply = add(norn, f'{tmp_path}/fast.pcap:name=other,pps={pace}')
        assert reply.status_code == 500 and f'pps={pace} is not valid: expected a number' in reply.text


def test_the_link_type_announces_an_fcs(start, tmp_path):
    files = {'bad.pcap': pcap([with_sum(beacon(n), False)[9:] for n in range(20)], 0x24000069),
             'good.pcap': pcap([with_sum(beacon(100 + n), True)[9:] for n in range(20)], 0x24000069)}
    norn = start(*put(tmp_path, files), config=CONFIG)
    found = by_name(norn)
    assert 'every checksum is wrong' in found['bad.pcap']['kismet.datasource.warning']
    assert found['good.pcap']['kismet.datasource.warning'] == ''
    assert len(norn.get('/devices/views/all/devices.json', auth=LOGIN).json()) == 20


def test_standard_input_that_is_closed(tmp_path):
    """Nothing that the server opens takes its descriptor."""
    conf = tmp_path / 'norn.conf'
    conf.write_text(CONFIG + 'httpd_port=0\nremote_capture_port=0\n')
    run = subprocess.Popen([os.environ['NORN'], '-f', conf, '--homedir', tmp_path, '-c', '-'], stderr=subprocess.PIPE,
                           text=True, preexec_fn=lambda: os.close(0))
    assert any("Cannot read '-': the file is empty" in line for line in run.stderr)
    run.terminate()
    assert run.wait(timeout=20) == 0
    run.stderr.close()


def test_a_bomb_does_not_hold_up_the_end(start, tmp_path):
    """Blocks without a packet, millions of them in a small file: the server stops all the same."""
    if not shutil.which('zstd'):
        pytest.skip('zstd is not there')
    head = block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))
    (tmp_path / 'bomb.pcapng.zst').write_bytes(pack('zstd', head + block(0x0bad, b'') * 20_000_000))
    norn = start('-c', str(tmp_path / 'bomb.pcapng.zst'), config=CONFIG)
    assert json.loads(norn.get('/datasource/all_sources.json', auth=LOGIN).text)[0]['kismet.datasource.num_packets'] == 0


@pytest.mark.parametrize('flags, named', [(1 << 24, ['good']), (1 << 31, ['good']), (1 << 27, ['bad', 'good']), (2, ['bad', 'good']),
                                          (1 << 24 | 2, ['good'])])
def test_what_pcapng_says_of_a_frame(start, tmp_path, flags, named):
    """A frame that the flags of its block call damaged is as one that the radio marks (draft-ietf-opsawg-pcapng 4.3.1)."""
    out = block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1)) + block(1, struct.pack('<HHI', 105, 0, 0))
    for n in range(8):
        frame = beacon(n % 2, b'good' if n % 2 else b'bad')
        frame += bytes([n]) * (-len(frame) % 4)
        said = b'' if n % 2 else struct.pack('<HHIHH', 2, 4, flags, 0, 0)
        out += block(6, struct.pack('<IIIII', 0, 0x60000, n, len(frame), len(frame)) + frame + said)
    norn = start(*put(tmp_path, {'flags.pcapng': out}), config=CONFIG)
    norn.wait_done()
    found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    assert sorted(d['kismet.device.base.name'] for d in found) == named
