"""Time a linear head on features and on a frozen backbone.

``OMP_NUM_THREADS=1 python tools/benchmarks/features.py`` with MMWSML_DATA set
prints processor time of one thread, data loading and all hooks included.
"""

import argparse
import math
import os
import tempfile
import time
from pathlib import Path

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--images', type=int, default=1600)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import torch
import torch.nn.functional as F
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml.engine.feature_extraction import extract_features
from mmwsml.engine.launch import adapt_to_machine

CONFIGS = Path(__file__).parents[2] / 'configs/an'
NAME = 'an_mobilenet-v2{}_in1k-pre_1xb16-adam-{}_coco18-1pos-128px.py'
WARM_UP = 5  # iterations


class Done(Exception):  # noqa: N818
    """All iterations were timed."""


class StopwatchHook(Hook):
    """Time iterations, then end the run."""

    priority = 'LOWEST'

    def after_train_iter(self, runner: Runner, batch_idx: int, **_) -> None:
        """Start after the warm-up, stop at the end of the epoch."""
        if batch_idx == WARM_UP - 1:
            self.start = time.process_time()
        if batch_idx + 1 == len(runner.train_dataloader):
            seconds = time.process_time() - self.start
            self.seconds = seconds / (batch_idx + 1 - WARM_UP)
            raise Done


def read(features: str, epochs: str, num_images: int) -> Config:
    """Read a config, its training set cut to some images."""
    cfg = Config.fromfile(CONFIGS / NAME.format(features, epochs))
    cfg.launcher, cfg.log_level = 'none', 'ERROR'
    cfg.train_dataloader.num_workers = cfg.val_dataloader.num_workers = 0
    cfg.train_dataloader.dataset.indices = num_images
    adapt_to_machine(cfg)
    return cfg


def time_training(cfg: Config, work_dir: str) -> float:
    """Return the seconds that an iteration takes."""
    cfg.work_dir = work_dir
    runner = Runner.from_cfg(cfg)
    stopwatch = StopwatchHook()
    runner.register_hook(stopwatch)
    try:
        runner.train()
    except Done:
        return stopwatch.seconds


def time_plain_loop(cfg: Config, num_images: int) -> float:
    """Return the seconds of an iteration of torch alone, in memory."""
    batch = cfg.train_dataloader.batch_size
    features = torch.rand(num_images, 1280)
    target = (torch.rand(num_images, 18) < 0.1).float()
    head = torch.nn.Linear(1280, 18)
    optimizer = torch.optim.Adam(head.parameters(), lr=3e-4, weight_decay=1e-4)
    for _ in range(2):  # the first one warms up
        start = time.process_time()
        for rows in torch.randperm(num_images).split(batch):
            logits = head(features[rows])
            loss = F.binary_cross_entropy_with_logits(logits, target[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return (time.process_time() - start) / math.ceil(num_images / batch)


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
        plain = time_plain_loop(cfg, num_images)
        features = time_training(cfg, f'{folder}/run')
        cfg.train_dataloader.collate_fn.type = 'default_collate'
        single = time_training(cfg, f'{folder}/single')
        cfg = read('', 'linearinit-8e', num_images)
        frozen = time_training(cfg, f'{folder}/frozen')
    batch = cfg.train_dataloader.batch_size
    saved = (frozen - features) / batch
    for name, value in (
        ('an iteration of a plain loop', f'{1000 * plain:.2f} ms'),
        ('an iteration on features', f'{1000 * features:.2f} ms'),
        ('that, over the plain loop', f'{features / plain:.1f}'),
        ('the same, image by image', f'{single / plain:.1f}'),
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
