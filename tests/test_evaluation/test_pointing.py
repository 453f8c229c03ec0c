import numpy as np
import pytest
import torch

from mmwsml.evaluation.pointing import (
    boxes_of,
    covered_share,
    draw_map,
    enlarge,
    find_maximum,
    is_hit,
)


@pytest.mark.parametrize('cell', [(0, 0), (1, 2), (3, 0), (3, 3)])
def test_the_maximum_lies_in_the_middle_of_its_cell(cell):
    activation = torch.zeros(4, 4)
    activation[cell] = 1
    point = find_maximum(activation, (40, 40), (40, 40), (20, 80))
    row, column = cell  # a cell is 5 px high and 20 px wide in the file
    x, y = (column * 20, 20), (row * 5, 5)
    for place, (first, size) in zip(point, (x, y)):
        assert first <= place <= first + size
        inside = 0 < first < 3 * size
        assert not inside or abs(place - first - size / 2) <= 1


def test_padding_does_not_count():
    activation = torch.tensor([[0.1, 9.0], [0.2, 9.0]])  # the right is padding
    point = find_maximum(activation, (8, 8), (8, 4), (16, 8))
    assert point[0] < 8
    assert enlarge(activation, (8, 8), (8, 4), (16, 8)).shape == (16, 8)


def test_equal_values_point_at_the_first():
    point = find_maximum(torch.ones(2, 2), (4, 4), (4, 4), (4, 4))
    assert point == (0.5, 0.5)


@pytest.mark.parametrize(
    ('point', 'tolerance', 'expected'),
    [
        ((10, 10), 0, True),  # on the corner
        ((9.5, 15), 0, False),
        ((9.5, 15), 0.5, True),
        ((20.5, 30.5), 0.5, True),
        ((50, 50), 0, True),  # in the second box
        ((30, 15), 9, False),
        ((30, 15), 10, True),
    ],
)
def test_a_hit_lies_in_a_box_or_near_it(point, tolerance, expected):
    boxes = [(10, 10, 20, 30), (45, 45, 55, 55)]
    assert is_hit(point, boxes, tolerance) == expected


def test_the_covered_share_counts_hits_of_every_pixel():
    boxes = [(-5, 2, 3.2, 8), (2, 4, 30, 6.5)]
    for tolerance in (0, 1, 2.5):
        hits = [
            is_hit((x + 0.5, y + 0.5), boxes, tolerance)
            for x in range(12)
            for y in range(9)
        ]
        share = covered_share(boxes, tolerance, (9, 12))
        assert share == pytest.approx(np.mean(hits))


def test_lists_the_boxes_of_a_class():
    instances = [dict(bbox=[n] * 4, bbox_label=n % 2) for n in range(3)]
    assert boxes_of(instances, 0) == [[0] * 4, [2] * 4]
    assert boxes_of(instances, 5) == []


def test_a_picture_shows_box_and_point():
    image = np.zeros((40, 60, 3), np.uint8)
    heat = torch.zeros(40, 60)
    drawn = draw_map(image, heat, [(10, 10, 30, 30)], (20, 20), 'cat: hit')
    assert drawn.shape == (28 + 8 * 40, 8 * 60, 3)
    assert drawn[28 + 80, 100:200].min() == 255  # the upper side of the box
    assert drawn[28 + 160, 160].min() == 255  # the cross
    assert (drawn[:28] < 100).any()  # the title
