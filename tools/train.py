"""Train a model: ``python tools/train.py CONFIG``."""

import argparse
from urllib.error import URLError

from mmwsml.command_line import load_config, run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line; the options are those of MMPretrain."""
    parser = tool_parser('Train a model.', '--cfg-options', '--launcher')
    add = parser.add_argument
    add('config', help='path of the config')
    add(
        '--work-dir',
        help='folder for logs and checkpoints; work_dirs/<config> by default',
    )
    add(
        '--resume',
        nargs='?',
        const='auto',
        help='go on from this checkpoint, or from the last one of the work '
        'dir if none is named',
    )
    add(
        '--amp',
        action='store_true',
        help='mixed precision: float16 on a GPU, bfloat16 on a CPU',
    )
    add(
        '--no-validate',
        action='store_true',
        help='do not validate during training; no best epoch is kept',
    )
    add(
        '--auto-scale-lr',
        action='store_true',
        help='scale the learning rate with the global batch size',
    )
    add(
        '--tensorboard',
        action='store_true',
        help='write curves and pictures for TensorBoard too, to '
        'WORK_DIR/*/vis_data',
    )
    return parser.parse_args()


def main() -> None:
    """Merge the command line into the config and train."""
    args = parse_args()
    from mmwsml.engine.launch import (
        adapt_to_machine,
        add_tensorboard,
        set_work_dir,
    )
    from mmwsml.engine.training import train

    cfg = load_config(args)
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
