import numpy as np
import pytest

from mmwsml.evaluation.thresholds import (
    Thresholds,
    read_thresholds,
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
