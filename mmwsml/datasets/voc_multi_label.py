"""Pascal VOC as multi-label data, as its classification task defines it."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any, ClassVar, List

from mmpretrain.datasets.categories import VOC2007_CATEGORIES

from mmwsml.registry import DATASETS

from ..label_files.text_file import match_names, read_pairs
from .base_multi_label_dataset import BaseMultiLabelDataset


@DATASETS.register_module()
class VOCMultiLabel(BaseMultiLabelDataset):
    """Pascal VOC of any year, 20 classes, complete labels.

    The labels are those of ``ImageSets/Main``: 1 is positive, 0 (only
    difficult objects) and -1 are negative. Images are sorted by name; one
    without a positive in any class is not in the list, the summary counts
    them. :class:`mmpretrain.datasets.VOC` reads the boxes instead, keeps such
    images, and takes the order of ``{split}.txt``::

        data_root/                       VOCdevkit/VOC2012
        ├── JPEGImages/2008_000008.jpg ...
        └── ImageSets/Main/aeroplane_train.txt, aeroplane_val.txt ...

    `Large Loss Matters in Weakly Supervised Multi-Label Classification
    <https://arxiv.org/abs/2206.03740>`_ trains on ``train`` of 2012 (5,717
    images) and tests on ``val`` (5,823).

    Args:
        split (str): Of which images: 'train', 'val', 'trainval' or 'test'.
        data_root (str): The folder of the year.
        namespace (str): As in :class:`BaseMultiLabelDataset`; 'voc07' for
            2007. Defaults to 'voc12'.
        with_boxes (bool): Add ``instances``, a list of ``bbox`` (x1, y1, x2,
            y2 in px) and ``bbox_label``, from ``Annotations/{image}.xml``,
            read when the image is. Defaults to False.
        **kwargs: ``pipeline``, ``skip_bad`` and the rest of
            :class:`BaseMultiLabelDataset`.
    """

    METAINFO: ClassVar[dict] = {'classes': VOC2007_CATEGORIES}
    KNOWN_SIZES: ClassVar[dict] = {
        ('voc12', 'train'): 5717,
        ('voc12', 'val'): 5823,
        ('voc07', 'trainval'): 5011,
        ('voc07', 'test'): 4952,
    }

    def __init__(
        self,
        split: str,
        data_root: str,
        namespace: str = 'voc12',
        with_boxes: bool = False,
        **kwargs: Any,
    ) -> None:
        self.split = split
        self.with_boxes = with_boxes
        super().__init__(
            'ImageSets/Main',
            namespace,
            data_root=data_root,
            data_prefix='JPEGImages',
            **kwargs,
        )

    def read_infos(self) -> List[dict]:
        """Read the file of each class."""
        files = {}
        for name in self.CLASSES:
            path = f'{self.ann_file}/{name}_{self.split}.txt'
            files[path] = read_pairs(path, ('1', '0', '-1'), self.reject)
        entries = []
        for image in sorted(match_names(files, self.reject)):
            values = [labels[image] for labels in files.values()]
            positives = [i for i, value in enumerate(values) if value == '1']
            if positives:
                entries.append((f'{image}.jpg', positives))
            else:
                self.num_unlisted += 1
        return self.make_infos(entries)

    def get_data_info(self, idx: int) -> dict:
        """Get what is known of an image, its boxes if asked for.

        Raises:
            ValueError: If the file of its boxes is missing or broken.
        """
        info = super().get_data_info(idx)
        if self.with_boxes:
            image = Path(info['img_path'])
            path = image.parents[1] / 'Annotations' / f'{image.stem}.xml'
            info['instances'] = _read_boxes(path, self.CLASSES)
        return info


def _read_boxes(path: Path, classes: List[str]) -> List[dict]:
    """Read the boxes of an image; VOC counts pixels from 1."""
    instances = []
    try:
        for item in ElementTree.parse(path).getroot().iter('object'):
            label = classes.index(item.findtext('name', '').strip())
            x1, y1, x2, y2 = (
                float(item.findtext(f'bndbox/{side}', ''))
                for side in ('xmin', 'ymin', 'xmax', 'ymax')
            )
            box = [x1 - 1, y1 - 1, x2, y2]
            instances.append(dict(bbox=box, bbox_label=label))
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise ValueError(
            f'{path}: must be an XML file with a class and a box for each '
            f'object, but {error}; restore the file, or set with_boxes=False.'
        ) from error
    return instances
