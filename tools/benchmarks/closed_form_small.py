"""Heads in closed form on a set as small as a person's own.

Usage: ``python tools/benchmarks/closed_form_small.py``. The ten draws of
``small_set.py``; features of MobileNetV2 at 224 px, as ``mmwsml fit`` takes
them, are extracted first where they are missing. Test mAP is over the classes
with a positive among the 60 test images.
"""

import argparse
from pathlib import Path
from typing import Dict, List, Sequence

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument(
        '--data', type=Path, default='data/coco_mini', help='folder of COCO'
    )
    parser.add_argument('--size', type=int, default=224, help='in pixels')
    parser.add_argument('--features', type=Path, help='folder for them')
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
import torch
from closed_form import CONFIG
from mmengine.config import Config
from small_set import (
    DRAWS,
    Photographs,
    draw_rows,
    observe,
    read_photographs,
)

from mmwsml.benchmark.feature_heads import (
    Split,
    Validation,
    choose_for,
    compete_for,
    discriminate,
    read_validation,
    score,
)
from mmwsml.engine.feature_extraction import extract_features
from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.evaluation.functional import average_precision
from mmwsml.structures.feature_arrays import FeatureArrays

IMAGES = CONFIG.replace('mobilenet-v2-features', 'mobilenet-v2')
#: Of LDA, where the validation images choose it.
SHRINKAGE = (1, 3, 10, 30, 100, 300)


def compare(whole: Photographs, features: FeatureArrays) -> None:
    """Print the test mAP of heads over the draws."""
    found: Dict[str, List[float]] = {}
    for number in range(DRAWS):
        rows = draw_rows(number, len(whole.ids))
        train, val, test = (_split(whole, features, r) for r in rows.values())
        seen, shown = (
            _observed(whole, rows[name], number) for name in ('train', 'val')
        )
        read = read_validation(val)
        positives = read.images._replace(
            target=shown.bool().numpy(), observed=shown.bool().numpy()
        )
        scores = {
            'LDA': discriminate(train.features, seen, test),
            'LDA, shrinkage by validation': _choose(train, seen, read, test),
            'multinomial LDA': score(choose_for(train, seen, None), test),
            '..., chosen by positives': score(
                choose_for(train, seen, positives), test
            ),
            '..., chosen by complete labels': (
                both := compete_for(train, seen, read, test)
            )['multinomial LDA'],
            '..., and these learned': list(both.values())[1],
            'LDA of the validation labels alone': discriminate(
                val.features, val.target, test
            ),
            'LDA of full labels, shrinkage by validation': _choose(
                train, train.target, read, test
            ),
        }
        for name, part in scores.items():
            found.setdefault(name, []).append(_mean_ap(part, test))
    print('| head | test mAP |\n| --- | --- |')
    for name, maps in found.items():
        print(f'| {name} | {np.mean(maps):.1f} ± {np.std(maps, ddof=1):.1f} |')


def _choose(
    train: Split, seen: torch.Tensor, val: Validation, test: Split
) -> np.ndarray:
    """Score by LDA of the shrinkage that is best on validation."""
    sums = FeatureSums(*train.features.shape[1:], seen.shape[1], seen.device)
    sums.add(train.features, seen)
    layers = sums.solve_each(SHRINKAGE)
    maps = [
        np.nanmean(
            val.images.measure(
                (
                    val.images.features.double() @ layer.weight.T + layer.bias
                ).numpy()
            )
        )
        for layer in layers
    ]
    layer = layers[int(np.argmax(maps))]
    return (test.features @ layer.weight.T + layer.bias).numpy()


def _split(
    whole: Photographs, features: FeatureArrays, rows: Sequence[int]
) -> Split:
    ids = [whole.ids[row] for row in rows]
    found = np.stack([features[name][0] for name in ids])
    target = torch.from_numpy(whole.target[rows]).float()
    return Split(torch.from_numpy(found).double(), target, ids)


def _observed(
    whole: Photographs, rows: Sequence[int], number: int
) -> torch.Tensor:
    kept = torch.zeros(len(rows), len(whole.classes))
    for line, row in zip(kept, rows):
        line[observe(whole, row, number, 0)[0]] = 1
    return kept


def _mean_ap(scores: np.ndarray, test: Split) -> float:
    target = test.target.numpy()
    there = target.any(0)
    found = average_precision(scores[:, there], target[:, there], None)
    return 100 * float(np.mean(found))


def extract(root: Path, folder: Path, size: int) -> None:
    """Extract the features of all photographs, where they are missing."""
    cfg = Config.fromfile(IMAGES)
    for split in ('train', 'val'):
        loader = cfg[f'{split}_dataloader']
        pipeline = loader.dataset.pipeline
        for step in pipeline:
            if step.type == 'Resize':
                step.scale = (size, size)
        loader.dataset = dict(
            type='mmwsml.COCOMultiLabel',
            data_root=str(root),
            ann_file=f'annotations/instances_{split}2017.json',
            data_prefix=f'{split}2017',
            namespace='coco_mini',
            pipeline=pipeline,
        )
    cfg.launcher = 'none'
    extract_features(cfg, str(folder), splits=['train', 'val'])


def main() -> None:
    """Read the command line and compare."""
    args = parse_args()
    usual = Path(f'work_dirs/features/coco_mini-{args.size}px')
    features = args.features or usual
    whole = read_photographs(args.data)
    extract(args.data, features, args.size)
    compare(whole, FeatureArrays(features))


if __name__ == '__main__':
    run_main(main)
