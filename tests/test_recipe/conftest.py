"""A published model, and images to name."""

import json
import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest

from mmwsml.analysis.annotations import write_annotations
from mmwsml.inference.publish import publish_model
from mmwsml.recipe.fitted_folder import FittedFolder
from mmwsml.recipe.verdict.facts import Facts, SplitFacts


@pytest.fixture
def published(small_checkpoint, small_config, tmp_path):
    return publish_model(
        small_checkpoint, small_config, out_dir=str(tmp_path / 'out')
    )


@pytest.fixture
def fitted(published, tmp_path):
    """Make the folder of a fit that has nothing but a model."""
    folder = FittedFolder(tmp_path / 'fit')
    folder.path.mkdir()
    shutil.copy(published, folder.model)
    return folder


@pytest.fixture
def photos(tmp_path):
    """Make a folder with three images and two other files."""
    folder, rng = tmp_path / 'photos', np.random.default_rng(0)
    folder.mkdir()
    for n in range(3):
        image = rng.integers(0, 255, (20 + n, 30, 3), np.uint8)
        cv2.imwrite(str(folder / f'{n}.png'), image)
    for name in ('labels.csv', 'notes'):
        (folder / name).touch()
    return folder


@pytest.fixture
def judged(tmp_path):
    """Make the folder of a fit with labels, scores, and a truth.

    Of 200 training images every class is known to be present in the first
    half of those that have it, and of nothing it is known to be absent.
    """
    # A name that a shell would take apart.
    folder = FittedFolder(tmp_path / "Anna's fit")
    rng = np.random.default_rng(0)
    truth = {}
    for split, num in (('train', 200), ('val', 60)):
        truth[split] = rng.random((num, 3)) < (0.5, 0.3, 0.2)
        known = truth[split] & (np.arange(num) < 100)[:, None]
        entries = [
            dict(img_path=f'{split}/{n}.png', gt_label=_places(row))
            for n, row in enumerate(
                known if split == 'train' else truth[split]
            )
        ]
        for entry in entries if split == 'train' else ():
            entry['neg_label'] = []
        write_annotations(folder.labels(split), ('a', 'b', 'c'), entries)
        noise = rng.normal(0, 1, truth[split].shape)
        scores = 1 / (1 + np.exp(noise - 4 * truth[split] + 2))
        ids = [f'images/{entry["img_path"]}' for entry in entries]
        path = folder.scores('head', split)
        path.parent.mkdir(exist_ok=True)
        np.savez(path, sample_id=ids, scores=scores.astype(np.float32))
    folder.plan.write_text(json.dumps(dict(images='photos', kept='head')))
    folder.truth = truth
    return folder


def _places(row):
    return row.nonzero()[0].tolist()


@pytest.fixture
def three():
    """Make facts of three splits whose features tell 6 classes."""
    rng = np.random.default_rng(0)
    shape, splits = rng.normal(0, 1, (6, 24)), {}
    for name, num in (('train', 300), ('val', 120), ('test', 120)):
        truth = rng.random((num, 6)) < (0.6, 0.4, 0.3, 0.3, 0.2, 0.2)
        features = truth @ shape + rng.normal(0, 1, (num, 24))
        splits[name] = SplitFacts(
            tuple(f'images/{name}-{n}.jpg' for n in range(num)),
            truth,
            np.ones_like(truth),
            features.astype(np.float32),
        )
    return score(Facts(tuple('abcdef'), splits))


def score(facts):
    """Score all images by a regression on training features."""
    train = facts.splits['train']
    rows = train.features.astype(float)
    weight = np.linalg.lstsq(
        np.c_[rows, np.ones(len(rows))], train.positive, rcond=None
    )[0]
    splits = {}
    for name, part in facts.splits.items():
        logits = np.c_[part.features, np.ones(len(part.features))] @ weight
        scores = {'head': 1 / (1 + np.exp(4 - 8 * logits))}
        splits[name] = replace(part, scores=scores)
    return replace(facts, splits=splits)
