"""The whitelist of 802.11 fingerprints."""
from conftest import LOGIN

BASE = '/phy/phy80211/fingerprints/whitelist/'
ONE = {'macaddr': '00:11:22:33:44:55', 'beacon_hash': 4294967295, 'probe_hash': 7, 'unknown': [1]}


def listed(norn):
    return {f['norn.dot11.fingerprint.macaddr']: tuple(
        f[f'kismet.dot11.fingerprint.{k}_hash'] for k in ('beacon', 'probe', 'response'))
        for f in norn.get(BASE + 'all_fingerprints.json').json()}


def test_whitelist(start):
    norn = start()

    def say(path, command, status=200):
        reply = norn.post(BASE + path, command, auth=LOGIN)
        assert reply.status_code == status, reply.text
        return reply.json()['norn.result'] if status == 200 else reply.text

    assert norn.post(BASE + 'new/insert.cmd', ONE).status_code == 401
    assert listed(norn) == {}
    assert say('new/insert.cmd', ONE) == 'Fingerprint added'
    say('new/insert.cmd', ONE, 400)
    say('new/insert.cmd', {'beacon_hash': 1}, 400)
    say('new/insert.cmd', {'macaddr': '00:00:00:00:00:01', 'beacon_hash': -1}, 400)
    say('new/insert.cmd', {'macaddr': '00:00:00:00:00:01', 'beacon_hash': 2 ** 32}, 400)
    assert say('by-mac/00:11:22:33:44:55/update.cmd', {'response_hash': 9}) == 'Fingerprint updated'
    assert listed(norn) == {'00:11:22:33:44:55': (4294967295, 7, 9)}
    say('by-mac/00:11:22:33:44:56/update.cmd', {'response_hash': 9}, 404)
    say('by-mac/x/delete.cmd', {}, 400)
    two = [{'macaddr': f'00:00:00:00:00:0{i}', 'probe_hash': i} for i in (3, 1)]
    assert say('bulk/insert.json', {'fingerprints': two}) == 'Inserted 2 fingerprints'
    say('bulk/insert.json', {'fingerprints': [{'macaddr': '00:00:00:00:00:09'}, ONE]}, 400)
    assert list(listed(norn)) == ['00:00:00:00:00:01', '00:00:00:00:00:03', '00:11:22:33:44:55']
    assert norn.stop() == 0
    again = start('--homedir', str(norn.home))
    assert len(listed(again)) == 3
    reply = again.post(BASE + 'bulk/delete.cmd', {'fingerprints': ['00:00:00:00:00:01', '00:00:00:00:00:77']},
                       auth=LOGIN)
    assert reply.json()['norn.result'] == 'Erased 1 fingerprints'
    ended = again.post(BASE + 'by-mac/00:11:22:33:44:55/delete.cmd', auth=LOGIN)
    assert ended.json()['norn.result'] == 'Fingerprint deleted'
    assert again.post(BASE + 'by-mac/00:11:22:33:44:55/delete.cmd', auth=LOGIN).status_code == 404
    assert listed(again) == {'00:00:00:00:00:03': (0, 3, 0)}
