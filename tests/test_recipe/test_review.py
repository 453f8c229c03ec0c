import csv
import shlex

import numpy as np
import pytest

from mmwsml.recipe.review import draw_review, write_review


def read(path):
    with path.open(newline='') as file:
        return list(csv.DictReader(file))


def is_present(folder, line, split='train'):
    row = int(line['sample_id'].split('/')[-1][:-4])
    return folder.truth[split][row, 'abc'.index(line['class'])]


def test_the_list_is_of_unknown_labels_and_mostly_right(judged):
    text = write_review(judged.path)
    lines = read(judged.review)
    hidden = judged.truth['train'][100:].sum()
    assert 0.5 * hidden < len(lines) < 1.5 * hidden
    assert np.mean([is_present(judged, line) for line in lines]) > 0.75
    assert all(
        int(x['sample_id'].split('/')[-1][:-4]) >= 100
        for x in lines
        if is_present(judged, x)
    )
    chances = [float(line['chance']) for line in lines]
    assert chances == sorted(chances, reverse=True) and chances[-1] >= 0.5
    assert lines[0]['image'].startswith('photos/train/')
    assert {line['present'] for line in lines} == {''}
    review, answers = str(judged.path), str(judged.review)
    last = ['mmwsml', 'review', review, '--answers', answers]
    assert shlex.split(text.splitlines()[-1]) == last


def test_a_list_that_someone_may_have_filled_is_kept(judged):
    judged.review.write_text('mine')
    with pytest.raises(FileExistsError, match='is there already'):
        write_review(judged.path)
    assert judged.review.read_text() == 'mine'
    write_review(judged.path, num=7, force=True)
    assert len(read(judged.review)) == 7


def test_without_scores_there_is_no_list(judged):
    judged.scores('head', 'train').unlink()
    with pytest.raises(ValueError, match='holds no scores of training'):
        write_review(judged.path)


def test_a_draw_is_of_the_split_that_is_asked_for(judged):
    text = draw_review(judged.path, 40)
    lines = read(judged.drawn('train'))
    assert len(lines) == 40 and 'stratum' in lines[0]
    assert shlex.split(text.splitlines()[-1])[-1] == str(judged.drawn('train'))
    with pytest.raises(ValueError, match='all labels are known'):
        draw_review(judged.path, 40, 'val')
    with pytest.raises(ValueError, match="no scores of the split 'test'"):
        draw_review(judged.path, 40, 'test')


def test_complete_labels_lack_nothing(judged):
    judged.labels('val').replace(judged.labels('train'))
    judged.scores('head', 'val').replace(judged.scores('head', 'train'))
    with pytest.raises(ValueError, match='every label of training is known'):
        write_review(judged.path)
