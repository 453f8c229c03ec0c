"""The images of one training step, on this and on all other processes."""

from functools import cached_property
from typing import Optional, Sequence

import numpy as np
from torch import Tensor

from .processes import (
    gather_array,
    gather_numbers,
    gather_tensor,
    num_processes,
    process_rank,
)
from .sample_id import hash64


class GlobalBatch:
    """What one process knows of the batch that all of them train on.

    The global batch is one micro-batch of each process, in the order of the
    processes. Made by :meth:`meet`; made directly it is the batch of this
    process alone.

    Args:
        sample_ids (Sequence[str]): The N images of this process.
        sizes (Sequence[int], optional): Images on each process. Defaults to
            None: there is no other.
        rank (int): This process, from 0. Defaults to 0.
    """

    def __init__(
        self,
        sample_ids: Sequence[str],
        sizes: Optional[Sequence[int]] = None,
        rank: int = 0,
    ) -> None:
        self.sample_ids = sample_ids
        self.sizes = [len(sample_ids)] if sizes is None else list(sizes)
        self.rank = rank
        #: Images on all processes.
        self.num_images = sum(self.sizes)
        self._places: Optional[np.ndarray] = None

    @classmethod
    def meet(
        cls, sample_ids: Sequence[str], num_classes: int
    ) -> 'GlobalBatch':
        """Tell the other processes the size of the batch, and hear theirs.

        Raises:
            ValueError: On all processes, if they differ in ``num_classes``.
        """
        if num_processes() == 1:
            return cls(sample_ids)
        sizes, classes = gather_numbers(len(sample_ids), num_classes).T
        if (classes != num_classes).any():
            raise ValueError(
                'All processes must train the same classes, but they have '
                f'`num_classes` {classes.tolist()}: start them with one '
                'config.'
            )
        return cls(sample_ids, sizes.tolist(), process_rank())

    def alone(self) -> 'GlobalBatch':
        """Return the part of this process, as if there were no other."""
        return self if len(self.sizes) == 1 else GlobalBatch(self.sample_ids)

    @property
    def share(self) -> float:
        """Images here over the mean of all processes, 1 where all are equal.

        Gradients are averaged over processes: a mean over the images here,
        times this, becomes a mean over all images.
        """
        return self.sizes[self.rank] * len(self.sizes) / self.num_images

    @cached_property
    def keys(self) -> np.ndarray:
        """``hash64`` of the images of this process, int64 ``(N,)``."""
        return np.array([hash64(i) for i in self.sample_ids], np.int64)

    @property
    def places(self) -> np.ndarray:
        """Where the images here stand among all, in the order of their keys.

        The order does not depend on which process holds an image. An image
        that a sampler repeats stands in the order of its copies. The first
        look is an exchange in which all processes take part.

        Returns:
            ndarray: int64 ``(N,)``, distinct, in [0, ``num_images``).
        """
        if self._places is None:
            alone = len(self.sizes) == 1
            keys = self.keys if alone else gather_array(self.keys)
            order = keys.argsort(kind='stable')
            places = np.empty(len(keys), np.int64)
            places[order] = np.arange(len(keys))
            first = sum(self.sizes[: self.rank])
            self._places = places[first : first + len(self.sample_ids)]
        return self._places

    def gather(self, tensor: Tensor) -> Tensor:
        """Collect a tensor of one shape; ``(number of processes, ...)``."""
        return gather_tensor(tensor) if len(self.sizes) > 1 else tensor[None]
