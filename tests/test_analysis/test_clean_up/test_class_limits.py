"""Lines that a class may take."""

import math

import numpy as np
import pytest

from mmwsml.analysis.clean_up import class_limits

OBSERVED = np.array([60, 30, 10, 0])


@pytest.mark.parametrize(
    'quota, expected',
    [
        (1, [60, 30, 10, 1]),
        (2, [100, 60, 20, 1]),
        (0.05, [3, 2, 1, 1]),
        (math.inf, [100] * 4),
    ],
)
def test_a_class_takes_its_share_of_the_observed(quota, expected):
    assert class_limits(OBSERVED, 100, quota).tolist() == expected


def test_a_number_bounds_every_class():
    limits = class_limits(OBSERVED, 100, 2, per_class=25)
    assert limits.tolist() == [25, 25, 20, 1]


def test_without_observed_positives_there_is_no_bound():
    assert class_limits(np.zeros(2, int), 5).tolist() == [5, 5]


@pytest.mark.parametrize(
    'options, message',
    [
        (dict(num=0), '`num` must be finite and at least 1, but got 0'),
        (dict(num=9, quota=0), '`quota` must be above 0, but got 0'),
        (dict(num=9, quota=math.nan), '`quota` must be above 0, but got nan'),
        (
            dict(num=9, per_class=0),
            '`per_class` must be finite and at least 1, but',
        ),
    ],
)
def test_numbers_that_are_too_small_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        class_limits(OBSERVED, **options)
