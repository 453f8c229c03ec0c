"""Heads in closed form on features, over draws of the kept labels.

Usage: ``python tools/benchmarks/closed_form.py``. The share of the gap
between assume negative and full labels stands with its spread over draws of
the kept label, and with an interval over other test images (bootstrap, 95 %).
"""

from pathlib import Path
from typing import Dict, List, NamedTuple

import numpy as np
import torch
from mmengine.config import Config
from torch import Tensor

from mmwsml.command_line import run_main, tool_parser
from mmwsml.datasets.infos import build_bare, iter_infos
from mmwsml.datasets.transforms import KeepOnePositive
from mmwsml.datasets.transforms.hide_labels import HideLabels
from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.engine.multinomial_discriminant import ChoiceSums
from mmwsml.engine.validated_discriminant import (
    choose_competition,
    compete,
    learn_labels,
)
from mmwsml.engine.validation_images import ValidationImages
from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.resampling import resampled_average_precision
from mmwsml.structures import hash64
from mmwsml.structures.feature_arrays import FeatureArrays

CONFIG = (
    'configs/lda/lda_mobilenet-v2-features_in1k-pre_1xb16-closed-form-1e_'
    'coco18-1pos-128px.py'
)
SHRINKAGE = (1, 2, 5, 10, 30, 100, 300)
COMPETITION = (0, 0.1, 0.25, 0.5, 0.75, 1)
Draws = Dict[str, List[np.ndarray]]


class Split(NamedTuple):
    """Features, float64 ``(N, C)``, and complete labels, ``(N, K)``."""

    features: Tensor
    target: Tensor
    ids: List[str]


def load_split(cfg: Config, split: str, arrays: FeatureArrays) -> Split:
    """Load a split of a config."""
    infos = list(iter_infos(build_bare(cfg, split)))
    ids = [info['sample_id'] for info in infos]
    target = torch.zeros(len(infos), len(infos[0]['classes']))
    for row, info in zip(target, infos):
        row[info['gt_label']] = 1
    features = np.stack([arrays[name][0] for name in ids])
    return Split(torch.from_numpy(features).double(), target, ids)


def observe(split: Split, transform: HideLabels) -> Tensor:
    """Keep the labels that a transform keeps, ``(N, K)``."""
    kept = torch.zeros_like(split.target)
    for row, name, whole in zip(kept, split.ids, split.target):
        labels = whole.nonzero().flatten().tolist()
        row[transform(dict(sample_id=name, gt_label=labels))['gt_label']] = 1
    return kept


def discriminate(features: Tensor, target: Tensor, test: Split) -> np.ndarray:
    """Score test images by LDA of each class, as `lda` does."""
    sums = FeatureSums(features.shape[1], target.shape[1], features.device)
    sums.add(features, target)
    layer = sums.solve()
    return (test.features @ layer.weight.T + layer.bias).numpy()


def compete_for(
    train: Split, seen: Tensor, val: Split, test: Split
) -> Dict[str, np.ndarray]:
    """Score test images by multinomial LDA, without and with validation."""
    sums = ChoiceSums(
        train.features.shape[1], seen.shape[1], train.features.device
    )
    sums.add(train.features.sqrt(), seen)
    found = sums.solve()
    layers = [found.layer(value) for value in SHRINKAGE]
    target = val.target.bool().numpy()
    keys = np.array([hash64(name) for name in val.ids])
    images = ValidationImages(
        val.features.sqrt().float(), target, np.ones_like(target), keys
    )
    away = np.divide(SHRINKAGE, found.shrinkage)
    place, share = choose_competition(images, layers, away, COMPETITION)
    direct = learn_labels(
        images, compete(images.features, layers[place], share)
    )
    root = test.features.sqrt()
    scores = compete(root, layers[place], share)
    more = (root @ direct.weight.T + direct.bias).numpy()
    return {
        'multinomial LDA': scores,
        'multinomial LDA, validation labels learned': scores + more,
    }


def train_linear(
    train: Split, seen: Tensor, counted: Tensor, val: Split, test: Split
) -> np.ndarray:
    """Train a linear head as the configs of features do; the best epoch.

    Only the entries that are counted, ``(N, K)``, enter the loss.
    """
    torch.manual_seed(0)
    fc = torch.nn.Linear(train.features.shape[1], seen.shape[1])
    torch.nn.init.normal_(fc.weight, std=0.01)
    torch.nn.init.zeros_(fc.bias)
    optimizer = torch.optim.Adam(fc.parameters(), lr=3e-4)
    features, best = train.features.float(), (-1.0, np.empty(0))
    for _ in range(12):
        for rows in torch.randperm(len(features)).split(16):
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                fc(features[rows]), seen[rows], counted[rows]
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            found = mean_ap(fc(val.features.float()).numpy(), val)
            if found > best[0]:
                best = found, fc(test.features.float()).numpy()
    return best[1]


def mean_ap(scores: np.ndarray, split: Split) -> float:
    """Compute the mAP, in percent."""
    target = split.target.numpy()
    return 100 * float(np.nanmean(average_precision(scores, target, None)))


def draws(splits: List[Split], number: int) -> None:
    """Print the shares of the gap."""
    train, val, test = splits
    every = torch.ones_like(train.target)
    found: Draws = {}
    full = train_linear(train, train.target, every, val, test)
    whole = discriminate(train.features, train.target, test)
    alone = discriminate(val.features, val.target, test)
    for seed in range(number):
        seen = observe(train, KeepOnePositive(seed=seed))
        known = every - train.target + seen  # all but hidden positives
        scores = {
            'assume negative, Adam': train_linear(
                train, seen, every, val, test
            ),
            'oracle rejection, Adam': train_linear(
                train, seen, known, val, test
            ),
            'LDA': discriminate(train.features, seen, test),
            **compete_for(train, seen, val, test),
            'LDA of the validation labels alone': alone,
            'full labels, Adam': full,
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
    parser = tool_parser(__doc__)
    parser.add_argument('--config', default=CONFIG, help='of the data')
    parser.add_argument(
        '--features', type=Path, default='work_dirs/features/coco18'
    )
    parser.add_argument('--draws', type=int, default=5)
    args = parser.parse_args()
    arrays = FeatureArrays(args.features)
    cfg = Config.fromfile(args.config)
    names = ('train', 'val', 'test')
    draws([load_split(cfg, name, arrays) for name in names], args.draws)


if __name__ == '__main__':
    run_main(main)
