import csv

import numpy as np
import pytest

from mmwsml.analysis.sample_for_review import read_review, sample_for_review
from mmwsml.evaluation import write_predictions


@pytest.fixture
def drawn(random_predictions, tmp_path):
    """Draw 60 labels of 100 images; return truth and files."""
    part = random_predictions(seed=0, split='val', shape=(100, 3))
    rng = np.random.default_rng(0)
    truth = rng.random((100, 3)) < [0.5, 0.3, 0.1]
    scores = np.float32(0.5 * truth + 0.5 * rng.random((100, 3)))
    target = truth & (rng.random((100, 3)) < 0.5)
    part = part._replace(scores=scores, target=target, observed=target)
    result, out = str(tmp_path / 'val.npz'), str(tmp_path / 'list.csv')
    write_predictions(result, part)
    text = sample_for_review(result, out, budget=60)
    assert text.startswith(f'Wrote 60 of {(~target).sum()} unknown labels')
    return truth, part, result, out


def answer(out, part, truth, number=60, change=None):
    """Answer the first lines, as a spreadsheet writes them."""
    with open(out, newline='') as file:
        rows = list(csv.DictReader(file))
    for row in rows[:number]:
        n = part.sample_ids.index(row['sample_id'])
        k = part.classes.index(row['class'])
        row['present'] = 'yes' if truth[n, k] else 'No'
    rows = rows if change is None else change(rows)
    with open(out, 'w', newline='') as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_the_answers_are_read_back(drawn):
    truth, part, result, out = drawn
    answer(out, part, truth)
    text = read_review(result, out)
    assert text.splitlines()[0] == '60 of 60 lines answered'
    for what in ('mAP: ', 'micro precision', 'micro recall', 'positives amo'):
        assert what in text


def test_a_budget_above_all_unknown_labels_is_read_back(drawn):
    truth, part, result, out = drawn
    number = (~part.observed).sum()
    sample_for_review(result, out, budget=9000, force=True)
    answer(out, part, truth, number)
    text = read_review(result, out)
    assert text.startswith(f'{number} of {number} lines answered')


def test_lines_without_an_answer_are_left_out(drawn):
    truth, part, result, out = drawn
    answer(out, part, truth, number=40)
    assert '40 of 60 lines answered' in read_review(result, out)


def test_few_answers_are_refused(drawn):
    truth, part, result, out = drawn
    answer(out, part, truth, number=29)
    with pytest.raises(ValueError, match='29 of 60 lines have an answer'):
        read_review(result, out)


def test_wide_intervals_say_how_many_answers_it_takes(drawn):
    truth, part, result, out = drawn
    rng = np.random.default_rng(1)
    part = part._replace(scores=rng.random((100, 3)).astype(np.float32))
    write_predictions(result, part)
    sample_for_review(result, out, 30, force=True)
    answer(out, part, truth, number=30)
    text = read_review(result, out)
    assert 'answers would narrow each share to 20 points' in text


@pytest.mark.parametrize('thresholds', [0.3, 0.9])
def test_other_thresholds_are_refused(drawn, thresholds):
    truth, part, result, out = drawn
    answer(out, part, truth)
    with pytest.raises(ValueError, match='was not drawn from'):
        read_review(result, out, thresholds)


def test_a_list_of_other_images_is_refused(drawn):
    truth, part, result, out = drawn

    def rename(rows):
        return [dict(rows[0], sample_id='set/other.png'), *rows[1:]]

    answer(out, part, truth, change=rename)
    with pytest.raises(ValueError, match=r'of set/other\.png was not drawn'):
        read_review(result, out)


def test_a_stratum_that_is_no_number_is_refused(drawn):
    truth, part, result, out = drawn
    answer(out, part, truth, change=lambda x: [dict(x[0], stratum='a'), *x])
    with pytest.raises(ValueError, match='line 2: `stratum` must be the num'):
        read_review(result, out)


def test_a_list_that_is_there_is_kept(drawn):
    _, _, result, out = drawn
    with pytest.raises(FileExistsError):
        sample_for_review(result, out)
    sample_for_review(result, out, 30, force=True)


def test_a_small_budget_and_known_labels_are_refused(
    random_predictions, tmp_path
):
    path, out = str(tmp_path / 'a.npz'), str(tmp_path / 'list.csv')
    write_predictions(path, random_predictions())
    with pytest.raises(ValueError, match='must be 30 answers at least, but'):
        sample_for_review(path, out, 29)
    with pytest.raises(ValueError, match='all labels are known'):
        sample_for_review(path, out, 30)


def test_fewer_unknown_labels_than_a_list_takes_are_refused_before(
    random_predictions, tmp_path
):
    """A list of 29 was written, which --answers then refused."""
    part = random_predictions(seed=0, split='val', shape=(20, 3))
    observed = np.arange(60).reshape(20, 3) >= 29
    part = part._replace(target=part.target & observed, observed=observed)
    path, out = str(tmp_path / 'a.npz'), tmp_path / 'list.csv'
    write_predictions(path, part)
    with pytest.raises(ValueError, match='29 labels are unknown, but a list'):
        sample_for_review(path, str(out), 30)
    assert not out.exists()
