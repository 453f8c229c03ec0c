"""Features of images, looked up a batch at a time."""

from functools import cached_property
from typing import Any, List, NamedTuple, Optional, Sequence, Union

import numpy as np
import torch
from mmengine.dataset import BaseDataset, default_collate

from mmwsml.registry import FUNCTIONS
from mmwsml.structures import KnownLabels
from mmwsml.structures.label_arrays import LabelLists
from mmwsml.structures.labelled_batch import Entries, LabelledBatch
from mmwsml.structures.text_array import TextArray

from .infos import iter_observed, label_steps
from .transforms import LoadFeatures, PackPartialLabels

#: Of no image.
NONE = np.empty(0, np.int64)


class Known(NamedTuple):
    """What is known of all images of a data set of features."""

    load: LoadFeatures
    #: Where the features of each image lie, int64 ``(M,)``.
    rows: np.ndarray
    sample_ids: TextArray
    positives: LabelLists
    #: None: labels are complete.
    negatives: Optional[LabelLists]

    def batch(self, indices: Sequence[int]) -> dict:
        """Look images up: what a model takes."""
        images = np.asarray(indices)
        views = self.load.draw_views(len(images))
        features = np.asarray(self.load.features.features)
        found = features[self.rows[images], views]
        samples = LabelledBatch(
            self.sample_ids.take(images),
            _entries(self.positives, images),
            self.negatives and _entries(self.negatives, images),
        )
        inputs = torch.from_numpy(found[:, :, None, None])
        return dict(inputs=inputs, data_samples=samples)


class FeatureBatches:
    """The batches of one data set; a copy or a pickle of it is empty.

    What a pipeline of transforms of labels, :class:`mmwsml.LoadFeatures` and
    :class:`mmwsml.PackPartialLabels` makes of an image is the same in every
    epoch, so it is made once, 30 microseconds an image, and kept in flat
    arrays. Batches, and the training on them, are those that single images
    make, bit for bit.
    """

    def __init__(self) -> None:
        self._of: tuple = ()
        self._known: Optional[Known] = None

    def __deepcopy__(self, memo: dict) -> 'FeatureBatches':
        return FeatureBatches()

    def __reduce__(self) -> tuple:
        return FeatureBatches, ()

    def know(self, dataset: BaseDataset) -> Optional[Known]:
        """Take in a data set, again where it has become another one.

        Returns:
            Known | None: None if its images are more than features.
        """
        dataset.full_init()
        is_flat = dataset.serialize_data
        images = dataset.data_bytes if is_flat else dataset.data_list
        of = dataset.pipeline, images
        if not self._of or any(a is not b for a, b in zip(of, self._of)):
            self._of, self._known = of, _collect(dataset)
        return self._known


class FeatureBatch(Sequence[dict]):
    """Some images of a data set, one by one or at once.

    Args:
        dataset (BaseDataset): Where they are.
        known (Known): The same.
        indices (Sequence[int]): Which they are.
    """

    def __init__(
        self, dataset: BaseDataset, known: Known, indices: Sequence[int]
    ) -> None:
        self.dataset = dataset
        self.known = known
        self.indices = indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, place: Any) -> Any:
        """Return an image as the pipeline makes it."""
        return self.samples[place]

    @cached_property
    def samples(self) -> List[dict]:
        """The images one by one."""
        return [self.dataset[index] for index in self.indices]


@FUNCTIONS.register_module()
def collate_batch(samples: Union[FeatureBatch, List[dict]]) -> dict:
    """Look a batch of features up at once; collate other images as ever.

    Args:
        samples (FeatureBatch | list[dict]): Of a data set.

    Returns:
        dict: ``inputs``, float ``(N, C, 1, 1)``, and ``data_samples``.
    """
    if isinstance(samples, FeatureBatch):
        return samples.known.batch(samples.indices)
    return default_collate(samples)


def _entries(lists: LabelLists, images: np.ndarray) -> Entries:
    if not len(lists.classes):  # as of single positives
        return Entries(NONE, NONE)
    places, classes = lists.entries(images)
    return Entries(places, classes.astype(np.int64))


def _collect(dataset: BaseDataset) -> Optional[Known]:
    """Take in what is known of each image, if that is all there is."""
    load, *others = _rest(dataset.pipeline.transforms) or [None]
    if not isinstance(load, LoadFeatures) or others:
        return None
    ids: List[str] = []
    partial = set()

    def entries() -> Any:
        for info in iter_observed(dataset):
            ids.append(info['sample_id'])
            partial.add('neg_label' in info)
            yield ids[-1], info['gt_label'], info.get('neg_label', ())

    known = KnownLabels.collect(entries())
    if len(partial) != 1:  # each image says of itself what is known
        return None
    return Known(
        load,
        load.features.rows_of(known.keys, ids),
        TextArray.collect(ids),
        known.positives,
        known.negatives if partial == {True} else None,
    )


def _rest(transforms: List[Any]) -> List[Any]:
    """Leave out what looks at labels alone, and the packing at the end."""
    if not transforms or type(transforms[-1]) is not PackPartialLabels:
        return []
    labels = label_steps(transforms)
    return [x for x in transforms[:-1] if not any(x is y for y in labels)]
