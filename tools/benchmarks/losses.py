"""Time the large-loss methods: ``python tools/benchmarks/losses.py``.

Forward and backward on random logits, as ratios to plain BCE in the same run,
beside the authors' way: two loss matrices, top-k of one, and a choice between
them. The times of one round stand side by side, so that a slow moment of the
machine slows all of them; the median is over the rounds.
"""

import argparse
import math
import time
from fractions import Fraction
from typing import Callable, Dict, List

from mmwsml.command_line import run_main, tool_parser


def parse_args() -> argparse.Namespace:
    """Read the command line."""
    parser = tool_parser(__doc__)
    parser.add_argument('--rounds', type=int, default=500)
    return parser.parse_args()


if __name__ == '__main__':
    parse_args()  # answers before the slow imports

import torch
import torch.nn.functional as F
from torch import Tensor

from mmwsml.models.losses import LargeLossCorrection, LargeLossRejection
from mmwsml.models.losses.large_loss import LargeLoss
from mmwsml.models.selections import TopKSelection
from mmwsml.structures import GlobalBatch, Step

SIZES = ((16, 80), (16, 312), (288, 5000))  # COCO, CUB, OpenImages
RATES = ('0.2', '2', '10')  # percent


def official(rate: Fraction) -> Callable:
    """LL-Ct in the way of the authors' code, from its description.

    Both loss matrices, the threshold from a top-k over the losses of the
    unobserved entries, and a choice between the matrices.
    """

    def loss(logits: Tensor, target: Tensor, observed: Tensor) -> Tensor:
        losses = F.binary_cross_entropy_with_logits(
            logits, target, reduction='none'
        )
        corrected = F.binary_cross_entropy_with_logits(
            logits, 1 - target, reduction='none'
        )
        unobserved_loss = (~observed).float() * losses
        k = math.ceil(logits.numel() * rate)
        threshold = torch.topk(unobserved_loss.flatten(), k).values[-1]
        chosen = torch.where(unobserved_loss < threshold, losses, corrected)
        return chosen.mean()

    return loss


def ours(loss: LargeLoss, rate: Fraction, num_images: int) -> Callable:
    """Call a loss of the package as a head does, in the same step anew."""
    batch = GlobalBatch([f'images/{n}.jpg' for n in range(num_images)])
    step = Step(batch, rate=rate)
    return lambda *tensors: loss(*tensors, step).value


def plain(logits: Tensor, target: Tensor, observed: Tensor) -> Tensor:
    """Plain BCE, the unit of the table."""
    return F.binary_cross_entropy_with_logits(logits, target)


def make_batch(num_images: int, num_classes: int) -> List[Tensor]:
    """Draw logits with one observed positive an image."""
    torch.manual_seed(0)
    logits = torch.randn(num_images, num_classes) * 2 - 4
    target = torch.zeros_like(logits)
    target[
        torch.arange(num_images), torch.arange(num_images) % num_classes
    ] = 1
    return [logits.requires_grad_(), target, target.bool()]


def measure(
    methods: Dict[str, Callable], batch: List[Tensor], rounds: int
) -> Dict[str, float]:
    """Take the median time of each method, in seconds."""
    times: Dict[str, List[float]] = {name: [] for name in methods}
    for number in range(rounds + 3):
        for name, method in methods.items():
            batch[0].grad = None
            start = time.perf_counter()
            method(*batch).backward()
            if number >= 3:  # the first ones warm up
                times[name].append(time.perf_counter() - start)
    return {name: sorted(t)[len(t) // 2] for name, t in times.items()}


def main() -> None:
    """Print the table in Markdown."""
    args = parse_args()
    torch.set_num_threads(1)
    print('| size | rate | plain BCE, ms | official way | LL-R | LL-Ct |')
    print('| --- | --- | --- | --- | --- | --- |')
    for num_images, num_classes in SIZES:
        batch = make_batch(num_images, num_classes)
        rounds = args.rounds if num_images < 100 else args.rounds // 10
        for percent in RATES:
            rate = Fraction(percent) / 100
            reject = LargeLossRejection(TopKSelection('all'))
            correct = LargeLossCorrection(TopKSelection('all'))
            methods = dict(
                plain=plain,
                official=official(rate),
                reject=ours(reject, rate, num_images),
                correct=ours(correct, rate, num_images),
            )
            found = measure(methods, batch, rounds)
            unit = found.pop('plain')
            ratios = ' | '.join(f'{t / unit:.1f}' for t in found.values())
            print(
                f'| {num_images} x {num_classes} | {percent} % | '
                f'{1000 * unit:.3f} | {ratios} |'
            )


if __name__ == '__main__':
    run_main(main)
