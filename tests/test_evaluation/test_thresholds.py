import numpy as np
import pytest

from mmwsml.evaluation.thresholds import (
    Thresholds,
    read_thresholds,
    resolve_thresholds,
    write_thresholds,
)


def test_reads_what_it_wrote(tmp_path):
    path = tmp_path / 'thresholds.json'
    values = np.array([0.1, 1 / 3])
    write_thresholds(path, Thresholds(('dog', 'Käfer'), values))
    found = read_thresholds(path)
    assert found.classes == ('dog', 'Käfer')
    np.testing.assert_array_equal(found.values, values)


@pytest.mark.parametrize(
    ('text', 'rule'),
    [
        ('', 'is not a file of thresholds'),
        ('[1]', 'is not a file of thresholds'),
        ('[' * 100_000, 'is not a file of thresholds'),
        (
            '{"classes": ["a"], "thresholds": [1' + '0' * 400 + ']}',
            'is not a file of thresholds',
        ),
        (
            '{"classes": ["a"], "thresholds": ["0.5"]}',
            'is not a file of thresholds',
        ),
        (
            '{"classes": "a", "thresholds": [0.5]}',
            'is not a file of thresholds',
        ),
        ('{"classes": ["a"]}', 'is not a file of thresholds'),
        (
            '{"classes": ["a"], "thresholds": [0.1, 0.2]}',
            'has 1 classes, but 2 thresholds',
        ),
        (
            '{"classes": ["a"], "thresholds": [1.5]}',
            r"threshold of 'a' must be in \[0, 1\], but is 1.5",
        ),
        (
            '{"classes": ["a"], "thresholds": [NaN]}',
            r"threshold of 'a' must be in \[0, 1\], but is nan",
        ),
    ],
)
def test_another_file_is_refused(tmp_path, text, rule):
    path = tmp_path / 'thresholds.json'
    path.write_text(text)
    with pytest.raises(ValueError, match=rule):
        read_thresholds(path)


@pytest.mark.parametrize(
    ('classes', 'rule'),
    [
        (('a', 'c'), r"different: \['b', 'c'\]"),
        (('b', 'a'), 'different: their order'),
        (('a',), r'2 classes that are not the 1 of the model'),
    ],
)
def test_other_classes_are_refused(classes, rule):
    thresholds = Thresholds(('a', 'b'), np.array([0.5, 0.5]))
    with pytest.raises(ValueError, match=rule):
        thresholds.check(classes, 'thresholds.json')


@pytest.mark.parametrize(
    ('given', 'expected'),
    [
        (0.3, [0.3, 0.3]),
        ([0.1, 1], [0.1, 1]),
        (Thresholds(('a', 'b'), np.array([0, 0.7])), [0, 0.7]),
    ],
)
def test_what_a_user_gives_becomes_a_number_a_class(given, expected):
    found = resolve_thresholds(given, ['a', 'b'])
    np.testing.assert_array_equal(found, np.float32(expected))


@pytest.mark.parametrize('given', [-0.1, 1.5, float('nan'), [0.5, 2]])
def test_a_number_outside_the_unit_interval_is_refused(given):
    with pytest.raises(ValueError, match=r'`thresholds` must be in \[0, 1\]'):
        resolve_thresholds(given, ['a', 'b'])


def test_another_number_of_thresholds_is_refused():
    with pytest.raises(ValueError, match='each of 2 classes, but got 3'):
        resolve_thresholds([0.1, 0.2, 0.3], ['a', 'b'])
