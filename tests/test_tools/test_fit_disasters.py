"""Disasters of tools/checks/fit_disasters.py, before anything is fitted."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / 'tools' / 'checks'))

from fit_disasters import FIT_DISASTERS
from fit_given import SPLITS, Given, Part, write_given


@pytest.fixture
def given():
    rng = np.random.default_rng(0)
    parts = {}
    for split, num in zip(SPLITS, (40, 20, 20)):
        images = list(rng.integers(0, 255, (num, 32, 32, 3), np.uint8))
        truth = rng.random((num, 6)) < 0.3
        parts[split] = Part(images, truth, np.ones_like(truth))
    return Given(tuple('abcdef'), parts)


@pytest.mark.parametrize(
    'what',
    [x for x in FIT_DISASTERS if not x.rate],
    ids=lambda what: what.name,
)
def test_a_disaster_changes_what_is_given(given, what, tmp_path):
    found = what.spoil(given, np.random.default_rng(0))
    assert len(found.classes) == found.parts['val'].positive.shape[1]
    for part in found.parts.values():
        assert len(part.images) == len(part.positive) == len(part.observed)
        assert not (part.positive & ~part.observed).any()
    write_given(given, tmp_path / 'good')
    write_given(found, tmp_path / 'bad')
    bytes_of = [
        [path.read_bytes() for path in sorted((tmp_path / x).rglob('*.*'))]
        for x in ('good', 'bad')
    ]
    assert bytes_of[0] != bytes_of[1]
