import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from mmwsml.analysis.insights import class_gains
from mmwsml.analysis.insights.class_gains import MOST_BARS
from mmwsml.evaluation.predictions import Predictions
from mmwsml.evaluation.resampling import resampled_average_precision


def predict(seed, num_classes=3, observed=None, classes=None):
    """Make scores of 20 images whose labels do not depend on the seed."""
    target = np.random.default_rng(0).random((20, num_classes)) < 0.4
    scores = np.random.default_rng(seed).random(target.shape)
    names = [f'set/{n}' for n in range(20)]
    classes = classes or tuple(f'c{k}' for k in range(num_classes))
    return Predictions(
        scores.astype(np.float32),
        target,
        observed,
        names,
        names,
        classes,
        'val',
    )


def shuffle(result):
    """Reverse the order of the images."""
    return result._replace(
        scores=result.scores[::-1],
        target=result.target[::-1],
        sample_ids=result.sample_ids[::-1],
        img_paths=result.img_paths[::-1],
    )


def test_equals_the_difference_of_scikit_learn():
    first, second = predict(1), predict(2)
    gains = class_gains(first, shuffle(second))
    for k in range(3):
        target = first.target[:, k]
        ours, theirs = (
            average_precision_score(target, result.scores[:, k])
            for result in (first, second)
        )
        assert gains.gain[k] == pytest.approx(ours - theirs)
        assert gains.positives[k] == target.sum()


def test_a_run_gains_nothing_over_itself():
    gains = class_gains(predict(1), shuffle(predict(1)))
    assert not gains.gain.any() and not gains.deviation.any()
    assert gains.summary == '+0.00 ± 0.00 points'


def test_the_deviation_is_that_of_paired_draws():
    first, second = predict(1), predict(2)
    gains = class_gains(first, shuffle(second))
    drawn = [
        resampled_average_precision(result.scores, first.target)
        for result in (first, second)
    ]
    difference = drawn[0] - drawn[1]
    np.testing.assert_allclose(gains.deviation, difference.std(0, ddof=1))
    expected = difference.mean(1).std(ddof=1)
    assert gains.mean_deviation == pytest.approx(expected)
    assert f'± {100 * expected:.2f} points' in gains.summary
    assert [row[5] for row in gains.table().rows] == pytest.approx(
        list(100 * gains.deviation[gains.order()])
    )


def test_the_largest_gain_is_first_and_an_unobserved_class_last():
    observed = np.ones((20, 3), bool)
    observed[:, 1] = False
    gains = class_gains(predict(1, 3, observed), predict(2, 3, observed))
    assert gains.order()[-1] == 1 and gains.positives[1] == 0
    rows = gains.table().rows
    assert rows[0][4] >= rows[1][4] and np.isnan(rows[2][4])
    assert len(gains.figure().axes[0].patches) == 2


def test_positives_alone_are_no_gain():
    first, second = predict(1), predict(2)
    observed = np.ones((20, 3), bool)
    observed[:, 1] = first.target[:, 1]
    gains = class_gains(
        *(result._replace(observed=observed) for result in (first, second))
    )
    assert np.isnan(gains.gain).tolist() == [False, True, False]
    mean = 50 * (gains.gain[0] + gains.gain[2])
    assert gains.summary.startswith(f'{mean:+.2f} ± ')


def test_nothing_observed_is_no_gain():
    nothing = np.zeros((20, 3), bool)
    gains = class_gains(predict(1, 3, nothing), predict(2, 3, nothing))
    assert gains.summary == 'n/a'
    assert 'n/a on average' in gains.figure().axes[0].get_title()


def test_of_many_classes_the_outer_ones_are_drawn():
    gains = class_gains(predict(1, 100), predict(2, 100))
    panel = gains.figure().axes[0]
    assert len(panel.patches) == MOST_BARS
    assert '20 best and 20 worst' in panel.get_title()


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (dict(classes=('c0', 'c1', 'x')), r"other classes, .*'c2', 'x'"),
        (dict(classes=('c1', 'c0', 'c2')), 'their order'),
        (dict(sample_ids=['z', *predict(1).sample_ids[1:]]), 'other images'),
        (dict(target=~predict(1).target), 'other labels'),
        (dict(observed=np.ones((20, 3), bool)), 'other labels'),
    ],
)
def test_refuses_results_that_do_not_compare(change, message):
    with pytest.raises(ValueError, match=message):
        class_gains(predict(1), predict(2)._replace(**change))
