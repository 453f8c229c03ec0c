"""What simulated answers to a drawn list of labels tell.

Usage: ``python tools/benchmarks/review_answers.py OUT``, where
``partial_truth_runs.py OUT`` has trained. Prints how often the truth lies in
the intervals of 95 %, and how wide these are against those of as many random
answers, counted above and below the threshold; the mAP of these is that of
the answered labels alone, resampled.
"""

import argparse
from pathlib import Path
from typing import Dict, List, NamedTuple, Tuple

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument(
        '--dataset', choices=['coco18', 'digitscenes'], default='coco18'
    )
    parser.add_argument('--split', choices=['val', 'test'], default='val')
    parser.add_argument(
        '--runs', nargs='+', default=['an-0'], help='method and seed'
    )
    parser.add_argument('--draws', type=int, default=100)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
from partial_truth_runs import keep_40, read_truth

from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.review_estimate import (
    Estimate,
    estimate,
    measure_labels,
)
from mmwsml.evaluation.sampled_review import (
    Labels,
    draw,
    guess_chances,
    stratify,
)

NAMES = 'mAP', 'precision', 'recall', 'missing'
RESAMPLES = 100
#: What is asked, and how many of 100 answers are wrong.
KINDS = ('random', 0), ('drawn', 0), ('drawn', 5)


def resample_map(
    labels: Labels, places: np.ndarray, answers: np.ndarray, seed: int
) -> Estimate:
    """Measure the mAP of answered labels alone, with an interval."""
    rng = np.random.default_rng(seed)
    rows, columns = np.divmod(places, labels.scores.shape[1])
    scores = labels.scores[rows, columns]
    found = []
    for _ in range(RESAMPLES):
        some = rng.integers(len(places), size=len(places))
        values = [
            average_precision(scores[part, None], answers[part, None], None)
            for k in np.unique(columns)
            for part in [some[columns[some] == k]]
            if answers[part].any()
        ]
        found.append(np.nanmean(values) if values else 0)
    middle, *ends = np.percentile(found, (50, 2.5, 97.5))
    return Estimate(float(middle), *map(float, ends))


class Asked(NamedTuple):
    """What is asked of which labels."""

    labels: Labels
    truth: np.ndarray
    guesses: np.ndarray
    budget: int


def judge_answers(
    asked: Asked, kind: str, wrong: int, n: int
) -> List[Tuple[bool, float]]:
    """Say of one draw what lies within its interval, and its width."""
    labels, truth, guesses, budget = asked
    every = np.where(labels.unknown, 0, -1)
    chances = np.where(labels.unknown, 0.3, 0.0)
    strata = np.where(labels.unknown, labels.predicted.astype(int), -1)
    if kind == 'drawn':
        chances = guesses
        every = strata = stratify(labels, chances, budget)
    places = draw(every, budget, n)
    rng = np.random.default_rng(n)
    answers = truth.ravel()[places]
    answers = answers ^ (100 * rng.random(budget) < wrong)
    found = estimate(labels, chances, strata, places, answers, RESAMPLES, n)
    if kind == 'random':
        found['mAP'] = resample_map(labels, places, answers, n)
    return [
        (found[k].low <= x <= found[k].high, found[k].high - found[k].low)
        for k, x in zip(NAMES, measure_labels(labels, truth))
    ]


def tell_review(
    name: str, scores: np.ndarray, val: np.ndarray, draws: int
) -> None:
    """Print coverage and width of what simulated answers tell."""
    seen = keep_40(val, np.random.default_rng(0))
    top = [np.sort(z)[-max(y.sum(), 1)] for z, y in zip(scores.T, val.T)]
    labels = Labels(scores, seen, ~seen, scores >= np.array(top))
    guesses = guess_chances(labels)
    for budget in (200, 1000):
        asked = Asked(labels, val, guesses, budget)
        plain: Dict[int, float] = {}
        for kind, wrong in KINDS:
            rows = [judge_answers(asked, kind, wrong, n) for n in range(draws)]
            cells = []
            for k, (share, width) in enumerate(np.mean(rows, 0)):
                ratio = width / plain.setdefault(k, width)
                cells.append(f'{100 * share:.0f} %, {width:.3g} ({ratio:.2f})')
            print(
                f'| {name} | {budget} {kind} | {wrong} % | '
                f'{" | ".join(cells)} |',
                flush=True,
            )


def main() -> None:
    """Read the command line and simulate."""
    args = parse_args()
    scores = {}
    for name in args.runs:
        with np.load(args.out / args.dataset / f'{name}.npz') as file:
            scores[name] = file[args.split][-1]
    truth = read_truth(args.dataset, args.split)
    print('\n| run | answers | wrong | ' + ' | '.join(NAMES) + ' |')
    print('| --- ' * (3 + len(NAMES)) + '|')
    for name in args.runs:
        tell_review(name, scores[name], truth, args.draws)


if __name__ == '__main__':
    run_main(main)
