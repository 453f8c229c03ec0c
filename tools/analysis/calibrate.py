"""Thresholds and calibration of a run: ``calibrate.py VAL_RESULT.npz``."""

import argparse

from mmwsml.analysis.calibration import calibrate
from mmwsml.command_line import DEBUG, run_main


def main() -> None:
    """Read the command line and calibrate."""
    parser = argparse.ArgumentParser(
        description='Find the threshold of each class that maximises F1 on '
        'the validation split, and how far scores are from probabilities: '
        'thresholds.json, calibration.csv and calibration.png, written beside '
        'the result file.',
        parents=[DEBUG],
    )
    parser.add_argument(
        'val_file',
        metavar='VAL_RESULT.npz',
        help='made by tools/test.py --split val --out FILE.npz',
    )
    parser.add_argument(
        '--test',
        dest='test_file',
        metavar='TEST_RESULT.npz',
        help='judge the thresholds on this result of the test split',
    )
    parser.add_argument(
        '--num-bins',
        type=int,
        default=15,
        help='bins of the reliability table; 15 by default',
    )
    parser.add_argument(
        '--force',
        action='store_true',
        help='replace thresholds.json and calibration.csv if they are there',
    )
    print(calibrate(**vars(parser.parse_args())))


if __name__ == '__main__':
    run_main(main)
