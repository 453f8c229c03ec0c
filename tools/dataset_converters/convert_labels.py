"""Turn labels of your own into an annotation file, and say what is known.

``python tools/dataset_converters/convert_labels.py SOURCE OUT``
"""

import argparse
from fractions import Fraction

from mmwsml.command_line import run_main, tool_parser
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels, read_names
from mmwsml.label_files.label_report import advise_delta_rel, count_labels
from mmwsml.label_files.named_labels import save_annotations, to_data_list
from mmwsml.structures.overwriting import refuse_to_overwrite

NUM_NOTES = 10  # of what was left out that is no bad entry


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
        help='CSV, annotation JSON, COCO or LVIS JSON, or folder of VOC XML',
    )
    add('out', help='the annotation JSON to write')
    add(
        '--labels',
        choices=['partial', 'complete'],
        default='partial',
        help='complete: every label must be known, for validation and test; '
        'partial by default',
    )
    add('--classes', help='file with the name of a class in each line')
    add('--ids', help='VOC: file with the name of an image in each line')
    add('--images', help='folder where each image must be')
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
    return parser.parse_args()


def main() -> None:
    """Convert, and report."""
    args = parse_args()
    read = [args.source, args.classes, args.ids, args.complete]
    refuse_to_overwrite([args.out], read, args.force)
    bad = BadEntries(args.skip_bad)
    classes = read_names(args.classes) if args.classes else None
    source = read_labels(args.source, bad, classes, args.ids)
    data_list = to_data_list(source, args.labels, args.images, bad)
    counts = count_labels(
        source.classes,
        ((entry['gt_label'], entry.get('neg_label')) for entry in data_list),
    )
    save_annotations(source.classes, data_list, args.out)
    print(f'{args.out}: {args.labels} labels\n{counts}\n{bad}')
    for note in source.notes[:NUM_NOTES]:
        print(note)
    if len(source.notes) > NUM_NOTES:
        print(f'and {len(source.notes) - NUM_NOTES} more such notes')
    if args.labels == 'complete':
        return
    expected = args.positives_per_image
    if args.complete:
        complete = read_labels(args.complete, BadEntries(), source.classes)
        entries = to_data_list(complete, 'complete', None, BadEntries())
        num_positives = sum(len(entry['gt_label']) for entry in entries)
        expected = Fraction(num_positives, len(entries))
    print(f'\n{advise_delta_rel(counts, args.batch_size, expected)}')


if __name__ == '__main__':
    run_main(main)
