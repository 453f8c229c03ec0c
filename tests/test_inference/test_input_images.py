from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from mmwsml.inference.inferencer import MultiLabelInferencer


@pytest.fixture
def inferencer(small_checkpoint, small_config):
    return MultiLabelInferencer(small_checkpoint, small_config, 'cpu')


def stack(results):
    return np.stack([result['scores'] for result in results])


@pytest.mark.parametrize('form', [str, Path])
def test_other_files_in_a_folder_are_left_out(inferencer, pictures, form):
    folder = Path(pictures[0]).parent
    (folder / 'notes.txt').write_text('the best one is 3.png')
    (folder / '.DS_Store').write_bytes(b'\0')
    (folder / 'more').mkdir()
    Image.new('RGB', (9, 9)).save(folder / 'more' / 'last.JPG')
    paths = [result['img_path'] for result in inferencer(form(folder))]
    assert paths == [*pictures, str(folder / 'more' / 'last.JPG')]


def test_a_folder_without_images_is_refused(inferencer, tmp_path):
    (tmp_path / 'empty').mkdir()
    with pytest.raises(FileNotFoundError, match='names no image that is th'):
        inferencer(tmp_path / 'empty')


@pytest.mark.parametrize('kind', ['pil', 'path', 'mixed'])
def test_every_form_gives_the_scores_of_the_file(inferencer, pictures, kind):
    opened = [Image.open(path) for path in pictures]
    paths = [Path(path) for path in pictures]
    mixed = [*opened[:3], *paths[3:5], *map(cv2.imread, pictures[5:])]
    inputs = dict(pil=opened, path=paths, mixed=mixed)[kind]
    results = inferencer(inputs)
    np.testing.assert_array_equal(stack(results), stack(inferencer(pictures)))
    known = [result['img_path'] for result in results if result['img_path']]
    expected = dict(pil=[], path=pictures, mixed=pictures[3:5])[kind]
    assert known == expected


def turned(image):
    exif = image.getexif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    return dict(exif=exif)


@pytest.mark.parametrize(
    'convert, options',
    [
        (lambda image: image, turned),
        (lambda image: image.convert('L'), None),
        (lambda image: image.convert('RGBA'), None),
        (lambda image: image.convert('P'), None),
        (
            lambda image: Image.fromarray(
                np.asarray(image.convert('L')).astype(np.uint16) * 200
            ),
            None,
        ),
    ],
    ids=['turned', 'grey', 'alpha', 'palette', '16 bits'],
)
def test_a_picture_is_taken_as_its_file_is(
    inferencer, pictures, tmp_path, convert, options
):
    path = str(tmp_path / 'other.png')
    image = convert(Image.open(pictures[0]))
    image.save(path, **(options(image) if options else {}))
    results = inferencer([path, Image.open(path)])
    np.testing.assert_array_equal(*stack(results))


def test_grey_arrays_and_a_fourth_band_are_taken(inferencer, pictures):
    image = cv2.imread(pictures[0])
    grey = np.repeat(image[..., :1], 3, axis=2)
    forms = [grey[..., 0], grey[..., :1], grey]
    forms += [np.dstack([image, grey[..., :1]]), image]
    scores = stack(inferencer(forms))
    np.testing.assert_array_equal(scores[:2], scores[[2, 2]])
    np.testing.assert_array_equal(scores[3], scores[4])


@pytest.mark.parametrize(
    'array',
    [
        np.full((9, 9, 3), 0.5),
        np.zeros((2, 9, 9, 3), np.uint8),
        np.zeros((3, 9, 9), np.uint8),
        np.zeros((0, 9, 3), np.uint8),
    ],
    ids=['fractions', 'a batch', 'channels first', 'empty'],
)
def test_an_array_that_is_no_image_is_refused(inferencer, array):
    with pytest.raises(ValueError, match='An array must be one image, uint8'):
        inferencer(array)
    assert inferencer([array], on_error='skip') == []
    assert 'scale it to 0 ... 255' in inferencer.skipped['0']


def test_pictures_of_32_bits_are_refused(inferencer):
    with pytest.raises(ValueError, match="mode 'F' has samples of 32 bits"):
        inferencer(Image.new('F', (9, 9)))


def test_what_is_no_image_is_refused(inferencer, pictures):
    with pytest.raises(TypeError, match='number 1 is of type bytes'):
        inferencer([pictures[0], b'GIF89a'])


def test_draws_pictures_of_pillow(inferencer, pictures, tmp_path):
    inferencer(Image.open(pictures[0]), show_dir=str(tmp_path / 'show'))
    assert (tmp_path / 'show' / '000000.jpg').exists()
