"""Train, list suspects, answer, and train on the answers."""

import csv
import json

import pytest

RECORD = 'default_hooks.record'


@pytest.fixture
def run(run_tool, config, digits, tmp_path):
    """Train for two epochs with records; return the work dir."""
    options = [*digits, 'train_cfg.max_epochs=2']
    options += [f'{RECORD}.type=mmwsml.RecordHook', f'{RECORD}.keep=losses']
    run_tool('train', config('an'), '--work-dir', 'w', options=options)
    return tmp_path / 'w'


@pytest.mark.slow
def test_answers_to_a_list_are_labels_to_train_on(
    run, run_tool, tmp_path, capsys
):
    tool = 'analysis/clean_up'
    run_tool(tool, run, run, '--out', 'list.csv', '--num', 50)
    assert 'by chance: ' in capsys.readouterr().out
    with open(tmp_path / 'list.csv', newline='') as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 50
    assert all(line['image'].endswith('.png') for line in lines)
    lines[0]['present'], lines[1]['present'] = 'yes', 'no'
    with open(tmp_path / 'filled.csv', 'w', newline='') as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    run_tool(tool, run, '--answers', 'filled.csv', '--out', 'train.json')
    data_list = json.loads((tmp_path / 'train.json').read_text())['data_list']
    assert sum(len(info['gt_label']) for info in data_list) == 128 + 1
    assert sum(len(info['neg_label']) for info in data_list) == 1


def test_a_folder_without_records_ends_in_a_sentence(run_tool, tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r'^.* holds no records: train'
    ):
        run_tool('analysis/clean_up', tmp_path, '--out', 'list.csv')


def test_answers_are_read_for_one_run(run_tool, capsys):
    options = ('a', 'b', '--out', 'x.json', '--answers', 'filled.csv')
    with pytest.raises(SystemExit):
        run_tool('analysis/clean_up', *options)
    assert '--answers takes one RUN' in capsys.readouterr().err
