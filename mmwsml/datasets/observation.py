"""Drawing which labels of a data set are observed."""

from typing import Any, Iterator, List, Optional, Sequence

import numpy as np

from mmwsml.structures import hash32

from ..label_files.observed_labels import Observation
from .transforms import KeepOnePositive

PAPER_SEED = 1200


def observe_by_hash(infos: Sequence[dict], seed: int) -> Iterator[Observation]:
    """Keep the positive that :class:`KeepOnePositive` keeps.

    Args:
        infos (Sequence[dict]): Images with ``sample_id`` and ``gt_label``.
        seed (int): Names one draw.

    Yields:
        Observation: One positive of each image that has one.
    """
    transform = KeepOnePositive(seed)
    for info in infos:
        yield Observation(info['sample_id'], *transform.keep(info))


def observe_by_spml(
    infos: Sequence[dict], num_classes: int, seed: int
) -> Iterator[Observation]:
    """Keep the positive that the paper keeps, with seed 1200.

    Args:
        infos (Sequence[dict]): Images with ``sample_id`` and complete
            ``gt_label``, all of an official split, in the paper's order.
        num_classes (int): K.
        seed (int): Of ``numpy.random.RandomState``.

    Yields:
        Observation: One positive of each image that has one.

    Raises:
        ValueError: If the labels of an image are partial.
    """
    for info in infos:
        if 'neg_label' in info:
            raise ValueError(
                f'The labels of {info["sample_id"]} are partial, but the '
                'generator spml draws from complete ones: set '
                "labels='complete' in the data set, or take the generator "
                'hash.'
            )
    drawn = spml_draw([info['gt_label'] for info in infos], num_classes, seed)
    for info, positives in zip(infos, drawn):
        yield Observation(info['sample_id'], positives, [])


def spml_draw(
    positives: Sequence[Sequence[int]], num_classes: int, seed: int = 1200
) -> List[List[int]]:
    """Draw one positive an image as the paper does.

    Image by image, the positives are shuffled and the first is kept; then the
    negatives are shuffled and none is kept, which only uses up random
    numbers. The draw of an image depends on those before it.

    Protocol: ``Multi-Label Learning from Single Positive Labels
    <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021), whose labels the paper
    uses.

    Args:
        positives (Sequence[Sequence[int]]): The classes present in each image.
        num_classes (int): K; the other classes are absent.
        seed (int): Of ``numpy.random.RandomState``, whose stream is the same
            in every NumPy version. Defaults to 1200, the paper's.

    Returns:
        list[list[int]]: The class kept of each image, none where there is
        none.
    """
    rng = np.random.RandomState(seed)
    kept = []
    for labels in positives:
        present = np.sort(np.asarray(labels, dtype=np.int64))
        absent = np.setdiff1d(np.arange(num_classes), present)
        rng.shuffle(present)
        kept.append(present[:1].tolist())
        rng.shuffle(absent)  # for the random numbers that it consumes
    return kept


def find_draw_fault(dataset: Any, seed: int) -> Optional[str]:
    """Say why a draw cannot be the paper's own, None where it is.

    Args:
        dataset: A data set of MMEngine's kind, with all its images.
        seed (int): Of the draw.
    """
    name = type(dataset).__name__
    known, found = getattr(dataset, 'known_size', None), len(dataset)
    if seed != PAPER_SEED:
        return f'the seed is {seed} and not {PAPER_SEED}'
    if known is None:
        return f'{name} is no published set whose list of images is known'
    if found != known:
        return f'{name} has {found} images and the published set {known}'
    official = type(dataset).METAINFO.get('classes', dataset.CLASSES)
    if list(dataset.CLASSES) != list(official):
        return f'the classes of {name} are not in the official order'
    return None


def observe_fixed_per_class(
    infos: Sequence[dict], num_classes: int, num_per_class: int, seed: int
) -> Iterator[Observation]:
    """Keep so many positives and so many negatives of each class.

    The fixed per class (FPC) simulation of `Multi-label Classification with
    Partial Annotations using Class-aware Selective Loss
    <https://arxiv.org/abs/2110.10955>`_ (CVPR 2022). A class that has fewer
    keeps all it has. The draw ranks a hash of seed, ``sample_id`` and class:
    it does not depend on the order of the images.

    Args:
        infos (Sequence[dict]): Images with ``sample_id``, ``gt_label`` and,
            where labels are partial, ``neg_label``.
        num_classes (int): K.
        num_per_class (int): Images kept of each class and kind.
        seed (int): Names one draw.

    Yields:
        Observation: What stays known of each image.
    """
    order = sorted(range(len(infos)), key=lambda n: infos[n]['sample_id'])
    present = np.zeros((len(infos), num_classes), dtype=bool)
    absent, numbers = ~present, np.empty(present.shape, dtype=np.uint32)
    for row, n in enumerate(order):
        info = infos[n]
        present[row, info['gt_label']] = True
        if 'neg_label' in info:
            absent[row] = False
            absent[row, info['neg_label']] = True
        key = f'FixedPerClass/{seed}/{info["sample_id"]}'
        numbers[row] = hash32(key, num_classes)
    absent &= ~present
    for kind in (present, absent):
        _keep_smallest(kind, numbers, num_per_class)
    for row in np.argsort(order):  # back in the order of the images
        yield Observation(
            infos[order[row]]['sample_id'],
            np.flatnonzero(present[row]).tolist(),
            np.flatnonzero(absent[row]).tolist(),
        )


def _keep_smallest(marks: np.ndarray, numbers: np.ndarray, count: int) -> None:
    """Unmark all but the entries of the smallest numbers in each column."""
    for marked, drawn in zip(marks.T, numbers.T):
        rows = np.flatnonzero(marked)
        ranked = rows[np.argsort(drawn[rows], kind='stable')]
        marked[ranked[count:]] = False
