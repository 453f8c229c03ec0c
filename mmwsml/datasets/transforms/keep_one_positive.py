"""Single positive labels: one known label an image."""

from mmcv.transforms import BaseTransform

from mmwsml.registry import TRANSFORMS
from mmwsml.structures import hash64


@TRANSFORMS.register_module()
class KeepOnePositive(BaseTransform):
    """Hide every label of an image except one of its positives.

    The kept class is a hash of ``seed`` and ``sample_id``: the same in every
    epoch, worker, rank and NumPy version. An image without a positive keeps
    none.

    Required keys: ``sample_id``, ``gt_label``. Modified: ``gt_label``. Added:
    ``neg_label`` (empty: nothing is known to be absent).

    Args:
        seed (int): Names one draw of the kept labels. Defaults to 0.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def transform(self, results: dict) -> dict:
        """Cut ``gt_label`` to the kept class."""
        positives = sorted(results['gt_label'])
        if positives:
            draw = hash64(f'{self.seed}/{results["sample_id"]}')
            positives = [positives[draw % len(positives)]]
        results['gt_label'] = positives
        results['neg_label'] = []
        # What else tells of hidden labels goes with them.
        results.pop('instances', None)
        return results

    def __repr__(self) -> str:
        """Show the arguments."""
        return f'{type(self).__name__}(seed={self.seed})'
