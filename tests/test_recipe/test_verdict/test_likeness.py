import numpy as np

from mmwsml.recipe.verdict import likeness
from mmwsml.recipe.verdict.features import nearest
from mmwsml.recipe.verdict.likeness import Likeness


def test_blocks_of_training_images_find_what_all_do(three, monkeypatch):
    monkeypatch.setattr(likeness, 'BLOCK', 7)
    found = Likeness(three.splits)
    train, val = (three.splits[x].features for x in ('train', 'val'))
    expected = nearest(val, train)
    np.testing.assert_allclose(found.to_training('val'), expected, rtol=1e-3)
    places = np.linspace(0, 299, 250).astype(int)
    expected = nearest(train[places], train, places)
    np.testing.assert_allclose(found.own, expected, rtol=1e-3)


def test_usual_is_between_two_images_not_to_the_nearest(three):
    found = Likeness(three.splits)
    assert found.usual > np.median(found.own)
