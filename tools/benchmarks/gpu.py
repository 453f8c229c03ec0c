"""All that waits for a GPU, in ten minutes: ``tools/benchmarks/gpu.py``.

Prints a section of docs/benchmarks.md; a part of it is ``gpu_training.py``.
``--device cpu --quick`` does the same in miniature, as a test.
"""

import argparse
import math
import tempfile
import time
from fractions import Fraction
from typing import Any, Callable, List

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--device', choices=['cuda', 'cpu'], default='cuda')
    parser.add_argument('--quick', action='store_true', help='in miniature')
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import numpy as np
import torch
from gpu_training import now, require_device, train_end_to_end
from mmpretrain import get_model
from torch import Tensor

from mmwsml.engine.linear_discriminant import FeatureSums
from mmwsml.engine.multinomial_discriminant import ChoiceSums
from mmwsml.models import PartialLabelHead, losses
from mmwsml.models.selections.select_largest import select_largest
from mmwsml.structures import GlobalBatch, Step
from mmwsml.structures.labelled_batch import Entries, LabelledBatch

REQUIRED = {
    'EntropyMaximization': dict(alpha=0.2),
    'ExpectedPositiveRegularization': dict(kappa=0.7),
    'InteractiveMultiLabel': dict(num_classes=20),
    'RegularizedOnlineLabelEstimation': dict(kappa=0.7),
}


def milliseconds(device: str, number: int, work: Callable[[], Any]) -> float:
    """Time some work, warmed up."""
    for _ in range(3):
        work()
    begin = now(device)
    for _ in range(number):
        work()
    return 1000 * (now(device) - begin) / number


def compare_with_cpu(device: str, number: int) -> None:
    """Select on random batches with ties, and compute every loss, on both."""
    same = 0
    for seed in range(number):
        torch.manual_seed(seed)
        logits = torch.randn(16, 20).mul(4).round() / 4  # many are equal
        observed = torch.rand(16, 20) < 0.1
        batch = GlobalBatch([f'set/{n + seed}.jpg' for n in range(16)])
        marked = [
            select_largest(x, y, Fraction(seed % 20, 20), 'all', batch).cpu()
            for x, y in (
                (logits, observed),
                (logits.to(device), observed.to(device)),
            )
        ]
        same += torch.equal(*marked)
    print(f'Selections equal to those of the CPU: {same} of {number}.\n')
    print(
        '| loss | value, largest difference | gradient |\n| --- | --- | --- |'
    )
    for name in losses.__all__:
        kind = getattr(losses, name)
        if name in ('LossResult', 'PartialLabelLoss', 'LargeLoss'):
            continue
        options = REQUIRED.get(name, {})
        found = [run_loss(kind(**options), x) for x in ('cpu', device)]
        value, slope = (
            (a - b.cpu()).abs().max().item() for a, b in zip(*found)
        )
        print(f'| {name} | {value:.1e} | {slope:.1e} |')


def run_loss(loss: Any, device: str) -> List[Tensor]:
    """Compute a loss and its gradient of one random batch."""
    torch.manual_seed(0)
    logits, features = torch.randn(16, 20), torch.rand(16, 8)
    observed = torch.rand(16, 20) < 0.2
    estimate, shares = torch.randn(16, 20), torch.full((20,), 0.1).double()
    logits = logits.to(device).requires_grad_()
    observed = observed.to(device)
    loss.prepare(20)
    step = Step(
        GlobalBatch([f'set/{n}.jpg' for n in range(16)]),
        progress=(3, 8),
        rate=Fraction(1, 10),
        shares=shares.to(device),
        features=features.to(device),
        estimate=estimate.to(device),
    )
    value = loss.to(device)(logits, observed.float(), observed, step).value
    value.backward()
    return [value.detach(), logits.grad]


def share_of_the_loss(device: str, quick: bool) -> None:
    """Time steps of a network, and of its head alone, in three precisions."""
    depth, side, batch, number = (18, 64, 2, 2) if quick else (50, 448, 16, 20)
    network = get_model(f'resnet{depth}_8xb32_in1k').backbone.to(device)
    images = torch.randn(batch, 3, side, side, device=device)
    print(f'\nA step of ResNet-{depth}, {batch} x {side} px, 80 classes:\n')
    print('| precision | step, ms | head and loss, ms | share, % | finite |')
    print('| --- | --- | --- | --- | --- |')
    precisions = {'float32': None, 'bfloat16': torch.bfloat16}
    if device == 'cuda':
        precisions['float16'] = torch.half
    for name, dtype in precisions.items():
        row = time_steps(device, network, images, number, dtype)
        print(f'| {name} {row}')


def time_steps(
    device: str, network: Any, images: Tensor, number: int, dtype: Any
) -> str:
    """Time steps in one precision; None is float32."""
    channels = network(images[:1])[-1].shape[1]
    head = PartialLabelHead(
        80, channels, loss=dict(type='mmwsml.LargeLossRejection')
    ).to(device)
    head.tell(rate=Fraction(1, 50), progress=(3, 8))
    places = np.arange(len(images))
    known = Entries(places, places % 80), Entries(places[:0], places[:0])
    samples = LabelledBatch([f'set/{n}.jpg' for n in places], *known)
    weights = [*network.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(weights, lr=1e-5)
    scaler = torch.amp.GradScaler(device, enabled=dtype is torch.half)

    def step(feature: Any = None) -> None:
        with torch.autocast(device, dtype, enabled=dtype is not None):
            if feature is None:
                feature = network(images)[-1].mean((2, 3))
            value = head.loss((feature,), samples)['loss']
        scaler.scale(value).backward()
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()

    whole = milliseconds(device, number, step)
    fixed = torch.rand(len(images), channels, device=device)
    # The optimizer has no gradient of the network then, and leaves it alone.
    part = milliseconds(device, number, lambda: step(fixed))
    sound = all(bool(weight.isfinite().all()) for weight in weights)
    return (
        f'| {whole:.1f} | {part:.2f} | {100 * part / whole:.1f} '
        f'| {"yes" if sound else "no"} |'
    )


def solve_in_closed_form(device: str, size: tuple) -> None:
    """Time the heads in closed form on random features."""
    number, channels, classes = size
    features = torch.rand(800, channels, device=device)
    target = (torch.rand(800, classes, device=device) < 0.02).float()
    print(f'\nHeads in closed form, {number} x {channels} x {classes}:\n')
    print('| head | added in, s | solved in, s |\n| --- | --- | --- |')
    for name, kind in (('LDA', FeatureSums), ('multinomial LDA', ChoiceSums)):
        sums, begin = (
            kind(channels, classes, torch.device(device)),
            now(device),
        )
        for _ in range(math.ceil(number / 800)):
            sums.add(features, target)
        added = now(device)
        sums.solve()
        print(f'| {name} | {added - begin:.1f} | {now(device) - added:.1f} |')


def main() -> None:
    """Measure one thing after the other."""
    args = parse_args()
    name = require_device(args.device)
    date = time.strftime('%Y-%m-%d')
    print(f'## On a GPU\n\n{name}, torch {torch.__version__}, {date}.\n')
    compare_with_cpu(args.device, 10 if args.quick else 200)
    share_of_the_loss(args.device, args.quick)
    with tempfile.TemporaryDirectory() as folder:
        train_end_to_end(args.device, args.quick, folder)
    size = (1600, 32, 8) if args.quick else (100_000, 2048, 80)
    solve_in_closed_form(args.device, size)


if __name__ == '__main__':
    run_main(main)
