#!/usr/bin/python3
"""check_lengths.py ROOT: no file over 800 lines, no function over 100 but a switch; a note at 60."""
import pathlib
import re
import sys

FILE_MOST, FUNCTION_MOST, FUNCTION_NOTE = 800, 100, 60
CASE = re.compile(r'\s*(case\b|default:)')


def functions(lines):
    """(name, first line, body) of each function: Linux braces, so '{' and '}' in column one."""
    start = None
    for number, line in enumerate(lines):
        if line.startswith('{'):
            start = number
        elif line.startswith('}') and start is not None:
            head = start
            while head > 0 and lines[head - 1].strip() and not lines[head - 1].startswith(('}', '#')):
                head -= 1
            found = re.search(r'(\w+)\s*\(', ' '.join(lines[head:start]))
            yield (found[1] if found else '?'), head + 1, lines[start:number + 1]
            start = None


def is_switch(body):
    """True if at least a fifth of the lines are cases."""
    return sum(bool(CASE.match(line)) for line in body) * 5 >= len(body)


def main():
    root, faults = pathlib.Path(sys.argv[1]), []
    for folder in ('src', 'helpers', 'tools', 'fuzz', 'bench', 'tests/unit'):
        for file in sorted((root / folder).rglob('*.[ch]')):
            lines = file.read_text(errors='replace').splitlines()
            where = file.relative_to(root)
            if len(lines) > FILE_MOST:
                faults.append(f'{where}: {len(lines)} lines, {FILE_MOST} at most')
            for name, number, body in functions(lines):
                if len(body) > FUNCTION_MOST and not is_switch(body):
                    faults.append(f'{where}:{number}: {name}() has {len(body)} lines')
                elif len(body) > FUNCTION_NOTE:
                    print(f'note: {where}:{number}: {name}() has {len(body)} lines')
    print('\n'.join(faults))
    sys.exit(bool(faults))


main()
