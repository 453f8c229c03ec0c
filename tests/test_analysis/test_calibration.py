import contextlib
import csv
import json

import cv2
import numpy as np
import pytest

from mmwsml.analysis.calibration import calibrate
from mmwsml.evaluation import (
    best_thresholds,
    f1_scores,
    read_thresholds,
    reliability,
    write_predictions,
)


@pytest.fixture
def write(random_predictions, tmp_path):
    """Write a result file of a split; return the path."""

    def write(split, change=None, **kwargs):
        part = random_predictions(seed=len(split), split=split, **kwargs)
        part = part if change is None else change(part)
        write_predictions(str(tmp_path / f'{split}.npz'), part)
        return part, str(tmp_path / f'{split}.npz')

    return write


@pytest.mark.parametrize('partial', [False, True])
def test_it_writes_thresholds_table_and_picture(write, tmp_path, partial):
    part, path = write('val', partial=partial)
    calibrate(path)
    found = read_thresholds(str(tmp_path / 'thresholds.json'))
    np.testing.assert_array_equal(found.values, best_thresholds(*part[:3]))
    assert found.classes == part.classes
    picture = cv2.imread(str(tmp_path / 'calibration.png'))
    assert picture.min() < picture.max()
    names = ['calibration.csv', 'calibration.png', 'thresholds.json']
    assert sorted(x.name for x in tmp_path.iterdir()) == [*names, 'val.npz']


def test_the_table_holds_every_bin(write, tmp_path):
    part, path = write('val', shape=(3, 2))
    calibrate(path)
    with open(tmp_path / 'calibration.csv', newline='') as file:
        lines = list(csv.DictReader(file))
    total = reliability(*part[:3]).total()
    assert [int(x['count']) for x in lines] == total.num_entries[0].tolist()
    for line, scores in zip(lines, total.score_sum[0]):
        empty = line['count'] == '0'
        assert empty == (line['mean_score'] == '')
        assert empty == (line['share_of_positives'] == '')
        mean = float(line['mean_score'] or 0)
        assert mean * int(line['count']) == pytest.approx(scores, abs=1e-5)
    edges = [float(line['from']) for line in lines]
    assert edges == pytest.approx(np.arange(15) / 15, abs=1e-6)


def test_it_judges_both_splits(write, tmp_path):
    val, path = write('val')
    test, other = write('test', shape=(31, 5))
    report = calibrate(path, other)
    values = best_thresholds(*val[:3])
    for part in (val, test):
        at_half = f1_scores(*part[:3], np.full(5, 0.5))
        found = f1_scores(*part[:3], values)
        assert f'F1 at 0.5: macro {100 * at_half.macro:.2f} %' in report
        assert f'thresholds: macro {100 * found.macro:.2f} %' in report
        assert f'micro {100 * found.micro:.2f} %' in report
        table = reliability(*part[:3])
        assert f'error: {table.total().error()[0]:.2f} %; mean of 5' in report
        assert f'{table.error().mean():.2f} %' in report
    assert 'test,' in (tmp_path / 'calibration.csv').read_text()


def forget(part, label):
    part.observed[:, label] = False
    return part._replace(target=part.target & part.observed)


def test_a_class_with_nothing_observed_gets_a_half(write, tmp_path, logged):
    _, path = write('val', partial=True, change=lambda part: forget(part, 3))
    report = calibrate(path)
    assert read_thresholds(str(tmp_path / 'thresholds.json')).values[3] == 0.5
    assert '(of 4 classes with labels of both kinds)' in report
    assert 'mean of 4 classes' in report and 'nan' not in report
    (warning,) = logged
    assert '1 of 5 classes have no observed positive' in warning
    assert warning.endswith('get the threshold 0.5: c3.')


def test_two_images(write, logged, tmp_path):
    def change(part):
        return part._replace(target=np.array([[True, False], [False, False]]))

    part, path = write('val', shape=(2, 2), change=change)
    calibrate(path)
    values = read_thresholds(str(tmp_path / 'thresholds.json')).values
    assert values.tolist() == [best_thresholds(*part[:3])[0], 0.5]
    assert len(logged) == 1


def keep_positives(part, labels=slice(None)):
    part.observed[:, labels] &= part.target[:, labels]
    return part


def test_positives_alone_are_estimated_and_marked(write, tmp_path):
    """A threshold below all scores has F1 100 % there, of any model."""
    part, path = write('val', partial=True, change=keep_positives)
    report = calibrate(path)
    assert 'Estimated, 5 classes of positives alone: thresholds of' in report
    assert 'F1 at 0.5: undefined' in report and 'nan' not in report
    content = json.loads((tmp_path / 'thresholds.json').read_text())
    assert content['estimated_from_positives_alone'] == list(part.classes)
    found = read_thresholds(str(tmp_path / 'thresholds.json')).values
    assert (found > 0).all() and (found < 1).all()


def test_classes_of_positives_alone_are_left_out(write, tmp_path, logged):
    part, path = write(
        'val', partial=True, change=lambda part: keep_positives(part, [1, 3])
    )
    _, other = write('test', partial=True, change=keep_positives)
    report = calibrate(path, other)
    found = read_thresholds(str(tmp_path / 'thresholds.json')).values
    content = json.loads((tmp_path / 'thresholds.json').read_text())
    assert content['estimated_from_positives_alone'] == ['c1', 'c3']
    found[[1, 3]] = 0.5  # they count nowhere
    f1 = f1_scores(*part[:3], found)
    assert (
        f'F1 at the thresholds: macro {100 * f1.macro:.2f} % (of 3' in report
    )
    assert 'Left out: 2 classes of positives alone, ' in report
    assert report.count('model says: c1, c3\n') == 1
    assert 'F1 at 0.5: undefined, no class has a positive and a neg' in report
    assert 'calibration error: undefined' in report and 'nan' not in report
    assert not [x for x in logged if 'get the threshold' in x]


def nobody(part):
    return part._replace(target=part.target & False)


def test_no_class_with_a_positive_is_an_error(write, tmp_path):
    _, path = write('val', change=nobody)
    with pytest.raises(ValueError, match='none of 5 classes has an observed'):
        calibrate(path)
    assert [x.name for x in tmp_path.iterdir()] == ['val.npz']


def test_a_test_split_without_a_positive_or_a_label_says_so(write):
    _, path = write('val')
    _, other = write('test', change=nobody)
    assert 'F1 at 0.5: undefined, no class' in calibrate(path, other)

    def hide(part):
        return nobody(part)._replace(observed=part.observed & False)

    _, other = write('test', partial=True, change=hide)
    report = calibrate(path, other, force=True)
    assert 'calibration error: undefined' in report and 'nan' not in report


def test_thresholds_are_never_found_on_the_test_split(write, tmp_path):
    _, path = write('test')
    with pytest.raises(ValueError, match=r'test\.npz: is a result of the tes'):
        calibrate(path)
    assert [x.name for x in tmp_path.iterdir()] == ['test.npz']


def test_thresholds_are_never_judged_where_they_were_found(write):
    _, path = write('val')
    with pytest.raises(ValueError, match='but one of the test split is neede'):
        calibrate(path, path)


def test_images_of_both_splits_are_counted(write, logged):
    part, path = write('val')
    ids = [*part.sample_ids[:2], *(f'other/{n}' for n in range(21))]
    _, other = write('test', change=lambda x: x._replace(sample_ids=ids))
    calibrate(path, other)
    assert (
        logged[0].startswith('2 of 23 images of') and 'too good' in logged[0]
    )


def test_other_classes_are_refused(write):
    _, path = write('val')
    _, other = write('test', shape=(9, 4))
    match = r'test\.npz: has 4 classes that are not the 5 of .*val\.npz \(dif'
    with pytest.raises(ValueError, match=match):
        calibrate(path, other)

    def turn(part):
        return part._replace(classes=part.classes[::-1])

    _, other = write('test', change=turn)
    with pytest.raises(ValueError, match='different: their order'):
        calibrate(path, other)


def test_thresholds_that_someone_has_corrected_stay(write, tmp_path):
    _, path = write('val')
    mine = tmp_path / 'thresholds.json'
    mine.write_text('{"mine": 1}')
    with contextlib.suppress(FileExistsError):
        calibrate(path)
    assert mine.read_text() == '{"mine": 1}'
    calibrate(path, force=True)
    assert 'mine' not in mine.read_text()
