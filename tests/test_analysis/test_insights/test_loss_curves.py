import numpy as np
import pytest

from mmwsml.analysis.insights import LossCurves, NotRecordedError, loss_curves
from mmwsml.analysis.insights.loss_curves import plot_loss_curves


@pytest.mark.parametrize('with_truth', [True, False])
def test_equals_means_and_medians_in_loops(make_run, with_truth):
    records, facts = make_run(with_truth=with_truth)
    curves = loss_curves(records)
    assert set(curves.kinds) == set(facts.kinds.flat)
    for e, losses in enumerate(facts.losses):
        for q, kind in enumerate(curves.kinds):
            values = losses[(facts.kinds == kind) & ~np.isnan(losses)]
            values = values.astype(float)
            assert curves.num_labels[e, q] == len(values)
            assert curves.mean[e, q] == pytest.approx(values.mean())
            low, median, high = curves.quantiles[e, q]
            assert low <= median <= high
            assert values.min() * 0.87 <= median <= values.max() * 1.13


def test_of_some_classes_counts_these_only(make_run):
    records, facts = make_run()
    curves = loss_curves(records, classes=[1, 3])
    total = (~np.isnan(facts.losses[:, :, [1, 3]])).sum((1, 2))
    assert curves.num_labels.sum(1).tolist() == total.tolist()


def test_the_table_has_a_line_for_each_epoch_and_kind(make_run):
    curves = loss_curves(make_run()[0])
    rows = curves.table().rows
    assert len(rows) == len(curves.epochs) * len(curves.kinds)
    assert rows[0][0] == 1 and rows[0][3] == curves.mean[0, 0]


def test_draws_a_panel_for_each_kind(make_run):
    first = loss_curves(make_run()[0])
    second = loss_curves(make_run('other', seed=1)[0])
    assert len(first.figure().axes) == len(first.kinds)
    figure = plot_loss_curves({'a': first, 'b': second})
    drawn = figure.axes[0].lines[1].get_ydata()
    assert drawn.tolist() == second.mean[:, 0].tolist()


def test_an_epoch_without_a_kind_is_a_gap(make_run):
    curves = loss_curves(make_run()[0])
    mean = curves.mean.copy()
    mean[1] = np.nan
    curves: LossCurves = curves._replace(mean=mean)
    assert ' n/a ' in curves.table().to_markdown()
    curves.figure()


def test_needs_a_whole_epoch(make_run):
    records, _ = make_run()
    records.epochs.clear()
    with pytest.raises(NotRecordedError, match='hold no whole epoch'):
        loss_curves(records)
