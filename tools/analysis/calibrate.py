"""Thresholds and calibration of a run: ``calibrate.py VAL_RESULT.npz``."""

from mmwsml.command_line import run_main, tool_parser


def main() -> None:
    """Read the command line and calibrate."""
    parser = tool_parser(
        'Find the threshold of each class that maximises F1 on '
        'the validation split, and how far scores are from probabilities: '
        'thresholds.json, calibration.csv and calibration.png, written beside '
        'the result file.',
        '--force',
    )
    add = parser.add_argument
    add(
        'val_file',
        metavar='VAL_RESULT.npz',
        help='made by tools/test.py --split val --out FILE.npz',
    )
    add(
        '--test',
        dest='test_file',
        metavar='TEST_RESULT.npz',
        help='judge the thresholds on this result of the test split',
    )
    add(
        '--num-bins',
        type=int,
        default=15,
        help='bins of the reliability table; 15 by default',
    )
    args = parser.parse_args()
    from mmwsml.analysis.calibration import calibrate

    print(calibrate(**vars(args)))


if __name__ == '__main__':
    run_main(main)
