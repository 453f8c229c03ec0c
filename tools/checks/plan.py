"""Which mutants are tried, and on which tests."""

import ast
import random
import re
from collections import Counter
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

from mutations import Mutant

Key = Tuple[str, str, str, str]


def find_tests(root: Path, file: str) -> Tuple[str, ...]:
    """Name the test files of a file of the package.

    First the one that mirrors it, then those of its folder, and of the
    folders above, that mirror no file: they are about several. Where none
    mirrors it, those that name what it defines, or else all of its folder.

    Args:
        root (Path): The folder that holds the package and its tests.
        file (str): ``package/a/b.py``, mirrored by ``tests/test_a/test_b.py``.

    Raises:
        FileNotFoundError: If there are none.
    """
    package, *folders, name = Path(file).parts
    tests: List[str] = []
    for depth in range(len(folders), 0, -1):
        source = root.joinpath(package, *folders[:depth])
        folder = Path('tests', *(f'test_{part}' for part in folders[:depth]))
        here = sorted(path.name for path in (root / folder).glob('test_*.py'))
        chosen = [t for t in here if not (source / t[len('test_') :]).exists()]
        if depth == len(folders):
            mirror = f'test_{name}'
            if mirror in here:
                chosen = [mirror, *chosen]
            else:
                named = _naming(source / name, root / folder)
                chosen = sorted({*chosen, *named}) if named else here
        tests += [str(folder / test) for test in chosen]
    if not tests:
        raise FileNotFoundError(f'No test file mirrors {file}.')
    return tuple(tests)


def _naming(source: Path, folder: Path) -> List[str]:
    """List the test files of a folder that name what a source defines."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    body = ast.parse(source.read_text('utf-8')).body
    names = '|'.join(n.name for n in body if isinstance(n, kinds))
    return [
        path.name
        for path in folder.glob('test_*.py')
        if names and re.search(rf'\b({names})\b', path.read_text('utf-8'))
    ]


def read_equivalent(path: Path) -> List[Key]:
    """Read which mutants no test can tell from the sound file.

    Args:
        path (Path): Blocks with an empty line between them: the reason, in
            lines that begin with ``#``; the file and the function; then each
            ``- statement`` as it is and its ``+ statement`` as mutated.

    Raises:
        ValueError: If a block has no reason.
    """
    keys = []
    for block in path.read_text('utf-8').strip().split('\n\n'):
        lines = block.splitlines()
        rest = [line for line in lines if not line.startswith('#')]
        if len(rest) == len(lines):
            raise ValueError(f'{path.name} gives no reason for {rest[0]}.')
        file, _, function = rest[0].partition(' ')
        for line in rest[1:]:
            if line.startswith('- '):
                before = line[2:]
            else:
                keys.append((file, function, before, line[2:]))
    return keys


def draw(mutants: Sequence[Mutant], num: int, seed: int) -> List[Mutant]:
    """Draw mutants, from each file in turn while it has any."""
    turns: Dict[str, int] = Counter()
    ranked = []
    for mutant in random.Random(seed).sample(mutants, len(mutants)):
        ranked.append((turns[mutant.file], mutant))
        turns[mutant.file] += 1
    ranked.sort(key=lambda pair: pair[0])
    return [mutant for _, mutant in ranked[:num]]
