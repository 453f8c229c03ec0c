"""What choosing on partial truth costs.

Usage: ``python tools/benchmarks/partial_truth.py OUT``, where
``partial_truth_runs.py OUT`` has trained. Prints tables in Markdown.
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
    parser.add_argument('--draws', type=int, default=5)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
from partial_truth_runs import HIDE, keep_clearest, read_truth
from scipy.stats import spearmanr

from mmwsml.evaluation.doubtful_choice import (
    is_doubtful,
    tell_chosen_labels,
)
from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.one_sided import measure_one_sided, median_scores
from mmwsml.evaluation.positive_unlabeled import positive_unlabeled

CLEAREST = 'the clearest class of an image'
KINDS = [*HIDE, CLEAREST]


class Judged(NamedTuple):
    """A run: test mAP and what chooses, of each epoch."""

    name: str
    test: np.ndarray
    choice: Dict[str, np.ndarray]


def mean_ap(scores: np.ndarray, truth: np.ndarray) -> float:
    """Compute the mAP on complete labels, in percent."""
    return float(100 * np.nanmean(average_precision(scores, truth, None)))


def judge_runs(
    folder: Path, val: np.ndarray, test: np.ndarray, draws: int
) -> List[Judged]:
    """Read every run and measure its epochs under each kind of labels."""
    with np.load(folder / 'full-0.npz') as file:
        clearest = keep_clearest(val, file['val'][-1])
    seen = {
        f'{name} {n}': hide(val, np.random.default_rng(n))
        for name, hide in HIDE.items()
        for n in range(draws)
    }
    seen.update({f'{CLEAREST} {n}': clearest for n in range(draws)})
    runs = []
    for path in sorted(folder.glob('*.npz')):
        with np.load(path) as file:
            scores = file['val']
            of_test = np.array([mean_ap(x, test) for x in file['test']])
        choice = {'complete': np.array([mean_ap(x, val) for x in scores])}
        known = {}  # some kinds have one draw only
        for name, positive in seen.items():
            code = positive.tobytes()
            known[code] = known.get(code) or measure(scores, positive)
            for part, values in zip(('ap', 'auc', 'one_sided'), known[code]):
                choice[f'{name} {part}'] = values
        runs.append(Judged(path.stem, of_test, choice))
    return runs


def measure(scores: np.ndarray, positive: np.ndarray) -> List[np.ndarray]:
    """Measure epochs: pu_mAP, pu_AUC and what shows a choice, (E,) each."""
    rows = []
    for x in scores:
        found = positive_unlabeled(x, positive)
        limits = median_scores(x, positive)
        one_sided = measure_one_sided([(x, positive)], limits)
        rows.append((*np.nanmean(found, 1), 100 * one_sided))
    return [*np.array(rows).T]


def tell_choices(runs: List[Judged], draws: int) -> None:
    """Print points of test mAP lost against complete labels."""
    print('| labels | chosen by | epoch: mean | most | worse than 2 |')
    print('| --- | --- | --- | --- | --- |')
    for name in KINDS:
        for part, label in (('auc', 'pu_AUC'), ('ap', 'pu_mAP')):
            keys = [f'{name} {n} {part}' for n in range(draws)]
            lost = [
                run.test[run.choice['complete'].argmax()]
                - run.test[run.choice[key].argmax()]
                for key in keys
                for run in runs
            ]
            print(
                f'| {name} | {label} | {np.mean(lost):.2f} | {max(lost):.2f} '
                f'| {np.mean(np.array(lost) > 2):.1%} |'
            )
    _tell_doubts(runs, draws)
    first = [r.test[r.choice['complete'].argmax()] - r.test[0] for r in runs]
    print(f'| any | first epoch | {np.mean(first):.2f} | {max(first):.2f} | |')
    print('\n| labels | chosen by | method: mean | most | rank correlation |')
    print('| --- | --- | --- | --- | --- |')
    for name in KINDS:
        for part, label in (('auc', 'pu_AUC'), ('ap', 'pu_mAP')):
            lost, ranks = _compare_methods(runs, name, part, draws)
            print(
                f'| {name} | {label} | {np.mean(lost):.2f} | {max(lost):.2f} '
                f'| {np.mean(ranks):.2f} |'
            )


def _tell_doubts(runs: List[Judged], draws: int) -> None:
    """Print how many choices of an epoch are told to be in doubt."""
    for name in KINDS:
        rows = []
        for run in runs:
            whole = run.test[run.choice['complete'].argmax()]
            for n in range(draws):
                auc, ap = (
                    run.choice[f'{name} {n} {x}'] for x in ('auc', 'ap')
                )
                lost = whole - run.test[auc.argmax()]
                doubt = is_doubtful(ap[auc.argmax()], ap.max())
                share = np.nanmedian(run.choice[f'{name} {n} one_sided'])
                seen = tell_chosen_labels([share]) is not None
                rows.append((lost, doubt, seen, share))
        lost, doubt, seen, share = np.array(rows).T
        told = (doubt > 0) | (seen > 0)
        print(
            f'| {name} | labels look chosen | {seen.mean():.0%} (one-sided '
            f'{np.nanmin(share):.0f} to {np.nanmax(share):.0f} %); of those '
            f'that lose more than 2: {int(seen[lost > 2].sum())} of '
            f'{(lost > 2).sum()}; chosen or in doubt: '
            f'{int(told[lost > 2].sum())} | most without a word: '
            f'{max(lost[~told], default=0):.2f} |'
        )
        print(
            f'| {name} | in doubt | {doubt.mean():.0%}; of those that lose '
            f'more than 2: {int(doubt[lost > 2].sum())} of '
            f'{(lost > 2).sum()}; more than 1: {int(doubt[lost > 1].sum())} '
            f'of {(lost > 1).sum()}; of others {doubt[lost <= 1].mean():.0%} '
            f'| most without doubt: {max(lost[doubt == 0], default=0):.2f} |'
        )


def _compare_methods(
    runs: List[Judged], name: str, part: str, draws: int
) -> Tuple[List[float], List[float]]:
    """Choose a method, and its epoch, among the runs of a seed."""
    lost, ranks = [], []
    for seed in sorted({run.name[-1] for run in runs}):
        of = [run for run in runs if run.name.endswith(f'-{seed}')]
        whole = max(of, key=lambda run: run.choice['complete'].max())
        best = whole.test[whole.choice['complete'].argmax()]
        for n in range(draws):
            key = f'{name} {n} {part}'
            found = max(of, key=lambda run: run.choice[key].max())
            lost.append(best - found.test[found.choice[key].argmax()])
            ranks.append(
                spearmanr(
                    np.concatenate([run.choice[key] for run in of]),
                    np.concatenate([run.test for run in of]),
                )[0]
            )
    return lost, ranks


def main() -> None:
    """Read the command line and judge."""
    args = parse_args()
    folder = args.out / args.dataset
    names = sorted(path.stem for path in folder.glob('*.npz'))
    if not names:
        raise FileNotFoundError(
            f'{folder} holds no scores: partial_truth_runs.py {args.out} '
            f'--dataset {args.dataset} makes them.'
        )
    print(f'{len(names)} runs of {args.dataset}: {", ".join(names)}\n')
    val, test = (read_truth(args.dataset, x) for x in ('val', 'test'))
    tell_choices(judge_runs(folder, val, test, args.draws), args.draws)


if __name__ == '__main__':
    run_main(main)
