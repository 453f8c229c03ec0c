"""Any folder of images with an annotation file of known labels."""

import os
from typing import Any, Dict, List, Optional, Sequence, Union, cast

from mmengine.fileio import load
from mmengine.logging import MMLogger
from mmpretrain.datasets import MultiLabelDataset

from mmwsml.registry import DATASETS
from mmwsml.structures import find_label_error, make_sample_id
from mmwsml.structures.checks import check_choice
from mmwsml.structures.short_value import cut_text, short_value

from ..label_files.annotations import to_entries
from ..label_files.bad_entries import BadEntries
from ..label_files.class_names import check_names
from ..label_files.convert import read_labels
from ..label_files.read_options import ReadOptions
from ..label_files.table_reader import SUFFIXES
from .base_multi_label_dataset import BaseMultiLabelDataset
from .image_file import check_image_file


@DATASETS.register_module()
class PartialLabelDataset(BaseMultiLabelDataset):
    """A folder of images with an annotation JSON of known labels.

    The file has the form of :class:`mmpretrain.datasets.MultiLabelDataset`::

        {"metainfo": {"classes": ["cat", "dog", "horse"]},
         "data_list": [
           {"img_path": "1.jpg", "gt_label": [0], "neg_label": [2]},
           {"img_path": "2.jpg", "gt_label": [1, 2]}]}

    ``gt_label`` lists the known positives, ``neg_label`` the known negatives;
    a class in neither list is unobserved. Each sample gets ``sample_id``,
    ``namespace/img_path``. A table, such as a CSV of ``image,cat,dog,...``,
    is read as ``convert_labels.py`` reads it.

    Args:
        ann_file (str | Sequence[str]): The annotation JSON or a table, below
            ``data_root``; several of the same classes are read as one.
        labels (str): ``'partial'``: a sample without ``neg_label`` has no
            known negatives. ``'complete'``: every class not in ``gt_label``
            is absent, and ``neg_label`` is refused. Defaults to 'partial'.
        namespace (str): As in :class:`BaseMultiLabelDataset`. Defaults to
            'images'.
        read (dict, optional): How a table is read, the options of
            ``convert_labels.py``: ``dict(image_column='Path', unknown='-1')``.
            Defaults to None, as it says itself. ``classes`` chooses columns.
        **kwargs: ``data_root``, ``data_prefix``, ``pipeline``, ``classes``,
            ``skip_bad`` and the rest of :class:`BaseMultiLabelDataset`.

    Raises:
        ValueError: If ``labels`` is unknown, or an entry breaks a rule; the
            message names file, entry, rule and remedy.
        FileNotFoundError: If an image is missing or empty.
    """

    ann_file: str

    def __init__(
        self,
        ann_file: Union[str, Sequence[str]],
        labels: str = 'partial',
        namespace: str = 'images',
        read: Optional[dict] = None,
        **kwargs: Any,
    ) -> None:
        check_choice('labels', labels, ('partial', 'complete'))
        self.labels = labels
        self.read = dict(read or {})
        several = isinstance(ann_file, (list, tuple))
        files = cast(List[str], [*ann_file] if several else [ann_file])
        if not files:
            raise ValueError(
                '`ann_file` must name one file or more, but is [].'
            )
        first, *self._further = files
        super().__init__(first, namespace, **kwargs)

    def read_infos(self) -> List[dict]:
        """Read the annotation files."""
        self._kinds: Dict[str, List[str]] = {}
        infos = self._read_file()
        first = self.ann_file
        for name in self._further:
            self.ann_file = os.path.join(self.data_root, name)
            self.classes_from = first
            infos += self._read_file()
        self.ann_file, self.classes_from = first, 'the config'
        self.tell_kinds(self._kinds)
        return infos

    def _read_file(self) -> List[dict]:
        is_table = str(self.ann_file).lower().endswith(SUFFIXES)
        return self._read_table() if is_table else self._read_json()

    def extra_repr(self) -> List[str]:
        """Name the further annotation files, too."""
        files = self._further
        more = [f'Further files: \t{", ".join(files)}'] if files else []
        return [*super().extra_repr(), *more]

    def tell_kinds(self, kinds: Dict[str, List[str]]) -> None:
        """Say what reading makes of images that are no 8-bit RGB."""
        for kind, paths in kinds.items():
            MMLogger.get_current_instance().warning(
                f'{self.ann_file}: {len(paths)} images are {kind}; the first '
                f'is {cut_text(paths[0])}'
            )

    def _read_json(self) -> List[dict]:
        if self.read:
            raise ValueError(
                f'{self.ann_file}: is no table, which `read` is for.'
            )
        if not str(self.ann_file).endswith('.json'):
            # MMEngine runs what a file of YAML or pickle tells it to.
            raise ValueError(
                f'{self.ann_file}: the annotation file must be JSON and its '
                'name end in .json, or a table such as .csv; make one with '
                'tools/dataset_converters/convert_labels.py.'
            )
        given = self._metainfo.get('classes')
        try:
            infos = MultiLabelDataset.load_data_list(self)
            if given is not None:  # and took the place of those in the file
                self._compare_classes()
        except OSError as error:
            reason = error.strerror or error
            raise FileNotFoundError(
                f'{self.ann_file}: {reason}; check `data_root`, which configs '
                'of MMWSML place below the folder that the environment '
                'variable MMWSML_DATA names.'
            ) from error
        except RecursionError:
            raise ValueError(
                f'{self.ann_file}: its lists are nested too deeply; make the '
                'file anew.'
            ) from None
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f'{self.ann_file}: {error}') from error
        if infos:
            place = f'{self.ann_file}: "classes" of its "metainfo"'
            check_names(place, self._metainfo['classes'])
        return infos

    def _read_table(self) -> List[dict]:
        """Read a table of labels; its images are found by their ends."""
        folder = None if '://' in self.img_prefix else self.img_prefix
        options = dict(classes=self._metainfo.get('classes'), images=folder)
        bad = BadEntries(self.skip_bad)
        read = ReadOptions(**{**options, **self.read})
        marked = read_labels(self.ann_file, bad, read, self.labels)
        notes = '\n'.join(marked.notes)
        MMLogger.get_current_instance().info(f'{self.ann_file}: {notes}')
        self.faults += bad.sentences
        num_more = bad.count - len(bad.sentences)  # counted, not kept
        self.faults += bad.sentences[-1:] * num_more
        self._metainfo['classes'] = tuple(marked.classes)
        infos = map(self.parse_data_info, to_entries(marked, self.labels))
        return [info for info in infos if isinstance(info, dict)]

    def _compare_classes(self) -> None:
        """Refuse names of the config that are not those of the file.

        Raises:
            ValueError: If another name or order would relabel the images.
        """
        metainfo = load(self.ann_file, file_format='json')['metainfo']
        if 'classes' in metainfo:
            self.set_classes(metainfo['classes'])

    def parse_data_info(self, raw_data_info: dict) -> Union[dict, List[dict]]:
        """Check one entry and complete it; a broken one gives no image."""
        try:
            return self._complete(raw_data_info)
        except (ValueError, OSError) as error:
            self.reject(error)
        return []

    def _complete(self, raw_data_info: dict) -> dict:
        error = self._find_error(raw_data_info)
        if error:
            name: object = raw_data_info
            if isinstance(name, dict):
                name = name.get('img_path', name)
            raise ValueError(
                f'the entry of {short_value(name)} is wrong: {error}.'
            )
        info = dict(raw_data_info)
        if self.labels == 'partial':
            info.setdefault('neg_label', [])
        info['sample_id'] = make_sample_id(self.namespace, info['img_path'])
        info = super().parse_data_info(info)
        if '://' not in info['img_path']:  # else on a remote storage
            kind = check_image_file(info['img_path'])
            if kind:
                self._kinds.setdefault(kind, []).append(info['img_path'])
        return info

    def _find_error(self, info: Any) -> Optional[str]:
        """Say which rule an entry of the annotation file breaks, if any."""
        if not isinstance(info, dict):
            return 'it must be a dict with `img_path` and `gt_label`'
        for key in ('img_path', 'gt_label'):
            if key not in info:
                return f'`{key}` is missing; add it to the entry'
        if not isinstance(info['img_path'], str):
            return '`img_path` must be a text, the path of the image'
        if self.labels == 'complete' and 'neg_label' in info:
            return (
                '`neg_label` marks partial labels, but the data set has '
                "labels='complete'; set labels='partial' or remove it"
            )
        if not self._metainfo.get('classes'):
            return (
                'the file names no classes; add "classes" to its "metainfo" '
                'or pass `classes`'
            )
        return find_label_error(
            info['gt_label'],
            info.get('neg_label', []),
            len(self._metainfo['classes']),
        )
