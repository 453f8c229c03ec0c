import numpy as np

from mmwsml.recipe.verdict.evidence import Evidence
from mmwsml.recipe.verdict.facts import Facts, SplitFacts, collect_facts
from mmwsml.recipe.verdict.missing_labels import find_missing


def test_as_many_are_missing_as_were_hidden(judged):
    found = find_missing(Evidence(collect_facts(judged)))
    truth, known = judged.truth['train'], np.arange(200)[:, None] < 100
    hidden = (truth & ~known).sum()
    low, high = found.interval
    assert low < hidden < high and low <= found.number <= high
    assert np.isclose(found.chances.sum(), found.number, rtol=1e-3)
    assert (np.diff(found.chances) <= 0).all()


def test_the_share_that_is_right_is_told(judged):
    found = find_missing(Evidence(collect_facts(judged)))
    right = judged.truth['train'][found.rows, found.classes][: found.stop]
    assert found.stop > 50
    assert abs(right.mean() - found.right(found.stop)) < 0.1


def test_nothing_is_missing_where_all_is_known():
    marks = np.eye(4, 2) > 0
    part = SplitFacts(tuple('abcd'), marks, np.ones_like(marks))
    facts = Facts(('x', 'y'), dict(train=part, val=part))
    assert find_missing(Evidence(facts)) is None
