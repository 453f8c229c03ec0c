"""Build Open Images' label arrays: ``python .../openimages.py DATA_ROOT``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Build one split after the other and say what was found."""
    parser = tool_parser(
        'Turn the CSV files of Open Images into arrays, once. '
        'What is built already stays as it is.',
        '--skip-bad',
    )
    add = parser.add_argument
    add('data_root', help='folder of the CSV files')
    add(
        '--split',
        nargs='+',
        default=['train', 'validation', 'test'],
        help='folders below it; all three by default',
    )
    add(
        '--check-images',
        action='store_true',
        help='look for the image of every entry',
    )
    add(
        '--image-path',
        default='{split}/{id}.jpg',
        help='where --check-images looks, below the folder; %(default)s by '
        'default',
    )
    add(
        '--keep-unlabelled',
        action='store_true',
        help='keep images without a known label, too',
    )
    args = parser.parse_args()
    from mmwsml.datasets.open_images_arrays import build_open_images

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
