"""Show the best and worst images: ``show_predictions.py RESULT.npz DIR``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read the command line and draw the sheets."""
    parser = tool_parser(
        'Draw a sheet for each class: the images with it of the '
        'highest and the lowest scores, and those without it of the highest.'
    )
    add = parser.add_argument
    add(
        'result',
        metavar='RESULT.npz',
        help='made by tools/test.py --out FILE.npz',
    )
    add('folder', metavar='DIR', help='where the sheets go')
    add(
        '--classes',
        nargs='+',
        metavar='NAME',
        help='classes to show; the first 100 by default',
    )
    add('--num', type=int, default=5, help='images a row; 5 by default')
    add(
        '--images',
        metavar='DIR',
        help='folder of the images, where they have been moved',
    )
    args = parser.parse_args()
    from mmwsml.analysis.prediction_sheets import write_sheets
    from mmwsml.evaluation.predictions import read_predictions

    predictions = read_predictions(args.result)
    print(
        write_sheets(
            predictions, args.folder, args.classes, args.num, args.images
        )
    )


if __name__ == '__main__':
    run_main(main)
