"""Play the pointing game: ``pointing_game.py CONFIG [CHECKPOINT]``."""

import argparse

from mmengine.config import Config

from mmwsml.command_line import CFG_OPTIONS, run_main
from mmwsml.engine.launch import adapt_to_machine, set_work_dir
from mmwsml.inference.pointing import play_pointing_game


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description='Count how often the class-activation map of a true class '
        'is largest inside one of its boxes.',
        parents=[CFG_OPTIONS],
    )
    parser.add_argument('config', help='path of the config')
    parser.add_argument(
        'checkpoint',
        nargs='?',
        help='path of the checkpoint; without it the weights are those that '
        'training starts from',
    )
    parser.add_argument('--split', choices=['val', 'test'], default='test')
    parser.add_argument(
        '--tolerance',
        type=float,
        default=0,
        help='px by which a point may miss a box; 15 is usual for VOC',
    )
    parser.add_argument('--method', choices=['cam', 'grad-cam'], default='cam')
    parser.add_argument('--target-layer', help='module that grad-cam looks at')
    parser.add_argument(
        '--show-dir', help='folder for a picture of each image and class'
    )
    parser.add_argument('--work-dir', help='folder for the log')
    return parser.parse_args()


def main() -> None:
    """Merge the command line into the config and play."""
    args = parse_args()
    cfg = Config.fromfile(args.config)
    if args.cfg_options:
        cfg.merge_from_dict(args.cfg_options)
    cfg.launcher = 'none'
    cfg.load_from = args.checkpoint
    set_work_dir(cfg, args.work_dir, 'pointing_game')
    adapt_to_machine(cfg)
    hook = dict(method=args.method, target_layer=args.target_layer)
    game = dict(tolerance=args.tolerance, show_dir=args.show_dir)
    play_pointing_game(cfg, args.split, hook, game)


if __name__ == '__main__':
    run_main(main)
