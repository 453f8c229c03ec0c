"""The embedded example: scenes composed of real handwritten digits."""

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

import cv2
import numpy as np

from mmwsml.registry import DATASETS
from mmwsml.structures.checks import check_choice

from .partial_label_dataset import PartialLabelDataset

#: Split -> (first scan, last scan, scenes): scans are disjoint.
SPLITS = {
    'train': (0, 1097, 4000),
    'val': (1097, 1397, 1000),
    'test': (1397, 1797, 1000),
}
VERSION = 'v1'  # changes whenever the pictures do
CELL = 32  # px; a scene is a grid of 2 x 2 cells
DIGIT = 16  # px, twice a scan
NOISE = 0.15  # standard deviation, of the range from black to white


@DATASETS.register_module()
class DigitScenes(PartialLabelDataset):
    """Scenes of one to four handwritten digits, ten classes, 64 x 64 px.

    The digits are the 1,797 scans of 8 x 8 px that ship inside scikit-learn,
    enlarged, set at random places of a 2 x 2 grid, under noise. Labels and
    boxes (``instances``: ``bbox`` as x1, y1, x2, y2 in px, ``bbox_label``) are
    complete by construction. The images are made on first use, in seconds::

        data_root/
        └── v1/
            ├── train.json, val.json, test.json   4,000 / 1,000 / 1,000 scenes
            └── images/{train,val,test}/00000.png ...

    Args:
        split (str): 'train', 'val' or 'test', of disjoint scans.
        data_root (str): Folder for the images. Defaults to
            'data/digit_scenes'.
        labels (str): As in :class:`PartialLabelDataset`. Defaults to
            'complete'.
        **kwargs: ``pipeline``, ``indices`` and the rest of
            :class:`PartialLabelDataset`.

    Raises:
        ValueError: If ``split`` is unknown.
    """

    def __init__(
        self,
        split: str,
        data_root: str = 'data/digit_scenes',
        labels: str = 'complete',
        **kwargs: Any,
    ) -> None:
        check_choice('split', split, SPLITS)
        folder = make_digit_scenes(data_root)
        super().__init__(
            ann_file=f'{split}.json',
            labels=labels,
            namespace=f'digit_scenes_{VERSION}',
            data_root=str(folder),
            data_prefix='images',
            **kwargs,
        )

    def tell_kinds(self, kinds: Dict[str, List[str]]) -> None:
        """Say nothing: the scenes are grey, as they were made."""


def make_digit_scenes(data_root: str) -> Path:
    """Make the images and annotations, unless they are there.

    They are made in a folder of their own that gets its name when it is
    whole: of two processes that start at once the later one steps back.

    Args:
        data_root (str): Folder that will hold them.

    Returns:
        Path: The folder of this version, ``data_root/v1``.
    """
    final = Path(data_root).expanduser() / VERSION
    if final.exists():
        return final
    final.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix='.making-', dir=final.parent))
    draft.chmod(0o755)
    try:
        write_scenes(draft)
        os.rename(draft, final)
    except OSError:
        if not final.exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return final


def write_scenes(
    folder: Path, sizes: Optional[Mapping[str, int]] = None
) -> None:
    """Write images and annotations.

    Args:
        folder (Path): The empty folder that takes them.
        sizes (Mapping[str, int], optional): How many of the first scenes of
            each split. Defaults to None, all of them.
    """
    from sklearn.datasets import load_digits  # slow to import, used once

    scans, classes = load_digits(return_X_y=True)
    rng = np.random.RandomState(0)  # its stream is frozen in every NumPy
    order = rng.permutation(len(scans))
    for split, (first, last, num_scenes) in SPLITS.items():
        (folder / 'images' / split).mkdir(parents=True)
        data_list = []
        size = num_scenes if sizes is None else sizes[split]
        for index in range(num_scenes):
            chosen = rng.choice(order[first:last], rng.randint(1, 5))
            scene, boxes = _compose(scans[chosen] / 16, rng)
            if index >= size:  # those that follow stay what they are
                continue
            labels = classes[chosen].tolist()
            path = f'{split}/{index:05d}.png'
            cv2.imwrite(str(folder / 'images' / path), scene)
            data_list.append(_annotation(path, labels, boxes))
        metainfo = dict(classes=[str(digit) for digit in range(10)])
        text = json.dumps(dict(metainfo=metainfo, data_list=data_list))
        (folder / f'{split}.json').write_text(text, encoding='utf-8')


def _annotation(path: str, labels: List[int], boxes: List[tuple]) -> dict:
    instances = [
        dict(bbox=box, bbox_label=label) for box, label in zip(boxes, labels)
    ]
    return dict(
        img_path=path, gt_label=sorted(set(labels)), instances=instances
    )


def _compose(
    scans: Sequence[np.ndarray], rng: np.random.RandomState
) -> Tuple[np.ndarray, List[tuple]]:
    """Set each scan at a random place of a cell of its own.

    Returns:
        tuple: The scene, uint8 ``(64, 64)``, and a box a scan in px.
    """
    scene = np.zeros((2 * CELL, 2 * CELL))
    boxes = []
    for cell, scan in zip(rng.permutation(4), scans):
        x, y = rng.randint(0, CELL - DIGIT + 1, 2)
        x, y = int(x + CELL * (cell % 2)), int(y + CELL * (cell // 2))
        digit = cv2.resize(scan.reshape(8, 8), (DIGIT, DIGIT))
        scene[y : y + DIGIT, x : x + DIGIT] = digit
        boxes.append((x, y, x + DIGIT, y + DIGIT))
    scene += rng.normal(0, NOISE, scene.shape)
    return (scene.clip(0, 1) * 255).round().astype(np.uint8), boxes
