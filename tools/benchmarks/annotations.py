"""Time and memory of the annotations of millions of images.

Each measurement runs in a process of its own; memory is what the system
reports of it, less what the process had before.
"""

import argparse
import multiprocessing
import os
import random
import re
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    add = parser.add_argument
    add('root', help='folder for the synthetic data set')
    add('--images', type=int, default=3_400_000)
    add(
        '--listed',
        type=int,
        default=340_000,
        help='images that BaseDataset gets, %(default)s by default',
    )
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

from mmpretrain.datasets import MultiLabelDataset
from synthetic_openimages import write_synthetic
from torch.utils.data import DataLoader

from mmwsml.datasets import OpenImages
from mmwsml.datasets.open_images_arrays import FOLDER, build_open_images

MB = 1e6
NUM_LOOKUPS = 200_000
Rows = List[Tuple[str, str]]


class Listed(MultiLabelDataset):
    """The same samples as mmengine keeps them, for comparison."""

    def load_data_list(self) -> List[dict]:
        """Copy the first images of Open Images into a list of dicts."""
        root, size = self.ann_file.rsplit(':', 1)
        source = OpenImages('train', data_root=root)
        return [source.get_data_info(i) for i in range(int(size))]


def memory(pid: str = 'self') -> Dict[str, float]:
    """Read the memory of a process in MB: Rss, Pss and Private."""
    text = Path('/proc', pid, 'smaps_rollup').read_text(encoding='utf-8')
    lines = [line.split() for line in text.splitlines()[1:]]
    sizes = {line[0][:-1]: int(line[1]) * 1024 / MB for line in lines}
    sizes['Private'] = sizes['Private_Clean'] + sizes['Private_Dirty']
    return sizes


def peak() -> float:
    """Return the largest memory that this process ever had, in MB."""
    text = Path('/proc/self/status').read_text(
        encoding='utf-8'
    )  # getrusage has the parent's
    (size,) = re.findall(r'VmHWM:\s+(\d+)', text)
    return int(size) * 1024 / MB


def measure_build(root: str) -> Rows:
    """Build the arrays from the CSV files on one core."""
    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    before, start = memory(), time.perf_counter()
    report = build_open_images(root, 'train')
    seconds = time.perf_counter() - start
    labels = report['known positives'] + report['known negatives']
    return [
        ('images', f'{report["images"]:,}'),
        ('known labels', f'{labels:,}'),
        ('build from CSV, one core', f'{seconds:.0f} s'),
        ('build, peak memory of the process', f'{peak():,.0f} MB'),
        ('of it before building', f'{before["Rss"]:,.0f} MB'),
        ('arrays on disk', f'{_folder_size(root):.0f} MB'),
    ]


def _folder_size(root: str) -> float:
    files = Path(root, FOLDER, 'train').iterdir()
    return sum(path.stat().st_size for path in files) / MB


def measure_open(root: str) -> Rows:
    """Open the arrays and look images up in random order."""
    before = memory()
    start = time.perf_counter()
    dataset = OpenImages('train', data_root=root)
    seconds = time.perf_counter() - start
    opened = memory()
    microseconds = _look_up(dataset)
    repr(dataset)  # reads what is left of the offsets
    used = memory()
    return [
        ('open', f'{seconds:.3f} s'),
        ('resident, opened', _grown(before, opened, 'Rss')),
        (
            f'one look-up of {NUM_LOOKUPS:,} random ones',
            f'{microseconds:.1f} us',
        ),
        ('resident, after the look-ups', _grown(before, used, 'Rss')),
        ('of it not on disk', _grown(before, used, 'Anonymous')),
    ]


def _grown(before: dict, after: dict, name: str) -> str:
    return f'{after[name] - before[name]:,.0f} MB'


def _look_up(dataset: MultiLabelDataset) -> float:
    order = random.Random(0).choices(range(len(dataset)), k=NUM_LOOKUPS)
    start = time.perf_counter()
    for index in order:
        dataset.get_data_info(index)
    return (time.perf_counter() - start) / len(order) * 1e6


def measure_workers(root: str) -> Rows:
    """Fetch samples with four workers, and look at each one's memory."""
    dataset = OpenImages('train', data_root=root)
    order = random.Random(0).choices(range(len(dataset)), k=4 * NUM_LOOKUPS)
    loader = DataLoader(
        dataset,
        batch_size=288,
        sampler=order,
        num_workers=4,
        collate_fn=list,
        multiprocessing_context='fork',  # as mmengine's Runner
        persistent_workers=True,  # still there to be looked at
    )
    batches = iter(loader)
    for _ in batches:
        pass
    sizes = [memory(str(worker.pid)) for worker in batches._workers]
    return [
        (f'a worker of four: {name}', _range(size[key] for size in sizes))
        for name, key in (
            ('its own memory (private)', 'Private'),
            ('its share of all memory (PSS)', 'Pss'),
        )
    ]


def _range(values: Iterator[float]) -> str:
    values = sorted(values)
    return f'{values[0]:.0f} to {values[-1]:.0f} MB'


def measure_list(root: str, size: int) -> Rows:
    """Keep the first images as mmengine's BaseDataset does."""
    before, peak_before = memory(), peak()
    start = time.perf_counter()
    dataset = Listed(f'{root}:{size}')
    seconds = time.perf_counter() - start
    after = memory()
    return [
        ('open', f'{seconds:.1f} s'),
        ('open, peak', f'{peak() - peak_before:,.0f} MB'),
        ('resident, opened', _grown(before, after, 'Rss')),
        ('one look-up', f'{_look_up(dataset):.1f} us'),
    ]


def run(title: str, function: Callable[..., Rows], *args: Any) -> None:
    """Measure in a fresh process and print rows of a table."""
    context = multiprocessing.get_context('spawn')
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        for name, value in pool.submit(function, *args).result():
            print(f'| {title}: {name} | {value} |', flush=True)


def main() -> None:
    """Write the CSV files where they are missing, and measure."""
    args = parse_args()
    if not Path(args.root, 'train', 'images.csv').exists():
        write_synthetic(args.root, args.images)
    run('OpenImages', measure_build, args.root)
    run('OpenImages', measure_open, args.root)
    run('OpenImages', measure_workers, args.root)
    title = f'BaseDataset of {args.listed:,} images'
    run(title, measure_list, args.root, args.listed)


if __name__ == '__main__':
    run_main(main)
