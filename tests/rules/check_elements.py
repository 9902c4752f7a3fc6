#!/usr/bin/python3
"""check_elements.py ROOT: an 802.11 element has its number, and a vendor's element its OUI and type, in one file alone
(wire/dot11/element_id.h, elements.c): everywhere else it is called by its name."""
import pathlib
import re
import sys

import c_source

HOME = 'src/wire/dot11/elements.c', 'src/wire/dot11/element_id.h'
NUMBER = r'(?:0x[0-9a-fA-F]+|\d+)\b'
FINDERS = 'frame_has|frame_find|element_find|elements_have|elements_find|elements_next_of'
CALLED = re.compile(rf'\b(?:{FINDERS})\((?:[^;{{}}()]|\([^()]*\))*?,\s*{NUMBER}(?=\s*[,)])')
COMPARED = re.compile(rf'\b(?:e|one|element|entry)(?:\.|->)(?:id|number) [=!]= {NUMBER}')


def vendors(root):
    """The OUIs and types that have an id."""
    return re.findall(r'case 0x([0-9a-f]{8}):', (root / HOME[0]).read_text())


def check(root):
    root = pathlib.Path(root)
    known = vendors(root)
    assert known, f'no vendor is found in {HOME[0]}'
    spelled = re.compile(r'0x(?:' + '|'.join(known) + r')(?![0-9a-f])', re.I)
    faults = []
    for name, text in c_source.tree(root).items():
        if name.startswith('src/') and name not in HOME:
            code = c_source.code(text)
            for found in (m for p in (CALLED, COMPARED, spelled) for m in p.finditer(code)):
                line = code.count('\n', 0, found.start()) + 1
                faults.append(f'{name}:{line}: an element by its number: {found[0]}')
    return faults


if __name__ == '__main__':
    found = check(sys.argv[1])
    print('\n'.join(found))
    sys.exit(bool(found))
