"""``mmwsml fit LABELS IMAGES --out DIR``."""

from argparse import ArgumentParser, Namespace
from dataclasses import fields

from mmwsml.command_line import SHARED
from mmwsml.label_files.read_options import ReadOptions

from ..given_paths import check_paths
from .command import Command

#: Options of reading that are arguments here, or mean nothing.
LEFT_OUT = ('images', 'crop_key', 'crops')


def add_arguments(parser: ArgumentParser) -> None:
    """Say what ``fit`` takes."""
    add = parser.add_argument
    add(
        'labels',
        metavar='LABELS',
        help='table (CSV, TSV, Excel, Parquet, JSON lines), annotation JSON, '
        'COCO or LVIS JSON, or folder of VOC XML: see docs/own-labels.md',
    )
    add('images', metavar='IMAGES', help='folder of the images')
    add('--out', required=True, metavar='DIR', help='folder of what is made')
    add(
        '--val',
        metavar='LABELS',
        help='labels to choose by; by default 15 %% of the images',
    )
    add(
        '--test',
        metavar='LABELS',
        help='labels to judge by; by default 15 %% of the images',
    )
    add(
        '--backbone',
        metavar='NAME',
        help='a base of configs/_base_/models, such as resnet50; by default '
        'the one whose weights are there',
    )
    add(
        '--weights',
        metavar='FILE',
        help='pre-trained weights of the backbone; none: start from nothing',
    )
    add('--size', type=int, metavar='PX', help='of the square images')
    add(
        '--budget',
        type=float,
        default=0,
        metavar='MINUTES',
        help='to train the whole network; 0 by default, which fits the head '
        'alone, in a minute',
    )
    add('--method', metavar='NAME', help='chosen by default')
    add('--seed', type=int, default=0, help='of split and training')
    add('--skip-bad', **SHARED['--skip-bad'])
    ReadOptions.add_arguments(parser, leave_out=LEFT_OUT)
    add(
        '--held-out-rest',
        choices=['unknown', 'absent'],
        help='what is not marked in --val and --test, where it is not as '
        '--rest says',
    )


def run(args: Namespace) -> None:
    """Fit, and say what has been found."""
    labels = {'LABELS': args.labels, '--val': args.val, '--test': args.test}
    check_paths(args.images, labels)
    from ..fit import run_fit
    from ..request import Request

    names = {x.name for x in fields(Request)} - {'read'}
    options = {k: v for k, v in vars(args).items() if k in names}
    run_fit(Request(read=ReadOptions.of(args), **options))


FIT = Command(
    'fit',
    'From labels and images to a trained model and a verdict. Goes on where '
    'it was stopped.',
    add_arguments,
    run,
)
