#!/usr/bin/python3
"""check_terms.py ROOT: home-made words stay out where the field has its own (the glossary in ARCHITECTURE.md)."""
import pathlib
import re
import subprocess
import sys

# Words, what is written instead, and idioms that stay English. A row more keeps another word out of the whole tree.
TERMS = (
    ('hear hears heard hearing hearings', 'observe, see, receive', ('hearing (?:aid|access)',)),
    ('tell tells told telling', 'report, say, show, format', (r'tell(?:s|ing)? (?:\w+ ){1,3}apart', 'told apart')),
    ('news', 'model event, message', ()),
    ('kin', 'related, similar', ()),
    ('gone', 'evicted, closed, removed', ()),
    ('forget forgets forgot forgotten', 'drop, prune, remove', ()),
    ('stranger strangers', 'untrusted, foreign, unknown', ()),
    ('nobody', 'no one, unused, unknown', ()),
    ('whoever', 'the caller, a client', ()),
    ('who asks', 'the caller', ()),
    ('place places', 'position, slot, path, stead', (r'(?:in|of|out of) place', r'tak(?:es?|en|ing) place')),
    ('sight sights', 'observation', ()),
    ('passage', 'packet context', ()),
    ('tally tallies', 'counters', ()),
    ('greet greets greeting greetings', 'init, handshake', ()),
    ('waker', 'resumer', ()),
)
SUFFIXES = {'.c', '.h', '.inc', '.py', '.md', '.rst', '.txt', '.in', '.build', '.sh', '.conf', '.tsv', '.js', '.mjs', ''}
# History stays as it was written, and published names stay; seeds and the rule itself are no prose; pages and their
# plugins have a `place` to draw in.
EXEMPT = {
    'CHANGELOG.md': None,
    'fuzz/seeds/': None,
    'tests/rules/check_terms.py': None,
    'tests/rules/test_rules.py': None,
    'tests/deb/': None,
    'tests/vm/': None,
    'doc/decisions/': None,
    'src/detect/scope.c': {'tallies'},
    '.clang-tidy': {'sight'},
    'web/': {'place'},
    'plugins/hello-web/': {'place', 'greeting'},
    'doc/web-plugins.md': {'place'},
    'doc/recipes.md': {'place'},
}
GAP = r'(?:[\s*#/"\'\\_]+)'  # between the words of an idiom: also the end of a line in a comment or a text


def pattern(words):
    return re.compile(r'(?<![^\W_])(?:' + '|'.join(w.replace(' ', GAP) for w in words) + r')(?![^\W_])', re.I)


RULES = tuple((pattern(words.split() if words != 'who asks' else [words]), better, pattern(idioms) if idioms else None)
              for words, better, idioms in TERMS)


def exempt(name):
    """Words that a file may have; None: all of them."""
    return next((words for start, words in EXEMPT.items() if name.startswith(start)), set())


def faults(name, text):
    allowed = exempt(name)
    if allowed is None:
        return
    for words, better, idioms in RULES:
        if not words.search(text):
            continue
        spans = [m.span() for m in idioms.finditer(text)] if idioms else []
        for m in words.finditer(text):
            if m.group().lower() in allowed or any(a <= m.start() < b for a, b in spans):
                continue
            yield f'{name}:{text.count(chr(10), 0, m.start()) + 1}: "{m.group()}": {better}'


def check(root, names=None):
    root = pathlib.Path(root)
    names = names or [str(p.relative_to(root)) for p in root.rglob('*') if p.is_file()]
    found = []
    for name in names:
        path = root / name
        if path.suffix in SUFFIXES and path.is_file():
            data = path.read_bytes()
            if b'\0' not in data:
                found += faults(name, data.decode(errors='replace'))
    return found


def main():
    listed = subprocess.run(['git', '-C', sys.argv[1], 'ls-files', '-z'], capture_output=True)
    if listed.returncode:
        sys.exit(77)  # not a checkout: nothing to list, skipped
    found = check(sys.argv[1], [n for n in listed.stdout.decode().split('\0') if n])
    print('\n'.join(found))
    sys.exit(bool(found))


if __name__ == '__main__':
    main()
