"""Whether verdicts are right on what ``mmwsml fit`` makes of files.

Usage: ``python tools/checks/verdict_fits.py ANNOTATIONS IMAGES OUT``, where
ANNOTATIONS holds train.json, val.json and test.json in mmpretrain's form.
Draws photographs, spoils them as ``fit_disasters.py`` says, fits, and prints
what the verdict says. A fit whose files are in OUT is judged again, not made
again.
"""

import argparse
from pathlib import Path
from unittest import mock

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('annotations', type=Path, help='of complete labels')
    parser.add_argument('images', type=Path, help='folder of the images')
    parser.add_argument('out', type=Path, help='folder for the fits')
    parser.add_argument('--weights', required=True, help='of MobileNetV2')
    parser.add_argument('--size', type=int, default=128, help='px')
    parser.add_argument('--train', type=int, default=300, help='images')
    parser.add_argument('--known', choices=['one', 'tenth', 'all'])
    parser.add_argument('--draws', type=int, default=1)
    parser.add_argument('--good', action='store_true', help='spoil nothing')
    parser.add_argument('--only', default='', help='part of a name')
    args = parser.parse_args()
    args.known = args.known or 'one'
    return args


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
from fit_disasters import FIT_DISASTERS, FitDisaster
from fit_given import draw_given, write_given

from mmwsml.recipe import network_phase
from mmwsml.recipe.fit import fit
from mmwsml.recipe.fitted_folder import FittedFolder
from mmwsml.recipe.network_way import network_way
from mmwsml.recipe.verdict import Verdict, judge

GOOD = FitDisaster('nothing is wrong', ())


def judge_fit(
    what: FitDisaster, seed: int, args: argparse.Namespace
) -> Verdict:
    """Fit what a disaster has left, unless it is there, and judge it."""
    name = what.name.replace(' ', '-').replace('%', 'percent')
    folder = args.out / f'{args.annotations.name}-{args.known}-{name}-{seed}'
    done = FittedFolder(folder / 'fit')
    if not done.verdict.is_file():
        sizes = args.train, args.train // 3, args.train // 3
        given = draw_given(
            args.annotations, args.images, sizes, args.known, seed
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
    return judge(done)


def too_fast(what: FitDisaster):
    """Train a network at a rate that is too high by so many times."""

    def way(*args, **kwargs):
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
            verdict = judge_fit(what, seed, args)
            found = [f'{x.about} ({x.severity})' for x in verdict.findings]
            print(f'| {what.name} | {seed} | {", ".join(found)} |', flush=True)
            for line in verdict.lines:
                print(f'    {line}', flush=True)


if __name__ == '__main__':
    run_main(main)
