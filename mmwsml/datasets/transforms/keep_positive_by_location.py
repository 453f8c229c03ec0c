"""Hiding all labels of an image but one, rather a central one."""

import math
from typing import Sequence

from mmwsml.registry import TRANSFORMS

from .keep_positive_by_box import KeepPositiveByBox


@TRANSFORMS.register_module()
class KeepPositiveByLocation(KeepPositiveByBox):
    """Keep one positive, in inverse proportion to the distance of its boxes.

    An annotator names what is in the middle. A box counts 1 / d, with d the
    distance in px of its centre from the image's, at least 1 (the paper gives
    no floor).

    Paper: location bias of `Understanding Label Bias in Single Positive
    Multi-Label Learning <https://arxiv.org/abs/2305.15584>`_ (ICLR 2023 Tiny
    Papers).

    Required keys: ``sample_id``, ``gt_label``, ``instances``, as in
    :class:`KeepPositiveByBox`, and ``ori_shape`` (height, width in px), which
    ``mmwsml.LoadImage`` adds. Modified: ``gt_label``. Added or modified:
    ``neg_label``. Removed: ``instances``.

    Args:
        seed (int): Names one draw of the kept labels. Defaults to 0.
    """

    needs_size = True

    def weigh_box(self, box: Sequence[float], results: dict) -> int:
        """Return 2^32 / d.

        Raises:
            KeyError: If ``ori_shape`` is missing.
        """
        if 'ori_shape' not in results:
            raise KeyError(
                f'{results["sample_id"]} has no `ori_shape`, the size of the '
                'image: put mmwsml.LoadImage before KeepPositiveByLocation.'
            )
        height, width = results['ori_shape'][:2]
        x1, y1, x2, y2 = box
        dx, dy = (x1 + x2 - width) / 2, (y1 + y2 - height) / 2
        # Unlike hypot, a root is rounded alike everywhere.
        return int(2**32 / max(1, math.sqrt(dx * dx + dy * dy)))
