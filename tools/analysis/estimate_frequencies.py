"""How many positives are hidden: ``estimate_frequencies.py RESULT.npz``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read the command line and estimate."""
    parser = tool_parser(
        'Estimate how many positives each class has, hidden ones '
        'too, from the scores of images whose labels are positives alone: '
        'class_frequencies.csv, written beside the result file, for the '
        'option `frequencies` of hooks.',
        '--force',
    )
    parser.add_argument(
        'val_file',
        metavar='VAL_RESULT.npz',
        help='made by tools/test.py --split val --out FILE.npz',
    )
    args = parser.parse_args()
    from mmwsml.analysis.class_frequencies import class_frequencies

    print(class_frequencies(args.val_file, args.force))


if __name__ == '__main__':
    run_main(main)
