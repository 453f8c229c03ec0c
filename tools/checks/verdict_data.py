"""Images, labels and a head, as a fit would have them, in seconds."""

import json
from pathlib import Path
from typing import Callable, NamedTuple, Tuple

import numpy as np
import torch

from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.recipe.fitted_folder import HEAD
from mmwsml.recipe.verdict.facts import Facts, SplitFacts
from mmwsml.structures.feature_arrays import FeatureArrays


class Data(NamedTuple):
    """Images with complete labels."""

    features: np.ndarray
    truth: np.ndarray
    classes: Tuple[str, ...]

    def take(self, rows: np.ndarray) -> 'Data':
        """Take some images."""
        return self._replace(
            features=self.features[rows], truth=self.truth[rows]
        )


class Parts(NamedTuple):
    """What a person brings: images, and what they say of them."""

    train: Data
    val: Data
    positive: np.ndarray
    observed: np.ndarray


def read(features: FeatureArrays, annotations: Path, namespace: str) -> Data:
    """Read the images of all splits."""
    rows, truth = [], []
    for split in ('train', 'val', 'test'):
        text = (annotations / f'{split}.json').read_text()
        content = json.loads(text)
        for entry in content['data_list']:
            name = f'{namespace}/{entry["img_path"]}'
            rows.append(features[name][0])
            truth.append(entry['gt_label'])
    classes = content['metainfo']['classes']
    marks = np.zeros((len(rows), len(classes)), bool)
    for row, labels in enumerate(truth):
        marks[row, labels] = True
    return Data(np.stack(rows), marks, tuple(classes))


def hide(
    truth: np.ndarray, how: str, rng: np.random.Generator
) -> Tuple[np.ndarray, np.ndarray]:
    """Hide labels: 'one' positive is kept, a 'tenth' of all, or 'all'."""
    if how == 'one':
        rank = np.where(truth, rng.random(truth.shape), -1)
        kept = truth & (rank == rank.max(1, keepdims=True))
        return kept, kept
    known = rng.random(truth.shape) < (0.1 if how == 'tenth' else 1.1)
    return truth & known, known


def draw(data: Data, num: int, how: str, seed: int) -> Parts:
    """Draw images, a fifth of which validate with complete labels."""
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(data.truth))[:num]
    cut = num * 4 // 5
    train, val = data.take(rows[:cut]), data.take(rows[cut:])
    return Parts(train, val, *hide(train.truth, how, rng))


def fit_head(features: np.ndarray, positive: np.ndarray) -> Callable:
    """Make the head in closed form; return what scores features."""
    sums = FeatureSums(
        features.shape[1], positive.shape[1], torch.device('cpu')
    )
    sums.add(torch.from_numpy(features), torch.from_numpy(positive).float())
    layer = sums.solve()
    weight, bias = layer.weight.numpy(), layer.bias.numpy()

    def score(rows: np.ndarray) -> np.ndarray:
        logits = rows @ weight.T + bias
        return 1 / (1 + np.exp(-logits.clip(-60, 60)))

    return score


def to_facts(parts: Parts) -> Facts:
    """Fit the head and write down what a fit would leave."""
    score = fit_head(parts.train.features, parts.positive)
    splits = {}
    for name, data, positive, observed in (
        ('train', parts.train, parts.positive, parts.observed),
        ('val', parts.val, parts.val.truth, np.ones_like(parts.val.truth)),
    ):
        splits[name] = SplitFacts(
            tuple(f'images/{name}-{n}.jpg' for n in range(len(positive))),
            positive,
            observed,
            data.features,
            {HEAD: score(data.features)},
        )
    return Facts(parts.train.classes, splits)
