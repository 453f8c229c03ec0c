import numpy as np
import pytest

from mmwsml.analysis.insights import NotRecordedError, modification_scores


def share(part, whole):
    """Divide the sizes of two sets."""
    return len(part) / len(whole) if whole else np.nan


def test_equals_the_shares_of_sets(make_run):
    records, facts = make_run()
    scores = modification_scores(records)
    hidden, every = facts.of_kinds('FN'), facts.of_kinds('FN', 'TN')
    ever = set()
    for e, marks in enumerate(facts.modified):
        shown = facts.shown(e)
        expected = dict(
            precision=share(marks & hidden, marks),
            recall=share(marks & hidden, hidden & shown),
            chance_precision=share(hidden & shown, every & shown),
            chance_recall=share(marks, every & shown),
        )
        ever |= marks
        expected['ever_precision'] = share(ever & hidden, ever)
        expected['ever_recall'] = share(ever & hidden, hidden & shown)
        for name, value in expected.items():
            found = getattr(scores, name)[e]
            assert found == pytest.approx(value, nan_ok=True), name


def test_what_is_again_was_modified_in_the_epoch_before(make_run):
    records, facts = make_run()
    repeated = modification_scores(records).repeated
    assert np.isnan(repeated[0])
    for e in range(1, 4):
        before = facts.modified[e - 1] & facts.shown(e)
        expected = share(before & facts.modified[e], before)
        assert repeated[e] == pytest.approx(expected)


def test_no_epoch_before_and_a_store_leave_nothing_to_repeat(make_run):
    scores = modification_scores(make_run(epochs=(1, 3))[0])
    assert np.isnan(scores.repeated).all()
    stored = make_run(method='LargeLossCorrection+LabelMemory')[0]
    scores = modification_scores(stored)
    assert np.isnan(scores.repeated).all()
    assert len(scores.figure().axes) == 2  # no empty panel


def test_without_the_truth_only_chance_of_recall_is_known(make_run):
    records, facts = make_run(with_truth=False)
    scores = modification_scores(records)
    assert np.isnan([scores.precision, scores.recall]).all()
    assert scores.modified.tolist() == [len(m) for m in facts.modified]
    assert (scores.chance_recall > 0).all()
    assert 'n/a' in scores.table().to_markdown()
    (panel,) = scores.figure().axes
    assert panel.get_title() == 'modified again, %'


def test_the_table_is_in_percent(make_run):
    scores = modification_scores(make_run()[0])
    for row, precision in zip(scores.table().rows, scores.precision):
        assert row[2] == pytest.approx(100 * precision)


def test_needs_a_modification(make_run):
    records, _ = make_run(modifies=False, method='AssumeNegative')
    with pytest.raises(NotRecordedError, match='AssumeNegative modifies none'):
        modification_scores(records)
