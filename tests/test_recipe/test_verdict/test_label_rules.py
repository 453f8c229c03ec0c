from dataclasses import replace

import numpy as np

from mmwsml.recipe.verdict import judge_facts


def findings(facts):
    return {x.about: x for x in judge_facts(facts).findings}


def change(facts, **parts):
    return replace(facts, splits=dict(facts.splits, **parts))


def test_names_that_are_one_but_for_capitals_are_named(three):
    names = ('car', 'Car ', 'Fire hydrant', 'fire_hydrant', 'e', 'f')
    found = findings(replace(three, classes=names))['same_names']
    assert 'may be one class' in found.sentence
    assert findings(replace(three, classes=('c', 'c++', 'c#', *'def'))) == {}


def test_a_rare_name_that_is_nearly_a_frequent_one_is_named(three):
    part = three.splits['train']
    positive = part.positive.copy()
    positive[:, 1:3] = np.arange(len(positive))[:, None] == (3, 4)
    rare = change(three, train=replace(part, positive=positive))
    names = ('animal', 'animl', 'wolf', *'def')
    found = findings(replace(rare, classes=names))['close_names']
    assert found.severity == 'note'
    assert found.sentence.startswith('animl (known labels: 1) may be animal (')
    for other in ('wolfs', 'anlmil', 'animal 2'):
        names = ('animal', other, 'wolf', *'def')
        assert 'close_names' not in findings(replace(rare, classes=names))
    # As frequent as the other, it is meant.
    names = ('animal', 'wolf', 'cat', 'animl', *'ef')
    assert 'close_names' not in findings(replace(rare, classes=names))


def test_a_class_in_nearly_all_images_is_named(three):
    part = three.splits['val']
    positive = part.positive.copy()
    positive[:, 0] = np.arange(len(positive)) % 20 > 0
    found = findings(change(three, val=replace(part, positive=positive)))
    assert found['nearly_all'].severity == 'note'
    assert '95 % of the images of val show a' in found['nearly_all'].sentence


def test_a_test_too_small_to_tell_is_named(three):
    part = three.splits['test']
    few = replace(
        part,
        sample_ids=part.sample_ids[:5],
        positive=part.positive[:5],
        observed=part.observed[:5],
        features=part.features[:5],
        scores=dict(head=part.scores['head'][:5]),
    )
    found = findings(change(three, test=few))
    assert found['few_images'].severity == 'doubt'
    assert 'The 5 images of test' in found['few_images'].sentence


def test_a_class_that_test_lacks_is_named(three):
    part = three.splits['test']
    positive = part.positive.copy()
    positive[:, 2] = False
    lines = judge_facts(
        change(three, test=replace(part, positive=positive))
    ).lines
    assert (
        '1 of 6 classes cannot be judged on test: c (no positives).' in lines
    )
