from fractions import Fraction

import pytest
import torch

from mmwsml.models.selections import TopKSelection, top_k_selection
from mmwsml.registry import MODELS
from mmwsml.structures import GlobalBatch, Step


@pytest.mark.parametrize('percent_of', ['unobserved', 'all'])
@pytest.mark.parametrize('rate', [0, Fraction(1, 50), Fraction(1, 3), 1])
def test_marks_the_k_largest_written_as_loops(
    rate, percent_of, random_batch, select_with_loops
):
    selection, step = TopKSelection(percent_of), Step(rate=rate)
    for seed in range(10):
        scores, _, observed = random_batch(seed, decimals=0)
        marked = selection(scores.detach(), observed, step)
        expected = select_with_loops(scores, observed, rate, percent_of)
        found = [tuple(entry) for entry in marked.nonzero().tolist()]
        assert found == sorted(expected)


@pytest.mark.parametrize('scope', ['global', 'rank'])
def test_the_scope_says_where_the_largest_are_looked_for(scope, on_ranks):
    scores = torch.tensor([[1.0, 2], [3, 4]])

    def select(rank):
        batch = GlobalBatch([str(rank)], [1, 1], rank)
        step = Step(batch, rate=Fraction(1, 2))
        own, nothing = scores[rank : rank + 1], torch.zeros(1, 2).bool()
        return TopKSelection(scope=scope)(own, nothing, step)

    found = torch.cat(on_ranks(2, select)).tolist()
    two, one = [True, True], [False, True]
    assert found == ([one, one] if scope == 'rank' else [[False] * 2, two])


def test_evaluation_marks_by_the_rate_where_there_is_one():
    selection = TopKSelection().eval()
    scores, nothing = torch.zeros(3, 2), torch.zeros(3, 2).bool()
    assert not selection(scores, nothing, Step()).any()
    assert selection(scores, nothing, Step(rate=1)).all()


def test_training_without_a_rate_names_the_hook():
    message = 'TopKSelection has no `rate`: add .*LargeLossScheduleHook'
    with pytest.raises(RuntimeError, match=message):
        TopKSelection()(torch.zeros(3, 2), torch.zeros(3, 2).bool(), Step())


def test_keeps_nothing_that_a_checkpoint_must_carry():
    assert not TopKSelection().state_dict()


def test_the_registry_builds_it():
    config = dict(type='mmwsml.TopKSelection', scope='rank')
    assert MODELS.build(config).scope == 'rank'


@pytest.fixture
def rate_used(monkeypatch):
    """Return a function that tells by which fraction a rate selects."""
    used = []

    def select(scores, observed, rate, percent_of, batch):
        used.append(rate)
        return torch.zeros_like(observed)

    monkeypatch.setattr(top_k_selection, 'select_largest', select)

    def find(rate):
        nothing = torch.zeros(3, 2)
        TopKSelection()(nothing, nothing.bool(), Step(rate=rate))
        return used[-1]

    return find


def test_a_rate_has_at_most_nine_digits(rate_used):
    for rate, kept in (
        (Fraction(1, 10**9), Fraction(1, 10**9)),
        (Fraction(1, 10**9 + 1), Fraction(1, 10**9)),
        (Fraction(10**17, 3 * 10**17 + 1), Fraction(1, 3)),
    ):
        assert rate_used(rate) == kept


@pytest.mark.parametrize('rate', [0, 1])
def test_the_bounds_of_the_rate_are_allowed(rate, rate_used):
    assert rate_used(rate) == rate


@pytest.mark.parametrize('rate', [Fraction(-1, 1000), Fraction(1001, 1000)])
def test_a_rate_out_of_bounds_is_refused(rate, rate_used):
    with pytest.raises(ValueError, match=r'`rate` must be in \[0, 1\], but'):
        rate_used(rate)


@pytest.mark.parametrize('percent_of', ['observed', '', None])
def test_an_unknown_percent_of_is_refused(percent_of):
    with pytest.raises(ValueError, match="must be 'unobserved' or 'all'"):
        TopKSelection(percent_of)


@pytest.mark.parametrize('scope', ['local', '', None])
def test_an_unknown_scope_is_refused(scope):
    with pytest.raises(ValueError, match="must be 'global' or 'rank'"):
        TopKSelection(scope=scope)
