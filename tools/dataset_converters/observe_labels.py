"""Write which labels of a data set are observed.

``python tools/dataset_converters/observe_labels.py CONFIG --out FILE``
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Iterable, Tuple

from mmwsml.command_line import load_config, run_main, tool_parser
from mmwsml.label_files.generators import GENERATORS
from mmwsml.label_files.read_options import ReadOptions

if TYPE_CHECKING:
    from mmengine.config import Config

    from mmwsml.datasets.bare_split import BareSplit
    from mmwsml.label_files.observed_labels import Observation

#: What means unknown in a matrix.
MATRIX = {None: 0, '0': 0, '-1': -1}


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(
        'Write which labels of a data set are observed.',
        '--cfg-options',
        '--force',
        '--skip-bad',
    )
    add = parser.add_argument
    add('config', help='config of the data set')
    add('--out', required=True, help='file to write')
    add(
        '--split',
        choices=['train', 'val', 'test'],
        default='train',
        help='train by default',
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        '--generator',
        choices=GENERATORS,
        default='hash',
        help='; '.join(f'{name}: {what}' for name, what in GENERATORS.items()),
    )
    source.add_argument(
        '--read',
        metavar='FILE',
        help='labels observed elsewhere: a matrix (.npy), guesses (a table '
        'of image,class,score, or what infer.py wrote), any form that '
        'convert_labels.py reads, or a list of file,indices',
    )
    add('--seed', type=int, help='0 by default; the paper: 1200')
    add(
        '--num-per-class',
        type=int,
        help='fpc: positives, and negatives, kept of each class',
    )
    ReadOptions.add_arguments(
        parser, leave_out=('classes', 'group', 'ids', 'crop_key', 'crops')
    )
    args = parser.parse_args()
    for name in ('seed', 'num_per_class'):
        if args.read and getattr(args, name) is not None:
            flag = name.replace('_', '-')
            parser.error(f'--{flag} is for a --generator: --read draws none')
    if not args.read and ReadOptions.of(args) != ReadOptions():
        parser.error('options that say how labels are read are for --read')
    if str(args.read).endswith('.npy') and args.unknown not in MATRIX:
        parser.error(f'--unknown of a matrix must be 0 or -1: {args.unknown}')
    return args


def main() -> None:
    """Draw or read labels, write them, and say what is known."""
    args = parse_args()
    from mmwsml import __version__
    from mmwsml.datasets.bare_split import read_split, read_whole
    from mmwsml.datasets.observe import read_observations
    from mmwsml.label_files.bad_entries import BadEntries
    from mmwsml.label_files.label_report import count_labels
    from mmwsml.label_files.observed_labels import ObservedLabels
    from mmwsml.label_files.observed_labels_file import save_observed_labels
    from mmwsml.structures.overwriting import refuse_to_overwrite

    refuse_to_overwrite([args.out], [args.read, args.config], args.force)
    cfg = load_config(args)
    bad = BadEntries(args.skip_bad)
    made = dict(
        config=Path(args.config).name, split=args.split, mmwsml=__version__
    )
    if args.read:
        split, whole = read_split(cfg, args.split), read_whole(cfg, args.split)
        images = read_observations(
            split,
            args.read,
            MATRIX.get(args.unknown, 0),
            bad,
            whole,
            ReadOptions.of(args),
        )
        made.update(read=Path(args.read).name)
    else:
        split, images, drawn = draw(cfg, args)
        made.update(drawn)
    labels = ObservedLabels(split.classes, images, made)
    save_observed_labels(labels, args.out)
    known = ((image.positives, image.negatives) for image in labels)
    print(f'{args.out}\n{count_labels(split.classes, known)}\n{bad}')


def draw(
    cfg: 'Config', args: argparse.Namespace
) -> Tuple['BareSplit', Iterable['Observation'], dict]:
    """Draw labels; return the images, what is observed, and how."""
    from mmwsml.datasets.bare_split import read_split
    from mmwsml.datasets.observe import draw_labels, draw_paper_labels

    seed = args.seed or 0
    made = dict(
        generator=args.generator, seed=seed, num_per_class=args.num_per_class
    )
    if args.generator != 'spml' or args.num_per_class is not None:
        split = read_split(cfg, args.split)
        images = draw_labels(split, args.generator, seed, args.num_per_class)
        return split, images, made
    split, images, fault = draw_paper_labels(cfg, args.split, seed)
    made.update(official=fault is None)
    if fault is None:
        print("The paper's own draw, of the whole official split.")
    else:
        made.update(not_official=fault)
        print(f"Warning: this is not the paper's own draw: {fault}.")
    return split, images, made


if __name__ == '__main__':
    run_main(main)
