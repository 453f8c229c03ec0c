import math
from itertools import chain

import numpy as np
import pytest
from sklearn.metrics import f1_score

from mmwsml.evaluation import best_thresholds, f1_scores, reliability


def f1_with_loops(scores, target, threshold):
    hits = said = true = 0
    for score, positive in zip(scores, target):
        present = score >= threshold
        hits += present and positive
        said += present
        true += positive
    return 2 * hits / (said + true)


def observed_columns(part):
    """Yield scores and target of each class as lists of observed entries."""
    for k in range(part.scores.shape[1]):
        kept = part.known(k)
        yield part.scores[kept, k].tolist(), part.target[kept, k].tolist()


@pytest.mark.parametrize('seed', range(100))
def test_equal_a_search_of_all_thresholds(random_predictions, seed):
    size = 1 + seed % 30, 4
    decimals = [None, 1, 2][seed % 3]
    part = random_predictions(seed, size, seed % 2 == 0, decimals)
    found = best_thresholds(*part[:3])
    for threshold, (scores, target) in zip(found, observed_columns(part)):
        if not any(target) or all(target):
            assert math.isnan(threshold)
            continue
        steps = sorted({*scores})
        tried = [(a + b) / 2 for a, b in zip([0.0, *steps], steps)]
        best = max(tried, key=lambda t: (f1_with_loops(scores, target, t), t))
        assert threshold == best
        exact = [f1_with_loops(scores, target, t) for t in scores]
        assert f1_with_loops(scores, target, threshold) == max(exact)


def column(*values):
    return np.array(values)[:, None]


def thresholds_of(scores, target):
    scores = column(*scores).astype(np.float32)
    return best_thresholds(scores, column(*target).astype(bool), None)[0]


@pytest.mark.parametrize(
    'scores, target, expected',
    [
        ([0.75, 0.25], [1, 0], 0.5),
        ([0.25, 0.75], [1, 0], 0.125),  # all are present: half the lowest
        ([0.5, 0.5, 0.25], [1, 0, 0], 0.375),  # equal scores stay together
        ([0.5, 0.25], [1, 0], 0.375),
        ([0.0, 0.0], [1, 0], 0.0),
        ([1.0, 0.0], [1, 0], 0.5),
        ([0.75, 0.5, 0.25], [1, 0, 1], 0.125),
        ([0.5, 0.25, 0.125, 0.0625], [1, 0, 0, 1], 0.375),  # of equal F1
    ],
)
def test_a_threshold_known_by_hand(scores, target, expected):
    assert thresholds_of(scores, target) == expected


def test_rounding_the_scores_changes_no_prediction(random_predictions):
    part = random_predictions(shape=(200, 5))
    values = best_thresholds(*part[:3])
    before = part.scores >= values
    after = part.scores.astype(np.float64).round(7) >= values.round(7)
    np.testing.assert_array_equal(before, after)


def test_the_order_of_images_changes_nothing(random_predictions):
    part = random_predictions(partial=True, decimals=1)
    turned = [x[::-1] for x in part[:3]]
    np.testing.assert_array_equal(
        best_thresholds(*part[:3]), best_thresholds(*turned)
    )


@pytest.mark.parametrize('partial', [False, True])
def test_f1_equals_scikit_learn(random_predictions, partial):
    part = random_predictions(partial=partial, decimals=1)
    values = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    found = f1_scores(*part[:3], values)
    pairs, each = [], []
    for k, (scores, target) in enumerate(observed_columns(part)):
        present = np.array(scores) >= values[k]
        each.append(f1_score(target, present))
        pairs += zip(target, present)
    assert found.classes == pytest.approx(each)
    assert found.macro == pytest.approx(np.mean(each))
    assert found.micro == pytest.approx(f1_score(*zip(*pairs)))


def test_f1_leaves_classes_without_a_positive_out_of_the_mean():
    scores = np.array([[0.9, 0.9], [0.1, 0.1]], np.float32)
    target = np.array([[True, False], [False, False]])
    found = f1_scores(scores, target, None, np.full(2, 0.5))
    assert found.classes[0] == found.macro == 1
    assert math.isnan(found.classes[1]) and found.micro == 2 / 3
    nothing = f1_scores(scores, target & False, None, np.full(2, 0.5))
    assert math.isnan(nothing.macro) and math.isnan(nothing.micro)


def test_positives_alone_have_no_threshold_no_f1_and_no_error():
    """Saying "present" of every image gets them right, whatever is there."""
    scores = np.float32([[0.2, 0.9], [0.4, 0.3], [0.8, 0.1]])
    target = np.array([[True, True], [True, False], [True, False]])
    observed = np.array([[True, True], [True, True], [False, True]])
    for known in (observed, None):
        values = best_thresholds(scores, target, known)
        assert np.isnan(values).tolist() == [True, False]
        values[0] = 0
        found = f1_scores(scores, target, known, values)
        assert np.isnan(found.classes).tolist() == [True, False]
        low = f1_scores(scores, target, known, np.array([0, 0.2]))
        assert low.macro == low.micro == 2 / 3  # of class 1 alone
        table = reliability(scores, target, known)
        assert np.isnan(table.error()).tolist() == [True, False]
        assert table.num_entries.sum() == 3


def error_with_loops(scores, target, num_bins):
    bins = [[] for _ in range(num_bins)]
    for score, positive in zip(scores, target):
        bins[min(int(score * num_bins), num_bins - 1)].append(
            (score, positive)
        )
    total = 0.0
    for entries in filter(None, bins):
        mean_score, share = np.mean(entries, 0)
        total += len(entries) / len(scores) * abs(mean_score - share)
    return 100 * total


@pytest.mark.parametrize('partial', [False, True])
@pytest.mark.parametrize('decimals', [None, 1])
@pytest.mark.parametrize('num_bins', [1, 10, 15])
def test_the_error_equals_loops(
    random_predictions, partial, decimals, num_bins
):
    part = random_predictions(0, (40, 5), partial, decimals)
    table = reliability(*part[:3], num_bins)
    columns = list(observed_columns(part))
    each = [error_with_loops(*pair, num_bins) for pair in columns]
    assert table.error() == pytest.approx(each)
    together = [[*chain(*lists)] for lists in zip(*columns)]
    whole = error_with_loops(*together, num_bins)
    assert table.total().error() == pytest.approx([whole])
    assert table.num_entries.sum() == len(together[0])
    assert table.num_positives.sum() == sum(together[1])


def test_scores_that_keep_their_promise_have_no_error():
    scores = column(0.25, 0.25, 0.25, 0.25, 1.0, 0.0).astype(np.float32)
    target = column(1, 0, 0, 0, 1, 0).astype(bool)
    table = reliability(scores, target, None)
    assert table.error() == [0.0]
    assert reliability(1 - scores, target, None).error() > 50


def test_a_class_with_nothing_observed_has_no_error(random_predictions):
    part = random_predictions(partial=True)
    part.observed[:, 2] = False
    errors = reliability(*part[:3]).error()
    assert np.flatnonzero(np.isnan(errors)) == [2]
    nothing = reliability(*part[:2], part.observed & False)
    assert np.isnan(nothing.total().error()).all()


def test_15_bins_by_default(random_predictions):
    assert reliability(*random_predictions()[:3]).num_entries.shape == (5, 15)


@pytest.mark.parametrize('num_bins', [0, -1])
def test_a_table_without_bins_is_refused(random_predictions, num_bins):
    with pytest.raises(
        ValueError, match='`num_bins` must be finite and at le'
    ):
        reliability(*random_predictions()[:3], num_bins)
