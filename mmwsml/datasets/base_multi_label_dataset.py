"""What the data sets of MMWSML share: identity, checks, a summary."""

import os
from typing import Any, ClassVar, Dict, Iterable, List, Optional, Tuple

from mmengine.logging import MMLogger

from mmwsml.label_files.label_report import count_labels
from mmwsml.structures import make_sample_id
from mmwsml.structures.short_value import cut_text

from .own_copies import OwnCopies
from .some_images import check_share, draw_images


class BaseMultiLabelDataset(OwnCopies):
    """Images with an identity; a subclass reads their labels.

    Args:
        ann_file (str): What the labels come from, below ``data_root``.
        namespace (str): Names the data set in ``sample_id``, which is
            ``namespace/path``, the path below the folder of the images.
            Splits of one data set may share it.
        skip_bad (bool): Leave out what is broken or missing, with a warning
            that counts it, instead of raising; of an image that is there
            twice no entry stays. Defaults to False.
        keep_images (float): The share of the images that is kept, in (0, 1],
            drawn as for the small data sets of `Cole et al.
            <https://arxiv.org/abs/2106.09708>`_ (CVPR 2021). Defaults to 1.
        **kwargs: ``data_root``, ``data_prefix``, ``pipeline``, ``indices``
            and the rest of :class:`mmpretrain.datasets.MultiLabelDataset`.

    Raises:
        ValueError: If the files break a rule or hold no image; the message
            names file, entry, rule and remedy.
        FileNotFoundError: If a file or an image is missing.
    """

    #: 'complete', or 'partial' where ``neg_label`` lists known negatives.
    labels = 'complete'
    #: What has named the classes before a file does.
    classes_from = 'the config'
    #: The part of the data set that was asked for.
    split = ''
    #: (namespace, split) -> images of the published set, where it is known.
    KNOWN_SIZES: ClassVar[Dict[Tuple[str, str], int]] = {}

    def __init__(
        self,
        ann_file: str,
        namespace: str,
        skip_bad: bool = False,
        keep_images: float = 1,
        **kwargs: Any,
    ) -> None:
        self.namespace = namespace
        self.skip_bad = skip_bad
        self.keep_images = check_share(keep_images)
        #: What ``skip_bad`` left out, one sentence each.
        self.faults: List[str] = []
        #: Images that the data set has by rule no use for.
        self.num_unlisted = 0
        super().__init__(ann_file, **kwargs)

    @property
    def known_size(self) -> Optional[int]:
        """Number of images of the published set, None if it is unknown."""
        if self._indices is not None or self.keep_images < 1:
            return None
        return self.KNOWN_SIZES.get((self.namespace, self.split))

    def load_data_list(self) -> List[dict]:
        """Read and check all images.

        Returns:
            list[dict]: One dict an image with ``img_path``, ``sample_id``,
            ``gt_label`` and, when labels are partial, ``neg_label``.
        """
        self.faults, self.num_unlisted = [], 0
        data_list = self._refuse_twins(self.read_infos())
        if not data_list:
            raise ValueError(
                f'{self.ann_file}: no image is left, `data_list` is empty; '
                'add an entry for each image.'
            )
        if self.faults:
            MMLogger.get_current_instance().warning(
                f'{self.ann_file}: skip_bad left out {len(self.faults)} '
                f'broken lines or images; the first: {self.faults[0]}'
            )
        kept = draw_images(len(data_list), self.keep_images)
        return [data_list[i] for i in kept]

    def read_infos(self) -> List[dict]:
        """Read what :meth:`load_data_list` returns, unchecked for twins."""
        raise NotImplementedError

    def make_infos(
        self, entries: Iterable[Tuple[str, List[int]]]
    ) -> List[dict]:
        """Complete entries whose images exist.

        Folders are listed instead of asking for each image, which takes
        minutes for large sets on a network drive.

        Args:
            entries (Iterable[tuple]): For each image its path below the
                folder of the images and its positive classes.
        """
        listings: Dict[str, set] = {}
        infos = []
        for path, gt_label in entries:
            try:
                sample_id = make_sample_id(self.namespace, path)
            except ValueError as error:
                self.reject(ValueError(f'{self.ann_file}: {error}'))
                continue
            img_path = os.path.join(self.img_prefix, path)
            folder, name = os.path.split(img_path)
            if folder not in listings:
                exists = os.path.isdir(folder)
                listings[folder] = set(os.listdir(folder) if exists else ())
            if name not in listings[folder]:
                self.reject(
                    FileNotFoundError(
                        f'{self.ann_file}: the image {cut_text(img_path)} is '
                        'missing; '
                        'check `data_root`, or leave missing images out with '
                        'skip_bad=True.'
                    )
                )
                continue
            infos.append(
                dict(img_path=img_path, sample_id=sample_id, gt_label=gt_label)
            )
        return infos

    def reject(self, error: Exception) -> None:
        """Raise an error; with ``skip_bad`` take it down instead."""
        if not self.skip_bad:
            raise error
        self.faults.append(cut_text(str(error)))

    def set_classes(self, classes: Iterable[str]) -> None:
        """Take the names of the classes from a file.

        Raises:
            ValueError: If the config has others.
        """
        given = self._metainfo.get('classes')
        if given is not None and list(given) != list(classes):
            raise ValueError(
                f'{self.ann_file}: the file has the classes {list(classes)}, '
                f'but {self.classes_from} has {list(given)}; remove `classes` '
                'there, or give files that are read together the same ones, '
                'in one order.'
            )
        self._metainfo['classes'] = tuple(classes)

    def _refuse_twins(self, infos: List[dict]) -> List[dict]:
        first: Dict[str, int] = {}
        twins = set()  # none of them stays: which is right?
        for index, info in enumerate(infos):
            name = info['sample_id']
            other = first.setdefault(name, index)
            if other == index:
                continue
            error = ValueError(
                f'{self.ann_file}: entries {other} and {index} are one image, '
                f'{name}; merge their labels into one entry.'
            )
            for _ in range(1 if name in twins else 2):
                self.reject(error)
            twins.add(name)
        return [infos[n] for name, n in first.items() if name not in twins]

    def extra_repr(self) -> List[str]:
        """Sum up the labels below MMPretrain's lines."""
        # What the files say; a transform may hide some of it below.
        lines = [
            *super().extra_repr(),
            f'Namespace: \t{self.namespace}',
            f'Annotated labels: \t{self.labels}',
        ]
        if not self._fully_initialized:
            return lines
        infos = (self.get_data_info(i) for i in range(len(self)))
        is_complete = self.labels == 'complete'
        unlisted: Optional[List[int]] = None if is_complete else []
        counts = count_labels(
            self.CLASSES,
            ((i['gt_label'], i.get('neg_label', unlisted)) for i in infos),
        )
        lines += [
            f'Annotated positives: \t{counts.num_positives}',
            f'Annotated negatives: \t{counts.num_negatives}',
            f'Images without a positive: \t{counts.num_bare_images}',
        ]
        if self.num_unlisted:
            lines.append(f'Unlabelled, left out: \t{self.num_unlisted}')
        if self.faults:
            lines.append(f'Broken, left out: \t{len(self.faults)}')
        return lines
