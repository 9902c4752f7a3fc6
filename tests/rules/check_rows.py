#!/usr/bin/python3
"""check_rows.py ROOT: a row of a table names its members (`.name = "x"`), or a macro does: no table has
rows of more than POSITIONAL_MOST members by position. Tables of numbers, where position is meaning, are of plain types and not
meant."""
import re
import sys

import c_source

OURS = ('src/', 'helpers/', 'tools/', 'plugins/')
POSITIONAL_MOST = 3
SYSTEM = {'option'}  # structs of the system, whose rows everybody writes by position
HEAD = re.compile(r'^[ \t]*(?:static\s+|const\s+)*struct\b\s*(\w*)\s*(?:\{[^{}]*\})?\s*(\w+)\s*\[[^]\n]*\]\s*=\s*\{', re.M)


def parts(text, at):
    """The parts of the list that begins behind at, split at commas of its own level, and where it ends."""
    depth, found, start = 0, [], at
    while at < len(text):
        c = text[at]
        if c in '({[':
            depth += 1
        elif c in ')}]':
            if depth == 0:
                return found + [text[start:at]], at
            depth -= 1
        elif c == ',' and depth == 0:
            found.append(text[start:at])
            start = at + 1
        at += 1
    return found, at


def positional(row, named):
    """How many members of a row stand by position; `named` are macros that name theirs."""
    members = [m.strip() for m in parts(row + '}', 0)[0]]
    return sum(bool(m) and not m.startswith(('.', '[')) and re.match(r'\w*', m)[0] not in named for m in members)


def check(root):
    faults = []
    for f, text in c_source.tree(root).items():
        if not f.startswith(OURS):
            continue
        bare = c_source.code(text)
        named = set(re.findall(r'^#define (\w+)(?:\([^)]*\))?[ \t\\\n]+\.\w', text, re.M))
        for m in HEAD.finditer(bare):
            if m[1] in SYSTEM:
                continue
            rows = [r.strip() for r in parts(bare, m.end())[0] if r.strip()]
            rows = [re.sub(r'^\[[^]]*\]\s*=\s*', '', r) for r in rows]
            worst = max((positional(r[1:-1], named) for r in rows if r.startswith('{') and r.endswith('}')), default=0)
            if worst > POSITIONAL_MOST:
                line = bare.count('\n', 0, m.start()) + 1
                faults.append(f'{f}:{line}: a row of {m[2]} has {worst} members by position: name them')
    return faults


if __name__ == '__main__':
    found = check(sys.argv[1])
    print('\n'.join(found))
    sys.exit(bool(found))
