"""Hiding all labels of an image but one, rather a large one."""

from typing import Sequence

from mmwsml.registry import TRANSFORMS

from .keep_positive_by_box import KeepPositiveByBox


@TRANSFORMS.register_module()
class KeepPositiveBySize(KeepPositiveByBox):
    """Keep one positive, in proportion to the area of its boxes.

    An annotator names what is large. The paper takes the area of the segment
    that COCO gives; here it is that of the box, which every set has.

    Paper: size bias of `Understanding Label Bias in Single Positive
    Multi-Label Learning <https://arxiv.org/abs/2305.15584>`_ (ICLR 2023 Tiny
    Papers).

    Required keys: ``sample_id``, ``gt_label``, ``instances``, as in
    :class:`KeepPositiveByBox`. Modified: ``gt_label``. Added or modified:
    ``neg_label``. Removed: ``instances``.

    Args:
        seed (int): Names one draw of the kept labels. Defaults to 0.
    """

    def weigh_box(self, box: Sequence[float], results: dict) -> int:
        """Return the area in units of 2^-16 square px."""
        x1, y1, x2, y2 = box
        return max(1, int((x2 - x1) * (y2 - y1) * 2**16))
