import numpy as np

from mmwsml.recipe.verdict.label_chances import agree, fit_slope, meet_number


def test_logits_three_times_too_large_are_shrunk():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (400, 5))
    positive = rng.random(logits.shape) < 1 / (1 + np.exp(-logits))
    known = np.ones_like(positive)
    assert abs(fit_slope(3 * logits, positive, known) - 1 / 3) < 0.05
    few = rng.random(logits.shape) < 0.02
    assert 1 / 3 < fit_slope(3 * logits, positive, few) < 1


def test_without_labels_of_both_kinds_scores_are_believed():
    ones = np.ones((9, 2), bool)
    assert fit_slope(np.eye(9, 2), ones, ones) == 1


def test_chances_add_up_to_the_number():
    rng = np.random.default_rng(0)
    logits, unknown = rng.normal(0, 3, (90, 2)), rng.random((90, 2)) < 0.7
    chances = meet_number(logits, unknown, np.array([7.0, 0.0]))
    assert np.isclose((chances * unknown)[:, 0].sum(), 7, rtol=1e-4)
    assert (chances[:, 1] == 0).all()


def test_classes_that_agree_are_drawn_together():
    given = np.array([40, 40, 40])
    found = agree(given, np.array([19, 20, 24]), 5.0)
    assert (np.abs(found - 105) < (10, 5, 15)).all()
    assert found[0] < found[1] < found[2]


def test_classes_that_differ_are_left_to_themselves():
    seen = np.array([8, 40, 90])
    found = agree(np.array([40, 40, 40]), seen, 5.0)
    np.testing.assert_array_equal(found, 5 * seen)
