"""Heads in closed form for other observations, and how long they take.

Usage: ``python tools/benchmarks/closed_form_kinds.py kinds`` compares six
ways to observe labels, over three draws; ``time`` measures 100,000 images x
2,048 features x 80 classes.
"""

import argparse
import resource
import time
from functools import partial
from pathlib import Path
from typing import Callable, Dict, List

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('what', choices=['kinds', 'time'])
    parser.add_argument(
        '--features', type=Path, default=Path('work_dirs/features')
    )
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
import torch
from closed_form import CONFIG
from mmengine.config import Config

from mmwsml.benchmark.feature_heads import (
    Split,
    Validation,
    compete_for,
    discriminate,
    load_split,
    mean_ap,
    observe,
    read_validation,
    train_linear,
)
from mmwsml.datasets.transforms import (
    KeepOnePositive,
    KeepPositiveByFrequency,
    KeepPositiveFraction,
)
from mmwsml.datasets.transforms.hide_labels import HideLabels
from mmwsml.engine.hooks.multinomial_discriminant_hook import SHRINKAGE
from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.engine.multinomial_discriminant import ChoiceSums
from mmwsml.structures.feature_arrays import FeatureArrays

SIZES = (4800, 1280, 18), (100_000, 2048, 80)


def kinds(features: Path) -> None:
    """Compare ways to observe labels."""
    cfg, arrays = Config.fromfile(CONFIG), FeatureArrays(features / 'coco18')
    names = ('train', 'val', 'test')
    train, val, test = (load_split(cfg, name, arrays) for name in names)
    counts = train.target.sum(0).int().tolist()
    rare = [round(1e7 / count) for count in counts]
    makers: Dict[str, Callable[[int], HideLabels]] = {
        'one, at random': KeepOnePositive,
        'one, the frequent class rather': partial(
            KeepPositiveByFrequency, counts
        ),
        'one, the rare class rather': partial(KeepPositiveByFrequency, rare),
        '75 %': partial(KeepPositiveFraction, 0.75),
        '40 %': partial(KeepPositiveFraction, 0.4),
        '20 %': partial(KeepPositiveFraction, 0.2),
    }
    read = read_validation(val)
    for name, make in makers.items():
        found: Dict[str, List[float]] = {}
        for seed in range(3):
            seen = observe(train, make(seed))
            _measure(train, seen, read, test, found)
            scores = train_linear(
                train,
                _lift(seen, val) * seen,
                torch.ones_like(seen),
                val,
                test,
            )
            found.setdefault('uPU', []).append(mean_ap(scores, test))
        _print(name, found)


def measure_time() -> None:
    """Add up and solve random features, as of coco18 and a large set."""
    for num_images, num_features, num_classes in SIZES:
        torch.manual_seed(0)
        size = num_features, num_classes, torch.device('cpu')
        alone, choice = FeatureSums(*size), ChoiceSums(*size)
        begin = time.process_time()
        for _ in range(num_images // 800):
            features = torch.rand(800, num_features)
            target = (torch.rand(800, num_classes) < 0.02).float()
            alone.add(features, target)
            choice.add(features.sqrt(), target)
        added = time.process_time()
        alone.solve_each([None, *SHRINKAGE])
        found = choice.solve()
        for shrinkage in SHRINKAGE:
            found.layer(shrinkage)
        done = time.process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(
            f'{num_images} x {num_features} x {num_classes}: added in '
            f'{added - begin:.1f} s, solved in {done - added:.1f} s of '
            f'processor time; at most {peak:.1f} GB of memory.'
        )


def _lift(seen: torch.Tensor, val: Split) -> torch.Tensor:
    """Estimate what an observed positive stands for, as `upu` does."""
    expected = val.target.mean(0) / seen.mean(0).clamp(min=1e-9)
    return expected.clamp(1, 10)


def _measure(
    train: Split,
    seen: torch.Tensor,
    val: Validation,
    test: Split,
    found: Dict[str, List[float]],
) -> None:
    scores = {
        'LDA': discriminate(train.features, seen, test),
        **compete_for(train, seen, val, test),
    }
    for name, part in scores.items():
        found.setdefault(name, []).append(mean_ap(part, test))


def _print(title: str, found: Dict[str, List[float]]) -> None:
    cells = [
        f'{name} {np.mean(maps):.1f} ± {np.std(maps, ddof=1):.1f}'
        for name, maps in found.items()
    ]
    print(f'| {title} | ' + ' | '.join(cells) + ' |', flush=True)


def main() -> None:
    """Read the command line and compare."""
    args = parse_args()
    if args.what == 'time':
        measure_time()
    else:
        kinds(args.features)


if __name__ == '__main__':
    run_main(main)
