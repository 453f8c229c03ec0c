from fractions import Fraction

import numpy as np
import pytest

from mmwsml.label_files.marked_labels import (
    ABSENT,
    PRESENT,
    UNKNOWN,
    MarkedLabels,
)
from mmwsml.label_files.stratified_split import (
    parse_shares,
    say_what_lacks,
    split_images,
)

SHARES = parse_shares('0.7,0.15,0.15')


def mark(dense, groups=None):
    """Turn marks (N, K) into labels."""
    dense = np.asarray(dense)
    rows, labels = np.nonzero(dense != UNKNOWN)
    return MarkedLabels(
        [f'c{n}' for n in range(dense.shape[1])],
        [f'{n}.jpg' for n in range(len(dense))],
        rows.astype(np.int32),
        labels.astype(np.int32),
        dense[rows, labels].astype(np.int8),
        'unknown',
        str,
        groups=groups,
    )


def draw(num_images, num_classes=5):
    """Draw partial marks: rare classes, and rarer known negatives."""
    rng = np.random.RandomState(0)
    numbers = rng.rand(num_images, num_classes)
    dense = np.full(numbers.shape, UNKNOWN)
    dense[numbers < 0.3 / np.arange(1, num_classes + 1)] = PRESENT
    dense[numbers > 0.9] = ABSENT
    return dense


def count(parts, mark):
    """Count a mark of each class in each part."""
    return np.array(
        [
            np.bincount(part.labels[part.marks == mark], minlength=5)
            for part in parts.values()
        ]
    )


def test_each_part_has_its_share_of_each_label():
    parts = split_images(mark(draw(1000)), SHARES)
    assert list(parts) == ['train', 'val', 'test']
    sizes = [len(part) for part in parts.values()]
    assert sizes == pytest.approx([700, 150, 150], abs=10)
    for kind in (PRESENT, ABSENT):
        found = count(parts, kind)
        shares = np.array(SHARES, float)[:, None] * found.sum(0)
        assert np.abs(found - shares).max() < 4, kind


def test_every_image_is_in_one_part_in_the_order_of_the_file():
    marked = mark(draw(100))
    parts = split_images(marked, parse_shares('1/2, 1/2'))
    assert list(parts) == ['train', 'val']
    numbers = [
        [int(image[:-4]) for image in part.images] for part in parts.values()
    ]
    assert all(part == sorted(part) for part in numbers)
    assert sorted(n for part in numbers for n in part) == list(range(100))
    lists = list(marked.lists())
    for part, rows in zip(parts.values(), numbers):
        assert list(part.lists()) == [lists[row] for row in rows]


def test_a_split_follows_from_the_images_and_the_seed():
    marked = mark(draw(100))
    first = split_images(marked, SHARES)
    turned = split_images(marked.take(np.arange(100)[::-1]), SHARES)
    for name, part in first.items():
        assert sorted(part.images) == sorted(turned[name].images)
    other = split_images(marked, SHARES, seed=1)
    assert other['val'].images != first['val'].images


def test_groups_stay_together_and_are_spread_by_their_size():
    sizes = [1] * 60 + [2] * 30 + [12] * 20
    groups = [f'g{n}' for n, size in enumerate(sizes) for _ in range(size)]
    parts = split_images(mark(draw(len(groups)), groups), SHARES)
    found = [set(part.groups) for part in parts.values()]
    assert sum(map(len, found)) == len(set(groups))  # none is in two parts
    big = [sum(int(name[1:]) >= 90 for name in part) for part in found]
    assert big == pytest.approx([14, 3, 3], abs=1)
    images = [len(part) / len(groups) for part in parts.values()]
    assert images == pytest.approx([0.7, 0.15, 0.15], abs=0.05)


@pytest.mark.parametrize(
    'text', ['0.7,0.3,0.1', '1', '1,0', '0.5,a', '', '.2,.2,.2,.4', '2,-1']
)
def test_shares_that_are_none_are_refused(text):
    with pytest.raises(ValueError, match='--split must be the shares of trai'):
        parse_shares(text)


def test_shares_are_exact():
    assert sum(SHARES) == 1 and SHARES[0] == Fraction(7, 10)


def test_too_few_images_for_a_part_are_refused():
    marked = mark(draw(30), ['a'] * 20 + ['b'] * 10)
    with pytest.raises(ValueError, match='30 images in 2 groups are too few'):
        split_images(marked, SHARES)


def test_says_which_part_has_no_positive_of_a_class():
    dense = draw(100)
    dense[:, 1] = ABSENT
    dense[3, 1] = PRESENT
    lines = say_what_lacks(split_images(mark(dense), SHARES))
    assert len(lines) == 2
    assert all('has no known positive of 1 classes' in x for x in lines)
    assert all(line.endswith('too few: c1.') for line in lines)
