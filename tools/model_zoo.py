"""Keep the model zoo up to date: ``python tools/model_zoo.py``."""

import argparse
import sys
from pathlib import Path

from mmwsml.command_line import run_main, tool_parser

ROOT = Path(__file__).absolute().parents[1]


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(
        'Give each config its row in metafile.yml and write the '
        'tables of docs/ from the metafiles and the published '
        'runs in docs/results/runs.csv.'
    )
    add = parser.add_argument
    add(
        '--results',
        nargs='+',
        type=Path,
        default=[],
        metavar='RUNS.csv',
        help='publish these runs of tools/benchmark.py; of a run that several '
        'have, the last counts',
    )
    add('--resources', help='the machine that made them')
    add('--code-version', metavar='COMMIT', help='the commit that made them')
    add(
        '--check',
        action='store_true',
        help='write nothing; the exit status is 1 if a file is stale',
    )
    args = parser.parse_args()

    if bool(args.results) != bool(args.resources and args.code_version):
        parser.error('--results, --resources and --code-version go together')
    if args.check and args.results:
        parser.error('--check writes nothing, so --results has no place there')
    return args


def main() -> None:
    """Refresh or check."""
    args = parse_args()
    from mmengine.logging import MMLogger

    from mmwsml.benchmark.model_zoo.main import find_stale, refresh
    from mmwsml.benchmark.model_zoo.results import publish_runs

    # A line for each config that reads an environment variable says nothing.
    MMLogger.get_current_instance().setLevel('WARNING')
    if args.check:
        sys.exit(report(find_stale(ROOT)))
    if args.results:
        publish_runs(ROOT, args.results, args.resources, args.code_version)
    for path in refresh(ROOT):
        print(f'wrote {path.relative_to(ROOT)}')


def report(stale: list) -> bool:
    """Name what is stale; whether anything is."""
    from mmwsml.benchmark.model_zoo.results import RUNS

    for path in stale:
        print(
            f'{path.relative_to(ROOT)} is not what configs, metafiles and '
            f'{RUNS} say; run python tools/model_zoo.py.',
            file=sys.stderr,
        )
    return bool(stale)


if __name__ == '__main__':
    run_main(main)
