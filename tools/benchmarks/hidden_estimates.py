"""How far estimated numbers of positives are from the truth.

Usage: ``python tools/benchmarks/hidden_estimates.py OUT``, where
``partial_truth_runs.py OUT`` has trained. Prints a table in Markdown.
"""

import argparse
from pathlib import Path
from typing import List

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument(
        '--dataset', choices=['coco18', 'digitscenes'], default='coco18'
    )
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
from partial_truth_runs import HIDE, read_truth
from sklearn.isotonic import IsotonicRegression

from mmwsml.evaluation.class_frequency import estimate_frequencies


def elkan_noto(scores: np.ndarray, positive: np.ndarray) -> float:
    """Estimate all positives by the calibrated score of observed ones."""
    total = 0.0
    for column, present in zip(scores.T, positive.T):
        if present.any():
            chance = IsotonicRegression(out_of_bounds='clip')
            chance = chance.fit(column, present).predict(column)
            total += present.sum() / chance[present].mean()
    return total


def tell_hidden(folder: Path, val: np.ndarray, methods: List[str]) -> None:
    """Print errors and coverage of estimated numbers of positives."""
    print('\n| labels | method | error | its size | within 95 % | width |')
    print('| --- | --- | --- | --- | --- | --- |')
    for name, hide in HIDE.items():
        for method in methods:
            with np.load(folder / f'{method}-0.npz') as file:
                scores = file['val'][-1]
            rows, plain = [], []
            for n in range(20):
                seen = hide(val, np.random.default_rng(n))
                found = estimate_frequencies(scores, seen, seen & False, 100)
                (low, high), total = found.total_interval, val.sum()
                error = found.total / total - 1
                inside = low <= total <= high
                rows.append((error, abs(error), inside, (high - low) / total))
                plain.append(elkan_noto(scores, seen) / total - 1)
            cells = ' | '.join(f'{100 * x:+.0f} %' for x in np.mean(rows, 0))
            print(
                f'| {name} | {method} | {cells} | (Elkan and Noto: '
                f'{100 * np.mean(plain):+.0f} %)'
            )


def main() -> None:
    """Read the command line and estimate."""
    args = parse_args()
    folder = args.out / args.dataset
    methods = [
        name
        for name in ('an', 'lda', 'll-ct-cw', 'll-cp', 'full')
        if (folder / f'{name}-0.npz').exists()
    ]
    if not methods:
        raise FileNotFoundError(
            f'{folder} holds no scores: make them with '
            f'tools/benchmarks/partial_truth_runs.py {args.out} --dataset '
            f'{args.dataset}.'
        )
    tell_hidden(folder, read_truth(args.dataset, 'val'), methods)


if __name__ == '__main__':
    run_main(main)
