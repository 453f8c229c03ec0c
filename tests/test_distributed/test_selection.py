"""The same global logits, dealt out to 1, 2 or 4 processes."""

import math
from fractions import Fraction
from itertools import product

import pytest
import torch
import torch.distributed as dist

from mmwsml.models.losses import LargeLossCorrection
from mmwsml.models.selections import TopKSelection
from mmwsml.models.selections import select_largest as functional
from mmwsml.structures import GlobalBatch, Step, hash64

pytestmark = pytest.mark.dist

RATES = [Fraction(0), Fraction(1, 1000), Fraction(1, 7), Fraction(1)]
NUM_BATCHES = 300


def make_batch(seed):
    """Draw a global batch with ties, and how many images each process has."""
    random = torch.Generator().manual_seed(seed)

    def draw(low, high):
        return int(torch.randint(low, high, (), generator=random))

    num_images, num_classes = draw(4, 13), draw(1, 9)
    shape = num_images, num_classes
    logits = torch.randn(shape, generator=random)
    logits = logits.round(decimals=draw(0, 3)) if seed % 5 else 0 * logits
    observed = torch.rand(shape, generator=random) < draw(0, 11) / 10
    if seed % 7 == 0:
        observed[: num_images // 2] = True  # nothing left on the first ranks
    cuts = sorted(draw(1, num_images) for _ in range(3))
    sizes = {
        1: [num_images],
        2: [cuts[0], num_images - cuts[0]],
        4: [b - a for a, b in zip([0, *cuts], [*cuts, num_images])],
    }
    ids = [f'images/{seed}-{n}.jpg' for n in range(num_images)]
    percent_of = ('all', 'unobserved')[seed % 2]
    return logits, observed, ids, sizes, RATES[seed % 4], percent_of


def select_with_loops(logits, observed, ids, rate, percent_of):
    """Order by logit, hash of the image, class; take k of them."""
    entries = list(product(*map(range, logits.shape)))
    left = [entry for entry in entries if not observed[entry]]
    counted = left if percent_of == 'unobserved' else entries
    k = min(math.ceil(rate * len(counted)), len(left))
    left.sort(key=lambda e: (-logits[e].item(), hash64(ids[e[0]]), e[1]))
    return [(ids[n], label) for n, label in left[:k]]


def select_here(path):
    """Select from the batches with one way, on this process's images."""
    rank, num_processes = dist.get_rank(), dist.get_world_size()
    select = getattr(functional, path)
    functional._on_host = functional._on_device = select
    selections = []
    for seed in range(NUM_BATCHES):
        logits, observed, ids, sizes, rate, percent_of = make_batch(seed)
        first = sum(sizes[num_processes][:rank])
        own = slice(first, first + sizes[num_processes][rank])
        batch = GlobalBatch.meet(ids[own], logits.shape[1])
        mask = functional.select_largest(
            logits[own], observed[own], rate, percent_of, batch
        )
        entries = mask.nonzero().tolist()
        selections.append([(ids[own][n], label) for n, label in entries])
    return selections


FOUR = pytest.param(4, marks=pytest.mark.slow)


@pytest.mark.parametrize('path', ['_on_host', '_on_device'])
@pytest.mark.parametrize('num_processes', [1, 2, FOUR])
def test_selects_the_same_on_any_number_of_processes(
    spread, num_processes, path
):
    found = spread(select_here, num_processes, path)
    num_selected = 0
    for seed, parts in enumerate(zip(*found)):
        logits, observed, ids, _, rate, percent_of = make_batch(seed)
        wanted = select_with_loops(logits, observed, ids, rate, percent_of)
        chosen = [entry for part in parts for entry in part]
        assert sorted(chosen) == sorted(wanted), seed
        num_selected += len(wanted)
    assert num_selected > NUM_BATCHES


def compute_losses(scope):
    """Return loss times share and modified entries of two unequal parts."""
    rank, generator = dist.get_rank(), torch.Generator().manual_seed(0)
    logits = torch.randn(5, 4, generator=generator)
    own = [slice(0, 3), slice(3, 5)][rank]
    ids = [f'images/{n}.jpg' for n in range(5)][own]
    loss = LargeLossCorrection(TopKSelection('all', scope))
    step = Step(GlobalBatch.meet(ids, 4), rate=Fraction(1, 4))
    nothing = torch.zeros(5, 4)
    result = loss(logits[own], nothing[own], nothing[own].bool(), step)
    return result.value.item(), result.modified.sum().item()


def test_the_mean_over_processes_is_the_mean_over_the_global_batch(spread):
    parts = spread(compute_losses, 2, 'global')
    logits = torch.randn(5, 4, generator=torch.Generator().manual_seed(0))
    loss = LargeLossCorrection(TopKSelection('all'))
    nothing, step = 0 * logits, Step(rate=Fraction(1, 4))
    whole = loss(logits, nothing, nothing.bool(), step).value.item()
    assert sum(value for value, _ in parts) / 2 == pytest.approx(whole)
    assert sum(count for _, count in parts) == 5


def test_scope_rank_selects_in_each_process_for_itself(spread):
    parts = spread(compute_losses, 2, 'rank')
    assert [count for _, count in parts] == [3, 2]


def meet_with_other_classes():
    GlobalBatch.meet(['images/1.jpg'], 10 + dist.get_rank())


def test_processes_of_other_classes_all_stop(spread):
    for text in spread(meet_with_other_classes, 2, fails=True):
        assert 'the same classes, but they have `num_classes` [10, 11]' in text
