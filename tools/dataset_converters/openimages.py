"""Build Open Images' label arrays: ``python .../openimages.py DATA_ROOT``."""

import argparse

from mmwsml.command_line import DEBUG, run_main
from mmwsml.datasets.open_images_arrays import build_open_images


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Turn the CSV files of Open Images into arrays, once. '
        'What is built already stays as it is.',
        parents=[DEBUG],
    )
    parser.add_argument('data_root', help='folder of the CSV files')
    parser.add_argument(
        '--split',
        nargs='+',
        default=['train', 'validation', 'test'],
        help='folders below it; all three by default',
    )
    parser.add_argument(
        '--check-images',
        action='store_true',
        help='look for the image of every entry',
    )
    parser.add_argument(
        '--image-path',
        default='{split}/{id}.jpg',
        help='where --check-images looks, below the folder; %(default)s by '
        'default',
    )
    parser.add_argument(
        '--keep-unlabelled',
        action='store_true',
        help='keep images without a known label, too',
    )
    parser.add_argument(
        '--skip-bad',
        action='store_true',
        help='leave bad entries out and count them',
    )
    return parser.parse_args()


def main() -> None:
    """Build one split after the other and say what was found."""
    args = parse_args()
    for split in args.split:
        report = build_open_images(
            args.data_root,
            split,
            image_path=args.image_path if args.check_images else None,
            keep_unlabelled=args.keep_unlabelled,
            skip_bad=args.skip_bad,
        )
        print(f'{split}:')
        for name, count in report.items():
            print(f'{count:12,} {name}')


if __name__ == '__main__':
    run_main(main)
