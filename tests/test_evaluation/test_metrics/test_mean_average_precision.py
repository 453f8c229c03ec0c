import numpy as np
import pytest
import torch
from mmengine.logging import MMLogger
from sklearn.metrics import average_precision_score

from mmwsml.evaluation import MeanAveragePrecision
from mmwsml.registry import METRICS


@pytest.fixture
def warnings(monkeypatch):
    messages = []
    logger = MMLogger.get_current_instance()
    monkeypatch.setattr(logger, 'warning', messages.append)
    return messages


def sample(scores, positives, negatives=None):
    """One data sample as the evaluator hands it over."""
    result = dict(
        pred_score=torch.tensor(scores),
        gt_label=torch.tensor(positives, dtype=torch.long),
    )
    if negatives is not None:
        result['neg_label'] = torch.tensor(negatives, dtype=torch.long)
    return result


def measure(samples, **kwargs):
    metric = MeanAveragePrecision(**kwargs)
    metric.process({}, samples)
    return metric.evaluate(len(samples))


def random_samples(rng, partial, decimals):
    """Draw samples and the matrices (scores, target, observed) of them."""
    scores = rng.random((30, 6), dtype=np.float32)
    if decimals is not None:
        scores = scores.round(decimals)
    target = rng.random((30, 6)) < [0.9, 0.5, 0.3, 0.1, 0.05, 0]
    observed = rng.random((30, 6)) < 0.4 if partial else np.ones((30, 6), bool)
    lists = zip(target & observed, ~target & observed)
    lists = [[np.flatnonzero(row) for row in pair] for pair in lists]
    samples = [
        sample(z, pos, neg if partial else None)
        for z, (pos, neg) in zip(scores, lists)
    ]
    return samples, (scores, target, observed)


@pytest.mark.filterwarnings('ignore:No positive class')
@pytest.mark.parametrize('partial', [False, True])
@pytest.mark.parametrize('decimals', [None, 1])
def test_equals_the_mean_of_scikit_learn(partial, decimals):
    rng = np.random.default_rng(0)
    for _ in range(10):
        samples, matrices = random_samples(rng, partial, decimals)
        expected = [
            average_precision_score(y[kept], z[kept]) if y[kept].any() else 0
            for z, y, kept in zip(*(matrix.T for matrix in matrices))
        ]
        found = measure(samples)['multi-label/mAP']
        assert found == pytest.approx(100 * np.mean(expected), abs=1e-6)


def test_does_not_depend_on_batches_or_order():
    rng = np.random.default_rng(1)
    samples, _ = random_samples(rng, partial=True, decimals=1)
    metric = MeanAveragePrecision()
    for start in range(25, -1, -5):
        metric.process({}, samples[start : start + 5])
    assert metric.evaluate(30) == pytest.approx(measure(samples), abs=1e-9)


def test_a_perfect_ranking_is_100_percent():
    samples = [sample([0.9, 0.1], [0]), sample([0.2, 0.6], [1])]
    assert measure(samples) == {'multi-label/mAP': 100.0}


def test_a_class_with_nothing_observed_is_left_out_and_named(warnings):
    samples = [sample([0.9, 0.9, 0.9], [0], [2]), sample([0.1] * 3, [2], [0])]
    assert measure(samples) == {'multi-label/mAP': 75.0}
    assert warnings == ['mAP leaves out the classes [1]: nothing to measure.']


@pytest.mark.parametrize(('absent', 'expected'), [('zero', 50), ('skip', 100)])
def test_a_class_without_a_positive_counts_zero_or_is_skipped(
    absent, expected, warnings
):
    samples = [sample([0.9, 0.9], [0]), sample([0.1, 0.1], [])]
    assert measure(samples, absent=absent) == {'multi-label/mAP': expected}
    assert len(warnings) == (absent == 'skip')


def test_zero_counts_by_default():
    assert MeanAveragePrecision().absent == 'zero'


def test_empty_negatives_leave_only_positives_to_count(warnings):
    samples = [sample([0.1, 0.9], [0], []), sample([0.9, 0.1], [0], [])]
    assert measure(samples) == {'multi-label/mAP': 100.0}
    assert '[1]' in warnings[0]


def test_float32_scores_are_kept_apart():
    samples = [sample([0.99999], []), sample([0.999991], [0])]
    assert measure(samples) == {'multi-label/mAP': 100.0}


def test_a_prefix_renames_the_metric():
    assert measure([sample([1.0], [0])], prefix='val') == {'val/mAP': 100.0}


def test_the_registry_builds_it():
    metric = METRICS.build(dict(type='mmwsml.MeanAveragePrecision'))
    assert isinstance(metric, MeanAveragePrecision)


@pytest.mark.parametrize('absent', ['nan', None, 0])
def test_an_unknown_absent_is_refused(absent):
    with pytest.raises(ValueError, match="`absent` must be 'zero' or 'skip'"):
        MeanAveragePrecision(absent=absent)


@pytest.mark.parametrize(
    ('absent', 'negatives'), [('zero', []), ('skip', [0, 1])]
)
def test_nothing_to_measure_is_refused(absent, negatives):
    samples = [sample([0.5, 0.5], [], negatives)] * 3
    with pytest.raises(ValueError, match='of 2 classes none counts over 3'):
        measure(samples, absent=absent)
