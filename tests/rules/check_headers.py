#!/usr/bin/python3
"""check_headers.py ROOT FOLDER CC: every header below src compiles alone. With ccache, objects are made in the folder, by the
same names each time: it finds those that have not changed, and knows nothing of -fsyntax-only, which is quicker without it."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

root, folder, compiler = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]


def compile_alone(header):
    name = header.relative_to(root / 'src')
    source = folder / str(name).replace('/', '-').replace('.h', '.c')
    text = f'#include "{name}"\n'
    if not source.exists() or source.read_text() != text:
        source.write_text(text)
    object_too = ['-c', '-o', source.with_suffix('.o')] if 'ccache' in compiler[0] else ['-fsyntax-only']
    run = subprocess.run(
        [*compiler, '-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror', '-Wno-unused-function',
         '-I', str(root / 'src'), '-I', str(root / 'include'), source, *object_too],
        text=True, capture_output=True)
    return run.stderr if run.returncode else ''


folder.mkdir(parents=True, exist_ok=True)
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    faults = [text for text in pool.map(compile_alone, sorted((root / 'src').rglob('*.h'))) if text]
print('\n'.join(faults))
sys.exit(bool(faults))
