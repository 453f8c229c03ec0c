"""Time and memory of the conversion of large tables of labels.

Each table is written, and converted on one core in a process of its own.
Processor time is what the process used, whatever else the machine does.
"""

import argparse
import multiprocessing
import os
import random
import re
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Dict, List

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__.partition('\n')[0])
    parser.add_argument('folder', type=Path, help='for the tables')
    parser.add_argument(
        '--rows',
        nargs=2,
        type=int,
        default=[223_414, 1_000_000],
        help='of the two tables, 223414 and 1000000 by default',
    )
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

from mmwsml.label_files.annotations import save_annotations
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.class_report import count_classes
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.read_options import ReadOptions

#: Other columns of CheXpert, and a row of them.
OTHERS = {
    'Sex': 'Female',
    'Age': '68',
    'Frontal/Lateral': 'Frontal',
    'AP/PA': 'AP',
}
FORMS = {
    'CheXpert': (OTHERS, 14, ('', '', '', '1.0', '0.0', '-1.0')),
    'marks': ({}, 20, ('', '0', '0', '0', '1')),
}


def write_table(path: Path, form: str, num_rows: int) -> None:
    """Write a table of labels drawn at random."""
    others, num_classes, cells = FORMS[form]
    rng = random.Random(0)
    names = [f'class {n}' for n in range(num_classes)]
    with path.open('w', encoding='utf-8') as file:
        file.write(','.join(['Path', *others, *names]) + '\n')
        for n in range(num_rows):
            image = f'CheXpert-v1.0/train/patient{n:07}/study1/view1.jpg'
            row = [image, *others.values()]
            row += rng.choices(cells, k=num_classes)
            file.write(','.join(row) + '\n')


def measure(path: str) -> Dict[str, float]:
    """Convert a table on one core."""
    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    start, begin = time.perf_counter(), time.process_time()
    marked = read_labels(path, BadEntries(), ReadOptions(unknown='-1'))
    read = time.process_time()
    num_known = count_classes(marked).total()
    save_annotations(marked, 'partial', f'{path}.json')
    end = time.process_time()
    status = Path('/proc/self/status').read_text(encoding='utf-8')
    (size,) = re.findall(r'VmHWM:\s+(\d+)', status)
    return {
        'images': len(marked),
        'known labels': num_known.num_positives + num_known.num_negatives,
        'processor time to read, s': read - begin,
        'processor time to write, s': end - read,
        'time in all, s': time.perf_counter() - start,
        'peak memory, MB': int(size) * 1024 / 1e6,
    }


def main() -> None:
    """Write the tables, and measure."""
    args = parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context('spawn')
    lines: List[str] = [f'Load of the machine: {os.getloadavg()[0]:.1f}']
    for form, num_rows in zip(FORMS, args.rows):
        path = args.folder / f'{form}.csv'
        write_table(path, form, num_rows)
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            found = pool.submit(measure, str(path)).result()
        lines += [f'{form}, {num_rows:,} rows']
        lines += [f'  {name}: {value:,.1f}' for name, value in found.items()]
    print('\n'.join(lines))


if __name__ == '__main__':
    run_main(main)
