"""``mmwsml refit DIR``."""

from argparse import ArgumentParser, Namespace

from .command import Command


def add_arguments(parser: ArgumentParser) -> None:
    """Say what ``refit`` takes."""
    add = parser.add_argument
    add('folder', metavar='DIR', help='what --out of mmwsml fit named')
    add(
        '--budget',
        type=float,
        default=0,
        metavar='MINUTES',
        help='to train the whole network; 0 by default',
    )
    add('--method', metavar='NAME', help='chosen by default')


def run(args: Namespace) -> None:
    """Fit again, and say what it has gained."""
    from ..fitted_folder import FittedFolder
    from ..refit import compare, refit

    new = refit(args.folder, args.budget, args.method)
    print(compare(FittedFolder(args.folder), new) or f'{new.path}: done')


REFIT = Command(
    'refit',
    'Fit again with the answers that mmwsml review has kept. The labels are '
    'not changed.',
    add_arguments,
    run,
)
