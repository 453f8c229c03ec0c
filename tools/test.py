"""Evaluate a checkpoint: ``python tools/test.py CONFIG CHECKPOINT``."""

import argparse
import os

from mmwsml.command_line import load_config, run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line; most options are MMPretrain's."""
    parser = tool_parser(
        'Evaluate a checkpoint.', '--cfg-options', '--launcher', '--force'
    )
    add = parser.add_argument
    add('config', help='path of the config')
    add('checkpoint', help='path of the checkpoint')
    add(
        '--work-dir',
        help='folder for the log; work_dirs/<config>/test by default',
    )
    add(
        '--split',
        choices=['val', 'test'],
        default='test',
        help='which loader and evaluator of the config; test by default',
    )
    add(
        '--out',
        action='append',
        default=[],
        metavar='FILE',
        help='keep results, by the end of the name: .npz the result file '
        "that every analysis reads, .json the metrics, .pkl MMPretrain's "
        'predictions; may be repeated',
    )
    add(
        '--show',
        action='store_true',
        help='draw the best and worst images of each class to '
        'WORK_DIR/sheets_SPLIT',
    )
    add('--show-dir', metavar='DIR', help='draw them there')
    add(
        '--show-classes',
        nargs='+',
        metavar='NAME',
        help='classes to draw; the first 100 by default',
    )
    add(
        '--tta',
        action='store_true',
        help='average over the views of `tta_pipeline`; by default over the '
        'image and its mirror image',
    )
    add('--show-num', type=int, default=5, help='images a row; 5 by default')
    return parser.parse_args()


def main() -> None:
    """Merge the command line into the config and test."""
    args = parse_args()
    from mmengine.dist import is_main_process

    from mmwsml.analysis.prediction_sheets import write_sheets
    from mmwsml.engine.launch import adapt_to_machine, set_work_dir
    from mmwsml.evaluation.predictions import read_predictions
    from mmwsml.inference.evaluate import evaluate
    from mmwsml.inference.flipped_views import average_views
    from mmwsml.structures.overwriting import refuse_to_overwrite

    refuse_to_overwrite(args.out, [args.config, args.checkpoint], args.force)
    cfg = load_config(args)
    cfg.load_from = args.checkpoint
    set_work_dir(cfg, args.work_dir, 'test')
    adapt_to_machine(cfg)
    if args.tta:
        average_views(cfg, args.split)
    if args.show and not args.show_dir:
        args.show_dir = os.path.join(cfg.work_dir, f'sheets_{args.split}')
    results = [path for path in args.out if path.endswith('.npz')]
    if args.show_dir and not results:
        results = [os.path.join(cfg.work_dir, f'{args.split}.npz')]
        args.out += results
    evaluate(cfg, args.split, args.out)
    if args.show_dir and is_main_process():
        predictions = read_predictions(results[0])
        named = args.show_classes
        print(write_sheets(predictions, args.show_dir, named, args.show_num))


if __name__ == '__main__':
    run_main(main)
