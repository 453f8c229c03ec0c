"""Train methods once and keep what they say of each image after every epoch.

Usage: ``python tools/benchmarks/partial_truth_runs.py OUT``; then
``partial_truth.py OUT`` judges them under several kinds of validation labels.
Runs that are there are not trained again.
"""

import argparse
import multiprocessing
import os
import shutil
import tempfile
from pathlib import Path
from typing import Callable, Dict, List

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('out', type=Path)
    parser.add_argument(
        '--dataset', choices=['coco18', 'digitscenes'], default='coco18'
    )
    parser.add_argument('--seeds', type=int, nargs='+', default=[0, 1, 2])
    parser.add_argument('--methods', nargs='+', help='of those, these alone')
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml.benchmark.config_names import Leaf, find_leaves
from mmwsml.benchmark.presets import DIGITS, FEATURES
from mmwsml.datasets.infos import build_bare
from mmwsml.engine.head import bare_model
from mmwsml.engine.launch import adapt_to_machine
from mmwsml.structures.whole_file import whole_file

SPLITS = 'val', 'test'
CONFIGS = Path(__file__).parents[2] / 'configs'
GROUPS = dict(coco18=FEATURES, digitscenes=DIGITS)
#: On DigitScenes, where a run takes minutes.
MAIN = ('full', 'an', 'll-r', 'll-ct', 'll-cp', 'll-r-cw', 'll-ct-cw')

Hide = Callable[[np.ndarray, np.random.Generator], np.ndarray]


class KeepScoresHook(Hook):
    """Predict validation and test images whenever a run validates.

    Args:
        out_file (str): Where all epochs go after training, ``.npz``.
    """

    def __init__(self, out_file: str) -> None:
        self.out_file = out_file
        self.scores: Dict[str, List[np.ndarray]] = {s: [] for s in SPLITS}

    def before_val_epoch(self, runner: Runner) -> None:
        """Predict both splits with the weights that are validated."""
        model = bare_model(runner)
        model.eval()
        loaders = runner.val_dataloader, runner.test_dataloader
        for split, loader in zip(SPLITS, loaders):
            rows = []
            with torch.no_grad():
                for batch in loader:
                    found = model.test_step(batch)
                    rows += [x.pred_score.float().cpu() for x in found]
            self.scores[split].append(torch.stack(rows).numpy())

    def after_train(self, runner: Runner) -> None:
        """Write (epochs, images, classes) of each split."""
        with whole_file(self.out_file, 'wb') as file:
            np.savez(file, **{k: np.stack(v) for k, v in self.scores.items()})


def record(leaf: Leaf, seed: int, folder: Path) -> None:
    """Train one method with one seed, unless its scores are there.

    Args:
        leaf (Leaf): The config.
        seed (int): Of the run.
        folder (Path): Where ``METHOD-SEED.npz`` goes.
    """
    out = folder / f'{leaf.method}-{seed}.npz'
    if out.exists():
        return
    # A process of its own: a Runner leaves loggers and registries behind.
    context = multiprocessing.get_context('fork')
    process = context.Process(target=_train, args=(leaf, seed, out))
    process.start()
    process.join()
    print(f'{out}: exit status {process.exitcode}', flush=True)


def _train(leaf: Leaf, seed: int, out: Path) -> None:
    work_dir = tempfile.mkdtemp(prefix='partial-truth-')
    log = open(os.path.join(work_dir, 'output.txt'), 'w', encoding='utf-8')
    os.dup2(log.fileno(), 1)
    try:
        cfg = Config.fromfile(str(leaf.path))
        cfg.work_dir, cfg.launcher = work_dir, 'none'
        cfg.randomness = dict(seed=seed, deterministic=False)
        for name in ('train', 'val', 'test'):
            cfg[f'{name}_dataloader'].update(num_workers=0)
            cfg[f'{name}_dataloader'].pop('persistent_workers', None)
        adapt_to_machine(cfg)
        runner = Runner.from_cfg(cfg)
        # Last: after an average of weights is put in place.
        runner.register_hook(KeepScoresHook(str(out)), 'LOWEST')
        runner.train()
    finally:
        shutil.rmtree(work_dir, ignore_errors=True)


def choose_leaves(dataset: str) -> List[Leaf]:
    """List the configs of a data set, on DigitScenes those of ``MAIN``."""
    leaves = find_leaves(CONFIGS, *GROUPS[dataset])
    return [x for x in leaves if dataset == 'coco18' or x.method in MAIN]


def read_truth(dataset: str, split: str) -> np.ndarray:
    """Read the complete labels of a split, bool ``(N, K)``.

    Args:
        dataset (str): A key of ``GROUPS``.
        split (str): 'val' or 'test'.
    """
    config = choose_leaves(dataset)[0].path
    images = build_bare(Config.fromfile(str(config)), split)
    truth = np.zeros((len(images), len(images.metainfo['classes'])), bool)
    for n in range(len(images)):
        truth[n, images.get_data_info(n)['gt_label']] = True
    return truth


def keep_one(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Keep one positive an image, any."""
    rank = np.where(truth, rng.random(truth.shape), -1)
    return truth & (rank == rank.max(1, keepdims=True))


def keep_40(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Keep each positive with a chance of 40 %."""
    return truth & (rng.random(truth.shape) < 0.4)


def keep_frequent(truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Keep of each image the positive of its most frequent class."""
    rank = np.where(truth, truth.sum(0), -1)
    return truth & (rank == rank.max(1, keepdims=True))


def keep_clearest(truth: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Keep of each image the positive that a model of full labels rates best.

    It stands for the biggest or most central thing where there are no boxes.
    """
    rank = np.where(truth, scores, -1)
    return truth & (rank == rank.max(1, keepdims=True))


HIDE: Dict[str, Hide] = {
    'one positive an image': keep_one,
    '40 % of positives': keep_40,
    'the most frequent class of an image': keep_frequent,
}


def main() -> None:
    """Read the command line and train."""
    args = parse_args()
    folder = args.out / args.dataset
    folder.mkdir(parents=True, exist_ok=True)
    for seed in args.seeds:
        for leaf in choose_leaves(args.dataset):
            if leaf.method in (args.methods or [leaf.method]):
                record(leaf, seed, folder)


if __name__ == '__main__':
    run_main(main)
