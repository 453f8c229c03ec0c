from collections import Counter

import pytest

from mmwsml.datasets.transforms import KeepOnePositive, KeepPositiveBySize

#: Class 4 covers 25 + 5, class 7 covers 70 square px.
BOXES = [((0, 0, 5, 5), 4), ((9.5, 0, 10, 10), 4), ((10, 10, 20, 17), 7)]


def kept(sample_id, boxes, labels=(4, 7), seed=0):
    """Return what is left of the positives of an image."""
    instances = [dict(bbox=box, bbox_label=label) for box, label in boxes]
    results = dict(sample_id=sample_id, gt_label=list(labels))
    return KeepPositiveBySize(seed)({**results, 'instances': instances})[
        'gt_label'
    ]


def test_a_class_is_kept_in_proportion_to_the_area_of_its_boxes():
    counts = Counter(kept(f'x/{n}', BOXES)[0] for n in range(2000))
    assert 540 < counts[4] < 660 and counts[4] + counts[7] == 2000


def test_the_order_of_the_boxes_does_not_matter():
    for n in range(50):
        assert kept(f'x/{n}', BOXES) == kept(f'x/{n}', BOXES[::-1])


def test_boxes_of_one_size_draw_like_no_boxes():
    same = [((0, 0, 3, 3), 4), ((1, 1, 4, 4), 7)]
    weights = KeepPositiveBySize().weigh(
        dict(instances=[dict(bbox=b, bbox_label=c) for b, c in same]), [4, 7]
    )
    assert weights[0] == weights[1] == 9 * 2**16
    assert KeepOnePositive().weigh({}, [4, 7]) == [1, 1]


def test_a_box_without_area_still_counts():
    assert kept('x/1', [((3, 3, 3, 9), 4)], labels=[4]) == [4]


def test_a_box_of_a_class_that_is_not_positive_does_not_count():
    assert kept('x/1', [*BOXES, ((0, 0, 99, 99), 1)], labels=[4]) == [4]


def test_the_draw_is_the_same_for_good():
    assert [kept(f'images/{n}.png', BOXES)[0] for n in range(8)] == [
        4,
        7,
        4,
        4,
        7,
        7,
        7,
        7,
    ]


def test_refuses_a_positive_without_a_box():
    with pytest.raises(ValueError, match=r'x/1 has no box of its class 9 in'):
        kept('x/1', BOXES, labels=[4, 9])


def test_refuses_a_box_that_is_not_two_corners():
    with pytest.raises(ValueError, match=r'x/1 has the box .* x1 <= x2'):
        kept('x/1', [((10, 10, 5, 5), 4)], labels=[4])
