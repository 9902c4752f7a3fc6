"""What the rules read of C sources: comments apart from code, and what stands at the outermost level."""
import functools
import pathlib
import re

FOLDERS = ('src', 'include', 'helpers', 'tools', 'plugins', 'fuzz', 'bench', 'tests/unit')
TOKEN = re.compile(r'''//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*\'''', re.S)
KEYWORDS = {'if', 'for', 'while', 'switch', 'return', 'sizeof', 'defined', '_Alignof', '__attribute__', '_Static_assert'}


def blank(text):
    """As many lines, and nothing else."""
    return '\n' * text.count('\n')


@functools.lru_cache(maxsize=None)
def code(text):
    """Without comments; texts and preprocessor lines are empty."""
    bare = TOKEN.sub(lambda m: blank(m[0]) if m[0].startswith('/') else '""', text)
    return re.sub(r'^[ \t]*#(?:[^\n\\]|\\.|\\\n)*', lambda m: blank(m[0]), bare, flags=re.M)


def comments(text):
    """(line, text) of each."""
    for m in TOKEN.finditer(text):
        if m[0].startswith('/'):
            yield text.count('\n', 0, m.start()) + 1, m[0]


def outermost(text):
    """(line, text) of each declaration and definition at the outermost level; a body is '{}'."""
    bare, depth, parens, start, out = code(text), 0, 0, 0, []
    for at, c in enumerate(bare):
        if c == '{':
            depth += 1
            if depth == 1:
                out.append(bare[start:at] + '{}')
        elif c == '}':
            depth -= 1
            if depth == 0:
                start = at + 1
                head = ''.join(out)
                if re.search(r'\)\s*\{\}$', head) and '=' not in head.split('(')[0]:  # a function's body ends it
                    yield bare.count('\n', 0, at), head
                    out = []
        elif depth == 0 and c == '(':
            parens += 1
        elif depth == 0 and c == ')':
            parens -= 1
        elif depth == 0 and parens == 0 and c == ';':
            out.append(bare[start:at + 1])
            start = at + 1
            yield bare.count('\n', 0, at) + 1, ''.join(out)
            out = []


def without_attributes(head):
    """The head without __attribute__((...))."""
    while (m := re.search(r'__attribute__\s*\(\(', head)):
        depth, at = 0, m.end() - 2
        while at < len(head):
            depth += (head[at] == '(') - (head[at] == ')')
            at += 1
            if depth == 0:
                break
        head = head[:m.start()] + head[at:]
    return head


def function_name(head):
    """Of a declaration or definition of a function; None for anything else."""
    head = without_attributes(head)
    if head.lstrip().startswith('typedef') or '=' in head.split('(')[0]:
        return None
    m = re.match(r'[\w\s*]*?\b(\w+)\s*\((?!\s*\*)', head)
    return m[1] if m and m[1] not in KEYWORDS and re.match(r'\s*[\w*]+[\s*]+', head[:m.start(1)]) else None


def functions(text):
    """(name, line, is static, is a definition) of what the outermost level declares."""
    for line, head in outermost(text):
        name = function_name(head)
        if name:
            yield name, line, bool(re.search(r'\bstatic\b', head.split('(')[0] + head[:200])), head.endswith('{}')


@functools.lru_cache(maxsize=None)
def tree(root):
    """Path below the root -> text, of every C file, and of the rows that some include."""
    root = pathlib.Path(root)
    return {str(f.relative_to(root)): f.read_text(errors='replace')
            for folder in FOLDERS for f in sorted((root / folder).rglob('*.*')) if f.suffix in ('.c', '.h', '.inc')}
