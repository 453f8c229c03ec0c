"""Images a second of whole runs: ``tools/benchmarks/gpu_training.py``.

Trains MobileNetV2 on coco18 for 200 steps of each method, loading included.
Where MMWSML_DATA has no ``coco18`` the photographs are random ones, which
teach nothing but cost the same. ``--device cpu --quick`` is a test.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--device', choices=['cuda', 'cpu'], default='cuda')
    parser.add_argument('--quick', action='store_true', help='in miniature')
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import cv2
import numpy as np
import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml import config_path
from mmwsml.engine.launch import adapt_to_machine
from mmwsml.structures.whole_file import write_json

METHODS = ('full', 'an', 'll-r', 'll-ct', 'll-cp')
CONFIG = '{0}_mobilenet-v2_in1k-pre_1xb16-adam-8e_coco18-{1}-128px'
WARM_UP = 5  # steps


class Done(Exception):  # noqa: N818
    """All steps were timed."""


class StopwatchHook(Hook):
    """Time the steps of a run, then end it."""

    priority = 'LOWEST'

    def __init__(self, device: str, num_steps: int) -> None:
        self.device, self.num_steps = device, num_steps

    def after_train_iter(self, runner: Runner, *_: Any, **__: Any) -> None:
        """Start after the warm-up, stop after so many steps."""
        if runner.iter + 1 == WARM_UP:
            self.begin = now(self.device)
        if runner.iter + 1 == WARM_UP + self.num_steps:
            self.seconds = now(self.device) - self.begin
            raise Done


def require_device(device: str) -> str:
    """Name a device.

    Raises:
        ValueError: If it is not there.
    """
    if device == 'cpu':
        return 'a CPU'
    if not torch.cuda.is_available():
        raise ValueError('There is no GPU here: add --device cpu --quick.')
    return torch.cuda.get_device_name()


def now(device: str) -> float:
    """Wait for the device, and look at the clock."""
    if device == 'cuda':
        torch.cuda.synchronize()
    return time.perf_counter()


def train_end_to_end(device: str, quick: bool, folder: str) -> None:
    """Count the images that a run trains on in a second, loading included."""
    root = os.environ.get('MMWSML_DATA', '')
    is_there = Path(root, 'coco18', 'train.json').exists() and not quick
    if not is_there:
        root = os.environ['MMWSML_DATA'] = folder
        write_photographs(Path(root, 'coco18'), 128 if quick else 4800)
    images = 'coco18' if is_there else 'random photographs'
    print(f'\nMobileNetV2, 128 px, {images}, end to end:\n')
    print('| method | images/s |\n| --- | --- |')
    for method in METHODS[:1] if quick else METHODS:
        labels = 'full' if method == 'full' else '1pos'
        cfg = Config.fromfile(config_path(CONFIG.format(method, labels)))
        cfg.launcher, cfg.log_level = 'none', 'ERROR'
        cfg.work_dir = os.path.join(folder, method)
        # Random photographs stand in for all splits.
        cfg.default_hooks.preflight.allow_shared = True
        cfg.train_dataloader.num_workers = 0 if quick else os.cpu_count()
        if not Path(root, 'weights').exists():
            cfg.model.backbone.init_cfg = None
        if device == 'cpu':
            adapt_to_machine(cfg)
        runner = Runner.from_cfg(cfg)
        watch = StopwatchHook(device, 2 if quick else 200)
        runner.register_hook(watch)
        try:
            runner.train()
        except Done:
            number = watch.num_steps * cfg.train_dataloader.batch_size
            print(f'| {method} | {number / watch.seconds:.0f} |')


def write_photographs(folder: Path, number: int) -> None:
    """Write noise with random labels in the form of coco18."""
    rng = np.random.default_rng(0)
    (folder / 'images').mkdir(parents=True)
    entries = []
    for n in range(number):
        small = rng.integers(0, 256, (16, 16, 3)).astype(np.uint8)
        image = cv2.resize(small, (170, 128))
        cv2.imwrite(str(folder / 'images' / f'{n}.jpg'), image)
        labels = sorted(rng.choice(18, 3, replace=False).tolist())
        entries.append(dict(img_path=f'{n}.jpg', gt_label=labels))
    names = [f'class {k}' for k in range(18)]
    for split in ('train', 'val', 'test'):
        part = dict(metainfo=dict(classes=names), data_list=entries)
        write_json(folder / f'{split}.json', part)


def main() -> None:
    """Train, and print the table."""
    args = parse_args()
    print(require_device(args.device))
    with tempfile.TemporaryDirectory() as folder:
        train_end_to_end(args.device, args.quick, folder)


if __name__ == '__main__':
    run_main(main)
