import json

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
    # 132 are estimated from 60 images, and 90 there are.
    assert abs(right.mean() - found.right(found.stop)) < 0.15


def test_scores_that_are_too_sure_are_not_believed(judged):
    for split in ('train', 'val'):
        path = judged.scores('head', split)
        with np.load(path) as file:
            ids, scores = file['sample_id'], file['scores'].astype(float)
        odds = (scores / (1 - scores)) ** 0.3
        # Hardly sure, and three times too much of that.
        noise = np.random.default_rng(1).normal(0, 1, scores.shape)
        odds = np.exp(3 * (np.log(odds) + noise))
        np.savez(path, sample_id=ids, scores=odds / (1 + odds))
    found = find_missing(Evidence(collect_facts(judged)))
    right = judged.truth['train'][found.rows, found.classes][:60]
    assert abs(right.mean() - found.right(60)) < 0.15


def test_of_positives_alone_no_more_than_a_bound_is_told(judged):
    path = judged.labels('val')
    content = json.loads(path.read_text(encoding='utf-8'))
    for entry in content['data_list']:
        entry.update(gt_label=entry['gt_label'][:1], neg_label=[])
    path.write_text(json.dumps(content), encoding='utf-8')
    found = find_missing(Evidence(collect_facts(judged)))
    assert found.tell_right(9).startswith('at most ')


def test_nothing_is_missing_where_all_is_known():
    marks = np.eye(4, 2) > 0
    part = SplitFacts(tuple('abcd'), marks, np.ones_like(marks))
    facts = Facts(('x', 'y'), dict(train=part, val=part))
    assert find_missing(Evidence(facts)) is None
