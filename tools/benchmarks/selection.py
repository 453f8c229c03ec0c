"""Time the selection over several processes, and count its bytes.

Usage: ``python tools/benchmarks/selection.py``. Four processes meet over
gloo; each holds a quarter of a batch of 288 x 5000 and runs on one thread.
"""

import argparse
import multiprocessing
import os
import time
from fractions import Fraction

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--processes', type=int, default=4)
    parser.add_argument('--rounds', type=int, default=20)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import torch
import torch.distributed as dist

from mmwsml.models.selections.select_largest import select_largest
from mmwsml.structures import GlobalBatch

SHAPE = 288, 5000
RATES = ('0.2', '2', '10')  # percent


def work(rank: int, num_processes: int, rounds: int) -> None:
    """Measure as one process; the first one prints."""
    torch.set_num_threads(1)
    dist.init_process_group('gloo', rank=rank, world_size=num_processes)
    torch.manual_seed(rank)
    num_images = SHAPE[0] // num_processes
    logits = torch.randn(num_images, SHAPE[1]) * 2 - 4
    observed = torch.rand(logits.shape) < 0.001
    ids = [f'images/{rank}-{n}.jpg' for n in range(num_images)]
    for percent in RATES:
        rate, times = Fraction(percent) / 100, []
        for _ in range(rounds + 3):
            dist.barrier()
            start = time.perf_counter()
            batch = GlobalBatch.meet(ids, SHAPE[1])
            select_largest(logits, observed, rate, 'all', batch)
            times.append(time.perf_counter() - start)
        start = time.perf_counter()
        for _ in range(rounds):
            select_largest(logits, observed, rate, 'all', batch.alone())
        alone = (time.perf_counter() - start) / rounds
        most = -(-SHAPE[0] * SHAPE[1] * rate.numerator // rate.denominator)
        sent = 8 * (min(most, logits.numel()) + 1) + 8 * num_images + 24
        if rank == 0:
            middle = sorted(times[3:])[rounds // 2]
            print(
                f'| {percent} % | {most} | {sent / 1000:.0f} kB '
                f'| {1000 * middle:.1f} ms | {1000 * alone:.1f} ms |',
                flush=True,
            )
    dist.destroy_process_group()


def main() -> None:
    """Start the processes and print the table in Markdown."""
    args = parse_args()
    os.environ.update(MASTER_ADDR='127.0.0.1', MASTER_PORT='29541')
    print('| rate | k | sent by a process | global | own part alone |')
    print('| --- | --- | --- | --- | --- |', flush=True)
    context = multiprocessing.get_context('spawn')
    processes = [
        context.Process(target=work, args=(r, args.processes, args.rounds))
        for r in range(args.processes)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


if __name__ == '__main__':
    run_main(main)
