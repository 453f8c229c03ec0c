"""What a fit ends with: scores, the better run, thresholds, a model."""

import os
import shutil
import tempfile
from typing import Dict, NamedTuple

import numpy as np

from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.positive_unlabeled import positive_unlabeled
from mmwsml.evaluation.thresholds import Thresholds, write_thresholds
from mmwsml.inference.publish import publish_model
from mmwsml.structures.whole_file import whole_file, write_whole

from .class_thresholds import DEFAULT, find_class_thresholds
from .fitted_folder import SPLITS, FittedFolder
from .head_phase import MODEL
from .known_split import KnownSplit, read_split


class Measured(NamedTuple):
    """How well a split is ranked."""

    #: 'mAP', or 'pu_AUC' where labels are positives alone.
    name: str
    #: In percent; NaN where nothing can be measured.
    value: float

    def __str__(self) -> str:
        """Write it for a line."""
        return f'{self.name} {self.value:.1f}'


def save_scores(
    folder: FittedFolder, run: str, scores: Dict[str, np.ndarray]
) -> None:
    """Write the scores of a run by split."""
    for split, values in scores.items():
        path = folder.scores(run, split)
        path.parent.mkdir(exist_ok=True)
        ids = np.array(read_split(folder, split).sample_ids)
        with whole_file(path, 'wb') as file:
            np.savez(file, sample_id=ids, scores=values)


def has_scores(folder: FittedFolder, run: str) -> bool:
    """Whether the scores of a run are there for each split."""
    return all(folder.scores(run, split).is_file() for split in SPLITS)


def read_scores(folder: FittedFolder, run: str, split: str) -> np.ndarray:
    """Read scores, in the order of the labels."""
    with np.load(folder.scores(run, split)) as file:
        return file['scores']


def measure(folder: FittedFolder, run: str, split: str) -> Measured:
    """Measure a run on a split by what its labels can tell."""
    known = read_split(folder, split)
    return measure_scores(known, read_scores(folder, run, split))


def measure_scores(known: KnownSplit, scores: np.ndarray) -> Measured:
    """Measure scores, ``(N, K)``, by what labels can tell."""
    found = average_precision(scores, known.positive, known.observed)
    name = 'mAP'
    alone = (known.observed == known.positive).all(1)
    if np.isnan(found).all() or 2 * alone.sum() > len(alone):
        name, found = 'pu_AUC', positive_unlabeled(scores, known.positive).auc
    measured = found[~np.isnan(found)]
    value = 100 * float(measured.mean()) if len(measured) else float('nan')
    return Measured(name, value)


def calibrate(folder: FittedFolder, run: str) -> str:
    """Write the threshold of each class; return a sentence.

    They are found on validation images, by positives alone where there is
    nothing else.
    """
    known = read_split(folder, 'val')
    scores = read_scores(folder, run, 'val')
    predictions = known.with_scores(scores, 'val')
    estimated = []
    try:
        found = find_class_thresholds(str(folder.labels('val')), predictions)
        values = found.values
        chosen = np.flatnonzero(found.estimated)
        estimated = [known.classes[k] for k in chosen]
        text = f'thresholds of {len(values)} classes by the best F1'
    except ValueError:
        values = np.full(len(known.classes), DEFAULT)
        text = f'thresholds are {DEFAULT}: validation cannot tell others'
    thresholds = Thresholds(tuple(known.classes), values)
    write_thresholds(str(folder.thresholds), thresholds, estimated)
    return text


def publish(folder: FittedFolder, run: str) -> None:
    """Write config and published model of the run that is kept.

    Raises:
        FileExistsError: If a person has changed the config.
    """
    text = folder.config_of(run).read_text(encoding='utf-8')
    write_whole(folder.config, text)
    draft = tempfile.mkdtemp(dir=folder.path, prefix='.model-')
    try:
        path = publish_model(
            str(folder.run(run) / MODEL),
            str(folder.config),
            str(folder.thresholds),
            draft,
        )
        os.replace(path, folder.model)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def refuse_changed_config(folder: FittedFolder) -> None:
    """Refuse to replace a config that a person has worked on.

    Raises:
        FileExistsError: If it is none of those that a fit has written.
    """
    if not folder.config.is_file():
        return
    text = folder.config.read_text(encoding='utf-8')
    for name in ('head', 'network'):
        path = folder.config_of(name)
        if path.is_file() and path.read_text(encoding='utf-8') == text:
            return
    raise FileExistsError(
        f'{folder.config} has been changed since mmwsml fit wrote it: train '
        'it with tools/train.py, or fit into another --out.'
    )
