"""Report on runs in one HTML page: ``report.py RUN [RUN ...]``."""

from mmwsml.analysis.report_options import ReportOptions
from mmwsml.command_line import run_main, tool_parser

DEFAULTS = ReportOptions()
#: Limits, and what they are of.
LIMITS = {
    'num_timelines': 'images that are followed through training',
    'num_pictures': 'modified labels with a picture, of each group',
    'num_suspects': 'suspicious labels in the table',
    'num_suspect_pictures': 'how many of the first of them have a picture',
    'warmup': 'last epoch of the warm-up',
}


def main() -> None:
    """Evaluate where that is asked for, and write the page."""
    parser = tool_parser(
        'Write a report of runs: configuration and data, curves, '
        'what the records tell (losses by kind of label, precision and recall '
        'of what was modified, pictures), and suspicious labels to look '
        'through. It is one HTML file that asks for nothing from anywhere.',
        '--data-root',
    )
    add = parser.add_argument
    add(
        'runs',
        nargs='+',
        metavar='RUN',
        help='work dir of a run; others are compared with the first',
    )
    add('--out', metavar='FILE', help='RUN/report/report.html by default')
    add(
        '--evaluate',
        choices=['val', 'test'],
        help='evaluate the best checkpoint of each run on this split first, '
        'for the average precision of each class, and play the pointing game '
        'where there are boxes; kept in RUN/report',
    )
    for name, meaning in LIMITS.items():
        default = getattr(DEFAULTS, name)
        add(
            f'--{name.replace("_", "-")}',
            type=int,
            default=default,
            metavar='N',
            help=f'{meaning}; {default} by default',
        )
    args = parser.parse_args()
    from mmwsml.analysis.report.evaluation import evaluate_run
    from mmwsml.analysis.report.page import write_report

    limits = {name: getattr(args, name) for name in LIMITS}
    options = ReportOptions(data_root=args.data_root, **limits)
    if args.evaluate:
        for run in args.runs:
            evaluate_run(run, args.evaluate)
    path = write_report(args.runs, args.out, options)
    print(f'Wrote {path} ({path.stat().st_size / 1e6:.1f} MB).')


if __name__ == '__main__':
    run_main(main)
