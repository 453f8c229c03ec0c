"""COCO, or any set annotated in its form, as multi-label data."""

import os
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Dict, Iterator, List, Set, Tuple

from mmengine.logging import MMLogger

from mmwsml.registry import DATASETS
from mmwsml.structures.json_text import parse_json
from mmwsml.structures.short_value import short_value

from ..label_files.coco_categories import (
    Category,
    Id,
    name_categories,
    say_what_is_left_out,
    to_id,
)
from ..label_files.text_file import read_bytes
from .base_multi_label_dataset import BaseMultiLabelDataset

#: List of a file of instances -> what is kept of its entries.
FIELDS = {
    'images': ('id', 'file_name'),
    'annotations': ('image_id', 'category_id'),
    'categories': ('id', 'name'),
}
PARENT = 'supercategory'
KEPT = {
    PARENT,
    *FIELDS,
    *(field for fields in FIELDS.values() for field in fields),
}


@DATASETS.register_module()
class COCOMultiLabel(BaseMultiLabelDataset):
    """COCO, 80 classes, complete labels, from a file of instances.

    An annotated category is positive, also in a crowd annotation; the classes
    are in the order of ``categories``. Images are sorted by their ids as
    strings; one without an annotation is not in the list, the summary counts
    them::

        data_root/
        ├── annotations/instances_train2014.json, instances_val2014.json
        ├── train2014/COCO_train2014_000000000009.jpg ...
        └── val2014/COCO_val2014_000000000042.jpg ...

    `Large Loss Matters in Weakly Supervised Multi-Label Classification
    <https://arxiv.org/abs/2206.03740>`_ trains on ``train2014`` (82,081
    images) and tests on ``val2014`` (40,137).

    Args:
        ann_file (str): The file of instances, below ``data_root``.
        namespace (str): As in :class:`BaseMultiLabelDataset`. Defaults to
            'coco14'.
        with_boxes (bool): Add ``instances``, a list of ``bbox`` (x1, y1, x2,
            y2 in px) and ``bbox_label``, those of crowds too. Defaults to
            False.
        **kwargs: ``data_root``, ``data_prefix`` (the folder of the images),
            ``pipeline``, ``skip_bad`` and the rest of
            :class:`BaseMultiLabelDataset`.
    """

    KNOWN_SIZES: ClassVar[dict] = {
        ('coco14', 'instances_train2014'): 82081,
        ('coco14', 'instances_val2014'): 40137,
    }

    def __init__(
        self,
        ann_file: str,
        namespace: str = 'coco14',
        with_boxes: bool = False,
        **kwargs: Any,
    ) -> None:
        self.split = Path(ann_file).stem
        self.with_boxes = with_boxes
        super().__init__(ann_file, namespace, **kwargs)

    def read_infos(self) -> List[dict]:
        """Read the file of instances."""
        kept = {*KEPT, 'bbox'} if self.with_boxes else KEPT
        content = _read_instances(self.ann_file, kept)
        classes = self._categories(content)
        self.set_classes(list(classes.values()))
        columns = {category: index for index, category in enumerate(classes)}
        files = self._names(content, 'images')
        positives: Dict[int, Set[int]] = {}
        boxes: Dict[str, List[dict]] = {}
        for index, (image, category) in self._rows(content, 'annotations'):
            if image in files and category in columns:
                positives.setdefault(image, set()).add(columns[category])
                if self.with_boxes:
                    path = os.path.join(self.img_prefix, files[image])
                    boxes.setdefault(path, []).extend(
                        dict(bbox=box, bbox_label=columns[category])
                        for box in self._box(index, content)
                    )
            else:
                rule = 'must be of a listed image and a listed category'
                got = f'image {image!r:.60} and category {category!r:.60}'
                self._reject('annotations', index, f'{rule}, but got {got}')
        self.num_unlisted = len(files) - len(positives)
        infos = self.make_infos(
            (files[image], sorted(positives[image]))
            for image in sorted(positives, key=str)
        )
        if self.with_boxes:
            for info in infos:
                info['instances'] = boxes[info['img_path']]
        return infos

    def _categories(self, content: dict) -> Dict[Id, str]:
        """Map the ids of the categories to the names of the classes."""
        names = self._names(content, 'categories')
        parents = [entry.get(PARENT) for entry in content['categories']]
        categories = {
            number: Category(name, parent)
            for (number, name), parent in zip(names.items(), parents)
        }
        entries = [x for x in content['annotations'] if isinstance(x, dict)]
        ids = [entry.get('category_id') for entry in entries]
        used = {x for x in ids if to_id(x) is not None}
        place = f'{self.ann_file}: the names of "categories"'
        classes = name_categories(place, categories, used)
        for note in say_what_is_left_out(self.ann_file, categories, classes):
            MMLogger.get_current_instance().warning(note)
        return classes

    def _box(self, index: int, content: dict) -> Iterator[List[float]]:
        """Yield the box of an annotation: x1, y1, x2, y2."""
        box = content['annotations'][index].get('bbox')
        try:
            x, y, width, height = (float(number) for number in box)
        except (TypeError, ValueError, OverflowError):
            rule = 'must have `bbox`, four numbers, for with_boxes=True'
            self._reject(
                'annotations', index, f'{rule}, but got {short_value(box)}'
            )
        else:
            yield [x, y, x + width, y + height]

    def _names(self, content: dict, key: str) -> Dict[Id, str]:
        """Map the ids of a list to its names, in the order of the file."""
        names: Dict[Id, str] = {}
        for index, (number, name) in self._rows(content, key):
            if number in names:
                rule = f'must have an `id` of its own, but has {number!r:.60}'
                self._reject(key, index, f'{rule} as {names[number]:.60} has')
            else:
                names[number] = name
        return names

    def _rows(self, content: dict, key: str) -> Iterator[Tuple[int, tuple]]:
        """Yield position and fields of the entries that have them."""
        fields = FIELDS[key]
        for index, entry in enumerate(content[key]):
            entry = entry if isinstance(entry, dict) else {}
            row = tuple(entry.get(field) for field in fields)
            if _are_fields(key, row):
                yield index, row
            else:
                rule = f'must have {fields}, numbers or texts'
                self._reject(key, index, f'{rule}, but got {short_value(row)}')

    def _reject(self, key: str, index: int, rule: str) -> None:
        error = ValueError(
            f'{self.ann_file}: {key}[{index}] {rule}; correct the file or '
            'download it again.'
        )
        if key == 'categories':  # without it, the others change their index
            raise error
        self.reject(error)


def _read_instances(path: str, kept: Set[str]) -> Dict[str, list]:
    """Read the three lists of a file of instances.

    Outlines are thrown away entry by entry: those of COCO would fill several
    times the memory of the file.
    """
    try:
        content = parse_json(read_bytes(path), partial(_keep, kept))
    except ValueError as error:
        raise ValueError(
            f'{path}: the file must be JSON, but {error}; download the '
            'truncated file again.'
        ) from error
    lists = content if isinstance(content, dict) else {}
    missing = [k for k in FIELDS if not isinstance(lists.get(k), list)]
    if missing:
        raise ValueError(
            f'{path}: a file of instances must have the lists {list(FIELDS)}, '
            f'but lacks {missing}; choose instances_*.json.'
        )
    return lists


def _are_fields(key: str, row: tuple) -> bool:
    """Whether the values are ids, the last one a name where it must be."""
    *ids, last = row
    name_or_id = (int, str) if key == 'annotations' else str
    return isinstance(last, name_or_id) and all(
        isinstance(value, (int, str)) for value in ids
    )


def _keep(kept: Set[str], entry: dict) -> dict:
    return {key: value for key, value in entry.items() if key in kept}
