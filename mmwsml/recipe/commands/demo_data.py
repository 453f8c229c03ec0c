"""``mmwsml demo-data DIR``."""

from argparse import ArgumentParser, Namespace

from .command import Command


def add_arguments(parser: ArgumentParser) -> None:
    """Say what ``demo-data`` takes."""
    parser.add_argument('folder', metavar='DIR', help='folder to make')
    parser.add_argument(
        '--images',
        type=int,
        metavar='N',
        help='images to train on; by default all that there are',
    )


def run(args: Namespace) -> None:
    """Write the data, and say what they are."""
    from ..demo_data import write_demo_data

    print(write_demo_data(args.folder, args.images))


DEMO_DATA = Command(
    'demo-data',
    'Write images of handwritten digits and tables of what is known of '
    'them, to try the other commands on. Nothing is downloaded.',
    add_arguments,
    run,
)
