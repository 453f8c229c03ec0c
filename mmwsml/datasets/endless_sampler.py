"""A stream of shuffled images that can be entered anywhere."""

from typing import Iterator, Optional, Sized

import torch
from mmengine.dist import get_dist_info, sync_random_seed
from torch.utils.data import Sampler

from mmwsml.registry import DATA_SAMPLERS


@DATA_SAMPLERS.register_module()
class EndlessSampler(Sampler):
    """Pass over the images again and again, each time in a new order.

    The order of a pass is a function of seed and pass, so that skipping costs
    nothing. The processes deal the images out in turn: with the same global
    batch, any number of them sees the same batches. Nothing is padded; a
    batch may hold the end of one pass and the start of the next.

    Args:
        dataset (Sized): The images; only their number counts.
        shuffle (bool): Whether to shuffle each pass. Defaults to True.
        seed (int, optional): Of the order, equal on all processes. Defaults
            to None: a random one.

    Raises:
        ValueError: If the data set is empty.
    """

    def __init__(
        self, dataset: Sized, shuffle: bool = True, seed: Optional[int] = None
    ) -> None:
        self.rank, self.num_processes = get_dist_info()
        self.num_images = len(dataset)
        if not self.num_images:
            raise ValueError(
                'EndlessSampler needs images, but the data set is empty: '
                'check its annotation file.'
            )
        self.shuffle = shuffle
        self.seed = sync_random_seed() if seed is None else seed
        self._first = 0

    def skip(self, num_samples: int) -> None:
        """Leave out as many images of this process as were trained on.

        Args:
            num_samples (int): Counted from the start, not from the last skip.
        """
        self._first = num_samples

    def __iter__(self) -> Iterator[int]:
        """Yield indices without end."""
        position = self._first * self.num_processes + self.rank
        while True:
            num_pass, place = divmod(position, self.num_images)
            order = self._order(num_pass)
            yield from order[place :: self.num_processes]
            left = self.num_images - place
            position += -(-left // self.num_processes) * self.num_processes

    def __len__(self) -> int:
        """Count the images of one pass on this process, rounded up."""
        return -(-self.num_images // self.num_processes)

    def _order(self, num_pass: int) -> list:
        if not self.shuffle:
            return list(range(self.num_images))
        generator = torch.Generator().manual_seed(self.seed + num_pass)
        return torch.randperm(self.num_images, generator=generator).tolist()
