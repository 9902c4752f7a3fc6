#!/usr/bin/python3
"""check_names.py ROOT: what a comment names as a file (wire/peel.c) or a function (peel()) exists, in C and in the documents."""
import pathlib
import re
import sys

import c_source

FILE = re.compile(r'(?<![\w./*<>{}-])((?:[\w-]+/)*[\w-]+\.(?:c|h|py|mjs|js|sh|rst|tsv|proto))\b(?![.\w*])')
FUNCTION = re.compile(r'\b([a-z_]\w*)\(\)')
ABROAD = {'setlocale', 'ieee802_11_parse_elems'}  # functions of others that comments mention
DOCUMENTS = ('README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'doc/recipes.md', 'bench/README.md', 'examples/phy/README.md')


def known_files(root):
    """Every path below the root but what is built or fetched."""
    found = set()
    for f in pathlib.Path(root).rglob('*'):
        path = f.relative_to(root).parts
        if path[0] not in ('build', '.git') and 'node_modules' not in path and f.is_file():
            found.add('/'.join(path))
    return found


def file_exists(name, files, names):
    return name in names if '/' not in name else any(f == name or f.endswith('/' + name) for f in files)


def check(root):
    files = known_files(root)
    names = {f.rsplit('/', 1)[-1] for f in files}
    sources, words, faults = c_source.tree(root), set(ABROAD), []
    for text in sources.values():
        words |= set(re.findall(r'\w+', c_source.code(text)))
        words |= set(re.findall(r'^\s*#\s*define\s+(\w+)', text, re.M))
    for f in pathlib.Path(root, 'web/src').rglob('*.js'):
        words |= set(re.findall(r'\w+', f.read_text()))
    named = [(f, line, text) for f, source in sources.items() for line, text in c_source.comments(source)]
    for name in DOCUMENTS:
        path = pathlib.Path(root) / name
        if path.is_file():
            named += [(name, n, ' '.join(re.findall(r'`([^`]+)`', line)))
                     for n, line in enumerate(path.read_text().splitlines(), 1)]
    for f, line, text in named:
        faults += [f'{f}:{line}: there is no file {m[1]}' for m in FILE.finditer(text)
                   if not file_exists(m[1], files, names)]
        faults += [f'{f}:{line}: there is no function {m[1]}()' for m in FUNCTION.finditer(text) if m[1] not in words]
    return faults


if __name__ == '__main__':
    found = check(sys.argv[1])
    print('\n'.join(found))
    sys.exit(bool(found))
