"""What is known of the images of a split."""

import json
from typing import List, NamedTuple

import numpy as np
import torch

from mmwsml.engine.validation_images import ValidationImages
from mmwsml.evaluation.predictions import Predictions
from mmwsml.structures import hash64

from .fitted_folder import FittedFolder


class KnownSplit(NamedTuple):
    """Labels of N images and K classes, in the order of their file."""

    classes: List[str]
    #: ``namespace/path``, and the path alone.
    sample_ids: List[str]
    paths: List[str]
    #: Bool ``(N, K)``: observed positives, and all that is observed.
    positive: np.ndarray
    observed: np.ndarray

    @property
    def is_complete(self) -> bool:
        """Whether every label is observed."""
        return bool(self.observed.all())

    def with_features(self, features: np.ndarray) -> ValidationImages:
        """Put features, ``(N, C)``, beside the labels."""
        keys = np.array([hash64(name) for name in self.sample_ids], np.int64)
        return ValidationImages(
            torch.from_numpy(features), self.positive, self.observed, keys
        )

    def with_scores(self, scores: np.ndarray, split: str) -> Predictions:
        """Put scores, ``(N, K)``, beside the labels."""
        return Predictions(
            scores.astype(np.float32),
            self.positive,
            None if self.is_complete else self.observed,
            self.paths,
            self.sample_ids,
            tuple(self.classes),
            split,
        )


def read_split(folder: FittedFolder, split: str) -> KnownSplit:
    """Read the labels of a split of a fit."""
    content = json.loads(folder.labels(split).read_text(encoding='utf-8'))
    classes, entries = content['metainfo']['classes'], content['data_list']
    positive = np.zeros((len(entries), len(classes)), bool)
    observed = np.zeros_like(positive)
    for row, entry in enumerate(entries):
        positive[row, entry['gt_label']] = True
        # Without the list of negatives labels are complete.
        observed[row, entry.get('neg_label', slice(None))] = True
    paths = [entry['img_path'] for entry in entries]
    return KnownSplit(
        classes,
        [f'images/{path}' for path in paths],
        paths,
        positive,
        observed | positive,
    )
