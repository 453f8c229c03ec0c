"""Put small faults into the core, and see whether the tests notice.

``python tools/checks/mutants.py`` draws mutants of the core's files, each with
one fault: another number, operator or truth value, a call, assignment or
return that is missing. Each meets the tests that mirror its file, until one
fails. One that passes them all is printed: it lacks a test, or its line can
go, or it is equivalent and belongs, with the reason, into
``equivalent_mutants.txt``.

Each trial is a fork of a process that has imported PyTorch and the mm
packages, in which the import system hands out the mutated tree in the place
of the file: a second each. mutmut forks too but chooses tests by coverage,
not by the mirror, and mutates a copy of the package; cosmic-ray starts a
process for each mutant, which costs four seconds of imports.
"""

import argparse
import importlib
import multiprocessing
import os
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import List, Tuple

from mutations import Mutant, list_mutants
from plan import draw, find_tests, read_equivalent
from trials import Trials

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name('equivalent_mutants.txt')
HEAVY = (
    'cv2',
    'mmengine.runner',
    'mmpretrain.datasets',
    'mmpretrain.models',
    'sklearn.metrics',
    'torchvision.transforms',
)
CORE = (
    'engine/hooks/class_wise_schedule_hook.py',
    'engine/hooks/large_loss_schedule_hook.py',
    'engine/hooks/progress_hook.py',
    'engine/hooks/self_tuning_schedule_hook.py',
    'evaluation/functional.py',
    'evaluation/metrics/mean_average_precision.py',
    'evaluation/observed_scores.py',
    'models/heads/*.py',
    'models/label_stores/*.py',
    'models/losses/*.py',
    'models/selections/*.py',
    'structures/labels.py',
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Put small faults into the core, one at a time, and run '
        'the mirrored tests on each; the exit status is 1 if any survives.'
    )
    add = parser.add_argument
    add('--files', nargs='+', help='paths in the repository; else the core')
    add('--num', type=int, default=250, help='how many to try')
    add('--all', action='store_true', help='try each of them')
    add('--seed', type=int, default=0, help='of the draw')
    add('--jobs', type=int, default=2, help='at a time')
    return parser.parse_args()


def warm_up() -> None:
    """Import what costs seconds, and nothing of the package."""
    os.environ['OMP_NUM_THREADS'] = '1'
    for name in HEAVY:
        importlib.import_module(name)


def try_folder(mutants: List[Mutant]) -> List[Tuple[Mutant, str]]:
    """Try mutants of the files of a folder."""
    files = sorted({mutant.file for mutant in mutants})
    tests = {file: find_tests(ROOT, file) for file in files}
    return list(zip(mutants, Trials(ROOT, tests, mutants).run()))


def main() -> None:
    """Try the mutants and print how many survive."""
    args = parse_args()
    start = time.monotonic()
    files = args.files or sorted(
        str(path.relative_to(ROOT))
        for pattern in CORE
        for path in (ROOT / 'mmwsml').glob(pattern)
    )
    mutants = [
        mutant
        for file in files
        for mutant in list_mutants(file, (ROOT / file).read_text('utf-8'))
    ]
    keys = {mutant.key for mutant in mutants}
    listed = [key for key in read_equivalent(EQUIVALENT) if key[0] in files]
    stale = [key for key in listed if key not in keys]
    mutants = [mutant for mutant in mutants if mutant.key not in listed]
    if not args.all:
        mutants = draw(mutants, args.num, args.seed)
    groups = defaultdict(list)
    for mutant in mutants:
        groups[Path(mutant.file).parent].append(mutant)
    warm_up()
    count = Counter()
    # Each folder in a process that has not yet imported the package.
    context = multiprocessing.get_context('fork')
    with context.Pool(args.jobs, maxtasksperchild=1) as pool:
        longest_first = sorted(groups.values(), key=len, reverse=True)
        for outcomes in pool.imap_unordered(try_folder, longest_first):
            count.update(verdict for _, verdict in outcomes)
            for mutant, verdict in outcomes:
                if verdict == 'survived':
                    print(f'{mutant}\n', flush=True)
    for key in stale:
        print(f'{EQUIVALENT.name} lists what is no mutant any more: {key}')
    print(
        f'{len(mutants)} mutants of {len(files)} files in '
        f'{time.monotonic() - start:.0f} s: {count["killed"]} killed, '
        f'{count["timeout"]} ran out of time, {count["survived"]} survived; '
        f'{len(listed)} more are equivalent.'
    )
    sys.exit(bool(count['survived'] or stale))


if __name__ == '__main__':
    main()
