#!/usr/bin/python3
"""check_headers.py ROOT CC: every header below src compiles alone."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

root, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]


def compile_alone(header):
    run = subprocess.run(
        [*compiler, '-x', 'c', '-std=gnu11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror',
         '-Wno-unused-function', '-fsyntax-only', '-I', str(root / 'src'), '-I', str(root / 'include'), '-'],
        input=f'#include "{header.relative_to(root / "src")}"\n', text=True, capture_output=True)
    return run.stderr if run.returncode else ''


with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    faults = [text for text in pool.map(compile_alone, sorted((root / 'src').rglob('*.h'))) if text]
print('\n'.join(faults))
sys.exit(bool(faults))
