"""Averaging the scores of similar images."""

import numpy as np
import pytest

from mmwsml.analysis.clean_up.alike_images import AlikeImages


def average_with_loops(scores, num):
    units = (scores - scores.mean(0)) / scores.std(0)
    rows = []
    for n, one in enumerate(units):
        cosines = {}
        for m, other in enumerate(units):
            product = np.sqrt((one * one).sum() * (other * other).sum())
            cosines[m] = (one * other).sum() / product
        del cosines[n]
        alike = sorted(cosines, key=cosines.get)[-num:]
        rows.append(scores[alike].mean(0))
    return np.array(rows)


@pytest.mark.parametrize('num', [1, 3, 11])
def test_the_average_is_that_of_plain_loops(num):
    scores = np.random.RandomState(0).randn(12, 4).astype(np.float32)
    alike = AlikeImages(scores, num)
    expected = average_with_loops(scores, num)
    parts = [alike.average(scores[i : i + 5], i) for i in (0, 5, 10)]
    assert np.concatenate(parts) == pytest.approx(expected, abs=1e-5)
    more = AlikeImages(scores, 99)
    assert more.average(scores, 0) == pytest.approx(
        average_with_loops(scores, 11), abs=1e-5
    )


def test_an_image_that_is_not_compared_with_is_like_others():
    scores = np.random.RandomState(0).randn(6, 4).astype(np.float32)
    alike = AlikeImages(scores[:4], 1)
    assert (alike.average(scores[:1].repeat(2, 0), 4) == scores[0]).all()


def test_images_without_scores_are_left_out():
    scores = np.random.RandomState(0).randn(6, 4).astype(np.float32)
    scores[2] = np.nan
    average = AlikeImages(scores, 9).average(scores, 0)
    others = np.delete(scores, [1, 2], 0)
    assert average[1] == pytest.approx(others.mean(0), abs=1e-5)


@pytest.mark.parametrize('scores', [np.ones((1, 3)), np.full((2, 3), np.nan)])
def test_without_another_image_there_is_no_average(scores):
    assert np.isnan(AlikeImages(scores, 5).average(scores, 0)).all()
