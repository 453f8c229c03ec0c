"""``mmwsml report DIR``."""

from argparse import ArgumentParser, Namespace

from .command import Command


def add_arguments(parser: ArgumentParser) -> None:
    """Say what ``report`` takes."""
    parser.add_argument(
        'folder', metavar='DIR', help='what --out of mmwsml fit named'
    )


def run(args: Namespace) -> None:
    """Judge a fit again, and write its page."""
    from ..fitted_folder import FittedFolder
    from ..verdict import judge

    folder = FittedFolder(args.folder)
    print('\n'.join(judge(folder).lines))


REPORT = Command(
    'report',
    'Judge a fit again, and make the page of its report again.',
    add_arguments,
    run,
)
