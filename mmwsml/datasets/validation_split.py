"""The part of a training set that is held out to choose the epoch."""

from typing import Any, List, Optional

import numpy as np
from mmpretrain.datasets import KFoldDataset

from mmwsml.registry import DATASETS
from mmwsml.structures.checks import check_choice, check_number

from .some_images import check_share, draw_images


@DATASETS.register_module()
class ValidationSplit(KFoldDataset):
    """A part of a data set: most of it to train on, the rest to validate.

    The indices are drawn with NumPy's ``RandomState``, whose stream never
    changes: with ``fraction`` and ``seed`` as they are, and the images in the
    order of MMWSML's readers, they are those of the single-positive protocol
    of `Cole et al. <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021). Leaving
    out an image, as ``skip_bad`` or ``indices`` do, draws another split.

    The data set is built once for each part, so that the part to train on can
    hide labels and the part to validate keeps them.

    Args:
        dataset (dict): Config of the data set, of MMEngine's ``BaseDataset``.
        part (str): 'train' or 'val'.
        fraction (float): Held out for 'val', in (0, 1). Defaults to 0.2.
        seed (int): Of the draw. Defaults to 1200.
        keep_images (float): The share of the part that is kept, in (0, 1],
            drawn as for the small data sets of Cole et al. Defaults to 1.

    Raises:
        TypeError: If ``dataset`` is not a config.
        ValueError: If ``part``, ``fraction`` or ``keep_images`` is wrong, or
            if the data set is too small for them.
    """

    dataset: Any  # the base leaves its attributes untyped
    _fully_initialized: bool

    def __init__(
        self,
        dataset: dict,
        part: str,
        fraction: float = 0.2,
        seed: int = 1200,
        keep_images: float = 1,
    ) -> None:
        if not isinstance(dataset, dict):
            raise TypeError(
                '`dataset` of ValidationSplit must be a config, since each '
                f'part has its own pipeline, but got a {type(dataset)}.'
            )
        check_choice('part', part, ('train', 'val'))
        check_number('fraction', fraction, 0, 1, '()')
        self.part = part
        self.fraction = fraction
        self.keep_images = check_share(keep_images)
        super().__init__(dataset, test_mode=part == 'val', seed=seed)

    @property
    def known_size(self) -> Optional[int]:
        """Number of images of the part, None if that is unknown."""
        whole = getattr(self.dataset, 'known_size', None)
        if whole is None or self.keep_images < 1:
            return None
        return len(self.draw(whole))

    def full_init(self) -> None:
        """Load the data set and keep the part."""
        if self._fully_initialized:
            return
        self.dataset.full_init()
        # Only now, some data sets know their classes.
        self._metainfo = self.dataset.metainfo
        indices = self.draw(len(self.dataset))
        if not indices:
            raise ValueError(
                f'The part {self.part!r} of {len(self.dataset)} images is '
                f'empty at fraction={self.fraction}; choose another.'
            )
        kept = draw_images(len(indices), self.keep_images)
        indices = [indices[i] for i in kept]
        self._ori_indices = indices
        # In place: it was built for this part alone, and `get_subset` of
        # MMEngine up to 0.10.7 can mix up the copies of two data sets.
        self.dataset.get_subset_(indices)
        self._fully_initialized = True

    def draw(self, size: int) -> List[int]:
        """Draw the indices of the part of a data set, ascending.

        Args:
            size (int): Number of images of the data set.
        """
        order = np.random.RandomState(self.seed).permutation(size)
        first = size - round(self.fraction * size)
        part = order[first:] if self.part == 'val' else order[:first]
        return sorted(part.tolist())

    def __repr__(self) -> str:
        head = (
            f'Dataset ValidationSplit(part={self.part!r}, '
            f'fraction={self.fraction}, seed={self.seed}) of\n'
        )
        return head + repr(self.dataset)
