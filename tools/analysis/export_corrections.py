"""Write the labels that a run corrected: ``export_corrections.py RUN``."""

import argparse

from mmwsml.analysis.export import export_corrections
from mmwsml.command_line import DEBUG, run_main


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(
        description='Write the labels that LL-Cp or MIME corrected: '
        'annotations.json to train on, and corrections.csv to look through, '
        'the most doubtful first.',
        parents=[DEBUG],
    )
    parser.add_argument('run', help='work dir of the run')
    parser.add_argument('--checkpoint', help='instead of the last of the run')
    parser.add_argument('--out', help='folder; RUN/corrections by default')
    parser.add_argument(
        '--keep-out',
        metavar='FILE',
        help='CSV with the columns sample_id and class: corrections that a '
        'person refused; lines of corrections.csv do',
    )
    parser.add_argument(
        '--refused-are-negative',
        action='store_true',
        help='make the refused ones observed negatives',
    )
    parser.add_argument(
        '--config',
        help='run this config for the training set, where that is not of the '
        'mm packages; by default the run tells it, and nothing of it runs',
    )
    parser.add_argument(
        '--force',
        action='store_true',
        help='replace the files if they are there',
    )
    for path in export_corrections(**vars(parser.parse_args())):
        print(path)


if __name__ == '__main__':
    run_main(main)
