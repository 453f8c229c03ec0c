import os

import cv2
import numpy as np
import pytest
from PIL import Image

from mmwsml.datasets.image_file import (
    check_image_file,
    find_image_error,
    read_image,
)
from mmwsml.datasets.transforms import LoadImage

NOT_UTF8 = os.fsdecode(b'caf\xe9.png')


def load(path):
    """Read an image as a pipeline does."""
    return LoadImage()(dict(img_path=path))


@pytest.mark.parametrize('name', [NOT_UTF8, 'a\0.png'])
@pytest.mark.parametrize(
    'read',
    [check_image_file, read_image, lambda x: LoadImage()({'img_path': x})],
)
def test_no_library_sees_a_name_that_is_none(
    tmp_path, monkeypatch, name, read
):
    for library, function in ((cv2, 'haveImageReader'), (Image, 'open')):
        monkeypatch.setattr(library, function, None)
    with pytest.raises(OSError, match='not UTF-8 or holds a zero: rename'):
        read(str(tmp_path / name))


@pytest.mark.parametrize('side', [14_000, 30_000, 60_000])
def test_an_image_that_claims_too_many_pixels_is_not_decoded(
    tmp_path, write_bomb, side
):
    path = write_bomb(tmp_path / 'bomb.png', side)
    message = r'bomb\.png says that it has more than the 178,956,970 pixels'
    with pytest.raises(OSError, match=message):
        load(path)
    with pytest.raises(OSError, match=message):
        read_image(path)
    assert 'more than the 178,956,970' in find_image_error(path)


def test_what_opencv_alone_knows_is_an_image(tmp_path):
    path = str(tmp_path / 'a.hdr')
    cv2.imwrite(path, np.ones((4, 4, 3), np.float32))
    assert 'only OpenCV reads' in check_image_file(path)
