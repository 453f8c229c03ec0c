"""Open Images: millions of images, each with a few known labels."""

import os
from pathlib import Path
from typing import Any, List, Sequence, Tuple, Union

import numpy as np
from mmengine.dataset import force_full_init

from mmwsml.registry import DATASETS
from mmwsml.structures import LabelArrays
from mmwsml.structures.table_file import read_table

from .open_images_arrays import FOLDER, check_image_path
from .own_copies import OwnCopies


@DATASETS.register_module()
class OpenImages(OwnCopies):
    """Open Images V3, or another version, with the labels that humans gave.

    5,000 trainable classes, of which an image has a few known positives and
    negatives; the rest is unobserved. The labels lie in memory-mapped arrays
    that ``tools/dataset_converters/openimages.py`` builds once from the files
    of the release::

        data_root/
        ├── classes-trainable.txt, class-descriptions.csv
        ├── train/
        │   ├── annotations-human.csv
        │   ├── images.csv                      optional: ids are checked
        │   └── 000002b66c9c498e.jpg ...
        ├── validation/, test/                  likewise
        └── arrays_v1/{train,validation,test}/  what the converter builds

    A sample's ``sample_id`` is ``namespace/split/id.jpg``, wherever the
    images lie. Images come in ascending order of their ids.

    Args:
        split (str): 'train', 'validation' or 'test'.
        data_root (str): Defaults to 'data/openimages_v3'.
        namespace (str): Names the data set in ``sample_id``. Defaults to
            'openimages_v3'.
        image_path (str): Path of an image below ``data_prefix``, with
            ``{split}`` and ``{id}``; ``{id:.2}`` is its first two digits.
            Defaults to '{split}/{id}.jpg'.
        **kwargs: ``data_prefix``, ``pipeline``, ``indices`` and the rest of
            :class:`mmpretrain.datasets.MultiLabelDataset`.

    Raises:
        ValueError: If ``image_path`` does not name an image, or the arrays
            are damaged.
        FileNotFoundError: If the arrays are missing.
    """

    def __init__(
        self,
        split: str,
        data_root: str = 'data/openimages_v3',
        namespace: str = 'openimages_v3',
        image_path: str = '{split}/{id}.jpg',
        **kwargs: Any,
    ) -> None:
        check_image_path(image_path)
        self.split = split
        self.image_path = image_path
        self.namespace = namespace
        super().__init__(
            ann_file=f'{FOLDER}/{split}',
            data_root=os.path.expanduser(data_root),
            serialize_data=False,
            **kwargs,
        )

    def load_data_list(self) -> LabelArrays:
        """Open the arrays, and name the classes."""
        path = Path(self.ann_file, 'class_counts.csv')
        try:
            rows = read_table(path, ['name'])
            names = [row['name'] for _, row in rows]
            arrays = LabelArrays(self.ann_file)
            arrays.check(len(names))
        except FileNotFoundError as error:
            raise FileNotFoundError(
                f'{error.filename or path} is missing; build it with python '
                f'tools/dataset_converters/openimages.py {self.data_root} '
                f'--split {self.split}.'
            ) from error
        if len(self._metainfo.setdefault('classes', names)) != len(names):
            raise ValueError(
                f'{path} has {len(names)} classes, but `classes` names '
                f'{len(self.CLASSES)}; leave `classes` out.'
            )
        return arrays

    @force_full_init
    def get_data_info(self, idx: int) -> dict:
        """Return ``img_path``, ``sample_id`` and the labels of an image."""
        image, positives, negatives = self.data_list[idx]
        name = f'{image:016x}'
        path = self.image_path.format(split=self.split, id=name)
        return dict(
            img_path=os.path.join(self.img_prefix, path),
            sample_id=f'{self._id_prefix}/{name}.jpg',
            gt_label=positives,
            neg_label=negatives,
            sample_idx=idx % len(self.data_list),
        )

    @force_full_init
    def sample_keys(self) -> Tuple[str, np.ndarray]:
        """Stand for the ``sample_id`` of every image without making them.

        Two images share a ``sample_id`` where prefix and number are equal.
        The converter has checked the labels.

        Returns:
            tuple[str, ndarray]: The prefix of every ``sample_id``, and a
            number for each image, uint64 ``(len(self),)``.
        """
        return self._id_prefix, self.data_list.ids()

    @property
    def _id_prefix(self) -> str:
        return f'{self.namespace}/{self.split}'

    def _get_unserialized_subset(
        self, indices: Union[int, Sequence[int]]
    ) -> LabelArrays:
        return self.data_list.subset(indices)

    def extra_repr(self) -> List[str]:
        """Sum up the labels below MMPretrain's lines."""
        lines = [*super().extra_repr(), 'Annotated labels: \tpartial']
        if not self._fully_initialized:
            return lines
        positives, negatives = self.data_list.counts()
        return [
            *lines,
            f'Annotated positives: \t{positives.sum()}',
            f'Annotated negatives: \t{negatives.sum()}',
            f'Images without a positive: \t{(positives == 0).sum()}',
        ]
