"""What all data sets of MMWSML owe to their wrappers."""

from typing import Any, List, Optional, Sequence

from mmpretrain.datasets import MultiLabelDataset

from .feature_batches import FeatureBatch, FeatureBatches
from .infos import observe_info


class OwnCopies(MultiLabelDataset):
    """A data set whose subsets share nothing with each other.

    MMEngine up to 0.10.7 keeps one memory of copied objects, by their
    address, for all calls of ``get_subset`` in a process: a subset could get
    what had lain at an address before, even the part of another data set.

    What its pipeline hides is hidden from wrappers too. Features come a batch
    at a time where the data loader says ``collate_fn=dict(type=
    'mmwsml.collate_batch')``.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._batches = FeatureBatches()
        super().__init__(*args, **kwargs)

    def __getitems__(self, indices: List[int]) -> Sequence[dict]:
        """Return the images of a batch; torch's data loader asks for them."""
        known = self._batches.know(self)
        if known is None:
            return [self[index] for index in indices]
        return FeatureBatch(self, known, indices)

    def get_cat_ids(self, idx: int) -> List[int]:
        """List the positives of an image that training sees.

        :class:`mmengine.dataset.ClassBalancedDataset` asks for them.
        """
        return observe_info(self, self.get_data_info(idx))['gt_label']

    def _copy_without_annotation(self, memo: Optional[dict] = None) -> Any:
        return super()._copy_without_annotation({} if memo is None else memo)
