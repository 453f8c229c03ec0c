"""Identity for the images of a data set that is not one of ours."""

from os.path import relpath

from mmwsml.registry import TRANSFORMS
from mmwsml.structures import make_sample_id

from .hide_labels import LabelTransform


@TRANSFORMS.register_module()
class AddSampleId(LabelTransform):
    """Name an image by its data set and its path below ``data_root``.

    For MMPretrain's own data sets; those of MMWSML do it themselves.

    Required keys: ``img_path``, but for pixels that an inferencer brings,
    which have no identity. Added: ``sample_id``.

    Args:
        namespace (str): The data set; two data sets never share one.
        data_root (str): Folder above the images. Moving the data changes no
            ``sample_id``, as long as this folder moves with it.
    """

    def __init__(self, namespace: str, data_root: str) -> None:
        self.namespace = namespace
        self.data_root = data_root

    def transform(self, results: dict) -> dict:
        """Add ``sample_id``."""
        if 'img' in results and 'img_path' not in results:
            return results
        path = relpath(results['img_path'], self.data_root)
        results['sample_id'] = make_sample_id(self.namespace, path)
        return results
