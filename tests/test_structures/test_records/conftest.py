"""Six images of four classes, and what a loop counts of them."""

import math
from collections import Counter

import numpy as np
import pytest

from mmwsml.structures.records import RecordedImages, bin_edges

#: sample_id, observed positives and negatives, true positives.
ENTRIES = [
    ('set/a.png', [0], [], [0, 1]),
    ('set/b.png', [2], [1, 3], [0, 2]),
    ('set/c.png', [], [], [3]),
    ('set/d.png', [3], [2], [3]),
    ('set/e.png', [1, 2], [0], [1, 2, 3]),
    ('set/f.png', [], [0, 1, 2, 3], []),
]


def kind_of(entry, label):
    """Name the kind of an entry from the lists, where the truth is known."""
    _, positives, negatives, truth = entry
    if label in positives:
        return 'TP'
    if label in negatives:
        return 'observed_negative'
    return 'FN' if label in truth else 'TN'


@pytest.fixture
def entries():
    return ENTRIES


@pytest.fixture
def images():
    return RecordedImages.collect(ENTRIES, 4)


@pytest.fixture
def count():
    """Return a loop over shown (entry, logits): sums, and entries by bin."""

    def count(shown):
        sums, bins, edges = Counter(), Counter(), bin_edges()
        for entry, logits in shown:
            for label, logit in enumerate(logits):
                kind = kind_of(entry, label)
                sign = -1 if kind == 'TP' else 1
                loss = math.log1p(math.exp(sign * logit))
                place = max(i for i in range(128) if edges[i] <= loss)
                sums[kind, label] += loss
                bins[kind, label, place] += 1
        return sums, bins

    return count


@pytest.fixture
def same():
    """Compare counters of the loop with a record's arrays."""

    def same(record, kinds, sums, bins):
        for row, kind in enumerate(kinds):
            for label in range(record.sums.shape[1]):
                near = pytest.approx(sums[kind, label], abs=1e-5)
                assert record.sums[row, label] == near
                found = np.flatnonzero(record.histogram[row, label])
                expected = {b for k, c, b in bins if (k, c) == (kind, label)}
                assert set(found) == expected
                for b in found:
                    assert (
                        record.histogram[row, label, b]
                        == (bins[kind, label, b])
                    )

    return same
