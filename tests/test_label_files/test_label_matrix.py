import numpy as np
import pytest

from mmwsml.label_files.label_matrix import read_matrix

MATRIX = np.array([[1, 0, -1], [0, 0, 0], [-1, 1, 1]])
IDS = ['x/1', 'x/2', 'x/3']


def read(path, matrix, unknown=0, num_classes=3):
    """Save a matrix and read it."""
    np.save(path, matrix)
    images = read_matrix(str(path), [IDS], num_classes, unknown)
    return [(i.sample_id, i.positives, i.negatives) for i in images]


@pytest.mark.parametrize('dtype', [np.int8, np.int64, np.float64])
def test_reads_both_codes(tmp_path, dtype):
    path, matrix = tmp_path / 'a.npy', MATRIX.astype(dtype)
    assert read(path, matrix, unknown=0) == [
        ('x/1', [0], [2]),
        ('x/2', [], []),
        ('x/3', [1, 2], [0]),
    ]
    assert read(path, matrix, unknown=-1) == [
        ('x/1', [0], [1]),
        ('x/2', [], [0, 1, 2]),
        ('x/3', [1, 2], []),
    ]


def test_refuses_a_matrix_of_another_shape(tmp_path):
    message = r'a\.npy: must be of shape \(3, 4\), .* but is \(3, 3\); choose'
    with pytest.raises(ValueError, match=message):
        read(tmp_path / 'a.npy', MATRIX, num_classes=4)


@pytest.mark.parametrize('value', [2, 0.5, np.nan])
def test_refuses_other_numbers(tmp_path, value):
    matrix = MATRIX.astype(float)
    matrix[1, 1] = value
    with pytest.raises(ValueError, match=f'1, 0 and -1, but got {value}'):
        read(tmp_path / 'a.npy', matrix)


def test_unpickles_nothing(tmp_path):
    with pytest.raises(ValueError, match=r'a\.npy: cannot be read as a matri'):
        read(tmp_path / 'a.npy', np.array([print], dtype=object))


@pytest.mark.parametrize('content', [b'', b'\x93NUMPY\x01\x00', b'1 0 -1'])
def test_refuses_a_file_that_is_cut_off(tmp_path, content):
    (tmp_path / 'a.npy').write_bytes(content)
    with pytest.raises(ValueError, match=r'a\.npy: cannot be read as a matri'):
        list(read_matrix(str(tmp_path / 'a.npy'), [IDS], 3, 0))


def test_names_a_missing_file():
    with pytest.raises(FileNotFoundError, match=r'no\.npy: No such file'):
        list(read_matrix('no.npy', [IDS], 3, 0))


@pytest.mark.parametrize('dtype', ['U2', 'S2', 'c8', 'M8[s]'])
def test_refuses_a_matrix_of_something_else(tmp_path, dtype):
    matrix = np.abs(MATRIX).astype(dtype)
    with pytest.raises(ValueError, match=r'a\.npy: cannot be .*it holds'):
        read(tmp_path / 'a.npy', matrix)


def test_refuses_a_header_that_asks_for_terabytes(tmp_path):
    path = tmp_path / 'a.npy'
    np.save(path, np.zeros((3, 3)))
    content = path.read_bytes()
    content = content.replace(b'(3, 3), }        ', b'(3, 9999999999),}')
    path.write_bytes(content)
    with pytest.raises(ValueError, match='announces 239999999976 bytes'):
        list(read_matrix(str(path), [IDS], 3, 0))
