"""``mmwsml predict DIR IMAGES --out scores.csv``."""

import sys
from argparse import ArgumentParser, Namespace

from mmwsml.command_line import SHARED
from mmwsml.inference.infer import add_infer_arguments, infer

from ..find_model import find_model
from .command import Command


def add_arguments(parser: ArgumentParser) -> None:
    """Say what ``predict`` takes."""
    parser.add_argument(
        'model',
        metavar='DIR',
        help='what --out of mmwsml fit named, or a published model (.pth)',
    )
    add_infer_arguments(parser)
    parser.add_argument('--force', **SHARED['--force'])


def run(args: Namespace) -> None:
    """Predict; an image that cannot be read shows in the exit status."""
    checkpoint, thresholds = find_model(args.model)
    status = infer(args, checkpoint, thresholds=thresholds)
    if status:
        sys.exit(status)


PREDICT = Command(
    'predict',
    'Name the classes in images. The exit status is 1 if an image could not '
    'be read.',
    add_arguments,
    run,
)
