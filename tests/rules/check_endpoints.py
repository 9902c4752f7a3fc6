#!/usr/bin/python3
"""check_endpoints.py GENERATE ROOT: what Kismet's clients ask for is a route, or a named difference; doc/rest.md
is as the tables say."""
import pathlib
import re
import subprocess
import sys

ANY = 'json', 'prettyjson', 'ekjson', 'itjson', 'tjson', 'cmd', 'jcmd'


def read_routes(manual):
    """(methods, path as an expression, extensions) of each row of the manual."""
    routes = []
    for line in manual.splitlines():
        cells = [c.strip() for c in line.strip('|').split('|')]
        if len(cells) < 6 or not cells[1].startswith('`/'):
            continue
        path = re.sub(r'\\{\w+\\}', '[^/]+', re.escape(cells[1].strip('`')))
        extensions = {'any': ANY, 'none': ('',)}.get(cells[2], tuple(cells[2].split(',')))
        routes.append((set(cells[0].split(', ')), re.compile(path), extensions))
    return routes


def read_endpoints(text):
    """(method, path, extension) that a client may ask for, one by one."""
    for line in text.splitlines():
        if line.startswith('#'):
            continue
        methods, path, extensions = line.split('\t')
        for method in methods.split(','):
            for extension in {'*': ANY, '-': ('',)}.get(extensions, extensions.split(',')):
                yield method, path, extension


def is_route(routes, method, path, extension):
    asked = path.replace('{}', 'x')
    if not extension and '.' in asked:  # a bare path that ends in what looks like an extension
        stem, _, last = asked.rpartition('.')
        if any(method in m and p.fullmatch(stem) and last in e for m, p, e in routes):
            return True
    return any(method in m and p.fullmatch(asked) and extension in e for m, p, e in routes)


def main(generate, root):
    manual = subprocess.run([generate, 'rest'], capture_output=True, check=True, text=True).stdout
    routes = read_routes(manual)
    differences = (root / 'doc/kismet-differences.md').read_text()
    faults = []
    missing, there = {}, set()
    for method, path, extension in read_endpoints((root / 'tests/rules/endpoints.tsv').read_text()):
        if not is_route(routes, method, path, extension):
            missing.setdefault(path + ('.ws' if extension == 'ws' else ''), []).append(f'{method} {extension}')
        else:
            there.add(path + ('.ws' if extension == 'ws' else ''))
    yet = differences.partition('Those below are not there yet')[2].partition('\n## ')[0]
    faults += [f'{path} is a route: doc/kismet-differences.md says that it is not there yet'
               for path in sorted(there - set(missing)) if f'`{path}`' in yet]
    for path, how in missing.items():
        if f'`{path}`' not in differences:
            faults.append(f'{path} ({", ".join(how)}) is neither a route nor in doc/kismet-differences.md')
    if (root / 'doc/rest.md').read_text() != manual:
        faults.append('doc/rest.md is not what the tables say: run `make docs`')
    print('\n'.join(faults) or f'{len(routes)} routes, {len(missing)} named differences')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
