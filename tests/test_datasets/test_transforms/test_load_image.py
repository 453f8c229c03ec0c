import cv2
import numpy as np
import pytest

from mmwsml.datasets.transforms import LoadImage


def test_reads_the_pixels_of_the_file(tmp_path):
    image = np.random.RandomState(0).randint(0, 256, (6, 9, 3), np.uint8)
    path = str(tmp_path / '1.png')
    cv2.imwrite(path, image)
    results = LoadImage()(dict(img_path=path, gt_label=[1]))
    np.testing.assert_array_equal(results['img'], image)
    assert results['img_shape'] == results['ori_shape'] == (6, 9)
    assert results['gt_label'] == [1]


@pytest.mark.parametrize('content', [b'', b'not a picture', b'\x89PNG\r\n'])
def test_names_a_file_that_is_no_picture(tmp_path, content):
    path = tmp_path / 'broken.png'
    path.write_bytes(content)
    message = r'The image .*broken\.png cannot be read .*: replace the file'
    with pytest.raises(OSError, match=message):
        LoadImage()(dict(img_path=str(path)))


def test_names_a_missing_file(tmp_path):
    with pytest.raises(OSError, match=r'gone\.png cannot be read') as error:
        LoadImage()(dict(img_path=str(tmp_path / 'gone.png')))
    assert isinstance(error.value.__cause__, FileNotFoundError)


@pytest.mark.parametrize('side', [14_000, 30_000, 60_000])
def test_refuses_an_image_that_claims_too_many_pixels(
    tmp_path, write_bomb, side
):
    path = write_bomb(tmp_path / 'bomb.png', side)
    message = r'bomb\.png says that it has more than the 178,956,970 pixels'
    with pytest.raises(OSError, match=message):
        LoadImage()(dict(img_path=path))
