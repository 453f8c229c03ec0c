"""Random CSV files in the form of Open Images, of any size."""

import argparse
from pathlib import Path
from typing import List

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    add = parser.add_argument
    add('root', help='folder to write into')
    add('--images', type=int, default=3_400_000)
    add('--classes', type=int, default=5000)
    add('--labels-per-image', type=float, default=9.0)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np

CHUNK = 10_000  # images
#: Of the lines, this share has a class that is not trainable.
OTHERS = 0.05
IMAGE_LINE = (
    '{id},train,https://example.org/5/4129/{id}_46f356962f_o.jpg,'
    'https://example.org/photos/{id},'
    'https://creativecommons.org/licenses/by/2.0/,'
    '"https://example.org/people/{id}/","A. Photographer",'
    '"Our new house, in the first snow of the year",'
    '211079,0Sad+xMj2ttXM1U8meEJ0A==,'
    'https://example.org/5/4129/{id}_ee4e8c6535_z.jpg\n'
)


def write_synthetic(
    root: str,
    num_images: int,
    num_classes: int = 5000,
    labels_per_image: float = 9.0,
    split: str = 'train',
    seed: int = 0,
) -> None:
    """Write a split and its classes.

    Args:
        root (str): The folder for them.
        num_images (int): Each with at least one label.
        num_classes (int): Trainable ones; some frequent, most rare. Defaults
            to 5000.
        labels_per_image (float): The mean over trainable classes, before the
            few that repeat are merged. Defaults to 9.
        split (str): Defaults to 'train'.
        seed (int): Defaults to 0.
    """
    rng = np.random.default_rng(seed)
    folder = Path(root, split)
    folder.mkdir(parents=True, exist_ok=True)
    labels = [f'/m/0{index:06x}' for index in range(2 * num_classes)]
    trainable = '\n'.join(labels[:num_classes])
    Path(root, 'classes-trainable.txt').write_text(
        f'{trainable}\n', encoding='utf-8'
    )
    names = [f'{label},"Class {label}, synthetic"\n' for label in labels]
    Path(root, 'class-descriptions.csv').write_text(
        ''.join(names), encoding='utf-8'
    )
    ids = np.unique(rng.integers(1 << 63, size=num_images, dtype=np.uint64))
    with (
        (folder / 'annotations-human.csv').open(
            'w', encoding='utf-8'
        ) as human,
        (folder / 'images.csv').open('w', encoding='utf-8') as images,
    ):
        human.write('ImageID,Source,LabelName,Confidence\n')
        images.write('ImageID,Subset,OriginalURL,OriginalLandingURL,...\n')
        for first in range(0, len(ids), CHUNK):
            part = [f'{image:016x}' for image in ids[first : first + CHUNK]]
            images.writelines(IMAGE_LINE.format(id=name) for name in part)
            human.writelines(_lines(part, labels, labels_per_image, rng))


def _lines(
    images: List[str], labels: List[str], mean: float, rng: np.random.Generator
) -> List[str]:
    """Draw the labels of some images, each at most once."""
    counts = 1 + rng.poisson(mean / (1 - OTHERS) - 1, len(images))
    rows = np.repeat(np.arange(len(images)), counts)
    half = len(labels) // 2
    columns = (half * rng.random(len(rows)) ** 3).astype(int)
    columns += half * (rng.random(len(rows)) < OTHERS)
    entries = np.unique(rows * len(labels) + columns)
    rows, columns = np.divmod(entries, len(labels))
    signs = rng.integers(2, size=len(rows)).tolist()
    return [
        f'{images[row]},verification,{labels[column]},{sign}\n'
        for row, column, sign in zip(rows.tolist(), columns.tolist(), signs)
    ]


def main() -> None:
    """Write what the command line asks for."""
    args = parse_args()
    write_synthetic(
        args.root, args.images, args.classes, args.labels_per_image
    )


if __name__ == '__main__':
    run_main(main)
