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
    from ..report_page import write_report

    folder = FittedFolder(args.folder)
    print('\n'.join(write_report(folder).lines))
    print(f'Wrote {folder.report}')


REPORT = Command(
    'report',
    'Judge a fit again, and make the page of its report again.',
    add_arguments,
    run,
)
