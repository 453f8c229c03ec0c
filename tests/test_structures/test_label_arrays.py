import copy
import pickle
from itertools import chain

import numpy as np
import pytest

from mmwsml.structures import LabelArrays, LabelLists

IDS = [3, 5, 2**64 - 1]
POSITIVES = [[0, 65535], [], [1]]
NEGATIVES = [[2], [], [0, 3, 4]]


def as_lists(rows):
    """Set lists end to end."""
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return LabelLists(offsets, np.array([*chain(*rows)], np.uint16))


@pytest.fixture
def folder(tmp_path):
    """Save three images."""
    lists = as_lists(POSITIVES), as_lists(NEGATIVES)
    LabelArrays.save(tmp_path, np.array(IDS, np.uint64), *lists)
    return tmp_path


def entries(arrays):
    return [arrays[index] for index in range(len(arrays))]


def test_gives_back_what_was_saved(folder):
    expected = list(zip(IDS, POSITIVES, NEGATIVES))
    assert entries(LabelArrays(folder)) == expected
    assert list(LabelArrays(folder)) == expected


def test_hands_out_plain_numbers(folder):
    image, positives, negatives = LabelArrays(folder)[0]
    assert all(type(n) is int for n in (image, *positives, *negatives))


def test_counts_from_the_end_and_stops_there(folder):
    arrays = LabelArrays(folder)
    assert arrays[-3] == arrays[0]
    for index in (3, -4):
        with pytest.raises(IndexError):
            arrays[index]


@pytest.mark.parametrize(
    'indices, expected',
    [
        (2, [0, 1]),
        (0, []),
        (9, [0, 1, 2]),
        (-1, [2]),
        ([2, 0], [2, 0]),
        ((-1, 1, 1), [2, 1, 1]),
        ([], []),
        (np.array([1]), [1]),
    ],
)
def test_a_subset_is_what_a_list_would_give(folder, indices, expected):
    arrays = LabelArrays(folder)
    part = arrays.subset(indices)
    assert entries(part) == [arrays[index] for index in expected]
    assert part.ids().tolist() == [IDS[index] for index in expected]
    positives, negatives = part.counts()
    assert positives.tolist() == [len(POSITIVES[i]) for i in expected]
    assert negatives.tolist() == [len(NEGATIVES[i]) for i in expected]


def test_a_subset_of_a_subset_counts_within_it(folder):
    part = LabelArrays(folder).subset([2, 1]).subset([0])
    assert part.ids().tolist() == IDS[2:]


def test_a_subset_beyond_the_end_is_refused(folder):
    with pytest.raises(IndexError):
        LabelArrays(folder).subset([3])


@pytest.mark.parametrize('part', [None, [2, 0]])
def test_a_pickle_or_a_copy_holds_no_arrays(folder, part):
    arrays = LabelArrays(folder)
    if part is not None:
        arrays = arrays.subset(part)
    text = pickle.dumps(arrays)
    (folder / 'ids.npy').rename(folder / 'other.npy')
    with pytest.raises(FileNotFoundError, match=r'ids\.npy'):
        pickle.loads(text)
    (folder / 'other.npy').rename(folder / 'ids.npy')
    assert entries(pickle.loads(text)) == entries(arrays)
    assert entries(copy.deepcopy(arrays)) == entries(arrays)


def test_no_image_is_a_list_of_none(tmp_path):
    nothing = as_lists([])
    LabelArrays.save(tmp_path, np.empty(0, np.uint64), nothing, nothing)
    assert entries(LabelArrays(tmp_path)) == []


@pytest.mark.parametrize('size', [0, 100, 140])
def test_refuses_a_truncated_file(folder, size):
    path = folder / 'positive_offsets.npy'
    path.write_bytes(path.read_bytes()[:size])
    message = r'positive_offsets\.npy is damaged .*; remove the folder'
    with pytest.raises(ValueError, match=message):
        LabelArrays(folder)


def test_refuses_pickled_objects(folder):
    np.save(folder / 'ids.npy', np.array([{}], object), allow_pickle=True)
    with pytest.raises(ValueError, match=r'ids\.npy is damaged .*; remove'):
        LabelArrays(folder)


def test_refuses_numbers_of_another_kind(folder):
    np.save(folder / 'ids.npy', np.arange(3, dtype=np.int32))
    message = r'ids\.npy must hold one row of uint64, but got int32 \(3,\)'
    with pytest.raises(ValueError, match=message):
        LabelArrays(folder)


@pytest.mark.parametrize('name', ['positive', 'negative'])
def test_refuses_lists_of_other_images(folder, name):
    np.save(folder / f'{name}_offsets.npy', np.array([0, 1], np.int64))
    message = f'{name}_offsets.npy .* one list for each of the 3 images'
    with pytest.raises(ValueError, match=message):
        LabelArrays(folder)


@pytest.mark.parametrize(
    'name, place, value, rule',
    [
        ('positive_classes', 0, 9, 'a class must be below 4'),
        ('positive_offsets', 1, 9, 'its lists must follow each other'),
        ('negative_classes', 1, 1, 'the classes of a list must ascend'),
        ('ids', 1, 0, 'they must ascend'),
    ],
)
def test_a_changed_number_is_found(tmp_path, name, place, value, rule):
    lists = LabelLists(np.array([0, 2, 3]), np.array([1, 3, 0], np.uint16))
    LabelArrays.save(tmp_path, np.arange(2, dtype=np.uint64), lists, lists)
    LabelArrays(tmp_path).check(4)
    array = np.load(tmp_path / f'{name}.npy')
    array[place] = value
    np.save(tmp_path / f'{name}.npy', array)
    with pytest.raises(ValueError, match=f'are damaged, {rule}; remove'):
        LabelArrays(tmp_path).check(4)
