"""Show what a method did in a run with records: ``analyze_run.py RUN``."""

import argparse

from mmwsml.analysis.insights.analyses import ANALYSES
from mmwsml.analysis.insights.analyze import analyze_run
from mmwsml.command_line import DEBUG, run_main


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Write a table (CSV, Markdown) and a plot of what a run '
        'recorded: losses by kind of label and epoch, the phase of the '
        'highest loss, precision and recall of what was modified, timelines '
        'of images, histograms of losses, and gains of classes over another '
        'run.',
        parents=[DEBUG],
    )
    parser.add_argument('run', metavar='RUN', help='work dir of the run')
    parser.add_argument('--out', help='folder; RUN/analysis by default')
    parser.add_argument(
        '--only',
        nargs='+',
        choices=list(ANALYSES),
        metavar='NAME',
        help=f'of {", ".join(ANALYSES)}; all by default',
    )
    parser.add_argument(
        '--images',
        nargs='+',
        metavar='ID',
        help='sample_id of images to follow; the most modified by default',
    )
    parser.add_argument(
        '--num-images',
        type=int,
        default=12,
        help='how many of the most modified images; 12 by default',
    )
    parser.add_argument(
        '--data-root', help='folder of the images, where they have been moved'
    )
    parser.add_argument(
        '--second', metavar='RUN', help='work dir of a run to compare with'
    )
    parser.add_argument(
        '--predictions',
        nargs=2,
        default=(),
        metavar='FILE.npz',
        help='results of this run and of another one on the same images, by '
        'tools/test.py --out: their gains by class',
    )
    parser.add_argument(
        '--warmup',
        type=int,
        default=1,
        help='last epoch of the warm-up; 1 by default',
    )
    return parser.parse_args()


def main() -> None:
    """Analyse, and name what was written."""
    print(analyze_run(**vars(parse_args())))


if __name__ == '__main__':
    run_main(main)
