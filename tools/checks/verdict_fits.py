"""Whether verdicts are right on what ``mmwsml fit`` makes of files.

Usage: ``python tools/checks/verdict_fits.py ANNOTATIONS IMAGES OUT``, where
ANNOTATIONS holds train.json, val.json and test.json in mmpretrain's form.
Draws photographs, spoils them as ``fit_disasters.py`` says, fits, and prints
what the verdict says. A fit whose files are in OUT is judged again, not made
again.
"""

import argparse
from pathlib import Path
from typing import Any, Callable, Optional, Tuple
from unittest import mock

import numpy as np
from fit_disasters import FIT_DISASTERS, FitDisaster
from fit_given import draw_given, write_given

from mmwsml.command_line import run_main, tool_parser
from mmwsml.recipe import network_phase
from mmwsml.recipe.config_text import Way
from mmwsml.recipe.fit import fit
from mmwsml.recipe.fitted_folder import FittedFolder
from mmwsml.recipe.network_way import network_way
from mmwsml.recipe.verdict import Verdict, judge
from mmwsml.recipe.verdict.missing_labels import MissingLabels


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('annotations', type=Path, help='of complete labels')
    parser.add_argument('images', type=Path, help='folder of the images')
    parser.add_argument('out', type=Path, help='folder for the fits')
    parser.add_argument('--weights', required=True, help='of MobileNetV2')
    parser.add_argument('--size', type=int, default=128, help='px')
    parser.add_argument('--train', type=int, default=300, help='images')
    parser.add_argument(
        '--known', choices=['one', 'tenth', 'all'], default='one'
    )
    parser.add_argument(
        '--partial', action='store_true', help='hide labels of validation too'
    )
    parser.add_argument('--draws', type=int, default=1)
    parser.add_argument('--good', action='store_true', help='spoil nothing')
    parser.add_argument('--only', default='', help='part of a name')
    return parser.parse_args()


GOOD = FitDisaster('nothing is wrong', ())
#: Of the list of missing labels.
FIRST = 20, 60, 150, 300


def judge_fit(
    what: FitDisaster, seed: int, args: argparse.Namespace
) -> Tuple[Verdict, Optional[np.ndarray]]:
    """Fit what a disaster has left, unless it is there, and judge it.

    Returns:
        tuple: The verdict, and what training images show, where nothing has
        been spoilt.
    """
    name = what.name.replace(' ', '-').replace('%', 'percent')
    name = f'{args.annotations.name}-{args.known}-{name}-{seed}'
    if what is GOOD:
        name += f'-{args.train}' + '-partial' * args.partial
    folder = args.out / name
    done = FittedFolder(folder / 'fit')
    if not done.verdict.is_file():
        sizes = args.train, args.train // 3, args.train // 3
        given = draw_given(
            args.annotations,
            args.images,
            sizes,
            args.known,
            seed,
            ('train', 'val') if args.partial else ('train',),
        )
        given = what.spoil(given, np.random.default_rng(seed))
        if not (folder / 'images').is_dir():
            write_given(given, folder)
        with mock.patch.object(network_phase, 'network_way', too_fast(what)):
            fit(
                folder / 'train.csv',
                folder / 'images',
                done.path,
                val=folder / 'val.csv',
                test=folder / 'test.csv',
                backbone='mobilenet-v2',
                weights=args.weights,
                size=args.size,
                budget=1 if what.rate else 0,
                seed=seed,
            )
    path = folder / 'train.npy'
    truth = np.load(path) if what is GOOD else None
    return judge(done), truth


def say_named(verdict: Verdict, what: FitDisaster) -> str:
    """Say whether the trouble is named; where there is none, how grave."""
    if not what.expected:
        return verdict.severity
    found = {x.about for x in verdict.findings}
    text = ' '.join(verdict.lines)
    named = any(x in found or x in text for x in what.expected)
    return 'yes' if named else 'no'


def tell_right(missing: MissingLabels, truth: np.ndarray) -> str:
    """Say what was told of the first of the list, and what is right."""
    present = truth[missing.rows, missing.classes]
    parts = []
    for number in (*FIRST, missing.stop):
        if 0 < number <= len(present):
            told, right = missing.right(number), present[:number].mean()
            parts.append(f'{number}: {100 * told:.0f} {100 * right:.0f}')
    return (
        f'told and right of the first {", ".join(parts)}; missing '
        f'{missing.number:.0f} of {present.sum()}'
    )


def too_fast(what: FitDisaster) -> Callable[..., Way]:
    """Train a network at a rate that is too high by so many times."""

    def way(*args: Any, **kwargs: Any) -> Way:
        found = network_way(*args, **kwargs)
        if what.rate:
            optimizer = found.settings['optim_wrapper']['optimizer']
            optimizer['lr'] *= what.rate
        return found

    return way


def main() -> None:
    """Fit, judge and print."""
    args = parse_args()
    for what in (GOOD,) if args.good else FIT_DISASTERS:
        if args.only not in what.name:
            continue
        for seed in range(args.draws):
            try:
                verdict, truth = judge_fit(what, seed, args)
            except ValueError as error:
                print(f'| {what.name} | {seed} | no | {error} |', flush=True)
                continue
            found = [f'{x.about} ({x.severity})' for x in verdict.findings]
            row = what.name, seed, say_named(verdict, what), ', '.join(found)
            print(f'| {" | ".join(map(str, row))} |', flush=True)
            if verdict.missing is not None and truth is not None:
                print(f'    {tell_right(verdict.missing, truth)}')
            for line in verdict.lines:
                print(f'    {line}', flush=True)


if __name__ == '__main__':
    run_main(main)
