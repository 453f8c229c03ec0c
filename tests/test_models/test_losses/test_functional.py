import math
from fractions import Fraction

import pytest
import torch

from mmwsml.models.losses.functional import select_largest

RATES = [Fraction(1, 1000), Fraction(1, 7), Fraction(1, 2), Fraction(1)]


def observe(*rows):
    return torch.tensor(rows, dtype=torch.bool)


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
@pytest.mark.parametrize('decimals', [None, 0])
@pytest.mark.parametrize('rate', RATES)
def test_equals_selection_written_as_loops(
    rate, decimals, percent_of, random_batch, select_with_loops
):
    for seed in range(15):
        shape = 1 + seed % 5, 1 + seed % 7
        logits, _, observed = random_batch(seed, *shape, decimals)
        selected = select_largest(logits, observed, rate, percent_of)
        expected = torch.zeros(shape, dtype=torch.bool)
        for entry in select_with_loops(logits, observed, rate, percent_of):
            expected[entry] = True
        assert torch.equal(selected, expected)


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


@pytest.mark.parametrize('logit', [-math.inf, -1e4, 1e4, math.inf])
def test_extreme_equal_logits_give_exactly_k(logit):
    observed = observe([1, 0, 0, 0], [0, 0, 0, 1])
    logits = torch.full((2, 4), logit)
    selected = select_largest(logits, observed, Fraction(1, 2))
    assert selected.tolist() == [[False, True, True, True], [False] * 4]


@pytest.mark.parametrize('shape', [(0, 4), (1, 1)])
def test_the_smallest_batches_are_selected_whole(shape):
    observed = torch.zeros(shape, dtype=torch.bool)
    assert select_largest(torch.zeros(shape), observed, Fraction(1, 9)).all()


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
def test_ties_do_not_depend_on_the_order_of_the_batch(
    percent_of, random_batch
):
    for seed in range(20):
        logits, _, observed = random_batch(seed, decimals=-1)
        generator = torch.Generator().manual_seed(seed)
        keys = torch.randint(-(2**62), 2**62, (6,), generator=generator)
        order = torch.randperm(6, generator=generator)
        args = Fraction(1, 3), percent_of
        selected = select_largest(logits, observed, *args, keys)
        batch = logits[order], observed[order], *args, keys[order]
        assert torch.equal(select_largest(*batch), selected[order])


def test_among_ties_the_image_of_the_smaller_key_comes_first():
    keys = torch.tensor([5, -(2**63), 2**63 - 1])
    observed = torch.zeros(3, 2, dtype=torch.bool)
    rate = Fraction(3, 6)
    selected = select_largest(torch.ones(3, 2), observed, rate, 'all', keys)
    assert selected.tolist() == [[True, False], [True, True], [False, False]]


def test_a_larger_logit_comes_before_a_smaller_key():
    keys, logits = torch.tensor([1, 2]), torch.tensor([[0.0], [0.1]])
    observed = torch.zeros(2, 1, dtype=torch.bool)
    selected = select_largest(logits, observed, Fraction(1, 2), 'all', keys)
    assert selected.tolist() == [[False], [True]]


def test_the_arguments_are_left_as_they_are(random_batch):
    logits, _, observed = random_batch(0)
    copies = logits.clone(), observed.clone()
    select_largest(logits, observed, Fraction(1, 2))
    assert torch.equal(logits, copies[0])
    assert torch.equal(observed, copies[1])


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
def test_7_percent_of_100_entries_are_7(percent_of):
    assert math.ceil(0.07 * 100) == 8  # what a float makes of it
    observed = torch.zeros(10, 10, dtype=torch.bool)
    rate = Fraction(7, 100)
    selected = select_largest(torch.ones(10, 10), observed, rate, percent_of)
    assert selected.sum() == 7
