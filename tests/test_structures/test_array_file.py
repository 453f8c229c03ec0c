import zipfile

import numpy as np
import pytest

from mmwsml.structures.array_file import load_array, read_member


@pytest.fixture
def write_header(tmp_path):
    """Write a file whose header announces a shape; 24 bytes follow."""

    def write(shape, descr='<f8'):
        text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': "
        text = f'{text}{shape}, }}'.ljust(117) + '\n'
        size = len(text).to_bytes(2, 'little')
        path = tmp_path / 'a.npy'
        path.write_bytes(b'\x93NUMPY\1\0' + size + text.encode() + bytes(24))
        return path

    return write


def test_an_array_is_read_as_numpy_does(tmp_path):
    for shape in ((), (0,), (3,), (2, 3)):
        np.save(tmp_path / 'a.npy', np.arange(np.prod(shape)).reshape(shape))
        assert load_array(tmp_path / 'a.npy').shape == shape
    mapped = load_array(tmp_path / 'a.npy', mmap_mode='r')
    assert isinstance(mapped, np.memmap) and mapped.sum() == 15


@pytest.mark.parametrize(
    'shape',
    ['(10**30,)', '(4,)', '(2,)', '(-3,)', '(2**40,)', '(2**62, 4)', '("3",)'],
)
def test_a_header_that_lies_is_refused_before_anything_is_read(
    write_header, shape
):
    rule = 'its header (announces|is damaged)'
    for mode in (None, 'r'):
        with pytest.raises(ValueError, match=rule):
            load_array(write_header(shape), mode)
    assert load_array(write_header('(3,)')).sum() == 0


def test_a_member_of_an_archive_is_read_if_it_is_the_one(tmp_path):
    np.savez_compressed(tmp_path / 'a.npz', x=np.zeros((2, 3), np.float32))
    with zipfile.ZipFile(tmp_path / 'a.npz') as archive:
        assert read_member(archive, 'x', np.float32, (2, 3)).shape == (2, 3)
        with pytest.raises(ValueError, match='and not'):
            read_member(archive, 'x', np.float32, (3, 2))
        with pytest.raises(ValueError, match='is not what its header'):
            read_member(archive, 'x', np.float64)
