"""Keeping the best entries of each class."""

import numpy as np
import pytest

from mmwsml.analysis.clean_up.top_entries import TopEntries


@pytest.mark.parametrize('step', [1, 4, 30])
def test_the_best_are_those_of_a_sort(step):
    scores = np.random.RandomState(0).randint(9, size=(30, 3)).astype('f4')
    scores[5] = np.nan
    limits = np.array([4, 1, 50])
    top = TopEntries(limits)
    for first in range(0, 30, step):
        top.add(scores[first : first + step], first)
    expected = []
    for label in range(3):
        column = [(-scores[n, label], n, label) for n in range(30) if n != 5]
        expected += sorted(column)[: limits[label]]
    found = [(-s, row, label) for s, row, label in top.best(20).tolist()]
    assert found == sorted(expected)[:20]
