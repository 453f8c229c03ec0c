"""Packing a sample so that no label is lost on the way."""

from mmpretrain.datasets.transforms import PackInputs
from mmpretrain.structures.utils import format_label

from mmwsml.registry import TRANSFORMS

from .hide_labels import require_sample_id


@TRANSFORMS.register_module()
class PackPartialLabels(PackInputs):
    """``PackInputs`` that carries ``neg_label``, ``sample_id``, ``instances``.

    MMPretrain's own drops the keys that it does not know without a word.

    Required keys: those of ``PackInputs``, and ``sample_id`` where there are
    labels; an image without any is one to predict. ``neg_label`` is packed
    where it is there: without it, labels claim to be complete. So are
    ``instances``, boxes in px of the file; transforms that hide labels remove
    them.
    """

    def transform(self, results: dict) -> dict:
        """Pack the image and what is known of it.

        Raises:
            KeyError: If ``sample_id`` is missing beside labels.
        """
        packed = super().transform(results)
        sample = packed['data_samples']
        if any(key in results for key in ('gt_label', 'neg_label')):
            require_sample_id(results)
        if 'sample_id' in results:
            sample.set_metainfo(dict(sample_id=results['sample_id']))
        if 'neg_label' in results:
            sample.neg_label = format_label(results['neg_label'])
        if 'instances' in results:
            sample.set_metainfo(dict(instances=results['instances']))
        return packed
