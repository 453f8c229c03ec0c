from dataclasses import replace

import numpy as np
import pytest

from mmwsml.recipe.verdict import judge_facts


def spoil(facts, name, **changes):
    """Change a split, after the model was made."""
    part = replace(facts.splits[name], **changes)
    return replace(facts, splits=dict(facts.splits, **{name: part}))


def abouts(facts):
    return {x.about for x in judge_facts(facts).findings}


def test_nothing_is_said_of_splits_that_are_alike(three):
    assert abouts(three) == set()


@pytest.mark.parametrize('name', ['train', 'val', 'test'])
def test_a_split_of_half_wrong_labels_is_named(three, name):
    positive = three.splits[name].positive.copy()
    half = len(positive) // 2
    positive[:half] = np.roll(positive[:half], 1, 0)
    found = judge_facts(spoil(three, name, positive=positive)).findings
    told = [x for x in found if x.about == 'disagree']
    assert len(told) == 1
    assert f'Labels and images of {name} belong' in told[0].sentence


def test_a_row_that_is_missing_is_found(three):
    positive = three.splits['train'].positive.copy()
    positive[180:] = np.roll(positive[180:], 1, 0)
    found = judge_facts(spoil(three, 'train', positive=positive)).findings
    (told,) = [x for x in found if x.about == 'broken_order']
    row = int(told.sentence.split('row ')[1].split(' of')[0])
    assert abs(row - 180) < 15


@pytest.mark.parametrize('name', ['train', 'val', 'test'])
def test_two_columns_that_are_exchanged_are_named(three, name):
    order = [0, 1, 3, 2, 4, 5]
    positive = three.splits[name].positive[:, order]
    found = judge_facts(spoil(three, name, positive=positive)).findings
    (told,) = [x for x in found if x.about == 'swapped']
    assert f'In {name} c and d seem' in told.sentence


def test_test_images_of_another_kind_are_named(three):
    features = three.splits['test'].features[:, ::-1]
    assert {'shifted', 'disagree'} <= abouts(
        spoil(three, 'test', features=features)
    )


def test_a_model_that_fails_on_test_alone_is_named(three):
    scores = three.splits['test'].scores['head']
    other = dict(head=np.roll(scores, 1, 0))
    assert {'chance', 'apart'} <= abouts(spoil(three, 'test', scores=other))


def test_without_a_test_two_splits_are_not_compared(three):
    splits = {name: three.splits[name] for name in ('train', 'val')}
    assert abouts(replace(three, splits=splits)) == set()
