from dataclasses import replace

import numpy as np
import pytest

from mmwsml.recipe.verdict import image_rules, judge_facts


def put(facts, name, rows, features):
    """Give some images of a split other features."""
    found = facts.splits[name].features.copy()
    found[rows] = features
    part = replace(facts.splits[name], features=found)
    return replace(facts, splits=dict(facts.splits, **{name: part}))


def told(facts, about):
    return [x for x in judge_facts(facts).findings if x.about == about]


@pytest.mark.parametrize(('noise', 'number'), [(0.0, 1), (0.15, 1), (1, 0)])
def test_images_that_are_nearly_those_of_training_are_named(
    three, noise, number
):
    rng = np.random.default_rng(0)
    copied = three.splits['train'].features[:60]
    copied = copied + noise * rng.normal(0, 1, copied.shape)
    found = told(put(three, 'test', slice(60), copied), 'copies')
    assert len(found) == number
    assert not found or '50 % of the images of test' in found[0].sentence


def test_series_that_are_split_image_by_image_are_named(three):
    rng = np.random.default_rng(0)
    scenes = rng.normal(0, 2, (9, 24))
    for name, part in three.splits.items():
        which = rng.integers(9, size=len(part.positive))
        frames = scenes[which] + 0.1 * rng.normal(0, 1, part.features.shape)
        three = put(three, name, slice(None), frames)
    assert [x.sentence[:5] for x in told(three, 'copies')] == ['100 %'] * 2


def test_copies_that_nobody_looked_for_are_told_of(three, monkeypatch):
    assert told(three, 'not_searched') == []
    (found,) = told(replace(three, is_untrained=True), 'not_searched')
    assert 'the network has learned nothing' in found.sentence
    monkeypatch.setattr(image_rules, 'SEARCHED', 200)
    (found,) = told(three, 'not_searched')
    assert 'only 200 of 300 training images were compared' in found.sentence
