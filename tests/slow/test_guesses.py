"""Guesses of passwords and tokens: few from all addresses together, and no one is locked out."""
import os
import sys
import threading
import time

import requests

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'api'))
from conftest import LOGIN, start  # noqa: E402,F401
from sockets import Adapter  # noqa: E402

CHECK = '/session/check_session'


def guess(norn, until, counts, source=None):
    session = requests.Session()
    if source:
        session.mount('http://', Adapter(source))
    while time.monotonic() < until:
        reply = session.get(norn.url + CHECK, auth=('kismet', 'wrong'), timeout=20)
        counts.append((time.monotonic(), reply.status_code))


def test_guesses_are_few_and_lock_no_one_out(start):
    """From many connections of many addresses: few are looked at, and who is logged in goes on."""
    norn = start()
    friend = requests.Session()
    friend.mount('http://', Adapter('127.0.0.9'))
    assert friend.get(norn.url + CHECK, auth=LOGIN, timeout=20).status_code == 200
    cookie = dict(friend.cookies)
    begin, counts = time.monotonic(), []
    threads = [threading.Thread(target=guess, args=(norn, begin + 3, counts, f'127.0.1.{i}')) for i in range(1, 25)]
    for t in threads:
        t.start()
    time.sleep(1)
    for _ in range(5):
        assert requests.get(norn.url + CHECK, cookies=cookie, timeout=20).status_code == 200
        fresh = requests.Session()
        fresh.mount('http://', Adapter('127.0.0.9'))
        assert fresh.get(norn.url + CHECK, auth=LOGIN, timeout=20).status_code == 200
    for t in threads:
        t.join()
    looked_at = [at for at, status in counts if status == 401]
    seconds = time.monotonic() - begin
    assert {status for _, status in counts} <= {401, 429}
    assert len(looked_at) <= 20 + 20 * seconds
    assert norn.get(CHECK, auth=LOGIN).status_code == 200


def test_tokens_are_guessed_no_faster(start):
    norn = start()
    statuses = [norn.get(CHECK, headers={'Cookie': f'KISMET={i:032X}'}).status_code for i in range(40)]
    assert statuses[0] == 401 and set(statuses) == {401, 429}
    assert norn.get(CHECK, auth=LOGIN).status_code == 200
