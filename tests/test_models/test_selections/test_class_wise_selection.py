import math

import pytest
import torch

from mmwsml.models.selections import ClassWiseSelection, class_wise_selection
from mmwsml.registry import MODELS
from mmwsml.structures import GlobalBatch, Step

STATE = ('threshold', 'mean', 'spread', 'num_images')


class Told(ClassWiseSelection):
    """Tell a selection its shares, as a hook does."""

    shares, warm_up = None, False

    def forward(self, scores, observed, batch=None):
        step = Step(batch, shares=self.shares, warm_up=self.warm_up)
        return super().forward(scores, observed, step)


def make_selection(share, num_classes=1, **options):
    """Build a selection of some shares."""
    selection = Told(**options)
    selection.prepare(num_classes)
    share = torch.as_tensor(share, dtype=torch.float64)
    selection.shares = share.expand(num_classes)
    return selection


def state_of(selection):
    return {name: getattr(selection, name).clone() for name in STATE}


def assert_equal(left, right):
    assert all(torch.equal(left[name], right[name]) for name in STATE)


def step_with_loops(state, values, share, step=0.1, window=2000):
    """Follow one class by the formulas, in a batch of all these values."""
    size, n = len(values), len(values)
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / n
    weight = max(size / (state['seen'] + size), min(1, size / window))
    change = mean - state['mean']
    state['mean'] += weight * change
    state['spread'] = math.sqrt(
        (1 - weight) * state['spread'] ** 2
        + weight * (variance + (1 - weight) * change**2)
    )
    if not state['seen']:
        state['threshold'] = state['mean'] + 2 * state['spread']
    state['seen'] += size
    marked = [value > state['threshold'] for value in values]
    damping = 1 + 2 * step * n * share * (1 - share)
    change = step * state['spread'] * (sum(marked) - share * n) / damping
    state['threshold'] += change
    return marked


@pytest.mark.parametrize('size', [1, 7, 3000])
def test_steps_equal_the_formulas_written_as_loops(size):
    shares = [0.02, 0.5]
    selection = make_selection(shares, 2)
    start = dict(seen=0, mean=0.0, spread=0.0, threshold=0.0)
    states = [dict(start), dict(start)]
    generator = torch.Generator().manual_seed(0)
    nothing = torch.zeros(size, 2, dtype=torch.bool)
    for t in range(5):
        scores = t + torch.randn(size, 2, generator=generator)
        marked = selection(scores, nothing)
        for k, state in enumerate(states):
            values = scores[:, k].double().tolist()
            expected = step_with_loops(state, values, shares[k])
            assert marked[:, k].tolist() == expected
            for name in ('mean', 'spread', 'threshold'):
                found = getattr(selection, name)[k].item()
                assert found == pytest.approx(state[name], abs=2e-5)


def test_mean_and_spread_are_those_of_all_images_up_to_the_window():
    selection = make_selection(0.1, 3)
    scores = 2 * torch.randn(1500, 3, generator=torch.manual_seed(0))
    for part in scores.split([1, 500, 999]):
        selection(part, torch.zeros_like(part).bool())
    expected = scores.double()
    torch.testing.assert_close(
        selection.mean, expected.mean(0), rtol=0, atol=1e-4
    )
    torch.testing.assert_close(
        selection.spread, expected.std(0, unbiased=False), rtol=1e-4, atol=0
    )


@pytest.mark.parametrize('size', [16, 64, 288])
def test_the_share_of_scores_that_drift_is_marked_without_a_swing(size):
    """Means drift by two spreads, spreads double; 5 % are never counted."""
    share = torch.tensor([0.01, 0.03, 0.1, 0.5], dtype=torch.float64)
    selection = make_selection(share, 4)
    generator = torch.Generator().manual_seed(0)
    num_steps = 60000 // size
    marked, counted, thresholds = [], [], []
    for t in range(num_steps):
        way = t / num_steps
        noise = torch.randn(size, 4, generator=generator)
        observed = torch.rand(size, 4, generator=generator) < 0.05
        scores = 2 * way + (1 + way) * noise - torch.arange(4)
        marked.append(selection(scores, observed).sum(0))
        counted.append((~observed).sum(0))
        threshold = selection.threshold + torch.arange(4) - 2 * way
        thresholds.append(threshold / (1 + way))
    late = slice(num_steps // 5, None)
    found = sum(marked[late]) / sum(counted[late])
    torch.testing.assert_close(found.double(), share, rtol=0.1, atol=0)
    # In spreads, around the quantile of the normal distribution.
    exact = math.sqrt(2) * torch.erfinv(1 - 2 * share)
    away = torch.stack(thresholds[late]) - exact
    assert (away.mean(0).abs() < 0.15).all()
    assert (away.std(0) < 0.3).all()


@pytest.mark.parametrize('sizes', [[12], [5, 7], [1, 9, 2]])
def test_any_number_of_ranks_and_any_order_are_the_same(sizes, on_ranks):
    generator = torch.Generator().manual_seed(0)
    batches = [
        (
            3 * torch.randn(12, 4, generator=generator),
            torch.rand(12, 4, generator=generator) < 0.3,
            torch.randperm(12, generator=generator),
        )
        for _ in range(30)
    ]

    def follow(rank, sizes=sizes, shuffled=True):
        selection = make_selection(0.2, 4)
        own = slice(sum(sizes[:rank]), sum(sizes[: rank + 1]))
        masks = []
        for scores, observed, order in batches:
            order = order if shuffled else torch.arange(12)
            mine = order[own]
            batch = GlobalBatch([str(n) for n in mine], sizes, rank)
            mask = torch.zeros(12, 4, dtype=torch.bool)
            mask[mine] = selection(scores[mine], observed[mine], batch)
            masks.append(mask)
        return state_of(selection), torch.stack(masks)

    expected, masks = follow(0, [12], shuffled=False)
    results = on_ranks(len(sizes), follow)
    for state, _ in results:
        assert_equal(state, expected)
    assert torch.equal(sum(mask for _, mask in results).bool(), masks)
    assert masks.any()


@pytest.mark.parametrize('share', [0.1, 1.0])
def test_observed_entries_are_never_marked_and_never_counted(share):
    scores = torch.randn(64, 3, generator=torch.manual_seed(0))
    observed = scores < 0
    selection, other = make_selection(share, 3), make_selection(share, 3)
    for _ in range(20):
        marked = selection(scores, observed)
        assert not marked[observed].any()
        other(scores.masked_fill(observed, 1e6), observed)
    assert marked.any()
    assert_equal(state_of(selection), state_of(other))


@pytest.mark.parametrize('value', [math.nan, math.inf, -math.inf])
def test_scores_that_are_not_finite_count_as_if_observed(value):
    scores = torch.randn(64, 3, generator=torch.manual_seed(0))
    broken = torch.rand(64, 3, generator=torch.manual_seed(1)) < 0.2
    broken[:, 2] = True
    selection, other = make_selection(0.2, 3), make_selection(0.2, 3)
    for _ in range(5):
        nothing = torch.zeros_like(broken)
        marked = selection(scores.masked_fill(broken, value), nothing)
        assert torch.equal(marked, other(scores, broken))
        assert not marked[broken].any()
    assert_equal(state_of(selection), state_of(other))
    assert selection.threshold.isfinite().all()


def test_huge_scores_stay_within_the_integers():
    selection = make_selection(0.1, 2)
    scores = torch.tensor([[1e30, -1e30]]).repeat(100, 1)
    for _ in range(3):
        selection(scores, torch.zeros(100, 2).bool())
    assert selection.mean.tolist() == [64, -64]


def test_share_zero_marks_nothing_and_share_one_in_the_end_all():
    selection = make_selection([0.0, 1.0], 2)
    scores = torch.randn(50, 2, generator=torch.manual_seed(0))
    for _ in range(10):
        marked = selection(scores, torch.zeros(50, 2).bool())
        assert not marked[:, 0].any()
    assert marked[:, 1].all()


def test_a_batch_of_observed_labels_changes_nothing():
    selection = make_selection(0.3, 3)
    selection(torch.randn(8, 3), torch.zeros(8, 3).bool())
    before = state_of(selection)
    marked = selection(torch.randn(8, 3), torch.ones(8, 3).bool())
    assert not marked.any()
    assert_equal(state_of(selection), before)


def test_a_class_begins_with_its_first_unobserved_label():
    """The other class was observed in the first batch."""
    scores = 5 + torch.randn(20, 2, generator=torch.manual_seed(0))
    observed = torch.zeros(20, 2, dtype=torch.bool)
    late, other = make_selection(0.1, 2), make_selection(0.1, 2)
    late(scores - 9, observed | torch.tensor([False, True]))
    for selection in (late, other):
        selection(scores, observed)
    for name in STATE:
        assert getattr(late, name)[1] == getattr(other, name)[1]


def test_evaluation_changes_nothing():
    selection = make_selection(0.3, 2)
    scores, nothing = torch.randn(40, 2), torch.zeros(40, 2).bool()
    selection(scores, nothing)
    before = state_of(selection)
    marked = selection.eval()(scores, nothing)
    assert_equal(state_of(selection), before)
    assert torch.equal(marked, scores.double() > before['threshold'])


def test_evaluation_without_a_share_marks_nothing():
    selection = Told().eval()
    assert not selection(torch.randn(3, 2), torch.zeros(3, 2).bool()).any()


def test_thresholds_follow_where_nothing_is_marked_yet():
    active, idle = make_selection(0.3, 2), make_selection(0.3, 2)
    idle.warm_up = True
    scores, nothing = torch.arange(80.0).view(40, 2), torch.zeros(40, 2).bool()
    for _ in range(5):
        idle(scores, nothing)
        active(scores, nothing)
    assert active(scores, nothing).any()
    assert not idle(scores, nothing).any()
    assert_equal(state_of(active), state_of(idle))


def test_a_reset_forgets_everything():
    selection, new = make_selection(0.3, 2), make_selection(0.3, 2)
    selection(torch.randn(9, 2), torch.zeros(9, 2).bool())
    selection.reset()
    assert_equal(state_of(selection), state_of(new))


def test_the_thresholds_are_in_the_checkpoint():
    selection, other = make_selection(0.3, 2), make_selection(0.3, 2)
    selection(torch.randn(9, 2), torch.zeros(9, 2).bool())
    other.load_state_dict(selection.state_dict())
    assert_equal(state_of(other), state_of(selection))


def test_training_without_a_share_names_the_hook():
    selection = Told()
    selection.prepare(2)
    message = 'has no `shares`: add .*ClassWiseScheduleHook.* to `custom_h'
    with pytest.raises(RuntimeError, match=message):
        selection(torch.zeros(3, 2), torch.zeros(3, 2).bool())


@pytest.mark.parametrize('step', [0, -0.1, 1.1, math.nan])
def test_a_step_out_of_range_is_refused(step):
    with pytest.raises(ValueError, match=r'`step` must be in \(0, 1\], but'):
        ClassWiseSelection(step)


def test_a_step_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match='`step` must be a number'):
        ClassWiseSelection('0.1')


def test_the_registry_builds_it():
    config = dict(type='mmwsml.ClassWiseSelection', step=0.2)
    assert MODELS.build(config).step == 0.2


def test_a_score_at_the_threshold_is_not_above_it():
    selection = Told().eval()
    selection.prepare(1)
    selection.shares = torch.ones(1)
    selection.threshold.fill_(0.5)
    scores = torch.tensor([[0.5], [0.5001]])
    assert selection(scores, scores < 0).tolist() == [[False], [True]]


def test_a_spread_that_rounds_below_0_is_0():
    selection = make_selection(0.1)
    scores = torch.full((999, 1), 64.0, dtype=torch.float64)
    scores[0] -= 2.0**-16  # the variance is computed as -4.5e-13
    selection(scores, scores < 0)
    assert selection.spread.tolist() == [0]


def test_the_window_is_of_2000_images():
    assert class_wise_selection.WINDOW == 2000
