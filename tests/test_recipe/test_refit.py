import json

import numpy as np
import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.recipe import refit as module
from mmwsml.recipe.fitted_folder import FittedFolder
from mmwsml.recipe.refit import compare, label_texts, refit

ANSWERS = 'sample_id,class,present\n{}\n'


@pytest.fixture
def answered(judged):
    """Add what a fit has asked, a test split, and an answer."""
    plan = json.loads(judged.plan.read_text())
    plan['asked'] = dict(backbone='x', weights=None, size=None, seed=3)
    plan['data'] = dict(size=32)
    judged.plan.write_text(json.dumps(plan))
    text = judged.labels('val').read_text().replace('val/', 'test/')
    judged.labels('test').write_text(text)
    line = 'images/train/150.png,a,yes'
    judged.answers.write_text(ANSWERS.format(line))
    return judged


@pytest.fixture
def requests(monkeypatch):
    """Collect what is asked of a fit, which does nothing."""
    found = []

    def run(request):
        found.append(request)
        return FittedFolder(request.out)

    monkeypatch.setattr(module, 'run_fit', run)
    return found


def test_the_new_fit_has_the_answers_and_the_same_splits(answered, requests):
    refit(answered.path, budget=2)
    (request,) = requests
    assert request.out == str(answered.path / 'refit-1')
    assert (request.budget, request.size, request.seed) == (2, 32, 3)
    known = {}
    for split in ('labels', 'val', 'test'):
        path = getattr(request, split)
        marked = read_labels(path, BadEntries())
        name = 'train' if split == 'labels' else split
        entries = json.loads(answered.labels(name).read_text())['data_list']
        assert marked.images == [x['img_path'] for x in entries]
        known[split] = np.concatenate(list(marked.dense()))
    assert known['labels'][150].tolist() == [1, -1, -1]
    assert set(known['val'].ravel()) == {0, 1}  # complete, as it was


def test_the_labels_of_the_fit_stay(answered, requests):
    before = answered.labels('train').read_bytes()
    refit(answered.path)
    assert answered.labels('train').read_bytes() == before


def test_a_refit_that_was_stopped_goes_on_and_new_answers_begin_anew(
    answered, requests
):
    for number in (1, 1, 2, 3):
        folder = refit(answered.path)
        assert folder.path.name == f'refit-{number}'
        if len(requests) == 2:  # it is done
            folder.model.touch()
        if len(requests) == 3:  # and not this one
            lines = 'images/train/150.png,a,yes\nimages/train/151.png,b,no'
            answered.answers.write_text(ANSWERS.format(lines))


def test_a_wrong_answer_is_refused_before_anything_is_made(answered, requests):
    row = answered.truth['train'][:, 0].nonzero()[0][0]
    line = f'images/train/{row}.png,a,no'
    answered.answers.write_text(ANSWERS.format(line))
    with pytest.raises(ValueError, match='contradicts an observed label'):
        refit(answered.path)
    assert not requests and not (answered.path / 'refit-1').exists()


def test_complete_labels_list_what_is_absent(answered):
    entries = json.loads(label_texts(answered)['val'])['data_list']
    for entry in entries:
        assert sorted(entry['gt_label'] + entry['neg_label']) == [0, 1, 2]


def test_a_gain_is_told_in_one_line(judged):
    line = compare(judged, judged)
    assert line.startswith('mAP on val images: ')
    assert line.endswith('with the answers')
