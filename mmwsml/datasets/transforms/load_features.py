"""Features that were computed once, in the place of images."""

import numpy as np

from mmwsml.registry import TRANSFORMS
from mmwsml.structures.checks import check_number
from mmwsml.structures.feature_arrays import FeatureArrays

from .hide_labels import LabelTransform, require_sample_id


@TRANSFORMS.register_module()
class LoadFeatures(LabelTransform):
    """Take the features of an image from the folder of an extraction.

    In the place of what loads, resizes and flips an image. A feature is an
    image of 1 x 1 px and C channels, so that everything else stays as it is;
    the backbone is :class:`mmwsml.PrecomputedFeatures`.

    Required keys: ``sample_id``. Added: ``img``, float32 ``(1, 1, C)``.

    Args:
        folder (str): Made by ``tools/extract_features.py``.
        flip_prob (float): How probably the features are those of the flipped
            image, in [0, 1], drawn anew each time. Above 0 the extraction
            must have been run with ``--flip``. Defaults to 0.

    Raises:
        FileNotFoundError: If there is no such folder.
        ValueError: If the folder is damaged or not finished, ``flip_prob`` is
            out of range, or there is no view of the flipped image.
    """

    def __init__(self, folder: str, flip_prob: float = 0.0) -> None:
        check_number('flip_prob', flip_prob, 0, 1)
        self.folder = folder
        self.flip_prob = flip_prob
        self._features = FeatureArrays(folder)
        if flip_prob and self._features.num_views == 1:
            raise ValueError(
                f'`flip_prob` is {flip_prob}, but {folder} has no features of '
                'the flipped images: extract them with --flip, or set '
                'flip_prob=0.'
            )

    def transform(self, results: dict) -> dict:
        """Set the features.

        Raises:
            KeyError: If ``sample_id`` is missing, or the image has none.
        """
        require_sample_id(results)
        views = self._features[results['sample_id']]
        view = int(self.draw_views(1)[0])
        results['img'] = views[view][None, None].copy()
        return results

    @property
    def features(self) -> FeatureArrays:
        """What the folder holds."""
        return self._features

    def draw_views(self, number: int) -> np.ndarray:
        """Draw which view of each image is taken, int64 ``(number,)``.

        From NumPy's global state, as MMCV's RandomFlip: EpochSeedHook seeds
        it.
        """
        if not self.flip_prob:
            return np.zeros(number, np.int64)
        drawn = np.random.random(number) < self.flip_prob
        return drawn.astype(np.int64)
