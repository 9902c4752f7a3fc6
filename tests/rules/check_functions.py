#!/usr/bin/python3
"""check_functions.py ROOT: public functions. A .c file declares no other file's function or object: headers do. Each public
function is used outside its file, else it is static. It is declared in the header of its file's name: of each
room's at least LEAST percent."""
import collections
import pathlib
import re
import sys

import c_source

OURS = ('src/', 'helpers/', 'tools/')
LEAST = 90
ENTRIES = {'main', 'LLVMFuzzerTestOneInput', '__lsan_is_turned_off'}  # that a runtime calls
SYSTEM = {'environ'}  # that POSIX has programs declare
PLUGIN = {'norn_plugin'}  # that the server looks for in a plugin


def room_of(path):
    """The room of src, or another folder."""
    parts = path.split('/')
    return parts[1] if parts[0] == 'src' else parts[0]


def words_of(text):
    """How often each name stands in the code, macros included."""
    macros = ' '.join(re.findall(r'^\s*#\s*define(?:[^\n\\]|\\.|\\\n)*', text, re.M))
    return collections.Counter(re.findall(r'\w+', c_source.code(text) + macros))


def read(root):
    """Where public functions are defined and declared, and what .c files declare."""
    defined, declared, strays = {}, collections.defaultdict(set), []
    for f, text in c_source.tree(root).items():
        for name, line, static, definition in c_source.functions(text):
            if static or name in ENTRIES:
                continue
            if f.endswith('.h'):
                declared[name] |= set() if definition else {f}
            elif definition:
                defined[name, f] = line
            else:
                strays.append((f, line, name + '()'))
        if f.endswith('.c'):
            for line, head in c_source.outermost(text):
                m = re.match(r'\s*extern\b.*?(\w+)\s*(?:\[[^]]*\])?\s*[;,]', head, re.S)
                if m and m[1] not in SYSTEM | PLUGIN:
                    strays.append((f, line, m[1]))
    return defined, declared, strays


def unused(root, defined, declared):
    words = {f: words_of(text) for f, text in c_source.tree(root).items()}
    for (name, f), line in defined.items():
        if f.startswith(OURS) and not any(g != f and words[g][name] > (g in declared[name]) for g in words):
            yield f'{f}:{line}: no other file uses {name}(): make it static, or remove it'


def shares(defined, declared):
    """room -> (declared in the header of their file, all)."""
    found = collections.defaultdict(lambda: [0, 0])
    for (name, f) in defined:
        if f.startswith(OURS) and declared[name]:
            found[room_of(f)][1] += 1
            found[room_of(f)][0] += f[:-1] + 'h' in declared[name]
    return found


def check(root):
    defined, declared, strays = read(root)
    faults = [f'{f}:{line}: {name} is declared here: include the header that does' for f, line, name in strays]
    faults += unused(root, defined, declared)
    for room, (good, n) in sorted(shares(defined, declared).items()):
        if 100 * good < LEAST * n:
            faults.append(f'{room}: {good} of {n} public functions are declared in the header of their file, '
                          f'{LEAST} % are to be')
    return faults


if __name__ == '__main__':
    found = check(sys.argv[1])
    d, h, _ = read(sys.argv[1])
    all_shares = shares(d, h)
    for room, (good, n) in sorted(all_shares.items()):
        print(f'note: {room}: {good} of {n}, {100 * good // n} %')
    good, n = (sum(s[i] for s in all_shares.values()) for i in (0, 1))
    print(f'note: all: {good} of {n}, {100 * good / n:.1f} %')
    print('\n'.join(found))
    sys.exit(bool(found))
