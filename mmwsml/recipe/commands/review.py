"""``mmwsml review DIR``."""

from argparse import ArgumentParser, Namespace

from mmwsml.command_line import SHARED

from ..fitted_folder import SPLITS
from .command import Command


def add_arguments(parser: ArgumentParser) -> None:
    """Say what ``review`` takes."""
    add = parser.add_argument
    add('folder', metavar='DIR', help='what --out of mmwsml fit named')
    add(
        '--num',
        type=int,
        metavar='N',
        help='lines of the list; by default those that are more likely '
        'present than not',
    )
    add(
        '--draw',
        type=int,
        metavar='N',
        help='draw N labels instead, whose answers tell how many are missing',
    )
    add(
        '--split',
        choices=SPLITS,
        default='train',
        help='of --draw: whose labels; train by default',
    )
    add('--seed', type=int, default=0, help='of --draw')
    add(
        '--answers',
        metavar='FILE',
        help='a list whose column `present` is filled, yes or no: count and '
        'keep the answers',
    )
    add('--force', **SHARED['--force'])


def run(args: Namespace) -> None:
    """Write a list, or read one back."""
    from ..answers import take_answers
    from ..review import draw_review, write_review

    if args.answers is not None:
        print(take_answers(args.folder, args.answers))
    elif args.draw is not None:
        text = draw_review(
            args.folder, args.draw, args.split, args.seed, args.force
        )
        print(text)
    else:
        print(write_review(args.folder, args.num, args.force))


REVIEW = Command(
    'review',
    'List the labels that are probably missing, for a person to answer, and '
    'read the answers back.',
    add_arguments,
    run,
)
