"""What simulated answers to a drawn list of labels tell.

Usage: ``python tools/benchmarks/review_answers.py OUT``, where
``partial_truth_runs.py OUT`` has trained. Prints how often the truth lies in
the intervals of 95 %, and how wide these are.
"""

import argparse
from pathlib import Path

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument(
        '--dataset', choices=['coco18', 'digitscenes'], default='coco18'
    )
    parser.add_argument('--run', default='an-0', help='method and seed')
    parser.add_argument('--draws', type=int, default=100)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
from partial_truth_runs import keep_40, read_truth

from mmwsml.evaluation.review_estimate import estimate, measure_labels
from mmwsml.evaluation.sampled_review import (
    Labels,
    draw,
    guess_chances,
    stratify,
)


def tell_review(scores: np.ndarray, val: np.ndarray, draws: int) -> None:
    """Print coverage and width of what simulated answers tell."""
    seen = keep_40(val, np.random.default_rng(0))
    top = [np.sort(z)[-max(y.sum(), 1)] for z, y in zip(scores.T, val.T)]
    labels = Labels(scores, seen, ~seen, scores >= np.array(top))
    truth = measure_labels(labels, val)
    chances = guess_chances(labels)
    # As many at random, of which a share is counted on each side.
    sides = np.where(labels.unknown, labels.predicted.astype(int), -1)
    names = 'mAP', 'precision', 'recall', 'missing'
    print('\n| answers | wrong | ' + ' | '.join(names) + ' |')
    print('| --- ' * 6 + '|')
    for budget in (200, 1000):
        strata = stratify(labels, chances, budget)
        for wrong, plain in ((0, False), (5, False), (0, True)):
            rows = []
            for n in range(draws):
                every = np.where(labels.unknown, 0, -1)
                places = draw(every if plain else strata, budget, n)
                rng = np.random.default_rng(n)
                answers = val.ravel()[places]
                answers = answers ^ (100 * rng.random(budget) < wrong)
                guess = np.where(labels.unknown, 0.3, 0.0)
                ground = (guess, sides) if plain else (chances, strata)
                found = estimate(labels, *ground, places, answers, 100, n)
                rows.append(
                    [
                        (
                            found[k].low <= x <= found[k].high,
                            found[k].high - found[k].low,
                        )
                        for k, x in zip(names, truth)
                    ]
                )
            cells = [f'{100 * a:.0f} %, {b:.3g}' for a, b in np.mean(rows, 0)]
            kind = 'at random' if plain else 'drawn'
            print(f'| {budget} {kind} | {wrong} % | {" | ".join(cells)} |')


def main() -> None:
    """Read the command line and simulate."""
    args = parse_args()
    path = args.out / args.dataset / f'{args.run}.npz'
    with np.load(path) as file:
        scores = file['val'][-1]
    tell_review(scores, read_truth(args.dataset, 'val'), args.draws)


if __name__ == '__main__':
    run_main(main)
