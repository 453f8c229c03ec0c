"""What the data sets of a config hold, counted before a run needs it."""

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any, Dict, Iterator, List, NamedTuple, Optional, Sequence

import numpy as np
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.utils import track_iter_progress

from mmwsml.registry import DATASETS

from .base_multi_label_dataset import BaseMultiLabelDataset
from .image_file import find_image_error

WIDTH = 34  # characters, of the names in the table


class SplitReport(NamedTuple):
    """What a split holds, and what is wrong with it."""

    #: What is counted -> how many; empty if the split cannot be read.
    counts: Dict[str, int]
    #: One sentence each.
    faults: List[str]
    sample_ids: List[str]


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
    _find_overlaps(reports)
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
    counts.update(_count_labels(infos, len(dataset.metainfo['classes'])))
    number = len(infos) if num_images is None else num_images
    chosen = np.linspace(0, len(infos) - 1, min(number, len(infos)))
    paths = [infos[index]['img_path'] for index in chosen.astype(int)]
    counts['images opened'] = len(paths)
    faults += _open_images(paths)
    sample_ids = [info.get('sample_id', info['img_path']) for info in infos]
    return SplitReport(counts, faults, sample_ids)


def format_reports(
    reports: Dict[str, SplitReport], max_faults: int = 10
) -> str:
    """Write reports as a table, a column a split, and a list of faults.

    Args:
        reports (dict[str, SplitReport]): Of :func:`check_config`.
        max_faults (int): To write out of each split. Defaults to 10.
    """
    columns = [
        {**report.counts, 'faults': len(report.faults)}
        for report in reports.values()
    ]
    lines = [' ' * WIDTH + ''.join(f'{split:>12}' for split in reports)]
    for row in dict.fromkeys(chain(*columns)):
        cells = [f'{c[row]:,}' if row in c else '-' for c in columns]
        lines.append(row.ljust(WIDTH) + ''.join(f'{x:>12}' for x in cells))
    for split, report in reports.items():
        faults = report.faults[:max_faults]
        lines += [f'{split}: {fault}' for fault in faults]
        if len(report.faults) > max_faults:
            lines.append(f'{split}: ... and {len(report.faults)} in all.')
    return '\n'.join(lines)


def _count_labels(infos: Sequence[dict], num_classes: int) -> Dict[str, int]:
    """Count what the files say, before a transform hides some of it."""
    per_class = np.zeros(num_classes, int)
    negatives = 0
    for info in infos:
        per_class[info['gt_label']] += 1
        rest = num_classes - len(info['gt_label'])
        negatives += len(info['neg_label']) if 'neg_label' in info else rest
    return {
        'classes': num_classes,
        'positive labels': int(per_class.sum()),
        'negative labels': negatives,
        'images without a positive': sum(not i['gt_label'] for i in infos),
        'classes without a positive': int((per_class == 0).sum()),
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


def _find_overlaps(reports: Dict[str, SplitReport]) -> None:
    """Add a fault to each split that shares images with training."""
    trained = set(reports['train'].sample_ids) if 'train' in reports else set()
    for split, report in reports.items():
        shared = sorted(trained.intersection(report.sample_ids))
        if split != 'train' and shared:
            report.faults.append(
                f'{len(shared)} images are in the training set too, the first '
                f'is {shared[0]}: scores on them would mean nothing.'
            )
