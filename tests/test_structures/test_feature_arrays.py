import copy
import pickle

import numpy as np
import pytest

from mmwsml.structures import hash64
from mmwsml.structures.feature_arrays import FeatureArrays
from mmwsml.structures.feature_writer import FeatureWriter

IDS = [f'images/{n}.jpg' for n in range(5)]
VALUES = np.random.default_rng(0).random((5, 2, 3), np.float32)


@pytest.fixture
def folder(tmp_path):
    """Write the features of five images, two views, three channels."""
    keys = np.array([hash64(i) for i in IDS])
    FeatureWriter.create(tmp_path, np.sort(keys), (2, 3), {})
    rows = np.argsort(np.argsort(keys))
    FeatureWriter(tmp_path).write(rows, VALUES)
    return tmp_path


def test_gives_each_image_what_was_written_of_it(folder):
    arrays = FeatureArrays(folder)
    assert (len(arrays), arrays.num_views, arrays.num_channels) == (5, 2, 3)
    for sample_id, value in zip(IDS, VALUES):
        assert np.array_equal(arrays[sample_id], value)


def test_a_pickle_or_a_copy_holds_no_arrays(folder):
    arrays = FeatureArrays(folder)
    text = pickle.dumps(arrays)
    assert VALUES[0].tobytes() not in text
    for other in (pickle.loads(text), copy.deepcopy(arrays)):
        assert np.array_equal(other[IDS[2]], VALUES[2])


@pytest.mark.parametrize('name', ['images/5.jpg', '', *'abcdefgh'])
def test_an_image_without_features_is_named(folder, name):
    with pytest.raises(KeyError, match=f'no features of the image {name}: '):
        FeatureArrays(folder)[name]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'no folder .*missing of fea'):
        FeatureArrays(tmp_path / 'missing')


@pytest.mark.parametrize('name', ['keys', 'features', 'done'])
def test_a_missing_file_is_named(folder, name):
    (folder / f'{name}.npy').unlink()
    with pytest.raises(FileNotFoundError, match=rf'{name}\.npy'):
        FeatureArrays(folder)


def test_an_extraction_that_has_not_ended_is_refused(folder):
    np.save(folder / 'done.npy', np.array([True, False, True, True, False]))
    with pytest.raises(ValueError, match='of 2 of 5 images are not there yet'):
        FeatureArrays(folder)


def test_arrays_of_other_images_are_refused(folder):
    np.save(folder / 'done.npy', np.ones(4, bool))
    with pytest.raises(ValueError, match=r'as many images, .* \[5, 5, 4\]'):
        FeatureArrays(folder)
