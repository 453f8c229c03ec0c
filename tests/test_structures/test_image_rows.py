import numpy as np
import pytest

from mmwsml.structures import GlobalBatch, ImageRows, hash64

IDS = [f'voc/{n}.jpg' for n in range(9)]
KEYS = np.array([hash64(image) for image in IDS], np.int64)


def test_rows_follow_the_hashes_in_any_order_of_the_images():
    rows = ImageRows(np.concatenate([KEYS[::-1], KEYS[2:5]]))
    expected = [sorted(KEYS.tolist()).index(key) for key in KEYS.tolist()]
    found, known = rows.find(KEYS)
    assert len(rows) == 9 and known.all()
    assert found.tolist() == expected
    assert rows.of(GlobalBatch(IDS)).tolist() == expected


def test_an_unknown_key_is_not_found():
    extremes = np.array([-(2**63), KEYS[0], 2**63 - 1])
    _, known = ImageRows(KEYS).find(extremes)
    assert known.tolist() == [False, True, False]


def test_without_images_nothing_is_known():
    rows, known = ImageRows(np.empty(0, np.int64)).find(KEYS)
    assert len(rows) == len(known) == 9 and not known.any()


def test_an_image_of_another_set_is_named():
    message = 'The image coco/1 is not one of the 9 .*LabelStoreHook'
    with pytest.raises(ValueError, match=message):
        ImageRows(KEYS).of(GlobalBatch([IDS[3], 'coco/1', 'coco/2']))
