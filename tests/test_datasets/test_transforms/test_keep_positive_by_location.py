from collections import Counter

import pytest

from mmwsml.datasets.transforms import KeepPositiveByLocation

#: In an image of 100 x 60 px: centres 30 px left, 10 px below the middle.
BOXES = [((10, 20, 30, 40), 4), ((45, 35, 55, 45), 7)]


def kept(sample_id, boxes=BOXES, **shape):
    """Return what is left of the positives of an image."""
    instances = [dict(bbox=box, bbox_label=label) for box, label in boxes]
    results = dict(sample_id=sample_id, gt_label=[4, 7], instances=instances)
    shape = shape or dict(ori_shape=(60, 100))
    return KeepPositiveByLocation()({**results, **shape})['gt_label']


def test_a_class_is_kept_in_inverse_proportion_to_its_distance():
    counts = Counter(kept(f'x/{n}')[0] for n in range(2000))
    assert 430 < counts[4] < 570  # 1 / 30 against 1 / 10


def test_two_boxes_of_a_class_count_twice():
    boxes = [*BOXES, *BOXES[:1] * 2]
    counts = Counter(kept(f'x/{n}', boxes)[0] for n in range(2000))
    assert 930 < counts[4] < 1070


@pytest.mark.parametrize('shift', [0, 0.5, 1])
def test_the_middle_counts_like_one_px_beside_it(shift):
    weigh = KeepPositiveByLocation().weigh_box
    box = (40 + shift, 20, 60 + shift, 40)
    assert weigh(box, dict(ori_shape=(60, 100))) == 2**32


def test_the_draw_is_the_same_for_good():
    assert [kept(f'images/{n}.png')[0] for n in range(8)] == [
        7,
        4,
        7,
        7,
        7,
        7,
        7,
        7,
    ]


def test_refuses_an_image_of_unknown_size():
    message = r'x/1 has no `ori_shape`.*put mmwsml\.LoadImage before'
    with pytest.raises(KeyError, match=message):
        kept('x/1', flip=False)
