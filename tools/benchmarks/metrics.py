"""Measure mean average precision: ``python tools/benchmarks/metrics.py``.

Beside MMPretrain's and scikit-learn's at 20,000 x 1,000; at OpenImages' size,
125,000 images and 5,000 classes, with complete and with partial labels, on one
process and on two. Each row is a process of its own, so that peaks are theirs.
"""

import argparse
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from tempfile import TemporaryDirectory
from typing import Callable, Dict, Iterator, List, Optional, Tuple

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--shrink', type=int, default=1, help='of all sizes')
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
import torch
import torch.distributed as dist
from mmpretrain.evaluation import AveragePrecision
from sklearn.metrics import average_precision_score

from mmwsml.evaluation import MeanAveragePrecision

SMALL, LARGE, NUM_OBSERVED, BATCH = (20_000, 1_000), (125_000, 5_000), 40, 250


def draw_batches(
    num_images: int, num_classes: int, partial: bool
) -> Iterator[List[dict]]:
    """Draw this process's batches; a positive scores higher on average."""
    rank, world = 0, 1
    if dist.is_initialized():
        rank, world = dist.get_rank(), dist.get_world_size()
    rng = np.random.default_rng(0)
    negatives = NUM_OBSERVED - 3 if partial else 0
    for number in range(num_images // BATCH):
        scores = rng.random((BATCH, num_classes), dtype=np.float32)
        labels = rng.integers(num_classes, size=(BATCH, 3 + negatives))
        rows = np.arange(BATCH)[:, None]
        scores[rows, labels[:, :3]] **= 0.25
        if number % world != rank:
            continue
        scores, labels = torch.from_numpy(scores), torch.from_numpy(labels)
        yield [
            dict(
                pred_score=scores[n],
                gt_label=labels[n, :3].unique(),
                **({'neg_label': labels[n, 3:]} if partial else {}),
            )
            for n in range(BATCH)
        ]


def measure_metric(
    metric: MeanAveragePrecision, size: Tuple[int, int], partial: bool
) -> Dict[str, float]:
    """Time what a test loop pays for a metric, and ask for its memory."""
    num_images, num_classes = size
    collecting = 0.0
    for batch in draw_batches(num_images, num_classes, partial):
        start = time.perf_counter()
        metric.process({}, batch)
        collecting += time.perf_counter() - start
    kept = getattr(metric.results, 'nbytes', 0) / 1e6
    start = time.perf_counter()
    metrics = metric.evaluate(num_images)
    return {
        'mAP': next(iter(metrics.values())),
        'process, s': collecting,
        'evaluate, s': time.perf_counter() - start,
        'kept, MB': kept,
        'peak, MB': peak(),
    }


def peak() -> float:
    """Return the most memory this process has used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def measure_ours(
    size: Tuple[int, int], partial: bool, store: Optional[str], rank: int
) -> Dict[str, float]:
    """Measure ours on one process, or on one of two."""
    torch.set_num_threads(1)
    if store is not None:
        store = dist.FileStore(store, 2)
        dist.init_process_group('gloo', store=store, rank=rank, world_size=2)
    result = measure_metric(MeanAveragePrecision(), size, partial)
    if store is not None:
        dist.destroy_process_group()
    return result


def measure_mmpretrain(size: Tuple[int, int]) -> Dict[str, float]:
    """Measure MMPretrain's metric."""
    torch.set_num_threads(1)
    return measure_metric(AveragePrecision(), size, partial=False)


def measure_scikit_learn(size: Tuple[int, int]) -> Dict[str, float]:
    """Measure scikit-learn's function on matrices."""
    scores, target = np.empty(size, np.float32), np.zeros(size, bool)
    for first, batch in enumerate(draw_batches(*size, partial=False)):
        for n, sample in enumerate(batch, first * BATCH):
            scores[n] = sample['pred_score']
            target[n, sample['gt_label']] = True
    start = time.perf_counter()
    ap = [average_precision_score(y, z) for y, z in zip(target.T, scores.T)]
    return {
        'mAP': 100 * float(np.mean(ap)),
        'evaluate, s': time.perf_counter() - start,
        'peak, MB': peak(),
    }


def run(function: Callable, calls: List[tuple]) -> List[Dict[str, float]]:
    """Call a function in fresh processes, side by side."""
    context = get_context('spawn')
    with ProcessPoolExecutor(len(calls), mp_context=context) as pool:
        return [f.result() for f in [pool.submit(function, *c) for c in calls]]


def main() -> None:
    """Print the table."""
    shrink = parse_args().shrink
    small, large = ((n // shrink, k // shrink) for n, k in (SMALL, LARGE))
    columns = ('mAP', 'process, s', 'evaluate, s', 'kept, MB', 'peak, MB')
    print('| what | images x classes |', ' | '.join(columns), '|')
    print('| --- ' * (2 + len(columns)) + '|')
    with TemporaryDirectory() as folder:
        rows = [
            ('scikit-learn', small, measure_scikit_learn, [(small,)]),
            ("MMPretrain's", small, measure_mmpretrain, [(small,)]),
        ]
        for name, size, partial in (
            ('ours', small, False),
            ('ours', large, False),
            ('ours, 40 observed', large, True),
        ):
            one = [(size, partial, None, 0)]
            rows.append((name, size, measure_ours, one))
            path = f'{folder}/{len(rows)}'
            two = [(size, partial, path, rank) for rank in range(2)]
            rows.append((f'{name}, each of 2', size, measure_ours, two))
        for name, (images, classes), function, calls in rows:
            found = run(function, calls)[0]
            cells = (f'{found[c]:.4g}' if c in found else '' for c in columns)
            size = f'{images:,} x {classes:,}'
            print(f'| {name} | {size} |', ' | '.join(cells), '|', flush=True)


if __name__ == '__main__':
    run_main(main)
