"""Judging a list by the truth."""

import math

import pytest

from mmwsml.analysis.clean_up import judge_list, rank_suspects


def test_precision_is_a_share_of_right_lines(make_run):
    run = make_run()
    suspects = rank_suspects([run], num=80, quota=math.inf)
    quality = judge_list(run, suspects)
    for n in (1, 10, 80):
        right = sum(suspect.right for suspect in suspects[:n])
        assert quality.precision[n - 1] == pytest.approx(right / n)
    assert quality.precision[-1] == quality.chance == 0.5
    assert quality.num_hidden == 40


def test_an_empty_list_has_no_precision(make_run):
    assert len(judge_list(make_run(), []).precision) == 0


def test_without_truth_nothing_is_judged(make_run):
    with pytest.raises(ValueError, match='does not know the true labels: a'):
        judge_list(make_run(truth=False), [])
