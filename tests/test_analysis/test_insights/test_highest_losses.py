import importlib

import numpy as np
import pytest

from mmwsml.analysis.insights import NotRecordedError, highest_losses

# The package shows the function under the name of its file.
MODULE = importlib.import_module('mmwsml.analysis.insights.highest_losses')


def count_with_loops(facts, kinds):
    """Count the epoch of the highest loss, label by label."""
    count = np.zeros((len(kinds), len(facts.losses)), int)
    for m, k in np.ndindex(facts.kinds.shape):
        highest, when = -1.0, None
        for e, losses in enumerate(facts.losses):
            if losses[m, k] > highest:
                highest, when = losses[m, k], e
        if when is not None:
            count[kinds.index(facts.kinds[m, k]), when] += 1
    return count.tolist()


@pytest.mark.parametrize('chunk', [1, 12, 2**22])
def test_equals_the_search_in_loops(make_run, monkeypatch, chunk):
    monkeypatch.setattr(MODULE, 'CHUNK', chunk)
    records, facts = make_run()
    found = highest_losses(records)
    assert found.num_labels.tolist() == count_with_loops(facts, found.kinds)


def test_the_phases_add_up(make_run):
    found = highest_losses(make_run()[0], warmup=2)
    for row, count in zip(found.table().rows, found.num_labels):
        assert row[1] == count.sum()
        assert row[2] == pytest.approx(100 * count[:2].sum() / count.sum())
        assert row[2] + row[3] == pytest.approx(100)


def test_draws_a_curve_for_each_kind(make_run):
    found = highest_losses(make_run()[0])
    lines = found.figure().axes[0].lines
    assert len(lines) == len(found.kinds) + 1
    assert sum(lines[0].get_ydata()) == pytest.approx(100)


def test_a_label_that_no_epoch_showed_is_left_out(make_run):
    records, facts = make_run(epochs=(1, 10))  # image 1 is in neither
    found = highest_losses(records)
    assert found.num_labels.sum() == facts.kinds.size - 4


@pytest.mark.parametrize(
    ('options', 'warmup', 'message'),
    [
        (dict(keep=False), 1, 'record.keep=losses'),
        (dict(epochs=(2, 3)), 1, 'recorded from epoch 2 on'),
        (dict(epochs=(1,)), 1, 'comes after it, but is 1 epochs long'),
        ({}, 4, 'comes after it, but is 4 epochs long'),
        ({}, 0, 'must end between epoch 1'),
    ],
)
def test_says_why_there_is_no_answer(make_run, options, warmup, message):
    records, _ = make_run(**options)
    with pytest.raises(NotRecordedError, match=message):
        highest_losses(records, warmup)
