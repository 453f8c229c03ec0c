import math
import random
from fractions import Fraction

import numpy as np
import pytest
import torch

from mmwsml.models.selections import select_largest as functional
from mmwsml.models.selections.select_largest import (
    SMALL,
    STRIDE,
    select_largest,
)
from mmwsml.structures import GlobalBatch, hash64

RATES = [Fraction(1, 1000), Fraction(1, 7), Fraction(1, 2), Fraction(1)]
LARGE = 37, 600
needs_gpu = pytest.mark.skipif(
    not torch.cuda.is_available(), reason='needs a CUDA GPU'
)


@pytest.fixture(params=['host', 'device'], autouse=True)
def path(request, monkeypatch):
    """Take the way of a CPU and that of a GPU, on the CPU."""
    if request.param == 'device':
        monkeypatch.setattr(functional, '_on_host', functional._on_device)
    return request.param


def observe(*rows):
    return torch.tensor(rows, dtype=torch.bool)


def random_ids(seed, num_images):
    """Draw images, some of them more than once."""
    images = [f'voc/{n}' for n in range(2 * num_images)]
    return random.Random(seed).choices(images, k=num_images)


def mask_of(entries, shape):
    mask = torch.zeros(shape, dtype=torch.bool)
    for entry in entries:
        mask[entry] = True
    return mask


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
@pytest.mark.parametrize('decimals', [None, 0, -1])
@pytest.mark.parametrize('rate', [Fraction(0), *RATES])
def test_equals_selection_written_as_loops(
    rate, decimals, percent_of, random_batch, select_with_loops
):
    for seed in range(30):
        shape = 1 + seed % 5, 1 + seed % 7
        logits, _, observed = random_batch(seed, *shape, decimals)
        logits, ids = logits.detach(), random_ids(seed, shape[0])
        args = logits, observed, rate, percent_of
        selected = select_largest(*args, GlobalBatch(ids))
        expected = mask_of(select_with_loops(*args, ids), shape)
        assert torch.equal(selected, expected)


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
@pytest.mark.parametrize('rate', RATES)
def test_without_ids_ties_follow_the_order_of_the_batch(
    rate, percent_of, random_batch, select_with_loops
):
    for seed in range(15):
        logits, _, observed = random_batch(seed, decimals=-1)
        args = logits.detach(), observed, rate, percent_of
        expected = mask_of(select_with_loops(*args), logits.shape)
        assert torch.equal(select_largest(*args), expected)


def split(sizes, *columns):
    """Cut each column into the parts of the ranks."""
    ends = np.cumsum(sizes)
    for end, size in zip(ends, sizes):
        yield [column[end - size : end] for column in columns]


def random_sizes(seed, num_ranks, num_images):
    """Spread images over ranks, at least one on each."""
    cuts = random.Random(seed).sample(range(1, num_images), num_ranks - 1)
    return np.diff([0, *sorted(cuts), num_images]).tolist()


def hard_batch(seed, random_batch):
    """Draw a batch with ties and, at times, whole images observed."""
    logits, _, observed = random_batch(seed, 7, 4, decimals=seed % 3 - 1)
    if seed % 4 == 0:
        observed[: 1 + seed % 7] = True
    return logits.detach(), observed, random_ids(seed, 7)


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
@pytest.mark.parametrize('num_ranks', [1, 2, 4])
def test_the_spread_over_ranks_changes_nothing(
    num_ranks, percent_of, random_batch, on_ranks
):
    for seed in range(60):
        logits, observed, ids = hard_batch(seed, random_batch)
        sizes = random_sizes(seed, num_ranks, 7)
        parts = list(split(sizes, logits, observed, ids))
        rate = [Fraction(0), *RATES][seed % 5]

        def select(rank, parts=parts, sizes=sizes, rate=rate):
            logits, observed, ids = parts[rank]
            batch = GlobalBatch(ids, sizes, rank)
            args = logits, observed, rate, percent_of
            return select_largest(*args, batch)

        found = torch.cat(on_ranks(num_ranks, select))
        args = logits, observed, rate, percent_of
        assert torch.equal(found, select_largest(*args, GlobalBatch(ids)))


@pytest.mark.parametrize('bad', [math.nan, math.inf, -math.inf])
def test_ranks_agree_beside_a_rank_of_broken_logits(bad, on_ranks):
    logits = torch.arange(8.0).view(4, 2)
    logits[2:] = bad
    observed = torch.zeros(4, 2, dtype=torch.bool)

    def select(rank):
        own = slice(2 * rank, 2 * rank + 2)
        batch = GlobalBatch(['a', 'b'], [2, 2], rank)
        args = logits[own], observed[own], Fraction(5, 8), 'all'
        return select_largest(*args, batch).tolist()

    assert on_ranks(2, select) == [[[True] * 2] * 2, [[False] * 2] * 2]


@pytest.mark.parametrize('num_entries', [1, 3, 20])
def test_ranks_exchange_candidates_and_not_matrices(num_entries, on_ranks):
    sent = []

    class Batch(GlobalBatch):
        def gather(self, tensor):
            sent.append(tensor.numel())
            return super().gather(tensor)

    def select(rank):
        batch = Batch(['a'], [1, 1], rank)
        rate = Fraction(num_entries, 20)
        nothing = torch.zeros(1, 10, dtype=torch.bool)
        return select_largest(torch.rand(1, 10), nothing, rate, 'all', batch)

    on_ranks(2, select)
    assert sent == [min(num_entries, 10) + 1] * 2


def spread_by_class(logits):
    return logits + 3 * torch.arange(logits.shape[1])


def tiny_sample(logits):
    """Mislead whoever looks at every 61st entry: they are the smallest."""
    logits.view(-1)[::STRIDE] -= 100
    return logits


def huge_sample(logits):
    logits.view(-1)[::STRIDE] += 100
    return logits


def broken_sample(logits):
    logits.view(-1)[::STRIDE] = math.nan
    return logits


def infinite_rows(logits):
    logits[:5], logits[5:10] = math.inf, -math.inf
    return logits


LARGE_CASES = [
    torch.clone,
    torch.round,
    torch.zeros_like,
    spread_by_class,
    tiny_sample,
    huge_sample,
    broken_sample,
    infinite_rows,
]


@pytest.mark.parametrize('hide', ['some', 'the largest', 'most'])
@pytest.mark.parametrize('change', LARGE_CASES)
def test_a_large_matrix_equals_selection_written_as_loops(
    change, hide, select_with_loops
):
    generator = torch.Generator().manual_seed(0)
    logits = change(torch.randn(LARGE, generator=generator))
    observed = torch.rand(LARGE, generator=generator) < 0.1
    if hide == 'the largest':
        observed |= logits > logits.nanquantile(0.98)
    if hide == 'most':
        observed[1:] = True
    assert logits.numel() > SMALL
    for rate in (Fraction(1, 500), Fraction(1, 20), Fraction(2, 3)):
        args = logits, observed, rate, 'all'
        ids = random_ids(0, len(logits))
        expected = mask_of(select_with_loops(*args, ids), LARGE)
        assert torch.equal(select_largest(*args, GlobalBatch(ids)), expected)


@pytest.mark.parametrize('change', LARGE_CASES)
def test_a_large_matrix_spread_over_ranks_is_selected_alike(change, on_ranks):
    generator = torch.Generator().manual_seed(0)
    logits = change(torch.randn(80, 600, generator=generator))
    observed = torch.rand(logits.shape, generator=generator) < 0.1
    ids, sizes = random_ids(0, 80), [30, 50]
    parts = list(split(sizes, logits, observed, ids))

    def select(rank):
        *args, ids = parts[rank]
        batch = GlobalBatch(ids, sizes, rank)
        return select_largest(*args, Fraction(1, 50), batch=batch)

    args = logits, observed, Fraction(1, 50)
    expected = select_largest(*args, batch=GlobalBatch(ids))
    assert torch.equal(torch.cat(on_ranks(2, select)), expected)


@pytest.mark.parametrize('k', range(13))
def test_equal_logits_give_exactly_k_the_first_of_the_batch(k):
    observed = observe([0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0])
    rate = Fraction(k, 12)
    selected = select_largest(torch.zeros(3, 4), observed, rate, 'all')
    unobserved = [i for i, x in enumerate(observed.flatten()) if not x]
    assert selected.flatten().nonzero().flatten().tolist() == unobserved[:k]


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
def test_k_is_at_most_the_number_of_unobserved_entries(percent_of):
    observed = observe([1, 1, 1, 0], [1, 1, 0, 1])
    logits = torch.arange(8.0, 0, -1).view(2, 4)
    rate = Fraction(9, 10)
    selected = select_largest(logits, observed, rate, percent_of)
    assert torch.equal(selected, ~observed)


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
@pytest.mark.parametrize('rate', RATES)
def test_nothing_is_selected_when_everything_is_observed(rate, percent_of):
    observed = torch.ones(3, 4, dtype=torch.bool)
    logits = torch.full((3, 4), 50.0)
    assert not select_largest(logits, observed, rate, percent_of).any()


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
@pytest.mark.parametrize('rate', RATES)
def test_without_observed_labels_both_counts_agree(rate, percent_of):
    observed = torch.zeros(5, 20, dtype=torch.bool)
    logits = torch.arange(100.0).view(5, 20)
    selected = select_largest(logits, observed, rate, percent_of)
    assert selected.sum() == math.ceil(100 * rate)
    assert selected.flatten()[-int(selected.sum()) :].all()


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
def test_rate_zero_selects_nothing(percent_of, random_batch):
    logits, _, observed = random_batch(0)
    assert not select_largest(logits, observed, Fraction(0), percent_of).any()


def test_percent_of_unobserved_counts_less_than_percent_of_all():
    observed = torch.arange(100).view(10, 10) < 50
    args = torch.randn(10, 10), observed, Fraction(1, 10)
    assert select_largest(*args, 'unobserved').sum() == 5
    assert select_largest(*args, 'all').sum() == 10


def test_observed_labels_are_never_selected_however_large():
    observed = observe([1, 0, 1], [0, 1, 0])
    logits = torch.where(observed, 1e4, -1e4)
    selected = select_largest(logits, observed, Fraction(1, 3), 'all')
    assert selected.sum() == 2 and not (selected & observed).any()


@pytest.mark.parametrize('logit', [-3e38, -1e4, 1e-45, 1e4, 3e38])
def test_extreme_equal_logits_give_exactly_k(logit):
    observed = observe([1, 0, 0, 0], [0, 0, 0, 1])
    logits = torch.full((2, 4), logit)
    selected = select_largest(logits, observed, Fraction(1, 2))
    assert selected.tolist() == [[False, True, True, True], [False] * 4]


@pytest.mark.parametrize('shape', [(0, 4), (1, 1)])
def test_the_smallest_batches_are_selected_whole(shape):
    observed = torch.zeros(shape, dtype=torch.bool)
    assert select_largest(torch.zeros(shape), observed, Fraction(1, 9)).all()


@pytest.mark.parametrize('bad', [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize('rate', [Fraction(1, 8), Fraction(1, 2), Fraction(1)])
def test_logits_that_are_not_finite_are_never_selected(rate, bad):
    logits = torch.tensor([[bad, 1.0, -1e30, bad], [2.0, bad, bad, 0.0]])
    observed = observe([0, 0, 0, 0], [0, 0, 1, 1])
    selected = select_largest(logits, observed, rate, 'all')
    order = [(1, 0), (0, 1), (0, 2)]
    k = min(math.ceil(8 * rate), 3)
    assert torch.equal(selected, mask_of(order[:k], (2, 4)))


@pytest.mark.parametrize('bad', [math.nan, math.inf, -math.inf])
def test_nothing_is_selected_where_nothing_is_finite(bad):
    logits, observed = torch.full((2, 3), bad), torch.zeros(2, 3).bool()
    assert not select_largest(logits, observed, Fraction(1, 2)).any()


NEIGHBOURS = [-2.0, -1 - 2**-23, -1.0, -1e-45, 0.0, 1.0, 2.0, 3e38]


@pytest.mark.parametrize('low', NEIGHBOURS)
def test_neighbours_among_floats_are_told_apart(low):
    high = np.nextafter(np.float32(low), np.float32(np.inf))
    logits = torch.tensor([[low, float(high)], [float(high), low]])
    observed = torch.zeros(2, 2, dtype=torch.bool)
    selected = select_largest(logits, observed, Fraction(1, 2))
    assert selected.tolist() == [[False, True], [True, False]]


def test_a_slightly_larger_one_goes_before_equal_ones():
    observed = torch.zeros(1, 3, dtype=torch.bool)
    logits = torch.tensor([[0.0, 0.0, 1e-9]])
    selected = select_largest(logits, observed, Fraction(2, 3))
    assert selected.tolist() == [[True, False, True]]


def test_codes_order_by_the_logit_and_then_by_the_place():
    bits, places = np.repeat([5, 6, 7], 2), np.tile([2**32 - 1, 0], 3)
    assert (np.diff(functional._encode(bits, places)) > 0).all()


def test_a_cpu_takes_the_way_of_the_host(monkeypatch):
    monkeypatch.setattr(functional, '_on_device', None)
    observed = torch.zeros(1, 2, dtype=torch.bool)
    logits = torch.tensor([[1.0, 2.0]])
    selected = select_largest(logits, observed, Fraction(1, 2))
    assert selected.tolist() == [[False, True]]


def test_the_two_zeros_are_equal():
    logits = torch.tensor([[-0.0, 0.0, -0.0, 0.0]])
    observed = torch.zeros(1, 4, dtype=torch.bool)
    selected = select_largest(logits, observed, Fraction(1, 4))
    assert selected.tolist() == [[True, False, False, False]]


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
def test_ties_do_not_depend_on_the_order_of_the_batch(
    percent_of, random_batch
):
    ids = [f'voc/{n}' for n in range(6)]
    for seed in range(20):
        logits, _, observed = random_batch(seed, decimals=-1)
        logits, rate = logits.detach(), Fraction(1, 3)
        order = random.Random(seed).sample(range(6), 6)
        batch = GlobalBatch([ids[n] for n in order])
        args = logits, observed, rate, percent_of, GlobalBatch(ids)
        again = logits[order], observed[order], rate, percent_of, batch
        found = select_largest(*args)[order]
        assert torch.equal(select_largest(*again), found)


def test_among_ties_the_image_of_the_smallest_hash_comes_first():
    ids = sorted(('a', 'b', 'c'), key=hash64)
    order = [1, 0, 2]
    batch = GlobalBatch([ids[n] for n in order])
    observed = torch.zeros(3, 2, dtype=torch.bool)
    rate = Fraction(3, 6)
    selected = select_largest(torch.ones(3, 2), observed, rate, 'all', batch)
    assert selected.tolist() == [[True, False], [True, True], [False, False]]


def test_a_larger_logit_comes_before_a_smaller_hash():
    batch = GlobalBatch(sorted(('a', 'b'), key=hash64))
    logits = torch.tensor([[0.0], [1e-7]])
    observed = torch.zeros(2, 1, dtype=torch.bool)
    selected = select_largest(logits, observed, Fraction(1, 2), 'all', batch)
    assert selected.tolist() == [[False], [True]]


DTYPES = [torch.float16, torch.bfloat16, torch.float64]


@pytest.mark.parametrize('dtype', DTYPES)
def test_logits_of_any_type_are_ranked_in_float32(
    dtype, random_batch, select_with_loops
):
    for seed in range(20):
        logits, _, observed = random_batch(seed)
        logits = logits.detach().to(dtype)
        args = observed, Fraction(1, 3), 'all'
        entries = select_with_loops(logits.float(), *args)
        expected = mask_of(entries, logits.shape)
        assert torch.equal(select_largest(logits, *args), expected)


@pytest.mark.parametrize('flip', ['logits', 'observed', 'both'])
def test_matrices_may_lie_in_memory_as_they_like(flip, random_batch):
    logits, _, observed = random_batch(0, 5, 6)
    logits = logits.detach()
    expected = select_largest(logits, observed, Fraction(1, 3))
    if flip != 'observed':
        logits = logits.T.contiguous().T
    if flip != 'logits':
        observed = observed.T.contiguous().T
    selected = select_largest(logits, observed, Fraction(1, 3))
    assert torch.equal(selected, expected)


@pytest.mark.parametrize('shape', [(6, 5), LARGE])
def test_the_arguments_are_left_as_they_are(shape, random_batch):
    logits, _, observed = random_batch(0, *shape)
    logits = logits.detach()
    logits[0, 0], observed[0, 0] = math.nan, False
    copies = logits.clone(), observed.clone()
    select_largest(logits, observed, Fraction(1, 2))
    torch.testing.assert_close(logits, copies[0], equal_nan=True)
    assert torch.equal(observed, copies[1])


@pytest.mark.parametrize('shape', [(1, 50), (50, 1), (1, 2), (2, 1)])
def test_one_image_or_one_class_equals_loops(
    shape, random_batch, select_with_loops
):
    for seed in range(20):
        logits, _, observed = random_batch(seed, *shape, decimals=0)
        args = logits.detach(), observed, Fraction(1, 5), 'unobserved'
        expected = mask_of(select_with_loops(*args), shape)
        assert torch.equal(select_largest(*args), expected)


@needs_gpu
@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
@pytest.mark.parametrize('rate', RATES)
def test_a_gpu_selects_as_a_cpu_does(rate, percent_of, random_batch):
    for seed in range(60):
        logits, observed, ids = hard_batch(seed, random_batch)
        args = rate, percent_of, GlobalBatch(ids)
        there = select_largest(logits.cuda(), observed.cuda(), *args)
        assert torch.equal(
            there.cpu(), select_largest(logits, observed, *args)
        )


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
def test_7_percent_of_100_entries_are_7(percent_of):
    assert math.ceil(0.07 * 100) == 8  # what a float makes of it
    observed = torch.zeros(10, 10, dtype=torch.bool)
    rate = Fraction(7, 100)
    selected = select_largest(torch.ones(10, 10), observed, rate, percent_of)
    assert selected.sum() == 7
