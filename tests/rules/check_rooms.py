#!/usr/bin/python3
"""check_rooms.py ROOT RULES HOMES: every include follows the arrows, every library stays at home.

RULES has a line a room, `track: base field wire`; HOMES a line a header prefix, `sqlite3: store`.
src/ROOM/, helpers/ and tools/ below ROOT are checked. Says file:line of each fault; exit 1 if any.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'\s*#\s*include\s+(["<])([^">]+)')


def read_table(path):
    rows = {}
    for line in pathlib.Path(path).read_text().splitlines():
        line = line.split('#')[0].strip()
        if line:
            name, _, rest = line.partition(':')
            rows[name.strip()] = set(rest.split())
    return rows


def find_ring(rules):
    """A list of rooms that include each other in a circle, or None."""
    def reach(room, path):
        for following in sorted(rules.get(room, ())):
            if following in path:
                return path + [following]
            ring = reach(following, path + [following])
            if ring:
                return ring
        return None
    return next((ring for room in rules if (ring := reach(room, [room]))), None)


def room_of(root, path):
    parts = path.resolve().relative_to(root).parts
    if parts[0] != 'src':
        return parts[0]
    return parts[1] if len(parts) > 2 else 'main'


def fault_of(root, file, quote, name, rules, homes):
    """What is wrong with one include, or None."""
    room = room_of(root, file)
    if quote == '<':
        if room == 'main':
            return None
        for library, where in homes.items():
            if name.startswith(library) and room not in where:
                return f'<{name}> is at home in {", ".join(sorted(where))}, not in {room}'
        return None
    places = (file.parent / name, root / 'src' / name, root / 'include' / name)
    hit = next((p for p in places if p.exists() and p.resolve().is_relative_to(root)), None)
    if hit is None:
        return f'"{name}" is in no room'
    to = room_of(root, hit)
    if room in ('main', to) or to == 'include' or to in rules.get(room, ()):
        return None
    return f'{room} may not include {to}'


def check(root, rules, homes):
    """All faults of the tree, as text."""
    root = pathlib.Path(root).resolve()
    ring = find_ring(rules)
    faults = ['ring in the rules: ' + ' -> '.join(ring)] if ring else []
    for folder in ('src', 'helpers', 'tools'):
        for file in sorted((root / folder).rglob('*.[ch]')):
            room = room_of(root, file)
            if room != 'main' and room not in rules:
                faults.append(f'{file}: room {room} has no line in the rules')
                continue
            for number, line in enumerate(file.read_text(errors='replace').splitlines(), 1):
                found = INCLUDE.match(line)
                fault = found and fault_of(root, file, found[1], found[2], rules, homes)
                if fault:
                    faults.append(f'{file.relative_to(root)}:{number}: {fault}')
    return faults


if __name__ == '__main__':
    found = check(sys.argv[1], read_table(sys.argv[2]), read_table(sys.argv[3]))
    print('\n'.join(found) if found else 'every include follows the rules')
    sys.exit(bool(found))
