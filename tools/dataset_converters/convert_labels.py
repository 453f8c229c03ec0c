"""Turn labels of your own into an annotation file, and say what is known.

``python tools/dataset_converters/convert_labels.py SOURCE OUT``
"""

import argparse
import os
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from mmwsml.command_line import run_main, tool_parser
from mmwsml.label_files.read_options import ReadOptions

if TYPE_CHECKING:
    from mmwsml.label_files.marked_labels import MarkedLabels


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(
        'Turn labels of your own into an annotation file.',
        '--force',
        '--skip-bad',
    )
    add = parser.add_argument
    add(
        'source',
        help='table (CSV, TSV, Excel, Parquet, JSON lines), annotation JSON, '
        'COCO or LVIS JSON, or folder of VOC XML: see docs/own-labels.md',
    )
    add(
        'out',
        help='the annotation JSON to write; with --split the folder of them',
    )
    add(
        '--split',
        metavar='SHARES',
        help='0.7,0.15,0.15: write OUT/train.json, val.json and test.json '
        'with these shares of the images and of each label; 0.8,0.2: train '
        'and val',
    )
    add('--seed', type=int, default=0, help='names a split, 0 by default')
    add(
        '--labels',
        choices=['partial', 'complete'],
        default='partial',
        help='complete: every label must be known, for validation and test; '
        'partial by default',
    )
    ReadOptions.add_arguments(parser)
    expected = parser.add_mutually_exclusive_group()
    expected.add_argument(
        '--positives-per-image',
        type=Fraction,
        help='how many you expect, with complete labels',
    )
    expected.add_argument(
        '--complete',
        metavar='FILE',
        help='complete labels, of validation images, that tell how many',
    )
    add('--batch-size', type=int, default=16, help='16 by default')
    args = parser.parse_args()
    if args.group and not args.split:
        parser.error('--group is for --split, which keeps groups together')
    return args


def main() -> None:
    """Convert, and report."""
    args = parse_args()
    from mmwsml.label_files.annotations import save_annotations
    from mmwsml.label_files.bad_entries import BadEntries
    from mmwsml.label_files.class_report import report, report_path
    from mmwsml.label_files.convert import read_labels
    from mmwsml.label_files.split_files import save_split, split_paths
    from mmwsml.label_files.stratified_split import (
        PARTS,
        parse_shares,
        split_images,
    )
    from mmwsml.structures.overwriting import refuse_to_overwrite

    shares = parse_shares(args.split) if args.split else None
    outs, report_file = [args.out], report_path(args.out)
    if shares:
        outs = split_paths(args.out, PARTS[len(shares)])
        report_file = report_path(os.path.join(args.out, 'labels'))
    read = [args.source, args.complete]
    refuse_to_overwrite([*outs, report_file], read, args.force)
    options, bad = ReadOptions.of(args), BadEntries(args.skip_bad)
    marked = read_labels(args.source, bad, options, args.labels)
    print(f'{args.out}: {args.labels} labels')
    if shares:
        parts = split_images(marked, shares, args.seed)
        print('\n'.join(save_split(parts, args.labels, args.out)))
    else:
        save_annotations(marked, args.labels, args.out)
    print(report(marked, bad, report_file))
    if args.labels == 'partial':
        print(f'\n{advise(marked, args, options)}')


def advise(
    marked: 'MarkedLabels', args: argparse.Namespace, options: ReadOptions
) -> str:
    """Say how many labels each delta_rel would modify."""
    from mmwsml.label_files.bad_entries import BadEntries
    from mmwsml.label_files.class_report import count_classes
    from mmwsml.label_files.convert import read_labels
    from mmwsml.label_files.label_report import advise_delta_rel

    expected = args.positives_per_image
    if args.complete:
        options = replace(options, classes=marked.classes, images=None)
        complete = read_labels(
            args.complete, BadEntries(), options, 'complete'
        )
        counts = count_classes(complete).total()
        expected = Fraction(counts.num_positives, counts.num_images)
    counts = count_classes(marked).total()
    return advise_delta_rel(counts, args.batch_size, expected)


if __name__ == '__main__':
    run_main(main)
