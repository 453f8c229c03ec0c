"""Evaluate a checkpoint: ``python tools/test.py CONFIG CHECKPOINT``."""

import argparse
import os

from mmengine.config import Config
from mmengine.dist import is_main_process

from mmwsml.analysis.prediction_sheets import write_sheets
from mmwsml.command_line import CFG_OPTIONS, run_main
from mmwsml.engine.launch import adapt_to_machine, set_work_dir
from mmwsml.evaluation.predictions import read_predictions
from mmwsml.inference.evaluate import evaluate
from mmwsml.structures.overwriting import refuse_to_overwrite


def parse_args() -> argparse.Namespace:
    """Read the command line; most options are MMPretrain's."""
    parser = argparse.ArgumentParser(
        description='Evaluate a checkpoint.', parents=[CFG_OPTIONS]
    )
    parser.add_argument('config', help='path of the config')
    parser.add_argument('checkpoint', help='path of the checkpoint')
    parser.add_argument(
        '--work-dir',
        help='folder for the log; work_dirs/<config>/test by default',
    )
    parser.add_argument(
        '--split',
        choices=['val', 'test'],
        default='test',
        help='which loader and evaluator of the config; test by default',
    )
    parser.add_argument(
        '--out',
        action='append',
        default=[],
        metavar='FILE',
        help='keep results, by the end of the name: .npz the result file '
        "that every analysis reads, .json the metrics, .pkl MMPretrain's "
        'predictions; may be repeated',
    )
    parser.add_argument(
        '--force',
        action='store_true',
        help='replace the files of --out that are there',
    )
    parser.add_argument(
        '--show',
        action='store_true',
        help='draw the best and worst images of each class to '
        'WORK_DIR/sheets_SPLIT',
    )
    parser.add_argument('--show-dir', metavar='DIR', help='draw them there')
    parser.add_argument(
        '--show-classes',
        nargs='+',
        metavar='NAME',
        help='classes to draw; the first 100 by default',
    )
    parser.add_argument(
        '--show-num', type=int, default=5, help='images a row; 5 by default'
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
    """Merge the command line into the config and test."""
    args = parse_args()
    refuse_to_overwrite(args.out, [args.config, args.checkpoint], args.force)
    cfg = Config.fromfile(args.config)
    if args.cfg_options:
        cfg.merge_from_dict(args.cfg_options)
    cfg.launcher = args.launcher
    cfg.load_from = args.checkpoint
    set_work_dir(cfg, args.work_dir, 'test')
    adapt_to_machine(cfg)
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
