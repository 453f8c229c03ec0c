"""DigitScenes as a folder that a person could have: images and tables."""

import csv
import json
import os
import tempfile
from pathlib import Path
from typing import Dict, List, Optional, Union

from mmwsml.datasets.digit_scenes import SPLITS, VERSION, write_scenes
from mmwsml.datasets.transforms import KeepOnePositive
from mmwsml.structures.checks import check_integer
from mmwsml.structures.whole_file import whole_file, write_whole

#: Names that a spreadsheet takes for no number.
CLASSES = (
    'zero',
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
)
TABLES = {'train': 'labels.csv', 'val': 'val.csv', 'test': 'test.csv'}
#: Scenes of the training split; validation and test have a quarter each.
MOST, LEAST = SPLITS['train'][2], 40
README = """\
Scenes of one to four handwritten digits, {num} images of 64 x 64 px.
labels.csv: one digit of each image is labelled (1); whether the others are \
there is unknown (empty).
val.csv, test.csv: every digit of other images, there (1) or not (0).
Train, judge and report, in this folder:
mmwsml fit labels.csv images --val val.csv --test test.csv --out fit
"""


def write_demo_data(
    folder: Union[str, Path], num_images: Optional[int] = None
) -> str:
    """Write DigitScenes as image files and tables; return a summary.

    The known labels are those of the configs ``*_digitscenes-1pos.py``.

    Args:
        folder (str | Path): The folder to make::

            folder/
            ├── images/{train,val,test}/00000.png ...
            ├── labels.csv          one known positive an image
            ├── val.csv, test.csv   complete
            └── README.txt          what it is, and how to train on it

        num_images (int): Images with one known label, of 4,000 at most;
            there are a quarter as many in each of the two other tables.
            Defaults to 4,000.

    Raises:
        FileExistsError: If the folder is there and holds anything.
        ValueError: If the number is out of range.
    """
    if num_images is None:
        num_images = MOST
    check_integer('images', num_images, LEAST)
    if num_images > MOST:
        raise ValueError(
            f'`images` must be at most {MOST}, all that there are, but got '
            f'{num_images}.'
        )
    folder = Path(folder).expanduser()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise FileExistsError(
            f'{folder} is there already and is no empty folder; name a new '
            'one for the demo data.'
        )
    folder.mkdir(parents=True, exist_ok=True)
    sizes = dict(train=num_images, val=num_images // 4, test=num_images // 4)
    with tempfile.TemporaryDirectory(prefix='.', dir=folder) as draft:
        write_scenes(Path(draft), sizes)
        for split in sizes:
            _write_table(Path(draft, f'{split}.json'), folder, split)
        os.rename(Path(draft, 'images'), folder / 'images')
    text = README.format(num=sum(sizes.values()))
    write_whole(folder / 'README.txt', text)
    return f'{folder}:\n{text.rstrip()}'


def _write_table(annotations: Path, folder: Path, split: str) -> None:
    infos = json.loads(annotations.read_text(encoding='utf-8'))['data_list']
    with whole_file(folder / TABLES[split], newline='') as file:
        writer = csv.writer(file, lineterminator='\n')
        writer.writerow(['image', *CLASSES])
        for info in infos:
            writer.writerow([info['img_path'], *_marks(info, split)])


def _marks(info: Dict, split: str) -> List[str]:
    """Write the cell of each class: 1, 0, or empty, unknown."""
    known, rest = info['gt_label'], '0'
    if split == 'train':
        name = f'digit_scenes_{VERSION}/{info["img_path"]}'
        sample = dict(sample_id=name, gt_label=known)
        known, rest = KeepOnePositive().keep(sample)[0], ''
    return ['1' if k in known else rest for k in range(len(CLASSES))]
