"""Measure the label memory: ``python tools/benchmarks/label_memory.py``.

The size of Open Images: 3.4 million images, 5,000 classes, batches of 288, and
17 million corrections, those of an epoch at 0.1 %.
"""

import argparse
import io
import resource
import time

from mmwsml.command_line import run_main, tool_parser

NUM_IMAGES, NUM_CLASSES, BATCH = 3_400_000, 5000, 288


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--images', type=int, default=NUM_IMAGES)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
import torch

from mmwsml.models.label_stores import LabelMemory
from mmwsml.structures import GlobalBatch, KnownLabels

PER_STEP = BATCH * NUM_CLASSES // 1000  # 0.1 %


class Batch(GlobalBatch):
    """A batch whose keys are drawn, not hashed from names."""

    def __init__(self, keys: np.ndarray) -> None:
        super().__init__([str(key) for key in keys])
        self.keys = keys


def megabytes() -> float:
    """Return the most memory this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> None:
    """Train on nothing for an epoch, and print what it cost."""
    args = parse_args()
    rng = np.random.default_rng(0)
    keys = rng.integers(-(2**63), 2**63 - 1, args.images)
    before = megabytes()
    memory = LabelMemory()
    memory.start(KnownLabels(keys))
    logits = torch.zeros(BATCH, NUM_CLASSES)
    target, reading, writing = torch.zeros_like(logits), [], []
    order = rng.permutation(args.images)
    for first in range(0, args.images - BATCH + 1, BATCH):
        modified = torch.zeros(logits.shape, dtype=torch.bool)
        chosen = rng.integers(0, modified.numel(), PER_STEP)
        modified.view(-1)[torch.from_numpy(chosen)] = True
        batch = Batch(keys[order[first : first + BATCH]])
        start = time.perf_counter()
        memory.write(batch, modified, logits, 2)
        memory.flush()
        writing.append(time.perf_counter() - start)
    used = megabytes() - before
    for first in range(0, BATCH * 200, BATCH):
        batch = Batch(keys[order[first : first + BATCH]])
        start = time.perf_counter()
        memory.read(batch, target, target.bool())
        reading.append(time.perf_counter() - start)
    start, file = time.perf_counter(), io.BytesIO()
    torch.save(memory.snapshot(), file)
    saving = time.perf_counter() - start
    state, start = memory.snapshot(), time.perf_counter()
    memory.restore(state)
    loading = time.perf_counter() - start
    print('| what | measured |\n| --- | --- |')
    print(f'| corrections | {len(memory):,} |')
    print(f'| bytes a correction | {memory.nbytes / len(memory):.0f} |')
    print(f'| memory, with the images and spare room | {used:.0f} MB |')
    print(f'| write and flush, a step | {1000 * np.median(writing):.2f} ms |')
    print(f'| read, a step | {1000 * np.median(reading):.2f} ms |')
    print(f'| in the checkpoint | {file.tell() / 1e6:.0f} MB |')
    print(f'| save, load | {saving:.1f} s, {loading:.1f} s |')


if __name__ == '__main__':
    run_main(main)
