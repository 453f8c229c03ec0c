"""Reading an image, with a clear word where it cannot be read."""

from mmcv.transforms import LoadImageFromFile

from mmwsml.datasets.image_file import check_image_size
from mmwsml.registry import TRANSFORMS


@TRANSFORMS.register_module()
class LoadImage(LoadImageFromFile):
    """MMCV's ``LoadImageFromFile`` that names the broken image.

    MMPretrain's inferencer brings pixels in the place of a path: they stay.

    Required keys: ``img_path``, or ``img``. Added: ``img``, ``img_shape``,
    ``ori_shape``.
    """

    def transform(self, results: dict) -> dict:
        """Read the image.

        Raises:
            OSError: If the file cannot be read or decoded, or is too large.
        """
        if 'img' in results and 'img_path' not in results:
            return results
        path = results['img_path']
        if '://' not in path:  # else on a remote storage
            check_image_size(path)
        try:
            return super().transform(results)
        except Exception as error:
            raise OSError(
                f'The image {results["img_path"]} cannot be read as a '
                'picture: replace the file or leave it out.'
            ) from error
