"""Damage files at random and see what the readers make of them.

``python tools/checks/fuzz_readers.py --num 20000``: each entry must give a
right result, or one sentence that names the file.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

from fuzzing.campaign import run_campaign
from fuzzing.readers import READERS


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add('--num', type=int, default=20_000, help='entries, 20,000 by default')
    add('--first', type=int, default=0, help='the first entry, 0 by default')
    add('--seed', type=int, default=0, help='names the campaign, 0 by default')
    add('--reader', help='entries of this one only', choices=list(READERS))
    add('--keep', type=Path, help='folder for the files of failures')
    return parser.parse_args()


def main() -> int:
    """Run, and report."""
    args = parse_args()
    entries = range(args.first, args.first + args.num)
    if args.reader:
        place = list(READERS).index(args.reader)
        entries = [n for n in entries if n % len(READERS) == place]
    readers = list(READERS.values())
    counts, failures = run_campaign(readers, args.seed, entries, args.keep)
    for entry, text in failures.items():
        print(f'entry {entry} of seed {args.seed}: {text}')
    table = Counter()
    for (name, kind), number in sorted(counts.items()):
        print(f'{name:>20} {kind:>8} {number:>9,}')
        table[kind] += number
    print(
        f'{len(entries):,} entries of seed {args.seed}: '
        f'{table["right"]:,} right, {table["refused"]:,} refused in a '
        f'sentence, {len(failures):,} failures'
    )
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
