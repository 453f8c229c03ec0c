import resource
import signal

import numpy as np
import pytest

from mmwsml.structures.feature_arrays import FeatureArrays
from mmwsml.structures.feature_writer import FeatureWriter

VALUES = np.random.default_rng(0).random((6, 1, 3), np.float32)


@pytest.fixture
def folder(tmp_path):
    FeatureWriter.create(tmp_path, np.arange(6), (1, 3), dict(model='m'))
    return tmp_path


def test_what_is_written_is_no_longer_missing(folder):
    writer = FeatureWriter(folder)
    assert writer.missing().tolist() == [0, 1, 2, 3, 4, 5]
    writer.write(np.array([4, 1]), VALUES[[4, 1]])
    assert FeatureWriter(folder).missing().tolist() == [0, 2, 3, 5]


def test_two_writers_fill_rows_of_their_own(folder):
    first, second = FeatureWriter(folder), FeatureWriter(folder)
    for row in range(0, 6, 2):
        second.write(np.array([row + 1]), VALUES[row + 1 : row + 2])
        first.write(np.array([row]), VALUES[row : row + 1])
    assert not first.missing().size
    assert np.array_equal(FeatureArrays(folder).features, VALUES)


def test_numbers_of_another_precision_become_float32(folder):
    FeatureWriter(folder).write(np.arange(6), VALUES.astype(np.float64))
    assert np.array_equal(FeatureArrays(folder).features, VALUES)


def test_gives_back_what_the_features_are_of(folder):
    assert FeatureWriter(folder).read_meta() == dict(model='m')


def test_a_full_disk_is_an_error_and_leaves_the_row_missing(tmp_path):
    """Stand for the disk with a limit on the size of a file."""
    values = np.ones((2, 1, 5000), np.float32)
    FeatureWriter.create(tmp_path, np.arange(2), (1, 5000), dict(model='m'))
    writer = FeatureWriter(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, limits[1]))
    try:
        with pytest.raises(OSError, match='File too large'):
            writer.write(np.arange(2), values)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert writer.missing().tolist() == [0, 1]


def test_features_of_another_shape_are_refused(folder):
    message = r'must have the shape \(2, 1, 3\) of .*, but got \(2, 2, 3\)'
    with pytest.raises(ValueError, match=message):
        FeatureWriter(folder).write(np.arange(2), np.zeros((2, 2, 3)))


def test_a_damaged_description_is_refused(folder):
    (folder / 'meta.json').write_text('{')
    with pytest.raises(ValueError, match=r'meta\.json is damaged .*; remove'):
        FeatureWriter(folder).read_meta()
