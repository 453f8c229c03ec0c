import numpy as np
import pytest

from mmwsml.structures.mapped_array import open_mapped


def test_opens_what_was_saved(tmp_path):
    array = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    np.save(tmp_path / 'a.npy', array)
    opened = open_mapped(tmp_path, 'a', np.float32, 3)
    assert np.array_equal(opened, array) and not opened.flags.writeable


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'a\.npy'):
        open_mapped(tmp_path, 'a', np.float32)


@pytest.mark.parametrize('size', [0, 60, 130])
def test_refuses_a_truncated_file(tmp_path, size):
    np.save(tmp_path / 'a.npy', np.arange(3))
    path = tmp_path / 'a.npy'
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ValueError, match=r'a\.npy is damaged .*; remove the'):
        open_mapped(tmp_path, 'a', np.int64)


@pytest.mark.parametrize(
    'array', [np.zeros((2, 3), np.float32), np.zeros((2, 3, 4))]
)
def test_refuses_another_form(tmp_path, array):
    np.save(tmp_path / 'a.npy', array)
    message = r'must hold 3 dimensions of float32, but got float\d\d \(2, 3'
    with pytest.raises(ValueError, match=message):
        open_mapped(tmp_path, 'a', np.float32, 3)
