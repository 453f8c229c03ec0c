"""Means, spreads and shares against plain loops."""

import math

import pytest

from mmwsml.benchmark.collect import collect_rows, gap_closed

TESTS = {
    'an': {0: 60.0, 1: 64.0, 2: 62.0},
    'full': {0: 90.0, 1: 94.0},
    'll-r': {0: 75.0, 1: 70.0, 2: 80.0},
    'wan': {2: 70.0},
}


@pytest.fixture
def rows(make_setting, make_result):
    results = {
        (make_setting(method), seed): make_result(value, best_step=seed + 3)
        for method, values in TESTS.items()
        for seed, value in values.items()
    }
    return {row.setting.leaf.method: row for row in collect_rows(results)}


def test_mean_and_sample_deviation_equal_loops(rows):
    for method, values in TESTS.items():
        mean = sum(values.values()) / len(values)
        assert rows[method].test.mean == pytest.approx(mean)
        if len(values) > 1:
            squares = sum((v - mean) ** 2 for v in values.values())
            std = math.sqrt(squares / (len(values) - 1))
            assert rows[method].test.std == pytest.approx(std)
    assert rows['wan'].test.std is None


def test_the_gap_is_closed_seed_by_seed(rows):
    shares = [
        100 * (TESTS['ll-r'][s] - TESTS['an'][s])
        / (TESTS['full'][s] - TESTS['an'][s])
        for s in (0, 1)
    ]  # fmt: skip
    assert rows['ll-r'].gap.mean == pytest.approx(sum(shares) / 2)
    assert rows['ll-r'].gap.num == 2
    assert rows['an'].gap == (0, 0, 2) and rows['full'].gap == (100, 0, 2)


def test_the_gap_is_not_available_without_both_ends(rows):
    assert rows['wan'].gap is None  # full labels have no seed 2


def test_ends_are_of_the_same_data(make_setting, make_result):
    results = {
        (make_setting('an'), 0): make_result(60.0),
        (make_setting('full', dataset='coco18'), 0): make_result(50.0),
    }
    assert [row.gap for row in collect_rows(results)] == [None, None]


def test_the_best_comes_first_within_its_group(make_setting, make_result):
    results = {
        (make_setting('an'), 0): make_result(60.0),
        (make_setting('em', dataset='coco18'), 0): make_result(99.0),
        (make_setting('ll-r', 2), 0): make_result(70.0),
    }
    labels = [row.setting.label for row in collect_rows(results)]
    assert labels == ['ll-r delta_rel 2', 'an', 'em']


def test_seeds_and_their_best_epochs_are_in_order(make_setting, make_result):
    setting = make_setting('an')
    results = {
        (setting, seed): make_result(60.0, best_step=seed) for seed in (2, 0)
    }
    (row,) = collect_rows(results)
    assert row.seeds == row.best_steps == (0, 2)
    assert row.speed is row.gap is None


def test_no_gap_and_no_value(make_setting, make_result):
    assert gap_closed(70, 60, 60) is None
    assert collect_rows({}) == []


def test_the_gap_is_that_of_the_same_share_of_images(
    make_setting, make_result
):
    scores = {'an': (10, 50), 'full': (30, 90), 'll-r': (20, 80)}
    results = {
        (make_setting(name, share)._replace(axis='images'), 0): make_result(x)
        for name, pair in scores.items()
        for share, x in zip((10, 70), pair)
    }
    gaps = {row.setting.label: row.gap.mean for row in collect_rows(results)}
    assert gaps['ll-r images 10'] == 50 and gaps['ll-r images 70'] == 75
    assert gaps['an images 10'] == 0 and gaps['full images 70'] == 100
