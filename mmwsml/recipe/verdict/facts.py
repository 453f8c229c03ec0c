"""What the folder of a fit holds, as a verdict looks at it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import numpy as np

from mmwsml.analysis.report.scalars import read_scalars
from mmwsml.records.run_folder import METRIC, PARTIAL
from mmwsml.structures.feature_arrays import FeatureArrays

from ..fitted_folder import HEAD, NETWORK, SPLITS, FittedFolder
from ..picture_facts import PictureFacts, look_at

RUNS = HEAD, NETWORK


@dataclass(frozen=True)
class SplitFacts:
    """A split: its labels, and what is known of its images."""

    #: N names, ``namespace/relative path``.
    sample_ids: Tuple[str, ...]
    #: Bool ``(N, K)``: observed positives, and observed labels of either kind.
    positive: np.ndarray
    observed: np.ndarray
    #: Float32 ``(N, C)`` of the frozen backbone. None: there are none.
    features: Optional[np.ndarray] = None
    #: Run -> float ``(N, K)``.
    scores: Dict[str, np.ndarray] = field(default_factory=dict)
    #: Of some of its images. None: they are not there.
    pictures: Optional[PictureFacts] = None

    @property
    def unknown(self) -> np.ndarray:
        """Mark labels that are not observed, bool ``(N, K)``."""
        return ~self.observed


@dataclass(frozen=True)
class Facts:
    """All that a verdict is made from."""

    classes: Tuple[str, ...]
    #: 'train', 'val' and 'test', those that there are.
    splits: Dict[str, SplitFacts]
    #: Of the network while it trained, by epoch (or step).
    losses: Dict[int, float] = field(default_factory=dict)
    validation: Dict[int, float] = field(default_factory=dict)
    #: Whose model was kept, HEAD or NETWORK. None: nobody has said.
    kept: Optional[str] = None
    #: Whether training the network ended in features that tell nothing.
    diverged: bool = False
    #: Whether features are of a network that has learned nothing.
    is_untrained: bool = False


def collect_facts(folder: FittedFolder) -> Facts:
    """Read the folder of a fit, as far as it got.

    Args:
        folder (FittedFolder): With the labels of training at least.

    Raises:
        FileNotFoundError: If it holds no labels.
        ValueError: If its files are not of the same images.
    """
    if not folder.labels('train').is_file():
        raise FileNotFoundError(
            f'{folder.path} holds no labels/train.json, so that there is '
            'nothing to judge: name the folder that mmwsml fit wrote to.'
        )
    plan = {}
    if folder.plan.is_file():
        plan = json.loads(folder.plan.read_text(encoding='utf-8'))
    splits: Dict[str, SplitFacts] = {}
    classes: List[str] = []
    for name in SPLITS:
        if folder.labels(name).is_file():
            classes, splits[name] = _read_split(folder, name, plan)
    curves = read_scalars(folder.run(NETWORK))
    return Facts(
        tuple(classes),
        splits,
        curves.get('loss', {}),
        _trained(curves.get(METRIC) or curves.get(PARTIAL) or {}, plan),
        plan.get('kept'),
        bool(plan.get('diverged')),
        bool((plan.get('backbone') or {}).get('is_untrained')),
    )


def _trained(curve: Dict[int, float], plan: dict) -> Dict[int, float]:
    """Leave out what was measured once the head had been made again.

    Then it knows validation labels, where they are complete: that number is
    none of training.
    """
    last = (plan.get('network') or {}).get('epochs', np.inf)
    return {epoch: value for epoch, value in curve.items() if epoch <= last}


def _read_split(
    folder: FittedFolder, name: str, plan: dict
) -> Tuple[List[str], SplitFacts]:
    path = folder.labels(name)
    content = json.loads(path.read_text(encoding='utf-8'))
    classes, entries = content['metainfo']['classes'], content['data_list']
    positive, observed = _read_labels(entries, len(classes))
    paths = [str(entry['img_path']).replace('\\', '/') for entry in entries]
    scores, names = {}, [f'images/{path}' for path in paths]
    for run in RUNS:
        if folder.scores(run, name).is_file():
            scores[run], names = _read_scores(folder.scores(run, name), paths)
    pictures = None
    if plan.get('images'):
        pictures = look_at([Path(plan['images'], path) for path in paths])
    return classes, SplitFacts(
        tuple(names),
        positive,
        observed,
        _read_features(folder.features(name), names),
        scores,
        pictures,
    )


def _read_labels(
    entries: List[dict], num_classes: int
) -> Tuple[np.ndarray, np.ndarray]:
    positive = np.zeros((len(entries), num_classes), bool)
    observed = np.zeros_like(positive)
    for row, entry in enumerate(entries):
        positive[row, entry['gt_label']] = True
        observed[row, entry['gt_label']] = True
        # Without the list of negatives the labels are complete.
        observed[row, entry.get('neg_label', slice(None))] = True
    return positive, observed


def _read_scores(path: Path, paths: List[str]) -> Tuple[np.ndarray, List[str]]:
    """Read scores in the order of the labels, and the names of the images.

    Raises:
        ValueError: If an image has none.
    """
    with np.load(path) as file:
        names, scores = file['sample_id'].astype(str).tolist(), file['scores']
    # The namespace stands before the path.
    rows = {name.partition('/')[2]: n for n, name in enumerate(names)}
    missing = [path for path in paths if path not in rows]
    if missing:
        raise ValueError(
            f'{path}: {len(missing)} of {len(paths)} images have no scores, '
            f'the first {missing[0]:.200}: remove the file and fit again.'
        )
    order = [rows[path] for path in paths]
    return scores[order], [names[n] for n in order]


def _read_features(folder: Path, names: List[str]) -> Optional[np.ndarray]:
    if not folder.is_dir():
        return None
    features = FeatureArrays(folder, 'mmwsml fit')
    return np.stack([features[name][0] for name in names])
