#!/usr/bin/python3
"""test_rules.py: each rule finds what it is for in a small tree with a fault, and nothing in the same without."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import check_elements  # noqa: E402
import check_functions  # noqa: E402
import check_lengths  # noqa: E402
import check_names  # noqa: E402
import check_rooms  # noqa: E402
import check_rows  # noqa: E402
import check_terms  # noqa: E402


def plant(files, check, *more):
    """What a check says of a tree of these files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return check(folder, *more)


def rooms(files, rules, homes=None):
    return plant(files, check_rooms.check, rules, homes or {})


TREE = {'src/low/a.h': '', 'src/high/b.h': '#include "low/a.h"\n'}
assert rooms(TREE, {'low': set(), 'high': {'low'}}) == []
assert 'high may not include low' in rooms(TREE, {'low': set(), 'high': set()})[0]
assert 'ring' in rooms({}, {'low': {'high'}, 'high': {'low'}})[0]
assert 'no line' in rooms(TREE, {'high': {'low'}})[0]
STRAY = {'src/low/a.c': '#include <pcap/pcap.h>\n'}
assert 'at home in high' in rooms(STRAY, {'low': set()}, {'pcap': {'high'}})[0]
assert rooms(STRAY, {'low': set()}, {'pcap': {'low'}}) == []
assert 'no room' in rooms({'src/low/a.c': '#include "lost.h"\n'}, {'low': set()})[0]

# A folder with a line of its own is a room of its own.
NESTED = {'src/low/in/a.h': '', 'src/high/b.h': '#include "low/in/a.h"\n'}
assert rooms(NESTED, {'low': set(), 'high': {'low'}}) == []
assert 'high may not include low/in' in rooms(NESTED, {'low': set(), 'low/in': set(), 'high': {'low'}})[0]
assert rooms(NESTED, {'low': set(), 'low/in': set(), 'high': {'low/*'}}) == []
assert 'ring' in rooms({}, {'low/in': {'high'}, 'high': {'low/*'}})[0]
assert rooms({'src/low/in/a.c': '#include <pcap/pcap.h>\n'}, {'low': set()}, {'pcap': {'low'}}) == []
# A header that has a line is its room's, and theirs that the line names.
assert 'private to low' in rooms(TREE, {'low': set(), 'low/a.h': set(), 'high': {'low'}})[0]
assert rooms(TREE, {'low': set(), 'low/a.h': {'high'}, 'high': {'low'}}) == []
# x.c counts with x.h; a ring is allowed up to a size.
RING = {f'src/low/{n}.h': '' for n in range(6)} | {
    f'src/low/{n}.c': f'#include "low/{n}.h"\n#include "low/{(n + 1) % 6}.h"\n' for n in range(6)}
assert '6 files' in rooms(RING, {'low': set()})[0]
assert rooms(RING | {'src/low/3.c': ''}, {'low': set()}) == []

# Public functions.
GOOD = {'src/low/a.h': 'int a_count(void);\n',
        'src/low/a.c': '#include "low/a.h"\nstatic int one(void)\n{\n\treturn 1;\n}\nint a_count(void)\n{\n\treturn one();\n}\n',
        'src/low/b.c': 'int main(void)\n{\n\treturn a_count();\n}\n'}


def functions(**changed):
    return plant({**GOOD, **changed}, check_functions.check)


assert functions() == []
assert 'a_count() is declared here' in functions(**{'src/low/b.c': 'int a_count(void);\n' + GOOD['src/low/b.c']})[0]
assert 'table is declared here' in functions(**{'src/low/b.c': 'extern const struct x table;\n' + GOOD['src/low/b.c']})[0]
assert 'no other file uses a_count()' in functions(**{'src/low/b.c': 'int main(void)\n{\n\treturn 0; /* a_count() */\n}\n'})[0]
assert '0 of 1' in functions(**{'src/low/a.h': '', 'src/low/other.h': GOOD['src/low/a.h']})[0]

# Names in comments.
assert plant({**GOOD, 'src/low/c.c': '/* See a_count() and low/a.h. */\n'}, check_names.check) == []
assert 'no function b_count()' in plant({**GOOD, 'src/low/c.c': '// b_count() is lost\n'}, check_names.check)[0]
assert 'no file low/lost.c' in plant({**GOOD, 'src/low/c.c': '/* in low/lost.c */\n'}, check_names.check)[0]
assert 'no file evicted.c' in plant({**GOOD, 'README.md': 'as `evicted.c` says\n'}, check_names.check)[0]

# Rows.
ROW = 'static const struct x rows[] = {\n\t%s,\n};\n'
# Elements are called by their names.
def elements(code):
    home = {'src/wire/dot11/elements.c': 'int f(void)\n{\n\tcase 0x0050f201: return 1;\n}\n'}
    return plant(home | {'src/low/a.c': f'int g(void)\n{{\n\treturn {code};\n}}\n'}, check_elements.check)


assert elements('frame_find(f, ELEMENT_RSN, &s) && f(s, 0)') == []
assert elements('oui == 0x0050f2') == []
assert 'a.c:3' in elements('element_find(kept(o), 48, &s)')[0]
assert elements('frame_has(l->f, 0x30)') and elements('e.id == 48') and elements('one->number != 221')
assert elements('oui == 0x0050f201u')

assert plant({'src/low/a.c': ROW % '{"a", 1, (2, 3)}'}, check_rows.check) == []
assert plant({'src/low/a.c': ROW % '{.name = "a", .b = 1, .c = {1, 2, 3, 4}, .d = 4}'}, check_rows.check) == []
assert '4 members' in plant({'src/low/a.c': ROW % '{"a", 1, 2, f(3, 4)}'}, check_rows.check)[0]
assert '4 members' in plant({'src/low/a.c': ROW % '[ONE] = {"a", 1, 2, 3, .x = 1}'}, check_rows.check)[0]

# Lengths of web functions.


def web(name, lines):
    return plant({'web/src/a.js': f'export function {name}() {{\n' + '  x();\n' * lines + '}\n'},
                 lambda root: list(check_lengths.web_faults(pathlib.Path(root))))


assert web('draw', 58) == []
assert 'draw() has 61 lines' in web('draw', 59)[0]

# The field's words.


def terms(text, name='src/low/a.c'):
    return plant({name: text}, check_terms.check)


assert terms('/* Two are told apart; the list is sorted in\n * place. A place is none. */\n')[0].startswith('src/low/a.c:2: "place"')
assert terms('/* Two are told apart; this takes place later, and is sorted in\n * place. */\n') == []
assert len(terms('/* It was heard, nobody tells who\n * asks. */\nint tell_all;\nint FORGET_SEC;\n')) == 6
assert terms('int telling_rows, foretell, placement, kind;\n') == ['src/low/a.c:1: "telling": report, say, show, format']
assert terms('It was heard.\n', 'CHANGELOG.md') == [] and terms('page.render(place)\n', 'web/src/a.js') == []
assert terms('It was heard.\n', 'web/src/a.js') and terms('It was heard.\n', 'doc/a.md')
