"""Check the data of a config: ``python tools/check_dataset.py CONFIG``."""

import argparse
import sys

from mmengine.config import Config

from mmwsml.command_line import CFG_OPTIONS, run_main
from mmwsml.datasets.check import check_config
from mmwsml.datasets.split_reports import format_reports


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Read every split of a config, count its labels, open its '
        'images; the exit status is 1 if anything is wrong.',
        parents=[CFG_OPTIONS],
    )
    parser.add_argument(
        'config', help='path of a config, or of one in configs/_base_/datasets'
    )
    parser.add_argument(
        '--num-images',
        type=int,
        help='images to open of each split, evenly spaced; all by default',
    )
    parser.add_argument(
        '--skip-bad',
        action='store_true',
        help='go on past broken entries and missing images, and count them',
    )
    return parser.parse_args()


def main() -> None:
    """Print the table."""
    args = parse_args()
    cfg = Config.fromfile(args.config)
    if args.cfg_options:
        cfg.merge_from_dict(args.cfg_options)
    reports = check_config(cfg, args.num_images, args.skip_bad)
    print(format_reports(reports))
    sys.exit(any(report.faults for report in reports.values()))


if __name__ == '__main__':
    run_main(main)
