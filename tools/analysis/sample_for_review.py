"""Which labels to ask for: ``sample_for_review.py RESULT.npz LIST.csv``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read the command line; write a list, or read it back."""
    parser = tool_parser(
        'Draw the labels whose answers tell most of mAP, '
        'precision, recall and of how many labels are missing, where labels '
        'are partial; with --answers, read the answered list back.',
        '--force',
    )
    add = parser.add_argument
    add(
        'result_file',
        metavar='RESULT.npz',
        help='made by tools/test.py --out FILE.npz',
    )
    add('list', metavar='LIST.csv')
    add(
        '--answers',
        action='store_true',
        help='LIST.csv is answered: say what it tells',
    )
    add(
        '--budget',
        type=int,
        default=200,
        help='lines of the list; 200 by default',
    )
    add(
        '--thresholds',
        default='0.5',
        help='a number, or a thresholds.json; 0.5 by default',
    )
    add('--seed', type=int, default=0, help='of the draw')
    args = parser.parse_args()
    from mmwsml.analysis.sample_for_review import (
        read_review,
        sample_for_review,
    )

    try:
        thresholds = float(args.thresholds)
    except ValueError:
        thresholds = args.thresholds
    if args.answers:
        print(read_review(args.result_file, args.list, thresholds))
        return
    text = sample_for_review(
        args.result_file,
        args.list,
        args.budget,
        thresholds,
        args.seed,
        args.force,
    )
    print(text)


if __name__ == '__main__':
    run_main(main)
