"""How long the rest takes."""

import pytest

from mmwsml.benchmark.estimate import estimate_seconds, format_seconds


def test_own_setting_counts_before_its_group(make_setting):
    an, wan = make_setting('an'), make_setting('wan')
    spent = {(an, 0): 10.0, (an, 1): 20.0, (make_setting('em'), 0): 60.0}
    assert estimate_seconds([(an, 1)], spent) == 15
    assert estimate_seconds([(wan, 1)], spent) == 30
    assert estimate_seconds([(an, 1), (wan, 0.5)], spent) == 30
    assert estimate_seconds([(an, 1), (wan, 1)], spent, jobs=8) == 22.5


def test_another_data_set_tells_nothing(make_setting):
    spent = {(make_setting('an'), 0): 10.0}
    other = make_setting('an', dataset='mine')
    assert estimate_seconds([(other, 1)], spent) is None
    assert estimate_seconds([], spent) == 0


def test_before_anything_has_run_a_typical_time_is_told(make_setting):
    assert estimate_seconds([(make_setting('an'), 1)] * 3, {}, jobs=2) == 330


@pytest.mark.parametrize(
    'seconds, text',
    [
        (None, 'unknown until an epoch is trained'),
        (9.4, '9 s'),
        (150, '2 min'),
        (5400, '1 h 30 min'),
    ],
)
def test_time_is_written_for_people(seconds, text):
    assert format_seconds(seconds) == text
