#!/usr/bin/python3
"""check_rooms.py ROOT RULES HOMES: every include follows the arrows, every library stays at home.

RULES has a line a room, `track: base field wire`; HOMES a line a header prefix, `sqlite3: store`. A room is a folder
below src/, or helpers or tools. A folder within it that has a line of its own is a room too: `wire/dot11` is none of
`wire`, and no room may include it but those whose line names it, or names `wire/*`: all rooms below `wire`, not itself.
A line of a header, `track/model.h: plugin`, says which rooms beside its own may include it. Includes may not form a
ring of more than RING_MOST units, where x.c counts with x.h.
Says file:line of each fault; exit 1 if any.
"""
import fnmatch
import pathlib
import re
import sys

INCLUDE = re.compile(r'\s*#\s*include\s+(["<])([^">]+)')
RING_MOST = 5


def read_table(path):
    rows = {}
    for line in pathlib.Path(path).read_text().splitlines():
        line = line.split('#')[0].strip()
        if line:
            name, _, rest = line.partition(':')
            rows[name.strip()] = set(rest.split())
    return rows


def with_rooms_below(rules):
    """The rules with every `room/*` replaced by the rooms that it stands for."""
    return {room: {each for name in allowed
                   for each in (fnmatch.filter(rules, name) if '*' in name else [name]) if each != room}
            for room, allowed in rules.items()}


def find_ring(rules):
    """A list of rooms that include each other in a circle, or None."""
    done = set()

    def reach(room, path):
        for following in sorted(rules.get(room, ())):
            if following in path:
                return path[path.index(following):] + [following]
            if following not in done:
                ring = reach(following, path + [following])
                if ring:
                    return ring
        done.add(room)
        return None
    return next((ring for room in rules if (ring := reach(room, [room]))), None)


def room_of(root, path, rules):
    """The innermost folder of the file that has rules, or its first folder below src."""
    parts = path.resolve().relative_to(root).parts
    if parts[0] != 'src':
        return parts[0]
    folders = parts[1:-1]
    for n in range(len(folders), 0, -1):
        if '/'.join(folders[:n]) in rules:
            return '/'.join(folders[:n])
    return folders[0] if folders else 'main'


def header_of(root, file, name):
    """The project's header that the include names, or None."""
    paths = (file.parent / name, root / 'src' / name, root / 'include' / name)
    return next((p for p in paths if p.exists() and p.resolve().is_relative_to(root)), None)


def is_home(room, homes):
    return room in homes or room.split('/')[0] in homes


def fault_of(root, file, quote, name, rules, homes):
    """What is wrong with one include, or None."""
    room = room_of(root, file, rules)
    if quote == '<':
        if room == 'main':
            return None
        for library, where in homes.items():
            if name.startswith(library) and not is_home(room, where):
                return f'<{name}> is at home in {", ".join(sorted(where))}, not in {room}'
        return None
    hit = header_of(root, file, name)
    if hit is None:
        return f'"{name}" is in no room'
    to = room_of(root, hit, rules)
    inside = str(hit.resolve().relative_to(root)).removeprefix('src/')
    if inside in rules and room not in rules[inside] | {to}:
        return f'{room} may not include {inside}, which is private to {to}'
    if room in ('main', to) or to == 'include' or to in rules.get(room, ()):
        return None
    return f'{room} may not include {to}'


def rings(arrows):
    """Sets of units that reach each other (Tarjan's strongly connected components), without single ones."""
    index, low, stack, found = {}, {}, [], []

    def visit(unit):
        index[unit] = low[unit] = len(index)
        stack.append(unit)
        for following in arrows.get(unit, ()):
            if following not in index:
                visit(following)
                low[unit] = min(low[unit], low[following])
            elif following in stack:
                low[unit] = min(low[unit], index[following])
        if low[unit] == index[unit]:
            at = stack.index(unit)
            if len(stack) - at > 1:
                found.append(sorted(stack[at:]))
            del stack[at:]

    for unit in list(arrows):
        if unit not in index:
            visit(unit)
    return found


def unit_of(root, path):
    """x.c and x.h are one unit."""
    return str(path.resolve().relative_to(root).with_suffix(''))


def check(root, rules, homes):
    """All faults of the tree, as text."""
    root = pathlib.Path(root).resolve()
    rules = with_rooms_below(rules)
    ring = find_ring(rules)
    faults = ['ring in the rules: ' + ' -> '.join(ring)] if ring else []
    arrows = {}
    for folder in ('src', 'helpers', 'tools'):
        for file in sorted((root / folder).rglob('*.[ch]')):
            room = room_of(root, file, rules)
            if room != 'main' and room not in rules:
                faults.append(f'{file}: room {room} has no line in the rules')
                continue
            for number, line in enumerate(file.read_text(errors='replace').splitlines(), 1):
                found = INCLUDE.match(line)
                fault = found and fault_of(root, file, found[1], found[2], rules, homes)
                if fault:
                    faults.append(f'{file.relative_to(root)}:{number}: {fault}')
                hit = found and found[1] == '"' and header_of(root, file, found[2])
                if hit and unit_of(root, hit) != unit_of(root, file):
                    arrows.setdefault(unit_of(root, file), set()).add(unit_of(root, hit))
    faults += [f'{len(r)} files include each other in a ring, {RING_MOST} at most: {", ".join(r)}'
               for r in rings(arrows) if len(r) > RING_MOST]
    return faults


if __name__ == '__main__':
    found = check(sys.argv[1], read_table(sys.argv[2]), read_table(sys.argv[3]))
    print('\n'.join(found) if found else 'every include follows the rules')
    sys.exit(bool(found))
