"""Compute features once: ``extract_features.py CONFIG --out FOLDER``."""

import argparse
import os

from mmengine.config import Config

from mmwsml.command_line import CFG_OPTIONS, run_main
from mmwsml.engine.feature_extraction import extract_features
from mmwsml.engine.feature_images import SPLITS
from mmwsml.engine.launch import adapt_to_machine


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Write what the linear layer of a model receives of each '
        'image, for a linear head to be trained on. Goes on where it was '
        'stopped.',
        parents=[CFG_OPTIONS],
    )
    parser.add_argument('config', help='path of the config')
    parser.add_argument(
        'checkpoint',
        nargs='?',
        help='path of the checkpoint; without it the weights are those that '
        'training starts from',
    )
    parser.add_argument(
        '--out', required=True, metavar='DIR', help='folder for the features'
    )
    parser.add_argument(
        '--splits',
        nargs='+',
        choices=SPLITS,
        help='all that the config has by default',
    )
    parser.add_argument(
        '--flip',
        action='store_true',
        help='add the features of the mirrored images',
    )
    parser.add_argument(
        '--launcher',
        choices=['none', 'pytorch', 'slurm', 'mpi'],
        default='none',
        help='what started the processes',
    )
    parser.add_argument('--local_rank', '--local-rank', type=int, default=0)
    args = parser.parse_args()
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    return args


def main() -> None:
    """Merge the command line into the config and extract."""
    args = parse_args()
    cfg = Config.fromfile(args.config)
    if args.cfg_options:
        cfg.merge_from_dict(args.cfg_options)
    cfg.launcher = args.launcher
    adapt_to_machine(cfg)
    extract_features(cfg, args.out, args.checkpoint, args.splits, args.flip)


if __name__ == '__main__':
    run_main(main)
