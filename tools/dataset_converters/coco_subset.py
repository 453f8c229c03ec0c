"""Cut a small set of photographs with several labels out of your own COCO.

``python tools/dataset_converters/coco_subset.py INSTANCES IMAGES OUT``

The classes, the size and the rule are those of the set that
docs/results.md is of; the photographs are others.
"""

from pathlib import Path

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read, choose, resize and write."""
    parser = tool_parser(
        'Cut a set of 18 classes, 128 px, out of COCO.',
        '--force',
        '--skip-bad',
    )
    add = parser.add_argument
    add('instances', help='instances_train2017.json or so')
    add('images', help='folder of the photographs')
    add('out', help='folder to write')
    add('--num-images', type=int, default=7000, help='7000 by default')
    args = parser.parse_args()
    from mmwsml.datasets.coco_subset import SHARES, cut_subset, write_subset
    from mmwsml.label_files.bad_entries import BadEntries
    from mmwsml.label_files.coco_labels import read_coco
    from mmwsml.label_files.json_labels import load_json
    from mmwsml.structures.overwriting import refuse_to_overwrite

    files = [Path(args.out, f'{split}.json') for split in SHARES]
    refuse_to_overwrite(files, [args.instances], args.force)
    bad = BadEntries(args.skip_bad)
    source = read_coco(args.instances, load_json(args.instances), bad)
    splits = cut_subset(source, args.num_images)
    counts = write_subset(splits, args.images, args.out, bad)
    print(f'{args.out}: {counts}\n{bad}')


if __name__ == '__main__':
    run_main(main)
