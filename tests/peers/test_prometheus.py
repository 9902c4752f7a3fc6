"""/metrics, for Prometheus: its own checker has nothing to say."""
import subprocess

from peers import CONFIG, LOGIN, WPA2, program, start  # noqa: F401


def test_promtool_has_nothing_to_say(start):
    norn = start('-c', str(WPA2), config=CONFIG)
    norn.wait_done()
    page = norn.get('/metrics', auth=LOGIN).content
    done = subprocess.run([program('promtool'), 'check', 'metrics'], input=page, capture_output=True, timeout=30)
    assert done.returncode == 0 and not done.stdout and not done.stderr, done
