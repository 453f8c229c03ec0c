"""Train a model: ``python tools/train.py CONFIG``."""

import argparse
import os
from urllib.error import URLError

from mmengine.config import Config

from mmwsml.command_line import CFG_OPTIONS, run_main
from mmwsml.engine.launch import (
    adapt_to_machine,
    add_tensorboard,
    set_work_dir,
)
from mmwsml.engine.training import train


def parse_args() -> argparse.Namespace:
    """Read the command line; the options are those of MMPretrain."""
    parser = argparse.ArgumentParser(
        description='Train a model.', parents=[CFG_OPTIONS]
    )
    parser.add_argument('config', help='path of the config')
    parser.add_argument(
        '--work-dir',
        help='folder for logs and checkpoints; work_dirs/<config> by default',
    )
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        help='go on from this checkpoint, or from the last one of the work '
        'dir if none is named',
    )
    parser.add_argument(
        '--amp',
        action='store_true',
        help='mixed precision: float16 on a GPU, bfloat16 on a CPU',
    )
    parser.add_argument(
        '--no-validate',
        action='store_true',
        help='do not validate during training; no best epoch is kept',
    )
    parser.add_argument(
        '--auto-scale-lr',
        action='store_true',
        help='scale the learning rate with the global batch size',
    )
    parser.add_argument(
        '--tensorboard',
        action='store_true',
        help='write curves and pictures for TensorBoard too, to '
        'WORK_DIR/*/vis_data',
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
    """Merge the command line into the config and train."""
    args = parse_args()
    cfg = Config.fromfile(args.config)
    if args.cfg_options:
        cfg.merge_from_dict(args.cfg_options)
    cfg.launcher = args.launcher
    set_work_dir(cfg, args.work_dir)
    if args.tensorboard:
        add_tensorboard(cfg)
    if args.no_validate:
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
        cfg.default_hooks.checkpoint.save_best = None
    if args.resume:
        cfg.resume = True
        cfg.load_from = None if args.resume == 'auto' else args.resume
    if args.auto_scale_lr:
        cfg.auto_scale_lr.enable = True
    if args.amp:
        cfg.optim_wrapper.type = 'AmpOptimWrapper'
    adapt_to_machine(cfg)
    try:
        train(cfg)
    except URLError as error:
        raise ConnectionError(
            f'Pre-trained weights cannot be downloaded ({error}); name '
            'a file with --cfg-options model.backbone.init_cfg.checkpoint='
            'FILE, or train without them with model.backbone.init_cfg=None'
        ) from error


if __name__ == '__main__':
    run_main(main)
