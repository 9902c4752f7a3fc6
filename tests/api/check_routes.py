#!/usr/bin/python3
"""check_routes.py MANUAL FOLDER TEST...: fails when an endpoint of the manual was answered in none of the tests,
each of which left a list of those that did (conftest.py). Skips when a test has not run yet."""
import pathlib
import re
import sys

ROW = re.compile(r'\| ([A-Z, ]+) \| `(/[^`]*)` \|')
SKIP = 77


def main(manual, folder, *tests):
    lists = [pathlib.Path(folder, test + '.txt') for test in tests]
    missing = [file.stem for file in lists if not file.exists()]
    if missing:
        print('These have not run:', *missing)
        return SKIP
    answered = {line for file in lists for line in file.read_text().splitlines()}
    routes = [f'{method} {path}' for methods, path in ROW.findall(pathlib.Path(manual).read_text())
              for method in methods.split(', ')]
    never = [route for route in routes if route not in answered]
    for route in never:
        print('answered in no test:', route)
    print(f'{len(routes) - len(never)} of {len(routes)} endpoints were answered')
    return 1 if never or not routes else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
