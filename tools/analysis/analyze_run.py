"""Show what a method did in a run with records: ``analyze_run.py RUN``."""

import argparse

from mmwsml.analysis.analysis_names import ANALYSIS_NAMES
from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(
        'Write a table (CSV, Markdown) and a plot of what a run '
        'recorded: losses by kind of label and epoch, the phase of the '
        'highest loss, precision and recall of what was modified, timelines '
        'of images, histograms of losses, and gains of classes over another '
        'run.',
        '--data-root',
    )
    add = parser.add_argument
    add('run', metavar='RUN', help='work dir of the run')
    add('--out', help='folder; RUN/analysis by default')
    add(
        '--only',
        nargs='+',
        choices=ANALYSIS_NAMES,
        metavar='NAME',
        help=f'of {", ".join(ANALYSIS_NAMES)}; all by default',
    )
    add(
        '--images',
        nargs='+',
        metavar='ID',
        help='sample_id of images to follow; the most modified by default',
    )
    add(
        '--num-images',
        type=int,
        default=12,
        help='how many of the most modified images; 12 by default',
    )
    add('--second', metavar='RUN', help='work dir of a run to compare with')
    add(
        '--predictions',
        nargs=2,
        default=(),
        metavar='FILE.npz',
        help='results of this run and of another one on the same images, by '
        'tools/test.py --out: their gains by class',
    )
    add(
        '--warmup',
        type=int,
        default=1,
        help='last epoch of the warm-up; 1 by default',
    )
    return parser.parse_args()


def main() -> None:
    """Analyse, and name what was written."""
    args = parse_args()
    from mmwsml.analysis.insights.analyze import analyze_run

    print(analyze_run(**vars(args)))


if __name__ == '__main__':
    run_main(main)
