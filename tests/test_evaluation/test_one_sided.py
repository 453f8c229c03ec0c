import numpy as np
import pytest

from mmwsml.evaluation.one_sided import measure_one_sided


def make_labels(choose, num_images=600):
    """Images of two of four classes, or one, that show one of them."""
    rng = np.random.default_rng(0)
    truth = rng.random((num_images, 4)) < [0.6, 0.5, 0.4, 0.3]
    scores = 0.5 * truth + 0.5 * rng.random(truth.shape)
    rank = np.where(truth, choose(truth, rng), -1)
    return scores, truth & (rank == rank.max(1, keepdims=True))


def measure(scores, shown, batch=600):
    limits = [np.median(s[x]) for s, x in zip(scores.T, shown.T) if x.any()]
    limits += [np.nan] * (scores.shape[1] - len(limits))
    starts = range(0, len(scores), batch)
    batches = ((scores[n : n + batch], shown[n : n + batch]) for n in starts)
    return measure_one_sided(batches, np.array(limits))


def test_any_label_of_an_image_is_not_one_sided():
    labels = make_labels(lambda truth, rng: rng.random(truth.shape))
    assert 0.5 < measure(*labels) < 0.65


@pytest.mark.parametrize('sign', [1, -1])
def test_the_most_frequent_or_rarest_is_one_sided(sign):
    labels = make_labels(lambda truth, _: 1e4 + sign * truth.sum(0))
    assert measure(*labels) == 1


def test_batches_change_nothing():
    labels = make_labels(lambda truth, rng: rng.random(truth.shape))
    assert measure(*labels, batch=7) == measure(*labels)


def test_few_images_tell_nothing():
    labels = make_labels(lambda truth, _: 1 + truth.sum(0), num_images=10)
    assert np.isnan(measure(*labels))
