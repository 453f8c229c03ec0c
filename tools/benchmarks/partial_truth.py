"""What choosing on partial truth costs, and how sure its estimates are.

Usage: ``python tools/benchmarks/partial_truth.py record OUT`` trains each
method once and keeps what it says of validation and test images after every
epoch.
"""

from pathlib import Path

from partial_truth_runs import record

from mmwsml.benchmark.config_names import find_leaves
from mmwsml.benchmark.presets import DIGITS, FEATURES
from mmwsml.command_line import run_main, tool_parser

CONFIGS = Path(__file__).parents[2] / 'configs'
GROUPS = dict(coco18=FEATURES, digitscenes=DIGITS)
#: On DigitScenes, where a run takes minutes.
MAIN = ('full', 'an', 'll-r', 'll-ct', 'll-cp', 'll-r-cw', 'll-ct-cw')


def main() -> None:
    """Read the command line and train."""
    parser = tool_parser(__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument('--dataset', choices=GROUPS, default='coco18')
    parser.add_argument('--seeds', type=int, nargs='+', default=[0, 1, 2])
    args = parser.parse_args()
    leaves = find_leaves(CONFIGS, *GROUPS[args.dataset])
    if args.dataset == 'digitscenes':
        leaves = [leaf for leaf in leaves if leaf.method in MAIN]
        leaves.sort(key=lambda leaf: MAIN.index(leaf.method))
    for seed in args.seeds:
        for leaf in leaves:
            record(leaf, seed, args.out / args.dataset)


if __name__ == '__main__':
    run_main(main)
