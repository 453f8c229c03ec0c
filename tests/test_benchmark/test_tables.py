"""Markdown and CSV."""

import csv
import io

import pytest

from mmwsml.benchmark.collect import collect_rows
from mmwsml.benchmark.tables import to_csv, to_markdown


@pytest.fixture
def rows(make_setting, make_result):
    results = {
        (make_setting('an'), 0): make_result(60.0),
        (make_setting('an'), 1): make_result(64.0),
        (make_setting('full'), 0): make_result(90.0),
        (make_setting('ll-r', 2), 0): make_result(75.0),
        (make_setting('ll-r', 2), 1): make_result(75.0),
        (make_setting('em', dataset='coco18'), 0): make_result(50.0),
    }
    return collect_rows(results)


def test_markdown_has_a_table_for_each_data_set(rows):
    text = to_markdown(rows, ['wan seed 0: new'], 'the command')
    lines = text.splitlines()
    assert lines[0] == 'Made by `the command`.'
    assert 'digitnet on digitscenes:' in lines
    assert '| an | 1pos | 0, 1 | 62.0 ± 2.8 |' in text
    cells = '75.0 ± 0.0 | 50.0 ± 0.0 | 45.0 ± 0.0 | 2, 2 | 50.0 (1 of 2 seeds)'
    assert f'| ll-r delta_rel 2 | 1pos | 0, 1 | {cells} |' in lines
    assert '| em | 1pos | 0 | 50.0 | 50.0 | 45.0 | 2 | n/a |' in lines
    assert lines[-1] == '- wan seed 0: new'


def test_what_is_varied_is_read_across_and_line_by_line(rows):
    lines = to_markdown(rows, [], 'c').splitlines()
    start = lines.index('| test mAP, by delta_rel | not varied | 2 % |')
    assert lines[start + 2 : start + 5] == [
        '| full | 90.0 |  |',
        '| an | 62.0 ± 2.8 |  |',
        '| ll-r |  | 75.0 ± 0.0 |',
    ]
    assert not any('by delta_rel' in line for line in lines[start + 1 :])


def test_markdown_names_no_missing_runs_where_none_are(rows):
    text = to_markdown(rows, [], 'c')
    assert 'Without a result' not in text and 'Published' not in text


def test_classes_that_the_metric_leaves_out_are_counted(
    make_setting, make_result
):
    results = {(make_setting('an'), seed): make_result(50) for seed in (0, 1)}
    assert 'leaves out' not in to_markdown(collect_rows(results), [], 'c')
    results[make_setting('an'), 1]['left_out'] = 3
    text = to_markdown(collect_rows(results), [], 'c')
    assert 'The test mAP leaves out 3 classes, which have' in text


def test_speed_stands_where_runs_tell_it(make_setting, make_result):
    results = {
        (make_setting(name), seed): make_result(50.0)
        for name in ('an', 'em')
        for seed in (0, 1)
    }
    assert 'images/s' not in to_markdown(collect_rows(results), [], 'c')
    results[make_setting('an'), 0]['images_per_s'] = 40.0
    results[make_setting('an'), 1]['images_per_s'] = None
    rows = collect_rows(results)
    lines = to_markdown(rows, [], 'c').splitlines()
    assert lines[-4].endswith('| gap closed, % | images/s |')
    assert lines[-2].endswith('| n/a | 40.0 |')
    assert lines[-1].endswith('| n/a | n/a |')
    an, _ = csv.DictReader(io.StringIO(to_csv(rows)))
    assert float(an['images_per_s_mean']) == 40


def test_csv_holds_all_numbers(rows):
    table = list(csv.DictReader(io.StringIO(to_csv(rows))))
    assert len(table) == len(rows)
    an = next(line for line in table if line['method'] == 'an')
    assert float(an['test_mean']) == 62 and an['seeds'] == '0 1'
    assert float(an['test_std']) == pytest.approx(8**0.5)
    em = next(line for line in table if line['method'] == 'em')
    assert em['gap_closed_mean'] == em['test_std'] == ''


def test_a_published_number_stands_beside_ours(make_setting, make_result):
    results = {
        (make_setting(name, None, 'resnet50', 'voc12'), 0): make_result(score)
        for name, score in (('an', 84.1), ('em', 60.0))
    }
    rows = collect_rows(results)
    lines = to_markdown(rows, [], 'c').splitlines()
    assert lines[-4].endswith('gap closed, % | published | difference |')
    assert lines[-2].endswith('| n/a | 85.1 | -1.0 |')
    assert lines[-1].endswith('| n/a | n/a | n/a |')
    assert any(line.startswith('Published: test mAP') for line in lines)
    an, em = csv.DictReader(io.StringIO(to_csv(rows)))
    assert (an['published'], em['published']) == ('85.1', '')


def test_a_table_of_positives_alone_says_so(make_setting, make_result):
    result = make_result(60.0)
    result.update(chosen_by='multi-label/pu_AUC', tested_by='multi-label/mAP')
    rows = collect_rows({(make_setting('an'), 0): result})
    text = to_markdown(rows, [], 'c')
    assert 'no mAP (validation: multi-label/pu_AUC)' in text
    result.update(tested_by='multi-label/pu_AUC')
    text = to_markdown(collect_rows({(make_setting('an'), 0): result}), [], '')
    assert '(test: multi-label/pu_AUC, validation: multi-label/pu_' in text


def test_choices_that_pu_map_contradicts_are_told(make_setting, make_result):
    """an: of its epochs in seed 1; and ll-r has the better pu_mAP."""
    results = {}
    for name, best, rival in (('an', 80.0, 20.0), ('ll-r', 79.0, 22.0)):
        for seed in (0, 1):
            result = make_result(60.0, best=best)
            result.update(chosen_by='multi-label/pu_AUC', rival=rival)
            doubt = seed * (name == 'an')
            result.update(best_rival=rival * (1 + 0.02 * doubt))
            results[make_setting(name), seed] = result
    text = to_markdown(collect_rows(results), [], 'c')
    assert 'chose, of\nan (seed 1). docs/evaluation.md' in text
    assert 'an has the best pu_AUC, ll-r the best pu_mAP' in text
    for result in results.values():
        result.update(rival=20.0, best_rival=20.0)
    assert 'In doubt' not in to_markdown(collect_rows(results), [], 'c')
