import json

import numpy as np
import pytest

from mmwsml.recipe.fitted_folder import FittedFolder
from mmwsml.recipe.verdict.facts import collect_facts


def test_scores_follow_the_order_of_the_labels(judged):
    path = judged.scores('head', 'val')
    before = collect_facts(judged).splits['val']
    with np.load(path) as file:
        ids, scores = file['sample_id'][::-1], file['scores'][::-1]
    np.savez(path, sample_id=ids, scores=scores)
    after = collect_facts(judged).splits['val']
    np.testing.assert_array_equal(before.scores['head'], after.scores['head'])
    assert before.sample_ids == after.sample_ids


def test_labels_without_negatives_are_complete(judged):
    splits = collect_facts(judged).splits
    assert splits['val'].observed.all()
    np.testing.assert_array_equal(
        splits['train'].observed, splits['train'].positive
    )


def test_missing_scores_are_refused(judged):
    path = judged.scores('head', 'val')
    np.savez(path, sample_id=['images/val/0.png'], scores=np.zeros((1, 3)))
    with pytest.raises(ValueError, match='59 of 60 images have no scores'):
        collect_facts(judged)


def test_a_folder_without_labels_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match='holds no labels'):
        collect_facts(FittedFolder(tmp_path))


def test_a_head_that_has_learned_validation_is_no_point_of_the_curve(judged):
    plan = json.loads(judged.plan.read_text(encoding='utf-8'))
    plan['network'] = dict(epochs=8)
    judged.plan.write_text(json.dumps(plan), encoding='utf-8')
    path = judged.run('network') / '1' / 'vis_data' / 'scalars.json'
    path.parent.mkdir(parents=True)
    curve = {2: 22, 4: 23, 6: 24, 8: 24.1, 9: 73.2}
    path.write_text(
        ''.join(
            json.dumps({'multi-label/mAP': value, 'step': epoch}) + '\n'
            for epoch, value in curve.items()
        )
    )
    del curve[9]
    assert collect_facts(judged).validation == curve
