r"""Photographs of coco18, fewer of them, with one known label each.

Usage: ``python tools/benchmarks/cut_set.py OUT`` writes training labels of
300, 1,200 and 4,800 photographs, three draws each of photographs and of the
positive that is kept, as ``OUT/300-0.json`` and so on. The photographs, and
the complete labels to choose and to judge by, stay where they are::

    mmwsml fit OUT/300-0.json data/coco18/images --val data/coco18/val.json \
        --test data/coco18/test.json --held-out-rest absent \
        --out work_dirs/cut/300-0 --size 128
"""

import argparse
import json
from pathlib import Path

from mmwsml.command_line import run_main, tool_parser

SIZES = 300, 1200, 4800
DRAWS = 3


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('out', type=Path, help='folder for the labels')
    parser.add_argument(
        '--data', type=Path, default='data/coco18', help='folder of coco18'
    )
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np

from mmwsml.analysis.annotations import write_annotations
from mmwsml.datasets.transforms import KeepOnePositive


def main() -> None:
    """Read the command line and write."""
    args = parse_args()
    text = (args.data / 'train.json').read_text(encoding='utf-8')
    content = json.loads(text)
    entries, classes = content['data_list'], content['metainfo']['classes']
    args.out.mkdir(parents=True, exist_ok=True)
    for seed in range(DRAWS):
        keep = KeepOnePositive(seed)
        order = np.random.RandomState(seed).permutation(len(entries))
        for size in SIZES:
            drawn = [entries[row] for row in sorted(order[:size])]
            kept = [
                keep.transform(dict(x, sample_id=x['img_path'], neg_label=[]))
                for x in drawn
            ]
            known = [
                {k: x[k] for k in ('img_path', 'gt_label', 'neg_label')}
                for x in kept
            ]
            path = args.out / f'{size}-{seed}.json'
            write_annotations(path, classes, known)
    print(f'Wrote {DRAWS} draws of {SIZES} photographs to {args.out}.')


if __name__ == '__main__':
    run_main(main)
