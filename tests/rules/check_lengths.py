#!/usr/bin/python3
"""check_lengths.py ROOT: no file over 800 lines, no function over 100 but a switch; a note at 60. Functions of the web
interface and its test end at 60."""
import pathlib
import re
import sys

FILE_MOST, FUNCTION_MOST, FUNCTION_NOTE = 800, 100, 60
WEB_MOST = 60
WEB_HEAD = re.compile(r'^(\s*)(?:(?:export\s+)?(?:default\s+)?(?:async\s+)?function\s+(\w+)|(?:export\s+)?(?:const|let)\s+(\w+)\s*=.*=>\s*\{$|'
                      r'(?:async\s+|static\s+)*(?!if\b|for\b|while\b|switch\b|catch\b)(\w+)\([^()]*\)\s*\{$)')
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


def web_functions(lines):
    """(name, first line, length) of each that has a name: it ends at a '}' that is as deep as its head."""
    for at, line in enumerate(lines):
        m = WEB_HEAD.match(line)
        if m:
            end = next((n for n in range(at + 1, len(lines)) if lines[n].startswith(m[1] + '}')), at)
            yield m[2] or m[3] or m[4], at + 1, end - at + 1


def web_faults(root):
    for file in sorted(f for folder in ('web/src', 'web/test') for f in (root / folder).rglob('*.*js')):
        for name, line, n in web_functions(file.read_text().splitlines()):
            if n > WEB_MOST:
                yield f'{file.relative_to(root)}:{line}: {name}() has {n} lines, {WEB_MOST} at most'


def is_switch(body):
    """True if at least a fifth of the lines are cases."""
    return sum(bool(CASE.match(line)) for line in body) * 5 >= len(body)


def main():
    root, faults = pathlib.Path(sys.argv[1]), []
    for folder in ('src', 'helpers', 'tools', 'fuzz', 'bench', 'tests/unit'):
        for file in sorted(f for f in (root / folder).rglob('*.*') if f.suffix in ('.c', '.h', '.inc')):
            lines = file.read_text(errors='replace').splitlines()
            where = file.relative_to(root)
            if len(lines) > FILE_MOST:
                faults.append(f'{where}: {len(lines)} lines, {FILE_MOST} at most')
            for name, number, body in functions(lines):
                if len(body) > FUNCTION_MOST and not is_switch(body):
                    faults.append(f'{where}:{number}: {name}() has {len(body)} lines')
                elif len(body) > FUNCTION_NOTE:
                    print(f'note: {where}:{number}: {name}() has {len(body)} lines')
    faults += web_faults(root)
    print('\n'.join(faults))
    sys.exit(bool(faults))


if __name__ == '__main__':
    main()
