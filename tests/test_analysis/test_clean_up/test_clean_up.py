import contextlib
import csv
import json
import math

import pytest

from mmwsml.analysis.clean_up import judge_list, rank_suspects
from mmwsml.analysis.clean_up.clean_up import (
    write_answered_labels,
    write_clean_up_list,
)


@pytest.fixture
def run(make_run):
    """Record a run; return its folder."""
    return str(make_run().run)


@pytest.fixture
def filled(run, tmp_path):
    """Write a list and answer its first line."""
    path = tmp_path / 'list.csv'
    write_clean_up_list([run], str(path), num=20)
    with open(path, newline='') as file:
        lines = list(csv.DictReader(file))
    lines[0]['present'] = 'yes'
    with open(path, 'w', newline='') as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    return path


def test_a_list_that_someone_has_filled_is_not_written_over(run, filled):
    before = filled.read_text()
    with contextlib.suppress(FileExistsError):
        write_clean_up_list([run], str(filled))
    assert filled.read_text() == before
    write_clean_up_list([run], str(filled), force=True)
    assert 'yes' not in filled.read_text()


@pytest.mark.parametrize('force', [(), (True,)])
def test_answers_are_not_written_over(run, filled, force):
    before = filled.read_text()
    with contextlib.suppress(FileExistsError, TypeError):
        write_answered_labels(run, str(filled), str(filled), *force)
    assert filled.read_text() == before


def test_answers_are_written_to_a_file_of_their_own(run, filled, tmp_path):
    out = tmp_path / 'train.json'
    write_answered_labels(run, str(filled), str(out))
    data_list = json.loads(out.read_text())['data_list']
    assert sum(len(image['gt_label']) for image in data_list) == 40 + 1
    with contextlib.suppress(FileExistsError):
        out.write_text('{"mine": 1}')
        write_answered_labels(run, str(filled), str(out))
    assert out.read_text() == '{"mine": 1}'


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
