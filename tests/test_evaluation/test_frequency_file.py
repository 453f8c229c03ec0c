import numpy as np
import pytest

from mmwsml.evaluation.class_frequency import ClassFrequencies
from mmwsml.evaluation.frequency_file import read_shares, write_frequencies

CLASSES = ('=cat', 'dog', 'cow, brown')
COUNT = np.array([10.0, np.nan, 25.0])


@pytest.fixture
def path(tmp_path):
    ends = np.array([[8, 12], [np.nan, np.nan], [20, 30]], float)
    false = np.zeros(3, bool)
    found = ClassFrequencies(COUNT, ends, 35, (28, 42), false, false)
    path = tmp_path / 'class_frequencies.csv'
    write_frequencies(path, CLASSES, np.array([4, 0, 9]), 100, found)
    return path


def test_what_was_written_is_read(path):
    shares = read_shares(path, CLASSES)
    assert shares == pytest.approx(COUNT / 100, nan_ok=True)
    assert path.read_text().splitlines()[1] == (
        "'=cat,4,10.0,8.0,12.0,0.100000"
    )


def test_the_order_of_the_classes_is_that_of_the_data_set(path):
    shares = read_shares(path, CLASSES[::-1])
    assert shares == pytest.approx(COUNT[::-1] / 100, nan_ok=True)


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('class,share\ncat,1.5\n', r'line 2: `share` must .* but is'),
        ('class,share\ncat,many\n', r'line 2: `share` must .* \[0, 1\]'),
        ('class,share\ncat,.1\ncat,.1\n', 'line 3: the class .* twice'),
        ('class,share\ndog,0.1\n', 'no line for 1 of 1 classes, the first'),
        ('class\ncat\n', "the column 'share' is missing"),
    ],
)
def test_wrong_tables_are_refused(tmp_path, text, said):
    path = tmp_path / 'a.csv'
    path.write_text(text)
    with pytest.raises(ValueError, match=said):
        read_shares(path, ('cat',))
