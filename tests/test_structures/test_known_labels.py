import numpy as np

from mmwsml.structures import KnownLabels, hash64

ENTRIES = [('a', [1, 3], [0]), ('b', [], []), ('c', [3], [1, 2])]
KNOWN = KnownLabels.collect(ENTRIES)


def test_collects_images_in_their_order():
    assert KNOWN.keys.tolist() == [hash64(image) for image, *_ in ENTRIES]
    assert KNOWN.positives.classes.tolist() == [1, 3, 3]
    assert KNOWN.negatives.classes.tolist() == [0, 1, 2]


def test_marks_equal_marks_written_as_loops():
    keys = np.sort(KNOWN.keys)
    expected = np.zeros((3, 5), np.int8)
    for image, positives, negatives in ENTRIES:
        row = keys.tolist().index(hash64(image))
        for k in positives:
            expected[row, k] = 1
        for k in negatives:
            expected[row, k] = -1
    assert np.array_equal(KNOWN.marks(keys, 5), expected)


def test_counts_the_positives_of_each_class():
    assert KNOWN.count_positives(5).tolist() == [0, 1, 0, 2, 0]


def test_takes_no_images_at_all():
    none = KnownLabels.collect([])
    assert len(none.keys) == 0
    assert none.count_positives(2).tolist() == [0, 0]
    assert none.marks(none.keys, 2).shape == (0, 2)
