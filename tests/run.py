#!/usr/bin/python3
"""run.py BUILD [MESON TEST ARGUMENTS]: runs the tests and ends with `N passed, N failed, N skipped`. Each suite has a log
of its own, so that two of one build can run at a time."""
import json, os, pathlib, subprocess, sys

build = sys.argv[1]
suites = [of for flag, of in zip(sys.argv, sys.argv[1:]) if flag == '--suite']
log = pathlib.Path(build) / 'meson-logs' / ('-'.join(['testlog', *suites]) + '.json')
log.unlink(missing_ok=True)
# What Python compiles stays in the build folder, so that each of a hundred tests need not compile it again.
env = {**os.environ, 'PYTHONPYCACHEPREFIX': str(log.parent.absolute() / 'pycache')}
env.pop('PYTHONDONTWRITEBYTECODE', None)
# Tests of servers wait more than they reckon: two for each core.
run = subprocess.run(['meson', 'test', '-C', build, '--print-errorlogs',
                      '--logbase', log.stem, '--num-processes', str(2 * os.cpu_count()), *sys.argv[2:]], env=env)
results = [json.loads(line)['result'] for line in log.read_text().splitlines()] if log.exists() else []
passed, skipped = results.count('OK'), results.count('SKIP')
failed = len(results) - passed - skipped
if run.returncode and not failed:
    failed = 1
print(f'{passed} passed, {failed} failed, {skipped} skipped')
sys.exit(1 if failed or not passed else 0)
