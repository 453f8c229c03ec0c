"""The notebook runs from its first cell to its last."""

import json
from pathlib import Path

import pytest

TOUR = Path(__file__).parents[1] / 'demo' / 'tour.ipynb'


def count_known(entries):
    """Count the labels that are known, of both kinds."""
    return sum(len(x['gt_label']) + len(x['neg_label']) for x in entries)


@pytest.mark.slow
def test_the_tour_ends_with_a_refit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {}
    for cell in json.loads(TOUR.read_text())['cells']:
        if cell['cell_type'] == 'code':
            exec(''.join(cell['source']), names)
    assert len(names['found']) == 50
    verdict = json.loads(names['fitted'].verdict.read_text())
    assert verdict['severity'] != 'broken', verdict
    kept = names['refitted'].path
    assert kept == tmp_path / 'digits' / 'fit' / 'refit-1'
    before, after = (
        json.loads(x.labels('train').read_text())['data_list']
        for x in (names['fitted'], names['refitted'])
    )
    assert len(before) == len(after) == 200
    answered = count_known(after) - count_known(before)
    assert answered == len(names['rows']) == 100


def test_the_tour_holds_no_output():
    cells = json.loads(TOUR.read_text())['cells']
    assert not any(cell.get('outputs') for cell in cells)
