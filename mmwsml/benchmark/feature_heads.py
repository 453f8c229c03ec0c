"""Linear heads on features of images, and how well they rank."""

from typing import Dict, List, NamedTuple, Optional

import numpy as np
import torch
from mmengine.config import Config
from torch import Tensor

from mmwsml.datasets.infos import build_bare, iter_infos
from mmwsml.datasets.transforms.hide_labels import HideLabels
from mmwsml.engine.chosen_head import ChosenHead, choose_head
from mmwsml.engine.hooks.multinomial_discriminant_hook import (
    COMPETITION,
    SHRINKAGE,
)
from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.engine.multinomial_discriminant import ChoiceSums
from mmwsml.engine.validated_discriminant import (
    LearnedLabels,
    compete,
    cross_fit,
    weigh_labels,
)
from mmwsml.engine.validation_images import ValidationImages
from mmwsml.evaluation.functional import average_precision
from mmwsml.structures import hash64
from mmwsml.structures.feature_arrays import FeatureArrays


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


class Validation(NamedTuple):
    """Validation images, and what their labels say."""

    images: ValidationImages
    #: By the power of the features, as far as it was needed.
    learned: Dict[float, LearnedLabels]


def read_validation(val: Split) -> Validation:
    """Read a split to choose by, and to learn from."""
    target = val.target.bool().numpy()
    keys = np.array([hash64(name) for name in val.ids])
    images = ValidationImages(
        val.features.float(), target, np.ones_like(target), keys
    )
    return Validation(images, {})


def choose_for(
    train: Split, seen: Tensor, images: Optional[ValidationImages]
) -> ChosenHead:
    """Make the head that `mlda` makes, by validation images or without."""
    features, device = train.features, train.features.device
    alone = FeatureSums(features.shape[1], seen.shape[1], device)
    choice = ChoiceSums(features.shape[1], seen.shape[1], device)
    alone.add(features, seen)
    choice.add(features.sqrt(), seen)
    return choose_head(
        images, alone, choice.solve(), 0.5, SHRINKAGE, COMPETITION
    )


def score(head: ChosenHead, test: Split) -> np.ndarray:
    """Score test images, ``(N, K)``."""
    root = test.features**head.power
    return compete(root, head.layer, head.competition)


def compete_for(
    train: Split, seen: Tensor, val: Validation, test: Split
) -> Dict[str, np.ndarray]:
    """Score test images by multinomial LDA, without and with validation."""
    head = choose_for(train, seen, val.images)
    images = val.images.raised(head.power)
    logits = compete(images.features, head.layer, head.competition)
    if head.power not in val.learned:
        val.learned[head.power] = cross_fit(images)
    direct = weigh_labels(images, logits, val.learned[head.power])
    root = test.features**head.power
    scores = score(head, test)
    more = (root @ direct.weight.T + direct.bias).numpy()
    return {
        'multinomial LDA': scores,
        'multinomial LDA, validation labels learned': scores + more,
    }


def train_linear(
    train: Split,
    seen: Tensor,
    counted: Tensor,
    val: Split,
    test: Split,
    seed: int = 0,
) -> np.ndarray:
    """Train a linear head as the configs of features do; the best epoch.

    Only the entries that are counted, ``(N, K)``, enter the loss.
    """
    torch.manual_seed(seed)
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
