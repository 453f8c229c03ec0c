import cv2
import numpy as np
import pytest

from mmwsml.recipe.picture_facts import look_at


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8)


def test_black_cut_and_broken_images_are_told(tmp_path, image):
    half, paths = image.copy(), [tmp_path / f'{n}.png' for n in range(4)]
    half[20:] = 128
    for path, content in zip(paths, (image, 0 * image, half)):
        cv2.imwrite(str(path), content)
    paths[3].write_bytes(paths[0].read_bytes()[:2000])
    found = look_at(paths)
    assert found.blank[:3].tolist() == [0, 1, 0.5]
    assert found.num_broken == 1 and found.num == 4
    assert found.side[0] == 40


def test_no_image_is_nothing(tmp_path):
    assert look_at([tmp_path / 'none.png']) is None
