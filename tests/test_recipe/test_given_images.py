import cv2
import numpy as np
import pytest
from PIL import Image

from mmwsml.recipe.given_images import take_images


@pytest.fixture
def pixels():
    rng = np.random.default_rng(0)
    return rng.integers(0, 255, (4, 6, 3), np.uint8)  # BGR


def test_paths_folders_and_patterns_are_expanded(photos):
    names = [str(photos / f'{n}.png') for n in range(3)]
    assert take_images(photos) == take_images(str(photos)) == names
    assert take_images([names[1], photos / '2.png']) == names[1:]
    assert take_images(str(photos / '[01].png')) == names[:2]


@pytest.mark.parametrize('order, step', [('rgb', -1), ('bgr', 1)])
def test_arrays_become_bgr(pixels, order, step):
    given = pixels[..., ::step]
    for images in (given, [given], given[None]):
        (taken,) = take_images(images, order)
        np.testing.assert_array_equal(taken, pixels)


def test_grey_arrays_need_no_order(pixels):
    grey = pixels[..., 0]
    for images in (grey, grey[..., None]):
        (taken,) = take_images(images)
        np.testing.assert_array_equal(taken, np.stack([grey] * 3, axis=2))


@pytest.mark.parametrize('orientation', [1, 3, 6])
def test_an_image_of_pillow_is_what_its_file_is(tmp_path, pixels, orientation):
    path, exif = tmp_path / 'a.png', Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels[..., ::-1]).save(path, exif=exif)
    with Image.open(path) as image:
        (taken,) = take_images(image)
    expected = Image.fromarray(pixels[..., ::-1])
    turns = {1: 0, 3: 180, 6: 270}[orientation]
    expected = np.asarray(expected.rotate(turns, expand=True))[..., ::-1]
    np.testing.assert_array_equal(taken, expected)


def test_a_photograph_that_was_turned_is_read_alike(tmp_path, pixels):
    path, exif = tmp_path / 'a.jpg', Image.Exif()
    exif[0x0112] = 6
    large = cv2.resize(pixels, (48, 32))[..., ::-1]
    Image.fromarray(large).save(path, exif=exif, quality=95)
    with Image.open(path) as image:
        (taken,) = take_images(image)
    read = cv2.imread(str(path))
    assert taken.shape == read.shape == (48, 32, 3)
    assert np.abs(taken.astype(int) - read).max() <= 4  # two decoders


@pytest.mark.parametrize(
    'image, error, rule',
    [
        (np.zeros((4, 4, 3), np.uint8), TypeError, 'the order of its colours'),
        (np.zeros((4, 4)), ValueError, 'must be uint8, from 0 to 255'),
        (np.zeros((0, 4), np.uint8), ValueError, 'and not empty'),
        (np.zeros((4, 4, 4), np.uint8), ValueError, 'must have the shape'),
        (np.zeros(4, np.uint8), ValueError, 'must have the shape'),
        (Image.new('I;16', (4, 4)), ValueError, "its mode is 'I;16'"),
        (3, TypeError, 'but is int; convert it first'),
    ],
)
def test_anything_else_is_refused(image, error, rule):
    with pytest.raises(error, match=rule):
        take_images([image])


def test_an_unknown_order_is_refused(pixels):
    with pytest.raises(ValueError, match='`channel_order` must be'):
        take_images(pixels, 'rbg')
