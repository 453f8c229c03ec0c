import numpy as np

from mmwsml.recipe.verdict.features import RIDGE, left_out_auc, nearest
from mmwsml.recipe.verdict.statistics import by_class


def test_leaving_one_out_is_fitting_without_it():
    rng = np.random.default_rng(0)
    features = rng.normal(0, 1, (30, 5))
    labels = (features[:, :2] + rng.normal(0, 1, (30, 2))) > 0
    scores = np.empty((30, 2))
    rows = features - features.mean(0)
    ridge = RIDGE * (rows**2).sum(1).mean() * np.eye(5)
    for n in range(30):
        kept = np.arange(30) != n
        x, y = rows[kept], labels[kept].astype(float)
        x, y = x - x.mean(0), y - y.mean(0)
        weight = np.linalg.solve(x.T @ x + ridge, x.T @ y)
        scores[n] = (rows[n] - rows[kept].mean(0)) @ weight

    def auc(column, hits):
        others = column[~np.isin(column, hits)]
        return (hits[:, None] > others).mean()

    aucs = by_class(auc, scores, labels, np.ones_like(labels))
    expected = np.average(aucs, weights=np.sqrt(labels.sum(0)))
    assert np.isclose(left_out_auc(features, labels).value, expected)


def test_chance_is_one_half_of_few_images_too():
    rng = np.random.default_rng(0)
    found = left_out_auc(
        rng.normal(0, 1, (30, 500)), rng.random((30, 9)) < 0.2
    )
    assert abs(found.chance - 0.5) < 0.05


def test_features_that_do_not_differ_tell_nothing():
    assert left_out_auc(np.ones((9, 3)), np.eye(9, 2) > 0) is None


def test_the_nearest_is_another_one():
    rows = np.array([[0.0], [1.0], [3.0]], np.float32)
    own = nearest(rows, rows, np.arange(3))
    assert np.allclose(own, [1, 1, 2])
    assert np.allclose(nearest(rows, rows), 0)
