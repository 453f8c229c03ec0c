import cv2
import numpy as np
import pytest
from PIL import Image

from mmwsml.datasets.image_file import check_image_file, read_image

GREY = np.arange(64, dtype=np.uint8).reshape(8, 8)
WIDE = GREY.astype(np.uint16) * 257
KINDS = {
    'rgb.png': (np.dstack([GREY] * 3), ''),
    'grey.jpg': (GREY, 'grey, read as three equal colours'),
    'fourth.png': (np.dstack([GREY] * 4), 'with a fourth band, which is left'),
    'grey16.png': (WIDE, '16-bit, of which the upper 8 bits are read'),
    'rgb16.png': (np.dstack([WIDE] * 3), '16-bit, of which the upper 8 bits'),
    'grey16.tif': (WIDE, '16-bit, of which the upper 8 bits are read'),
    'rgb16.tif': (np.dstack([WIDE] * 3), '16-bit, of which the upper 8 bits'),
}


@pytest.mark.parametrize('name', KINDS)
def test_says_what_reading_makes_of_a_picture(tmp_path, name):
    picture, kind = KINDS[name]
    path = str(tmp_path / name)
    cv2.imwrite(path, picture)
    found = check_image_file(path)
    assert kind in found if kind else found == ''
    read = read_image(path)
    assert read.dtype == np.uint8 and read.shape == (8, 8, 3)


@pytest.mark.parametrize('name', ['a.tif', 'a.gif'])
def test_of_several_frames_the_first_is_read(tmp_path, name):
    frames = [Image.fromarray(GREY + n) for n in range(2)]
    path = str(tmp_path / name)
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert 'of several frames' in check_image_file(path)
    assert read_image(path)[0, 0, 0] == 0


@pytest.mark.parametrize('dtype', [np.float32, np.int32])
def test_refuses_samples_of_32_bits(tmp_path, dtype):
    path = str(tmp_path / 'a.tif')
    Image.fromarray(GREY.astype(dtype)).save(path)
    with pytest.raises(OSError, match='has samples of 32 bits, which are not'):
        check_image_file(path)


def test_refuses_dicom_by_name(tmp_path):
    path = tmp_path / 'a.dcm'
    path.write_bytes(b'\0' * 128 + b'DICM' + b'\0' * 64)
    with pytest.raises(ValueError, match=r'a\.dcm is DICOM, .*convert it to'):
        check_image_file(str(path))
