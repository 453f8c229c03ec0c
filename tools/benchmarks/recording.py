"""Measure what recording costs: ``python tools/benchmarks/recording.py``.

Trains on random images or features with LL-Ct at 1 %, without loading data,
and times in the same steps what RecordHook adds to them: keeping the step,
counting every so many entries, and writing the epoch. Loading and decoding
images only makes the share smaller. Times are those of one core, not of the
wall: other work on the machine does not count.
"""

import argparse
import tempfile
import time
from fractions import Fraction
from typing import Callable, Tuple

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--rounds', type=int, default=3)
    cases = range(4)  # of CASES
    parser.add_argument(
        '--cases', type=int, nargs='+', choices=cases, default=cases
    )
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
import torch
from mmpretrain.registry import MODELS
from torch import nn

from mmwsml.models.losses import LargeLossCorrection
from mmwsml.records import NUM_BINS, RecordedImages, Recorder, RecordWriter
from mmwsml.structures import GlobalBatch, Step

DIGITS = dict(type='mmwsml.DigitNet')
MOBILE = dict(type='mmpretrain.MobileNetV2', widen_factor=1.0)
#: Name -> images, classes, shape of one, backbone, its channels, steps.
CASES = {
    'DigitNet, 64 px': (16, 10, (3, 64, 64), DIGITS, 64, 60),
    'MobileNetV2, 128 px': (16, 80, (3, 128, 128), MOBILE, 1280, 5),
    'linear layer on features': (16, 80, (2048,), None, 2048, 1000),
    'linear layer on features ': (288, 5000, (2048,), None, 2048, 8),
}
SIZES = {'COCO': (82_081, 80), 'Open Images V3': (3_400_000, 5000)}


class Model(nn.Module):
    """Backbone, average pooling and a linear layer."""

    def __init__(self, backbone: dict, channels: int, classes: int) -> None:
        super().__init__()
        self.backbone = backbone and MODELS.build(backbone)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Compute the logits."""
        if self.backbone is not None:
            x = self.backbone(x)[-1].mean((2, 3))
        return self.fc(x)


def make_step(case: tuple) -> Callable[[GlobalBatch], tuple]:
    """Return a function that trains a step and returns what a hook sees."""
    size, classes, shape, backbone, channels, _ = case
    model, loss = Model(backbone, channels, classes), LargeLossCorrection()
    optimizer = torch.optim.Adam(model.parameters(), 1e-4)
    inputs, target = torch.randn(size, *shape), torch.zeros(size, classes)
    target[torch.arange(size), torch.arange(size) % classes] = 1

    def step(batch: GlobalBatch) -> tuple:
        logits = model(inputs)
        told = Step(batch, rate=Fraction(1, 100))
        optimizer.zero_grad()
        result = loss(logits, target, target.bool(), told)
        result.value.backward()
        optimizer.step()
        return logits, result.modified

    return step


def measure(case: tuple, keep: bool) -> Tuple[float, float, float]:
    """Return seconds of a step, of recording it, and of an epoch's end."""
    size, classes, *_, num_steps = case
    names = [f'images/{n}.jpg' for n in range(size * num_steps)]
    entries = [(n, [0], [], [0, 1]) for n in names]
    images = RecordedImages.collect(entries, classes)
    step, train, record = make_step(case), 0.0, 0.0
    with tempfile.TemporaryDirectory() as run:
        writer = RecordWriter(run, images, dict(classes=[]))
        writer.start(1)
        recorder = Recorder(images, writer, keep)
        for epoch in (1, 2):  # the first warms up
            train = record = 0.0
            for n in range(num_steps):
                batch = GlobalBatch(names[n * size : (n + 1) * size])
                start = time.process_time()
                seen = step(batch)
                middle = time.process_time()
                recorder.add(batch, *seen)
                end = time.process_time()
                train, record = train + middle - start, record + end - middle
            start = time.process_time()
            recorder.finish(epoch)
            middle = time.process_time()
            recorder.finish(epoch)  # of nothing: what does not grow
            end = time.process_time()
            record += middle - start - (end - middle)
    return train / num_steps, record / num_steps, end - middle


def main() -> None:
    """Print the tables in Markdown."""
    args = parse_args()
    torch.set_num_threads(1)
    print(
        '| trained | batch | a step, ms | recording, ms | share | '
        'with all losses | end of an epoch, ms |'
    )
    print('| --- | --- | --- | --- | --- | --- | --- |')
    for number in args.cases:
        name, case = list(CASES.items())[number]
        rounds = [
            (*measure(case, False), measure(case, True)[1])
            for _ in range(args.rounds)
        ]
        step, counts, end, losses = 1000 * np.median(rounds, 0)
        print(
            f'| {name.strip()} | {case[0]} x {case[1]} | {step:.2f} | '
            f'{counts:.3f} | {counts / step:.1%} | {losses / step:.1%} | '
            f'{end:.0f} |'
        )
    print('\n| an epoch of | counts | 1 % modified | every loss |')
    print('| --- | --- | --- | --- |')
    for name, (num_images, classes) in SIZES.items():
        entries = num_images * classes
        counts = num_images + 4 * classes * (4 * NUM_BINS + 8)
        sizes = counts, entries // 10, 2 * entries
        cells = ' | '.join(f'{size / 1e6:,.1f} MB' for size in sizes)
        print(f'| {name} | {cells} |')


if __name__ == '__main__':
    run_main(main)
