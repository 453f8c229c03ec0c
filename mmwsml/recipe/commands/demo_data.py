"""``mmwsml demo-data DIR``."""

from argparse import ArgumentParser, Namespace

from ..demo_data import MOST, write_demo_data
from .command import Command


def add_arguments(parser: ArgumentParser) -> None:
    """Say what ``demo-data`` takes."""
    parser.add_argument('folder', metavar='DIR', help='folder to make')
    parser.add_argument(
        '--images',
        type=int,
        default=MOST,
        metavar='N',
        help=f'images to train on; {MOST} by default, all that there are',
    )


def run(args: Namespace) -> None:
    """Write the data, and say what they are."""
    print(write_demo_data(args.folder, args.images))


DEMO_DATA = Command(
    'demo-data',
    'Write images of handwritten digits and tables of what is known of '
    'them, to try the other commands on. Nothing is downloaded.',
    add_arguments,
    run,
)
