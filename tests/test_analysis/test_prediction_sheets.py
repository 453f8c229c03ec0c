import cv2
import numpy as np
import pytest

from mmwsml.analysis.prediction_sheets import (
    _sum_up,
    choose_classes,
    choose_images,
    sheet_name,
    write_sheets,
)
from mmwsml.evaluation import Predictions


def one_class(scores, target, observed=None):
    """Make the result of one class."""
    names = [f'{n}.png' for n in range(len(scores))]
    return Predictions(
        np.array(scores, np.float32)[:, None],
        np.array(target, bool)[:, None],
        None if observed is None else np.array(observed, bool)[:, None],
        names,
        names,
        ('cat',),
        'test',
    )


def test_rows_show_the_best_and_the_worst():
    part = one_class([0.1, 0.9, 0.5, 0.8, 0.2, 0.7], [1, 1, 1, 0, 0, 0])
    (_, best), (_, missed), (_, alarms) = choose_images(part, 0, 2)
    assert (best, missed, alarms) == ([1, 2], [0, 2], [3, 5])


def test_unobserved_images_have_a_row_of_their_own():
    part = one_class([0.1, 0.9, 0.5, 0.8], [1, 0, 0, 0], [1, 0, 1, 0])
    rows = choose_images(part, 0, 5)
    assert [chosen for _, chosen in rows] == [[0], [0], [2], [1, 3]]
    assert 'nobody knows' in rows[-1][0]


@pytest.mark.parametrize('num', [1, 3, 10])
def test_rows_equal_sorted_lists(random_predictions, num):
    part = random_predictions(partial=True, decimals=1)
    for k in range(5):
        entries = list(zip(part.scores[:, k], range(23)))
        present = [x for x in entries if part.target[x[1], k]]
        absent = [x for x in entries if part.observed[x[1], k]]
        absent = [x for x in absent if x not in present]
        down = [sorted(x, key=lambda x: -x[0]) for x in (present, absent)]
        expected = [down[0], sorted(present, key=lambda x: x[0]), down[1]]
        found = [chosen for _, chosen in choose_images(part, k, num)][:3]
        assert found == [[n for _, n in row[:num]] for row in expected]


@pytest.mark.parametrize('observed', [[1, 1, 1], [1, 1, 0]])
def test_positives_alone_have_no_average_precision(observed):
    text = _sum_up(one_class([0.1, 0.9, 0.5], [1, 1, 0], observed), 0)
    known = sum(observed) == 3
    assert text.startswith(f'2 present, {int(known)} absent')
    assert ('average precision 83.3 %' in text) == known
    assert ('average precision' in text) == known


def test_a_hundred_classes_unless_they_are_named():
    classes = [f'c{k}' for k in range(101)]
    assert choose_classes(classes) == list(range(100))
    assert choose_classes(classes, ['c100', 'c7']) == [7, 100]
    assert choose_classes(['a', 'b', 'a'], ['a']) == [0, 2]


def test_an_unknown_class_is_refused_with_those_most_alike():
    with pytest.raises(ValueError, match=r"no class 'bicicle'.*\['bicycle'"):
        choose_classes(['cat', 'bicycle', 'bus'], ['bicicle'])


def test_names_of_files_are_safe_and_differ():
    names = ['a/b', 'a\\b', '../..', 'CON', '', 'x' * 300, '猫 $x$\n', 'A/b']
    files = [sheet_name(k, name) for k, name in enumerate(names)]
    assert len({name.lower() for name in files}) == len(names)
    for name in files:
        assert not set(name) & set('/\\ :*?"<>|\n$') and '..' not in name
        assert len(name.encode()) < 255
    assert sheet_name(3, 'traffic light') == '0003_traffic_light.jpg'


@pytest.fixture
def shown(random_predictions, tmp_path):
    """Make a result whose images exist."""
    part = random_predictions(shape=(6, 3), partial=True)
    paths = [str(tmp_path / f'{n}.png') for n in range(6)]
    for n, path in enumerate(paths):
        cv2.imwrite(path, np.full((8, 12, 3), 40 * n, np.uint8))
    return part._replace(img_paths=paths)


def test_a_sheet_for_each_class(shown, tmp_path):
    report = write_sheets(shown, str(tmp_path / 'a' / 'b'))
    names = ['0000_c0.jpg', '0001_c1.jpg', '0002_c2.jpg']
    assert sorted(x.name for x in (tmp_path / 'a' / 'b').iterdir()) == names
    assert str(report) == f'Wrote 3 sheets to {tmp_path / "a" / "b"}.'
    assert cv2.imread(str(report.paths[0])).std() > 1


def test_missing_and_broken_images_are_named_and_counted(shown, tmp_path):
    (tmp_path / '2.png').unlink()
    (tmp_path / '3.png').write_text('no picture')
    report = write_sheets(shown, str(tmp_path / 'out'), num=6)
    assert {x[-5:] for x in report.missing} == {'2.png', '3.png'}
    assert '2 images could not be read, the first' in str(report)
    assert len(report.paths) == 3


def test_images_that_have_moved_are_found(shown, tmp_path):
    (tmp_path / 'new' / 'val').mkdir(parents=True)
    for n in range(6):
        (tmp_path / f'{n}.png').rename(tmp_path / f'new/val/{n}.png')
    assert write_sheets(shown, str(tmp_path / 'a')).missing
    moved = write_sheets(
        shown, str(tmp_path / 'b'), images=str(tmp_path / 'new')
    )
    assert not moved.missing


def test_classes_that_get_no_sheet_are_told(
    random_predictions, tmp_path, monkeypatch
):
    part = random_predictions(shape=(1, 3))
    sheets = 'mmwsml.analysis.prediction_sheets'
    monkeypatch.setattr(f'{sheets}.MAX_CLASSES', 2)
    report = str(write_sheets(part, str(tmp_path / 'a')))
    assert 'the first 2 classes: name the classes to see any of' in report
    named = write_sheets(part, str(tmp_path / 'b'), ['c0', 'c2'])
    assert 'They are of' not in str(named)


@pytest.mark.parametrize('num', [0, 51])
def test_a_number_out_of_range_is_refused(shown, tmp_path, num):
    with pytest.raises(ValueError, match=r'`num` must be in \[1, 50\], but '):
        write_sheets(shown, str(tmp_path), num=num)
