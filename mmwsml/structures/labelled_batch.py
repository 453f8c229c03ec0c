"""The labels of a batch that was looked up at once, image by image too."""

from typing import Any, NamedTuple, Optional, Sequence

import numpy as np
import torch
from torch import Tensor

from .labels import Labels
from .transfer import upload


class Entries(NamedTuple):
    """Classes of N images end to end, in the order of the images."""

    #: Int64 ``(M,)``: the place of the image in the batch.
    places: np.ndarray
    #: Int64 ``(M,)``: the class.
    classes: np.ndarray

    def of(self, place: int) -> Tensor:
        """Return the classes of one image, int64."""
        return torch.from_numpy(self.classes[self.places == place])

    def mark(self, shape: Sequence[int], device: torch.device) -> Tensor:
        """Mark the classes in rows of zeros, bool ``shape``."""
        if device.type == 'cpu':  # half the time of torch's way
            filled = np.zeros(tuple(shape), bool)
            filled[self.places, self.classes] = True
            return torch.from_numpy(filled)
        marks = torch.zeros(tuple(shape), dtype=torch.bool, device=device)
        where = (upload(torch.from_numpy(x), device) for x in self)
        marks[tuple(where)] = True
        return marks


class KnownSample:
    """One image of a :class:`LabelledBatch`, read as a ``DataSample`` is.

    Args:
        batch (LabelledBatch): Where it is.
        place (int): Its place there.
    """

    def __init__(self, batch: 'LabelledBatch', place: int) -> None:
        self._batch = batch
        self._place = place

    @property
    def sample_id(self) -> str:
        """The identity of the image."""
        return self._batch.sample_ids[self._place]

    @property
    def gt_label(self) -> Tensor:
        """Its known positives, int64."""
        return self._batch.positives.of(self._place)

    @property
    def neg_label(self) -> Tensor:
        """Its known negatives, int64, where labels are partial."""
        if self._batch.negatives is None:
            raise AttributeError('Complete labels have no `neg_label`.')
        return self._batch.negatives.of(self._place)

    def __contains__(self, name: str) -> bool:
        return hasattr(self, name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field, or the default."""
        return getattr(self, name, default)


class LabelledBatch(Sequence[KnownSample]):
    """N images and what is known of them, in the place of a list of samples.

    Args:
        sample_ids (Sequence[str]): The images.
        positives (Entries): Their known positives.
        negatives (Entries, optional): Their known negatives. Defaults to
            None: labels are complete.
    """

    def __init__(
        self,
        sample_ids: Sequence[str],
        positives: Entries,
        negatives: Optional[Entries] = None,
    ) -> None:
        self.sample_ids = sample_ids
        self.positives = positives
        self.negatives = negatives

    def __len__(self) -> int:
        return len(self.sample_ids)

    def __getitem__(self, place: Any) -> Any:
        """Return one image, or those of a slice."""
        if isinstance(place, slice):
            return [self[n] for n in range(len(self))[place]]
        return KnownSample(self, range(len(self))[place])

    def dense(self, num_classes: int, device: torch.device) -> Labels:
        """Turn the labels into matrices, as :func:`dense_labels` does."""
        shape = len(self), num_classes
        is_positive = self.positives.mark(shape, device)
        if self.negatives is None:
            observed = torch.ones_like(is_positive)
        elif not len(self.negatives.places):  # as of single positives
            observed = is_positive
        else:
            observed = is_positive | self.negatives.mark(shape, device)
        return Labels(is_positive.float(), observed)
