"""Check the data of a config: ``python tools/check_dataset.py CONFIG``."""

import sys

from mmwsml.command_line import load_config, run_main, tool_parser


def main() -> None:
    """Print the table."""
    parser = tool_parser(
        'Read every split of a config, count its labels, open its '
        'images; the exit status is 1 if anything is wrong.',
        '--cfg-options',
    )
    add = parser.add_argument
    add(
        'config', help='path of a config, or of one in configs/_base_/datasets'
    )
    add(
        '--num-images',
        type=int,
        help='images to open of each split, evenly spaced; all by default',
    )
    add(
        '--skip-bad',
        action='store_true',
        help='go on past broken entries and missing images, and count them',
    )
    args = parser.parse_args()
    from mmwsml.datasets.check import check_config
    from mmwsml.datasets.split_reports import format_reports

    cfg = load_config(args)
    reports = check_config(cfg, args.num_images, args.skip_bad)
    print(format_reports(reports))
    sys.exit(any(report.faults for report in reports.values()))


if __name__ == '__main__':
    run_main(main)
