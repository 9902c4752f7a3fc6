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

STREAMS, READERS, ROUNDS = 20, 200, 12
BASIC = {'Authorization': 'Basic a2lzbWV0OnNlY3JldA=='}


def read(host, number, times, errors):
    time.sleep(number / READERS)
    client = http.client.HTTPConnection(host, timeout=20)
    for _ in range(ROUNDS):
        begin = time.monotonic()
        try:
            client.request('GET', '/system/status.json', headers=BASIC)
            reply = client.getresponse()
            reply.read()
            if reply.status != 200:
                errors.append(reply.status)
        except (OSError, http.client.HTTPException) as error:
            errors.append(error)
            client.close()
        times.append(time.monotonic() - begin)
        time.sleep(max(0, 1 - (time.monotonic() - begin)))


def readers200(folder, norn, file):
    """file: a capture of distinct frames, for streams leave out duplicates."""
    os.environ['NORN'] = str(norn)
    from conftest import LOGIN, Norn  # reads the environment
    folder = pathlib.Path(folder) / 'readers200'
    folder.mkdir()
    n = Norn(folder)
    streams = [subprocess.Popen(['curl', '-sN', '-u', ':'.join(LOGIN), '-o', '/dev/null',
                                 n.url + '/pcap/all_packets.pcapng']) for _ in range(STREAMS)]
    while len(n.get('/streams/all_streams.json', auth=LOGIN).json()) < STREAMS:
        time.sleep(0.1)
    n.post('/datasource/add_source.cmd', {'definition': f'{file}:pps=20000'}, auth=LOGIN)
    times, errors = [], []
    threads = [threading.Thread(target=read, args=(n.url.split('//')[1], k, times, errors)) for k in range(READERS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    sent = n.wait_done()[0]['kismet.datasource.num_packets']
    time.sleep(1)
    s = n.get('/streams/all_streams.json', auth=LOGIN).json()
    n.stop()
    for c in streams:
        c.wait(10)
    times.sort()
    return {'streams': len(s), 'sent': sent, 'packets': min(x['kismet.stream.packets'] for x in s),
            'lost': sum(x['norn.stream.lost'] for x in s), 'requests': len(times), 'errors': len(errors),
            'p50': times[len(times) // 2] * 1000, 'p99': times[int(len(times) * 0.99)] * 1000}
