"""Heads in closed form on features, over draws of the kept labels.

Usage: ``python tools/benchmarks/closed_form.py``. The share of the gap
between assume negative and full labels stands with its spread over draws of
the kept label, each trained with a seed of its own, and with an interval over
other test images (bootstrap, 95 %).
"""

import argparse
from pathlib import Path
from typing import Dict, List

from mmwsml.command_line import run_main, tool_parser

CONFIG = (
    'configs/lda/lda_mobilenet-v2-features_in1k-pre_1xb16-closed-form-1e_'
    'coco18-1pos-128px.py'
)


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--config', default=CONFIG, help='of the data')
    parser.add_argument(
        '--features', type=Path, default='work_dirs/features/coco18'
    )
    parser.add_argument('--draws', type=int, default=5)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
import torch
from mmengine.config import Config

from mmwsml.benchmark.feature_heads import (
    Split,
    compete_for,
    discriminate,
    load_split,
    mean_ap,
    observe,
    read_validation,
    train_linear,
)
from mmwsml.datasets.transforms import KeepOnePositive
from mmwsml.evaluation.resampling import resampled_average_precision
from mmwsml.structures.feature_arrays import FeatureArrays

Draws = Dict[str, List[np.ndarray]]


def draws(splits: List[Split], number: int) -> None:
    """Print the shares of the gap."""
    train, val, test = splits
    every = torch.ones_like(train.target)
    found: Draws = {}
    whole = discriminate(train.features, train.target, test)
    read = read_validation(val)
    alone = discriminate(val.features, val.target, test)
    for seed in range(number):
        seen = observe(train, KeepOnePositive(seed=seed))
        known = every - train.target + seen  # all but hidden positives
        scores = {
            'assume negative, Adam': train_linear(
                train, seen, every, val, test, seed
            ),
            'oracle rejection, Adam': train_linear(
                train, seen, known, val, test, seed
            ),
            'LDA': discriminate(train.features, seen, test),
            **compete_for(train, seen, read, test),
            'LDA of the validation labels alone': alone,
            'full labels, Adam': train_linear(
                train, train.target, every, val, test, seed
            ),
            'LDA of full labels': whole,
        }
        for name, part in scores.items():
            found.setdefault(name, []).append(part)
    _print_shares(found, test)


def _print_shares(found: Draws, test: Split) -> None:
    low, high = found['assume negative, Adam'], found['full labels, Adam']
    target, again = test.target.numpy(), {}
    for name, parts in found.items():
        again[name] = np.mean(
            [
                np.nanmean(resampled_average_precision(part, target), 1)
                for part in parts
            ],
            0,
        )
    floor, top = again['assume negative, Adam'], again['full labels, Adam']
    print('| method | test mAP | gap closed, % | 95 % over images |')
    print('| --- | --- | --- | --- |')
    for name, parts in found.items():
        maps = np.array([mean_ap(part, test) for part in parts])
        ends = [[mean_ap(p, test) for p in side] for side in (low, high)]
        share = 100 * (maps - ends[0]) / np.subtract(ends[1], ends[0])
        spread = np.percentile(
            100 * (again[name] - floor) / (top - floor), [2.5, 97.5]
        )
        print(
            f'| {name} | {maps.mean():.1f} ± {maps.std(ddof=1):.1f} | '
            f'{share.mean():.0f} ± {share.std(ddof=1):.0f} | '
            f'{spread[0]:.0f} to {spread[1]:.0f} |',
            flush=True,
        )


def main() -> None:
    """Read the command line and compare."""
    args = parse_args()
    arrays = FeatureArrays(args.features)
    cfg = Config.fromfile(args.config)
    names = ('train', 'val', 'test')
    draws([load_split(cfg, name, arrays) for name in names], args.draws)


if __name__ == '__main__':
    run_main(main)
