import csv

import pytest

from mmwsml.recipe.answers import answered_labels, take_answers
from mmwsml.recipe.review import draw_review, write_review


def fill(folder, path, num):
    """Answer the first lines of a list as the truth is."""
    with path.open(newline='') as file:
        lines = list(csv.DictReader(file))
    for line in lines[:num]:
        row = int(line['sample_id'].split('/')[-1][:-4])
        present = folder.truth['train'][row, 'abc'.index(line['class'])]
        line['present'] = 'yes' if present else 'no'
    with path.open('w', newline='') as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    return lines[:num]


def test_answers_are_counted_kept_and_become_labels(judged):
    write_review(judged.path)
    lines = fill(judged, judged.review, 20)
    before = judged.review.read_bytes()
    text = take_answers(judged.path, str(judged.review))
    present = sum(line['present'] == 'yes' for line in lines)
    assert text.startswith(f'20 answers: {present} present')
    assert judged.review.read_bytes() == before
    (entries,) = answered_labels(judged).values()
    found = {f'images/{entry["img_path"]}': entry for entry in entries}
    for line in lines:
        key = 'gt_label' if line['present'] == 'yes' else 'neg_label'
        assert 'abc'.index(line['class']) in found[line['sample_id']][key]
    take_answers(judged.path, str(judged.review))  # once more is no harm
    assert len(judged.answers.read_text().splitlines()) == 21


def test_a_draw_tells_how_many_are_missing(judged):
    draw_review(judged.path, 60)
    fill(judged, judged.drawn('train'), 60)
    text = take_answers(judged.path, str(judged.drawn('train')))
    line = next(x for x in text.splitlines() if 'positives among' in x)
    low, high = line[line.index('(') + 1 : -1].split(' to ')
    hidden = judged.truth['train'][100:].sum()
    assert float(low) <= hidden <= float(high)
    assert 'mAP' not in text


@pytest.mark.parametrize(
    'line, rule',
    [
        ('images/train/150.png,a,', 'no line has an answer'),
        ('images/other.png,a,yes', r'other\.png is not one of this fit'),
        ('images/train/150.png,d,yes', "The class 'd' of an answer is not"),
        ('images/train/150.png,a,may', 'must be yes, no or empty'),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    judged, tmp_path, line, rule
):
    path = tmp_path / 'list.csv'
    path.write_text(f'sample_id,class,present\n{line}\n')
    with pytest.raises(ValueError, match=rule):
        take_answers(judged.path, str(path))
    assert not judged.answers.exists()


def test_a_change_of_mind_is_named(judged, tmp_path):
    path = tmp_path / 'list.csv'
    for word in ('yes', 'no'):
        text = f'sample_id,class,present\nimages/train/150.png,a,{word}\n'
        path.write_text(text)
        if word == 'yes':
            take_answers(judged.path, str(path))
    with pytest.raises(ValueError, match='is no, but yes in'):
        take_answers(judged.path, str(path))


def test_what_is_known_cannot_be_denied(judged, tmp_path):
    row = judged.truth['train'][:, 0].nonzero()[0][0]
    path = tmp_path / 'list.csv'
    text = f'sample_id,class,present\nimages/train/{row}.png,a,no\n'
    path.write_text(text)
    with pytest.raises(ValueError, match='contradicts an observed label'):
        take_answers(judged.path, str(path))


def test_without_answers_there_is_nothing_to_learn(judged):
    with pytest.raises(FileNotFoundError, match='has no answers yet'):
        answered_labels(judged)
