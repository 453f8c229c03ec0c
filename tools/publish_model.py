"""Cut a checkpoint down: ``publish_model.py CONFIG CHECKPOINT``."""

import argparse

from mmwsml.command_line import DEBUG, run_main
from mmwsml.inference.publish import publish_model


def main() -> None:
    """Read the command line and publish."""
    parser = argparse.ArgumentParser(
        description='Write the weights, classes, thresholds and inference '
        'config of a checkpoint into a file of its own, with the start of its '
        'sha256 in the name.',
        parents=[DEBUG],
    )
    parser.add_argument('config', help='config of the run')
    parser.add_argument('checkpoint', help='checkpoint of the run')
    parser.add_argument(
        '--thresholds', help='thresholds.json of tools/analysis/calibrate.py'
    )
    parser.add_argument(
        '--out-dir', help='folder; that of the checkpoint by default'
    )
    print(publish_model(**vars(parser.parse_args())))


if __name__ == '__main__':
    run_main(main)
