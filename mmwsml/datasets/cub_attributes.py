"""CUB-200-2011 as multi-label data: 312 attributes of a bird."""

from pathlib import Path
from typing import Any, ClassVar, Dict, List

import numpy as np

from mmwsml.registry import DATASETS
from mmwsml.structures.checks import check_choice
from mmwsml.structures.short_value import short_value

from ..label_files.text_file import match_names, open_file, read_pairs
from .base_multi_label_dataset import BaseMultiLabelDataset

PRESENT = {b'0': 0, b'1': 1}


@DATASETS.register_module()
class CUBAttributes(BaseMultiLabelDataset):
    """Attributes of the birds of CUB-200-2011, 312, complete labels.

    An attribute is positive where ``is_present`` is 1, whatever the certainty
    of the annotator. Images are in the order of ``images.txt``::

        data_root/                     as the archive unpacks
        ├── attributes.txt
        └── CUB_200_2011/
            ├── images.txt, train_test_split.txt
            ├── attributes/image_attribute_labels.txt
            └── images/001.Black_footed_Albatross/ ...

    Args:
        split (str): 'train' (5,994 images) or 'test' (5,794).
        data_root (str): The folder.
        namespace (str): As in :class:`BaseMultiLabelDataset`. Defaults to
            'cub'.
        **kwargs: ``pipeline``, ``skip_bad`` and the rest of
            :class:`BaseMultiLabelDataset`.

    Raises:
        ValueError: If ``split`` is unknown.
    """

    KNOWN_SIZES: ClassVar[dict] = {
        ('cub', 'train'): 5994,
        ('cub', 'test'): 5794,
    }

    def __init__(
        self, split: str, data_root: str, namespace: str = 'cub', **kwargs: Any
    ) -> None:
        check_choice('split', split, ('train', 'test'))
        self.split = split
        super().__init__(
            'CUB_200_2011/attributes/image_attribute_labels.txt',
            namespace,
            data_root=data_root,
            data_prefix='CUB_200_2011/images',
            **kwargs,
        )

    def read_infos(self) -> List[dict]:
        """Read the images of the split and the attributes of all."""
        root = Path(self.data_root)
        attributes = read_pairs(str(root / 'attributes.txt'))
        self.set_classes(list(attributes.values()))
        folder = root / 'CUB_200_2011'
        images = read_pairs(f'{folder}/images.txt', reject=self.reject)
        path = f'{folder}/train_test_split.txt'
        parts = read_pairs(path, ('0', '1'), self.reject)
        files = {f'{folder}/images.txt': images, path: parts}
        listed = match_names(files, self.reject)
        labels = self._read_labels(listed, list(attributes))
        part = '1' if self.split == 'train' else '0'
        return self.make_infos(
            (images[image], labels[image])
            for image in listed
            if parts[image] == part and image in labels
        )

    def _read_labels(
        self, images: List[str], attributes: List[str]
    ) -> Dict[str, List[int]]:
        """Read the positive attributes of each image that has a line for all.

        One pass over 3.7 million lines: they are split, never converted.
        """
        shape = len(images), len(attributes)
        rows = {image.encode(): i * shape[1] for i, image in enumerate(images)}
        columns = {name.encode(): i for i, name in enumerate(attributes)}
        present, lines = bytearray(np.prod(shape)), bytearray(np.prod(shape))
        with open_file(self.ann_file) as file:
            for number, line in enumerate(file, 1):
                try:
                    # Some lines of the real file have fields too many.
                    image_id, attribute, value = line.split(None, 3)[:3]
                    entry = rows[image_id] + columns[attribute]
                    present[entry] = PRESENT[value]
                    lines[entry] += 1
                except (KeyError, ValueError):
                    self._reject_line(number, line)
        labels = {}
        for i, image in enumerate(images):
            entries = slice(i * shape[1], (i + 1) * shape[1])
            if lines[entries] == b'\1' * shape[1]:
                positives = np.frombuffer(present[entries], bool)
                labels[image] = np.flatnonzero(positives).tolist()
            else:
                self.reject(
                    ValueError(
                        f'{self.ann_file}: image {image:.200} must have one '
                        f'line for each of the {shape[1]} attributes; '
                        'download the truncated file again.'
                    )
                )
        return labels

    def _reject_line(self, number: int, line: bytes) -> None:
        self.reject(
            ValueError(
                f'{self.ann_file}, line {number}: it must begin with an image '
                'of images.txt, an attribute of attributes.txt and 0 or 1, '
                f'but got {short_value(line)}; correct the file or download '
                'it again.'
            )
        )
