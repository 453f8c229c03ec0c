import numpy as np
import pytest

from mmwsml.evaluation.partial_thresholds import (
    partial_f1,
    partial_thresholds,
)


def draw(seed=0, num_images=60):
    rng = np.random.default_rng(seed)
    truth = rng.random((num_images, 2)) < [0.4, 0.2]
    scores = (0.5 * truth + 0.6 * rng.random(truth.shape)).clip(0, 1).round(2)
    return scores, truth, truth & (rng.random(truth.shape) < 0.5)


@pytest.mark.parametrize('share', [0.1, 0.4, np.nan])
def test_equals_the_criterion_written_as_loops(share):
    scores, _, positive = draw()
    found = partial_thresholds(scores, positive, np.full(2, share))
    for k in range(2):
        z, y, values = scores[:, k], positive[:, k], {}
        for threshold in sorted(set(z)):
            recall, said = (z[y] >= threshold).mean(), (z >= threshold).mean()
            if np.isnan(share):
                values[threshold] = recall**2 / said
            else:
                right = min(recall * share, said)
                values[threshold] = 2 * right / (share + said)
        best = max(t for t in values if values[t] == max(values.values()))
        below = max((t for t in values if t < best), default=0)
        assert found[k] == pytest.approx((best + below) / 2)


def test_is_near_what_complete_labels_choose():
    scores, truth, positive = draw(num_images=20_000)
    shares = truth.mean(0)
    limits = partial_thresholds(scores, positive, shares)
    found = partial_f1(scores, positive, shares, limits)
    said = scores >= limits
    right = (said & truth).sum(0)
    f1 = 2 * right / (said.sum(0) + truth.sum(0))
    assert found == pytest.approx(f1, abs=0.02)


def test_no_positive_gives_no_threshold():
    scores, _, positive = draw()
    positive[:, 1] = False
    shares = np.array([np.nan, 0.3])
    limits = partial_thresholds(scores, positive, shares)
    assert np.isnan(limits).tolist() == [False, True]
    assert np.isnan(partial_f1(scores, positive, shares, limits)).all()
