r"""A set as small as a person's own, made of photographs of COCO.

Usage: ``python tools/benchmarks/small_set.py OUT`` writes ten draws, each a
folder with ``train.csv``, ``val.csv`` and ``test.csv``: 276 / 70 / 60
photographs of ``coco_mini``, its twelve most frequent classes, one known
positive an image and three known negatives to train on, complete labels in
the other two. The images stay where they are::

    mmwsml fit OUT/draw0/train.csv data/coco_mini --val OUT/draw0/val.csv \
        --test OUT/draw0/test.csv --out work_dirs/small0

``--negatives 0`` leaves positives alone to train on; ``--val positives``
hides the labels to choose by in the same way. ``closed_form_small.py``
compares heads on these draws.
"""

import argparse
import csv
from pathlib import Path
from typing import Dict, List, NamedTuple, Tuple

from mmwsml.command_line import run_main, tool_parser

DRAWS = 10


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('out', type=Path, help='folder for the draws')
    parser.add_argument(
        '--data', type=Path, default='data/coco_mini', help='folder of COCO'
    )
    parser.add_argument(
        '--negatives', type=int, default=3, help='known ones of an image'
    )
    parser.add_argument(
        '--val', choices=['complete', 'positives'], default='complete'
    )
    parser.add_argument('--draws', type=int, default=DRAWS)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np

from mmwsml.datasets import COCOMultiLabel
from mmwsml.datasets.transforms import KeepCounts
from mmwsml.structures.whole_file import whole_file

SIZES = 276, 70, 60
SPLITS = 'train', 'val', 'test'
CLASSES = 12


class Photographs(NamedTuple):
    """All photographs, in the order of the annotations."""

    #: Below the folder of the data.
    paths: List[str]
    ids: List[str]
    #: Bool ``(N, 12)``.
    target: np.ndarray
    classes: List[str]


def read_photographs(root: Path) -> Photographs:
    """Read ``train2017`` and ``val2017`` of a folder in the form of COCO."""
    paths, ids, target = [], [], []
    for part in ('train2017', 'val2017'):
        dataset = COCOMultiLabel(
            f'annotations/instances_{part}.json',
            namespace='coco_mini',
            data_root=str(root),
            data_prefix=part,
        )
        names = dataset.metainfo['classes']
        for index in range(len(dataset)):
            info = dataset.get_data_info(index)
            paths.append(f'{part}/{Path(info["img_path"]).name}')
            ids.append(info['sample_id'])
            target.append(np.bincount(info['gt_label'], minlength=len(names)))
    whole = np.stack(target).astype(bool)
    most = np.argsort(-whole.sum(0), kind='stable')[:CLASSES]
    return Photographs(
        paths, ids, whole[:, most], [names[place] for place in most]
    )


def draw_rows(number: int, num_images: int) -> Dict[str, np.ndarray]:
    """Draw the photographs of each split."""
    order = np.random.RandomState(number).permutation(num_images)
    ends = np.cumsum(SIZES)
    return dict(zip(SPLITS, np.split(order[: ends[-1]], ends[:-1])))


def observe(
    found: Photographs, row: int, seed: int, negatives: int
) -> Tuple[List[int], List[int]]:
    """Keep one positive of a photograph, and so many negatives."""
    hide = KeepCounts(1, negatives, len(found.classes), seed)
    labels = found.target[row].nonzero()[0].tolist()
    kept = hide(dict(sample_id=found.ids[row], gt_label=labels))
    return kept['gt_label'], kept['neg_label']


def write_draw(
    folder: Path, number: int, found: Photographs, kept: Dict[str, int]
) -> None:
    """Write the three tables of a draw.

    Args:
        folder (Path): For them.
        number (int): Of the draw.
        found (Photographs): All.
        kept (dict): Split -> known negatives of an image, beside one
            positive; complete labels in the others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for split, rows in draw_rows(number, len(found.paths)).items():
        with whole_file(folder / f'{split}.csv', newline='') as file:
            table = csv.writer(file)
            table.writerow(['image', *found.classes])
            for row in rows:
                cells = [str(int(mark)) for mark in found.target[row]]
                if split in kept:
                    known = observe(found, row, number, kept[split])
                    shown = {*known[0], *known[1]}
                    cells = [
                        cell if place in shown else ''
                        for place, cell in enumerate(cells)
                    ]
                table.writerow([found.paths[row], *cells])


def main() -> None:
    """Read the command line and write."""
    args = parse_args()
    kept = {'train': args.negatives}
    if args.val == 'positives':
        kept['val'] = 0
    found = read_photographs(args.data)
    for number in range(args.draws):
        write_draw(args.out / f'draw{number}', number, found, kept)
    print(f'Wrote {args.draws} draws to {args.out}.')


if __name__ == '__main__':
    run_main(main)
