"""Twenty streams that read without pause and 200 readers at a request a second, over a file at 20,000
packets a second: what the streams lose, and how long the readers wait."""
import http.client
import os
import pathlib
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'tests/api'))


def readers200(folder, norn):
    os.environ['NORN'] = str(norn)
    from conftest import LOGIN, Norn  # reads the environment
    from frames import Capture
    folder = pathlib.Path(folder) / 'readers200'
    folder.mkdir()
    c = Capture()
    for i in range(300): c.beacon(bssid='02:00:00:00:%02x:%02x' % divmod(i, 256), step=0.00005)
    c.frames = [(1700000000 + k * 0.00005, c.frames[k % 300][1]) for k in range(300000)]
    p = c.write(folder / 'load.pcap')
    n = Norn(folder)
    host = n.url.split('//')[1]
    auth = {'Authorization': 'Basic a2lzbWV0OnNlY3JldA=='}
    curls = [subprocess.Popen(['curl', '-sN', '-u', 'kismet:secret', '-o', '/dev/null', n.url + '/pcap/all_packets.pcapng']) for _ in range(20)]
    time.sleep(1)
    n.post('/datasource/add_source.cmd', {'definition': f'{p}:pps=20000'}, auth=LOGIN)
    times, errors = [], []
    def reader(k):
        time.sleep(k / 200)
        h = http.client.HTTPConnection(host, timeout=20)
        for _ in range(12):
            t = time.monotonic()
            try:
                h.request('GET', '/system/status.json', headers=auth); r = h.getresponse(); b = r.read()
                if r.status != 200: errors.append(r.status)
            except Exception as e: errors.append(e); h.close()
            times.append(time.monotonic() - t)
            time.sleep(max(0, 1 - (time.monotonic() - t)))
    ts = [threading.Thread(target=reader, args=(k,)) for k in range(200)]
    for t in ts:
        t.start()
    for t in ts:
        t.join()
    n.wait_done(); time.sleep(1)
    s = n.get('/streams/all_streams.json', auth=LOGIN).json()
    print('  streams', len(s), 'lost', sum(x['norn.stream.lost'] for x in s), 'packets', {x['kismet.stream.packets'] for x in s})
    times.sort(); print('  requests', len(times), 'errors', len(errors), errors[:3], 'p50 %.1f p99 %.1f max %.1f ms' % tuple(1000 * times[min(len(times) - 1, int(len(times) * q))] for q in (.5, .99, 1)))
    print('  stop', n.stop())
    for c in curls:
        c.wait(10)
