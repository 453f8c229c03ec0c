"""Time a linear head on features and on a frozen backbone.

``OMP_NUM_THREADS=1 python tools/benchmarks/features.py`` with MMWSML_DATA set
prints processor time of one thread, data loading and all hooks included.
"""

import argparse
import contextlib
import copy
import os
import tempfile
import time
from pathlib import Path
from typing import Dict

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--images', type=int, default=1600)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
import torch
import torch.nn.functional as F
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.runner import Runner
from torch.utils.data import DataLoader, TensorDataset

from mmwsml.engine.feature_extraction import extract_features
from mmwsml.engine.launch import adapt_to_machine

CONFIGS = Path(__file__).parents[2] / 'configs/an'
NAME = 'an_mobilenet-v2{}_in1k-pre_1xb16-adam-{}_coco18-1pos-128px.py'
WARM_UP = 5  # iterations
ROUNDS = 8  # of an epoch of each loop, in turn


class Done(Exception):  # noqa: N818
    """All iterations were timed."""


class StopwatchHook(Hook):
    """Time iterations, then end the run."""

    priority = 'LOWEST'

    def __init__(self) -> None:
        self.ends = []

    def after_train_iter(self, runner: Runner, batch_idx: int, **_) -> None:
        """Look at the clock; end the run with the epoch."""
        self.ends.append(time.process_time())
        if batch_idx + 1 == len(runner.train_dataloader):
            raise Done


class LinearModel(BaseModel):
    """A linear layer and a cross-entropy: what MMEngine alone trains."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = torch.nn.Linear(1280, 18)

    def forward(
        self, features: torch.Tensor, target: torch.Tensor, mode: str
    ) -> dict:
        """Compute the loss."""
        logits = self.fc(features)
        return dict(loss=F.binary_cross_entropy_with_logits(logits, target))


def read(features: str, epochs: str, num_images: int) -> Config:
    """Read a config, its training set cut to some images."""
    cfg = Config.fromfile(CONFIGS / NAME.format(features, epochs))
    cfg.launcher, cfg.log_level = 'none', 'ERROR'
    cfg.train_dataloader.num_workers = cfg.val_dataloader.num_workers = 0
    cfg.train_dataloader.dataset.indices = num_images
    adapt_to_machine(cfg)
    return cfg


def time_training(runner: Runner) -> np.ndarray:
    """Return the seconds of each iteration of an epoch."""
    runner.register_hook(stopwatch := StopwatchHook())
    with contextlib.suppress(Done):
        runner.train()
    return np.diff(stopwatch.ends)[WARM_UP:]


def train(cfg: Config, work_dir: str, collate_fn: str = '') -> np.ndarray:
    """Time an epoch of a config."""
    cfg = copy.deepcopy(cfg)
    cfg.work_dir = work_dir
    if collate_fn:
        cfg.train_dataloader.collate_fn.type = collate_fn
    return time_training(Runner.from_cfg(cfg))


def make_tensors(num_images: int) -> TensorDataset:
    """Make features and labels in memory."""
    target = (torch.rand(num_images, 18) < 0.1).float()
    return TensorDataset(torch.rand(num_images, 1280), target)


def train_mmengine(cfg: Config, work_dir: str, num_images: int) -> np.ndarray:
    """Time MMEngine's loop and its own hooks over tensors in memory."""
    batch = cfg.train_dataloader.batch_size
    loader = DataLoader(make_tensors(num_images), batch, shuffle=True)
    runner = Runner(
        LinearModel(),
        work_dir,
        loader,
        train_cfg=dict(by_epoch=True, max_epochs=1),
        optim_wrapper=dict(optimizer=dict(type='Adam', lr=3e-4)),
        default_hooks=dict(logger=cfg.default_hooks.logger),
        log_level='ERROR',
        experiment_name='mmengine',
    )
    return time_training(runner)


def train_plainly(cfg: Config, num_images: int) -> np.ndarray:
    """Time torch alone over tensors in memory."""
    features, target = make_tensors(num_images).tensors
    head, ends = torch.nn.Linear(1280, 18), []
    optimizer = torch.optim.Adam(head.parameters(), lr=3e-4, weight_decay=1e-4)
    batch = cfg.train_dataloader.batch_size
    for rows in torch.randperm(num_images).split(batch):
        logits = head(features[rows])
        loss = F.binary_cross_entropy_with_logits(logits, target[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        ends.append(time.process_time())
    return np.diff(ends)[WARM_UP:]


def time_loops(cfg: Config, folder: str, num_images: int) -> Dict[str, float]:
    """Time loops over features in turn; the median seconds of each."""
    loops = {
        'plain': lambda at: train_plainly(cfg, num_images),
        'mmengine': lambda at: train_mmengine(cfg, at, num_images),
        'single': lambda at: train(cfg, at, 'default_collate'),
        'batch': lambda at: train(cfg, at),
    }
    found = {name: [] for name in loops}
    for turn in range(ROUNDS):
        for name, loop in loops.items():
            found[name].append(loop(f'{folder}/{name}{turn}'))
    return {k: float(np.median(np.concatenate(v))) for k, v in found.items()}


def main() -> None:
    """Extract, train on both, and print rows of a table."""
    num_images = parse_args().images
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        os.environ['MMWSML_FEATURES'] = folder
        per_image = {}
        for name, flip in (('coco18', False), ('flipped', True)):
            cfg, start = read('', '8e', num_images), time.process_time()
            extract_features(cfg, f'{folder}/{name}', None, ['train'], flip)
            per_image[name] = (time.process_time() - start) / num_images
        cfg = read('-features', '12e', num_images)
        loops = time_loops(cfg, folder, num_images)
        cfg = read('', 'linearinit-8e', num_images)
        frozen = float(np.median(train(cfg, f'{folder}/frozen')))
    batch = cfg.train_dataloader.batch_size
    plain, features = loops['plain'], loops['batch']
    saved = (frozen - features) / batch
    for name, value in (
        ('an iteration of a plain loop', f'{1000 * plain:.2f} ms'),
        ('an iteration on features', f'{1000 * features:.2f} ms'),
        ('that, over the plain loop', f'{features / plain:.1f}'),
        ('the same, image by image', f'{loops["single"] / plain:.1f}'),
        ('MMEngine alone', f'{loops["mmengine"] / plain:.1f}'),
        ('an iteration on a frozen backbone', f'{1000 * frozen:.0f} ms'),
        ('how many times faster', f'{frozen / features:.0f}'),
        ('extraction, an image', f'{1000 * per_image["coco18"]:.1f} ms'),
        ('extraction with --flip', f'{1000 * per_image["flipped"]:.1f} ms'),
        (
            'epochs after which extraction has paid for itself',
            f'{per_image["coco18"] / saved:.1f}, with `--flip` '
            f'{per_image["flipped"] / saved:.1f}',
        ),
    ):
        print(f'| {name} | {value} |')


if __name__ == '__main__':
    run_main(main)
