"""NUS-WIDE, of which several versions are in use."""

import sys
from pathlib import Path
from typing import Any, ClassVar, List, Tuple

import numpy as np

from mmwsml.registry import DATASETS
from mmwsml.structures.array_file import load_array
from mmwsml.structures.checks import check_choice

from ..label_files.text_file import read_bytes, read_lines
from .base_multi_label_dataset import BaseMultiLabelDataset

CLASSES = (
    'airport animal beach bear birds boats book bridge buildings cars castle '
    'cat cityscape clouds computer coral cow dancing dog earthquake elk fire '
    'fish flags flowers food fox frost garden glacier grass harbor horses '
    'house lake leaf map military moon mountain nighttime ocean person plane '
    'plants police protest railroad rainbow reflection road rocks running '
    'sand sign sky snow soccer sports statue street sun sunset surf swimmers '
    'tattoo temple tiger tower town toy train tree valley vehicle water '
    'waterfall wedding whales window zebra'
).split()

MAX_LETTERS = 20  # of a label: NumPy gives all the room of the longest


@DATASETS.register_module()
class NUSWIDE(BaseMultiLabelDataset):
    """NUS-WIDE, 81 classes, complete labels, in a version that is named.

    The versions hold other images, so that their scores do not compare:

    - 'official': the lists of its authors, 161,789 images to train and
      107,859 to test.
    - 'spml': those that Cole et al. (CVPR 2021) could still download, 150,000
      and 60,260, published as arrays; 22 % have no positive. `Large Loss
      Matters in Weakly Supervised Multi-Label Classification
      <https://arxiv.org/abs/2206.03740>`_ uses them.

    ::

        data_root/
        ├── Flickr/actor/0001_2124494179.jpg ...
        ├── ImageList/TrainImagelist.txt, TestImagelist.txt       official
        ├── Groundtruth/TrainTestLabels/Labels_airport_Train.txt  official
        │   ...
        └── formatted_{train,val}_{images,labels}.npy             spml

    Args:
        version (str): 'official' or 'spml'.
        split (str): 'train' or 'test'.
        data_root (str): The folder.
        **kwargs: ``pipeline``, ``skip_bad`` and the rest of
            :class:`BaseMultiLabelDataset`. ``namespace`` is 'nus_official' or
            'nus_spml'.

    Raises:
        ValueError: If ``version`` or ``split`` is unknown.
    """

    METAINFO: ClassVar[dict] = {'classes': CLASSES}
    KNOWN_SIZES: ClassVar[dict] = {
        ('nus_official', 'train'): 161789,
        ('nus_official', 'test'): 107859,
        ('nus_spml', 'train'): 150000,
        ('nus_spml', 'test'): 60260,
    }

    def __init__(
        self, version: str, split: str, data_root: str, **kwargs: Any
    ) -> None:
        for name, value, allowed in (
            ('version', version, ('official', 'spml')),
            ('split', split, ('train', 'test')),
        ):
            check_choice(name, value, allowed)
        self.version = version
        self.split = split
        if version == 'official':
            ann_file = f'ImageList/{split.title()}Imagelist.txt'
        else:
            part = 'train' if split == 'train' else 'val'
            ann_file = f'formatted_{part}_images.npy'
        super().__init__(
            ann_file,
            f'nus_{version}',
            data_root=data_root,
            data_prefix='Flickr',
            **kwargs,
        )

    def read_infos(self) -> List[dict]:
        """Read the files of the version."""
        official = self.version == 'official'
        names, labels = (
            self._read_official() if official else self._read_spml()
        )
        one, zero = (b'1', b'0') if official else (1, 0)
        positive = labels == one
        wrong = ~positive & (labels != zero)
        for row in np.flatnonzero(wrong.any(axis=1)):
            column = wrong[row].argmax()  # the first of them
            self.reject(
                ValueError(
                    f'{self.ann_file}, image {row + 1}: the labels of '
                    f'{names[row]} must be 0 or 1, but that of '
                    f'{self.CLASSES[column]} is {labels[row, column]!r}; '
                    'download the files of the labels again.'
                )
            )
        return self.make_infos(
            (
                names[row].replace('\\', '/'),
                np.flatnonzero(positive[row]).tolist(),
            )
            for row in np.flatnonzero(~wrong.any(axis=1))
        )

    def _read_official(self) -> Tuple[List[str], np.ndarray]:
        """Read the list of the images and a file of 0 and 1 for each class."""
        names = [line.strip() for line in read_lines(self.ann_file)]
        folder = Path(self.data_root) / 'Groundtruth' / 'TrainTestLabels'
        columns = []
        for name in self.CLASSES:
            path = folder / f'Labels_{name}_{self.split.title()}.txt'
            words = read_bytes(str(path)).split()
            longest = max(words, key=len, default=b'')
            if len(longest) > MAX_LETTERS:
                raise ValueError(
                    f'{path}: the file must hold 0 and 1, but has '
                    f'{longest[:20]!r} and {len(longest) - 20} bytes more; '
                    'download it again.'
                )
            column = np.array(words, dtype=bytes)
            if len(column) != len(names):
                raise ValueError(
                    f'{path}: the file must have a 0 or 1 for each of the '
                    f'{len(names)} lines of {self.ann_file}, but has '
                    f'{len(column)}; download the truncated file again.'
                )
            columns.append(column)
        return names, np.stack(columns, axis=1)

    def _read_spml(self) -> Tuple[List[str], np.ndarray]:
        """Read the arrays of names and labels."""
        path = self.ann_file.replace('_images.npy', '_labels.npy')
        names, labels = _load_array(self.ann_file), _load_array(path)
        shape = len(names), len(self.CLASSES)
        is_list = names.dtype.kind == 'U' and names.ndim == 1
        is_list = is_list and labels.dtype.kind in 'biuf'
        if not is_list or labels.shape != shape:
            raise ValueError(
                f'{path}: labels must be of the shape {shape}, a row for each '
                f'text in {self.ann_file}, but got {labels.dtype} of '
                f'{labels.shape} for {names.dtype}; download both files again.'
            )
        # NumPy makes a text even of numbers that are no letters.
        letters = np.dtype('u4').newbyteorder(names.dtype.byteorder)
        codes = np.frombuffer(names.tobytes(), letters)
        if codes.max(initial=0) > sys.maxunicode:
            raise ValueError(
                f'{self.ann_file}: its texts are damaged, a letter is '
                f'{codes.max():#x}; download it again.'
            )
        return names.tolist(), labels


def _load_array(path: str) -> np.ndarray:
    """Load an array, never code."""
    try:
        return np.atleast_1d(load_array(path))
    except OSError as error:
        raise FileNotFoundError(
            f'{path}: {error.strerror or error}; check `data_root`.'
        ) from error
    except ValueError as error:
        raise ValueError(
            f'{path}: {error}; download the file again, or, if you trust its '
            'source, convert Python objects with np.save(path, np.array('
            'np.load(path, allow_pickle=True).tolist())).'
        ) from error
