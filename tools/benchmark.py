"""Compare methods over seeds: ``python tools/benchmark.py PRESET``."""

import argparse
import signal
import sys
from pathlib import Path

from mmwsml.benchmark.presets import PRESETS
from mmwsml.command_line import run_main, tool_parser

TOOLS = Path(__file__).absolute().parent


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(
        'Train and test each method with each seed, then write '
        'tables, runs.csv and plot.png to WORK_DIR/PRESET. Started again '
        'it runs what is not done; the exit status is 1 if a run has no '
        'result in the end, or nothing could be started.'
    )
    add = parser.add_argument
    add('preset', help=f'one of {", ".join(PRESETS)}; see docs/reproduce.md')
    add(
        '--work-dir',
        type=Path,
        default=Path('work_dirs/benchmark'),
        help='where runs and tables go; work_dirs/benchmark by default',
    )
    add(
        '--methods',
        nargs='+',
        metavar='NAME',
        help='what runs; all methods of the preset by default',
    )
    add(
        '--datasets',
        nargs='+',
        metavar='NAME',
        help='on what; all data sets of the preset by default',
    )
    add('--seeds', nargs='+', default=['0', '1', '2'], help='0 1 2 by default')
    add(
        '--jobs',
        type=int,
        help='runs at a time; as many as there are GPUs for by default',
    )
    add(
        '--gpus-per-run',
        type=int,
        default=1,
        help='processes of a run, each with a GPU if there are any; 1 by '
        'default',
    )
    add(
        '--launcher',
        choices=['none', 'slurm'],
        default='none',
        help='slurm: each run is a job',
    )
    add('--partition', help='of Slurm')
    add(
        '--results',
        nargs='+',
        type=Path,
        default=[],
        metavar='RUNS.csv',
        help='runs of other machines, which are not run again',
    )
    add('--list', action='store_true', help='only say what would run')
    add(
        '--collect-only',
        action='store_true',
        help='only write the table of what is there',
    )
    add(
        '--cfg-options',
        nargs='+',
        default=[],
        metavar='KEY=VALUE',
        help='overrides of the config for every run',
    )
    args = parser.parse_args()
    if (args.launcher == 'slurm') != bool(args.partition):
        parser.error('--launcher slurm and --partition go together')
    return args


def main() -> None:
    """Run and collect."""
    args = parse_args()
    from mmengine.logging import MMLogger

    # As Ctrl-C does: the processes that train are ended, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # A line for each config that reads an environment variable says nothing.
    MMLogger.get_current_instance().setLevel('WARNING')
    sys.exit(benchmark(args))


def benchmark(args: argparse.Namespace) -> bool:
    """Do what the command line says; whether a run has no result."""
    from mmwsml.benchmark.main import collect, describe, run
    from mmwsml.benchmark.plan import plan

    matrix = plan(
        TOOLS.parent,
        args.preset,
        args.work_dir,
        args.methods,
        args.datasets,
        args.seeds,
        args.cfg_options,
        args.results,
    )
    if args.list:
        print(describe(matrix))
        return False
    num_open = 0
    if not args.collect_only:
        num_open = run(
            matrix, TOOLS, args.jobs, args.gpus_per_run, args.partition or ''
        )
    print(collect(matrix))
    return num_open > 0


if __name__ == '__main__':
    run_main(main)
