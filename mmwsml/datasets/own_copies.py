"""What all data sets of MMWSML owe to their wrappers."""

from typing import Any, List, Optional

from mmpretrain.datasets import MultiLabelDataset

from .infos import observe_info


class OwnCopies(MultiLabelDataset):
    """A data set whose subsets share nothing with each other.

    MMEngine up to 0.10.7 keeps one memory of copied objects, by their
    address, for all calls of ``get_subset`` in a process: a subset could get
    what had lain at an address before, even the part of another data set.

    What its pipeline hides is hidden from wrappers too.
    """

    def get_cat_ids(self, idx: int) -> List[int]:
        """List the positives of an image that training sees.

        :class:`mmengine.dataset.ClassBalancedDataset` asks for them.
        """
        return observe_info(self, self.get_data_info(idx))['gt_label']

    def _copy_without_annotation(self, memo: Optional[dict] = None) -> Any:
        return super()._copy_without_annotation({} if memo is None else memo)
