"""Time a step of LinearInit beside one of the whole network.

Usage: ``python tools/benchmarks/linear_init.py``. One run of the config on one
thread, without workers: so many steps of the head alone, then as many of the
whole network. CPU time, unlike the others, does not count other programs.
"""

import argparse
import statistics
import tempfile
import time

from mmwsml.command_line import run_main, tool_parser

CONFIG = (
    'configs/an/an_mobilenet-v2_in1k-pre_1xb16-adam-8e_coco18-1pos-128px.py'
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--config', default=CONFIG)
    parser.add_argument('--steps', type=int, default=45)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import torch
from mmengine.config import Config
from mmengine.hooks import Hook
from mmengine.runner import Runner

from mmwsml.engine.launch import adapt_to_machine

ROWS = 'step', 'step without loading', 'its CPU time'
WARM_UP = 5  # steps of each part that are not counted


class TimesHook(Hook):
    """Keep what MMEngine's timer and the CPU's say of each step."""

    priority = 'LOW'

    def __init__(self) -> None:
        self.times, self._start = [], 0.0

    def before_train_iter(self, runner: Runner, batch_idx: int, **_) -> None:
        """Note where the CPU's timer stands."""
        self._start = time.process_time()

    def after_train_iter(self, runner: Runner, batch_idx: int, **_) -> None:
        """Keep the time, the part that is not loading, its CPU time."""
        cpu = time.process_time() - self._start
        whole, data = (
            runner.message_hub.get_scalar(f'train/{name}').current()
            for name in ('time', 'data_time')
        )
        self.times.append((whole, whole - data, cpu))


def make_config(path: str, num_steps: int, work_dir: str) -> Config:
    """Make a config of a run that ends after twice so many steps."""
    cfg = Config.fromfile(path)
    cfg.launcher, cfg.work_dir = 'none', work_dir
    linear = dict(
        type='mmwsml.LinearInitHook', by_epoch=False, iters_per_epoch=num_steps
    )
    cfg.custom_hooks = [linear]
    cfg.train_cfg = dict(by_epoch=False, max_iters=2 * num_steps)
    cfg.train_dataloader.num_workers = 0
    cfg.train_dataloader.sampler = dict(type='InfiniteSampler')
    cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    cfg.test_cfg = cfg.test_dataloader = cfg.test_evaluator = None
    cfg.default_hooks.checkpoint = cfg.default_hooks.logger = None
    cfg.log_level = 'WARNING'
    adapt_to_machine(cfg)
    return cfg


def main() -> None:
    """Train and print the table in Markdown: medians and their ratios."""
    args = parse_args()
    torch.set_num_threads(1)
    hook = TimesHook()
    with tempfile.TemporaryDirectory() as work_dir:
        runner = Runner.from_cfg(
            make_config(args.config, args.steps, work_dir)
        )
        runner.register_hook(hook)
        runner.train()
    parts = hook.times[: args.steps], hook.times[args.steps :]
    print('| | LinearInit | end to end | ratio |')
    print('| --- | --- | --- | --- |')
    for column, name in enumerate(ROWS):
        linear, whole = (
            1000 * statistics.median(row[column] for row in part[WARM_UP:])
            for part in parts
        )
        print(
            f'| {name} | {linear:.1f} ms | {whole:.1f} ms '
            f'| {whole / linear:.2f} |'
        )


if __name__ == '__main__':
    run_main(main)
