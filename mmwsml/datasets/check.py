"""What the data sets of a config hold, counted before a run needs it."""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, Iterator, List, Optional, Sequence

import numpy as np
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.utils import track_iter_progress

from mmwsml.label_files.label_report import count_labels
from mmwsml.registry import DATASETS

from .base_multi_label_dataset import BaseMultiLabelDataset
from .image_file import find_image_error
from .split_reports import SplitReport, compare_splits


def check_config(
    cfg: Config, num_images: Optional[int] = None, skip_bad: bool = False
) -> Dict[str, SplitReport]:
    """Read every split of a config, count its labels and open its images.

    Args:
        cfg (Config): Has ``train_dataloader`` and its like. Changed in place.
        num_images (int, optional): Images to open of each split, evenly
            spaced. Defaults to None, all.
        skip_bad (bool): Go on past entries that are broken or lack their
            image; each counts as a fault. Defaults to False.

    Returns:
        dict[str, SplitReport]: Of 'train', 'val' and 'test', where the config
        has them.
    """
    init_default_scope(cfg.get('default_scope', 'mmpretrain'))
    reports = {}
    for split in ('train', 'val', 'test'):
        loader = cfg.get(f'{split}_dataloader')
        if not loader:
            continue
        if skip_bad:
            _set_skip_bad(loader.dataset)
        try:
            dataset = DATASETS.build(loader.dataset)
        except (OSError, ValueError) as error:
            reports[split] = SplitReport({}, [str(error)], [])
        else:
            reports[split] = check_dataset(dataset, num_images)
    head = (cfg.get('model') or {}).get('head') or {}
    compare_splits(reports, head.get('num_classes'))
    return reports


def check_dataset(
    dataset: Any, num_images: Optional[int] = None
) -> SplitReport:
    """Count the labels of a data set and open its images.

    Args:
        dataset: Any multi-label data set of MMEngine's kind, also a wrapped
            one.
        num_images (int, optional): As in :func:`check_config`.
    """
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    faults = list(_skipped(dataset))
    counts = {'images': len(infos)}
    known = getattr(dataset, 'known_size', None)
    if known is not None:
        counts['images of the published set'] = known
        if known != len(infos):
            faults.append(
                f'There are {len(infos)} images where the published set has '
                f'{known}: the files are incomplete or of another version.'
            )
    classes = dataset.metainfo['classes']
    counts.update(_count_labels(infos, classes))
    number = len(infos) if num_images is None else num_images
    chosen = np.linspace(0, len(infos) - 1, min(number, len(infos)))
    paths = [infos[index]['img_path'] for index in chosen.astype(int)]
    counts['images opened'] = len(paths)
    faults += _open_images(paths)
    sample_ids = [info.get('sample_id', info['img_path']) for info in infos]
    return SplitReport(counts, faults, sample_ids, classes)


def _count_labels(infos: Sequence[dict], classes: Sequence[str]) -> dict:
    """Count what the files say, before a transform hides some of it."""
    counts = count_labels(
        classes, ((info['gt_label'], info.get('neg_label')) for info in infos)
    )
    return {
        'classes': counts.num_classes,
        'positive labels': counts.num_positives,
        'negative labels': counts.num_negatives,
        'images without a positive': counts.num_bare_images,
        'classes without a positive': len(counts.bare_classes),
    }


def _open_images(paths: Sequence[str]) -> List[str]:
    """Decode images to their last byte and say which cannot be."""
    with ThreadPoolExecutor() as pool:
        errors = pool.map(find_image_error, paths)
        tracked = track_iter_progress((errors, len(paths)), file=sys.stderr)
        return [error for error in tracked if error]


def _skipped(dataset: Any) -> Iterator[str]:
    """Yield what the data sets below any wrappers left out."""
    children = getattr(
        dataset, 'datasets', [getattr(dataset, 'dataset', None)]
    )
    yield from getattr(dataset, 'faults', [])
    for child in children:
        if child is not None:
            yield from _skipped(child)


def _set_skip_bad(cfg: dict) -> None:
    """Let the data sets of MMWSML, below any wrappers, skip what is bad."""
    for child in [*cfg.get('datasets', []), cfg.get('dataset')]:
        if child is not None:
            _set_skip_bad(child)
    if issubclass(DATASETS.get(cfg['type']), BaseMultiLabelDataset):
        cfg['skip_bad'] = True
