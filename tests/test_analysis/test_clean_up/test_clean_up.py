import contextlib
import csv
import json

import pytest

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
