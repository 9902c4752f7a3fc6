"""A capture shows the same in whatever form it comes."""
import pytest

from conftest import BOARD, LOGIN
from forms import facts, fcs, forms, pcap, radiotap, read
from frames import AP, OTHER, STATION, Capture, element, mac, rsn, vendor, wep, ARP


def some_of_everything():
    c = Capture().beacon(more=rsn(akm=8) + vendor('0050f204', b'\x10\x4a\0\1\x10')).probe(ssid=b'').probe().answer(ssid=b'net')
    c.authenticate().authenticate(source=AP, transaction=2).associate(more=rsn(akm=8)).key(0x8a).key(0x10a, False, data=b'\x30\0')
    c.key(0x13ca, replay=2).key(0x30a, False, nonce=b'\0' * 32).dhcp(options=b'\x0c\4desk').arp(b'\x0a\0\0\7')
    c.data(b'\0\0\0\x20' + b'x' * 60, flags=0x40).data(b'\0\0\0\x20' + b'x' * 60, True, 0x48).data(wep(ARP, b'12345'), flags=0x40)
    c.add(c.header(2, 4, 1, AP, STATION, AP))                                                  # null data
    c.add(c.header(2, 8, 1, AP, STATION, AP) + b'\0\0' + b'\xaa\xaa\3\0\0\0\x08\0')            # QoS
    c.add(c.header(2, 0, 3, AP, OTHER, STATION) + mac('00:0e:00:00:00:04') + b'\0\0\0\x20body')  # WDS
    c.add(c.header(2, 0, 0, STATION, OTHER, '02:00:00:00:00:09') + b'\xaa\xaa\3\0\0\0\x08\0')  # ad-hoc
    for control in (b'\xd4\0\0\0' + mac(AP), b'\xc4\0\0\0' + mac(AP), b'\xb4\0\0\0' + mac(AP) + mac(STATION),
                    b'\xa4\0\1\xc0' + mac(AP) + mac(STATION), b'\x94\0\0\0' + mac(AP) + mac(STATION) + b'\0' * 12):
        c.add(control)
    return c.beacon(ssid=b'', bssid=OTHER, more=element(114, b'mesh') + element(113, b'\1\1\0\1\0\2\x08')).disconnect()


def reported(start, path):
    norn = start('-c', str(path), config=BOARD)
    norn.wait_done()
    found = norn.get('/devices/views/all/devices.json', auth=LOGIN).json()
    norn.stop()
    return facts(found)


def test_every_form_shows_the_same(start, tmp_path):
    link, frames = read(some_of_everything().write(tmp_path / 'c.pcap'))
    expected = reported(start, tmp_path / 'c.pcap')
    assert len(expected) >= 5
    for i, (name, octets) in enumerate(forms(link, frames)):
        path = tmp_path / f'{i}.cap'
        path.write_bytes(octets)
        assert reported(start, path) == expected, name


@pytest.mark.parametrize('flags, tail, cut, seen', [
    (0x10, None, 0, True),               # an FCS that is right
    (0x10, b'\xa1\xb2\xc3\xd4', 0, False),  # wrong, and no element either
    (0x50, None, 0, False),              # the radio says that it is
    (0x00, b'', 0, True),                # none
    (0x10, None, 9, True),               # the capture cut the frame, so that it is unknown
])
def test_frames_with_a_wrong_fcs_are_no_ones(start, tmp_path, flags, tail, cut, seen):
    (_, frame), = Capture().beacon(ssid=b'x', more=element(221, b'\0' * 20)).frames
    whole = radiotap(2, fields=bytes([flags])) + (fcs(frame) if tail is None else frame + tail)
    path = tmp_path / 'c.pcap'
    path.write_bytes(pcap(127, [(1700000000000000, whole[:len(whole) - cut], len(whole))]))
    norn = start('-c', str(path), config=BOARD)
    norn.wait_done()
    assert bool(norn.get('/devices/views/all/devices.json', auth=LOGIN).json()) == seen


def test_positions_come_with_ppi(start, tmp_path):
    log = tmp_path / 'log'
    log.mkdir()
    norn = start('-c', str(Capture().beacon().probe().write(tmp_path / 'c.pcap')),
                 config=BOARD + f'gps=virtual:lat=10.5,lon=-20.25,alt=7\nlog_types=pcapppi\nlog_prefix={log}\n')
    norn.wait_done()
    assert norn.stop() == 0
    ppi, = log.iterdir()
    again = start('-c', str(ppi), config=BOARD)
    again.wait_done()
    for d in again.get('/devices/views/all/devices.json', auth=LOGIN).json():
        position = d['kismet.device.base.location']['kismet.common.location.last']
        assert position['kismet.common.location.geopoint'] == pytest.approx([-20.25, 10.5])
        assert position['kismet.common.location.alt'] == pytest.approx(7, abs=0.01)
        assert d['kismet.device.base.signal']['kismet.common.signal.last_noise'] == 0


def test_a_capture_in_two_files_shows_the_same(start, tmp_path):
    c = some_of_everything()
    expected = reported(start, c.write(tmp_path / 'c.pcap'))
    frames = c.frames
    for i, half in enumerate((frames[:9], frames[9:])):
        c.frames = half
        c.write(tmp_path / f'{i}.pcap')
    norn = start('-c', str(tmp_path / '0.pcap'), config=BOARD)
    norn.wait_done()
    assert norn.post('/datasource/add_source.cmd', {'definition': str(tmp_path / '1.pcap')}, auth=LOGIN).status_code == 200
    norn.wait_done()
    assert facts(norn.get('/devices/views/all/devices.json', auth=LOGIN).json()) == expected
