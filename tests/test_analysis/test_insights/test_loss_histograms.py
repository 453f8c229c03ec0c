import numpy as np
import pytest

from mmwsml.analysis.insights import NotRecordedError, loss_histograms


def test_counts_the_losses_between_its_edges(make_run):
    records, facts = make_run()
    found = loss_histograms(records, epochs=[2, 4])
    for e, epoch in enumerate((2, 4)):
        for q, kind in enumerate(found.kinds):
            losses = facts.losses[epoch - 1]
            losses = losses[(facts.kinds == kind) & ~np.isnan(losses)]
            count = [
                sum(low <= loss < high for loss in losses)
                for low, high in zip(found.edges, found.edges[1:])
            ]
            assert found.num_labels[e, q].tolist() == count


def test_the_edges_double_from_zero_to_infinity(make_run):
    edges = loss_histograms(make_run()[0]).edges
    assert edges[0] == 0 and edges[-1] == np.inf
    assert (edges[2:-1] == 2 * edges[1:-2]).all()


@pytest.mark.parametrize(
    ('epochs', 'chosen'),
    [((1,), [1]), ((1, 2), [1, 2]), ((1, 2, 3, 4), [1, 2, 4])],
)
def test_takes_the_first_the_middle_and_the_last(make_run, epochs, chosen):
    found = loss_histograms(make_run(epochs=epochs)[0])
    assert found.epochs.tolist() == chosen
    assert len(found.figure().axes) == len(chosen)


def test_each_column_of_the_table_is_a_whole(make_run):
    found = loss_histograms(make_run()[0])
    columns = np.array(found.table().rows)[:, 2:]
    assert columns.sum(0) == pytest.approx(np.full(columns.shape[1], 100))


@pytest.mark.parametrize('seed', range(3))
def test_the_bars_of_every_epoch_stay_in_their_axes(make_run, seed):
    found = loss_histograms(make_run(seed=seed)[0])
    count = found.num_labels.copy()
    count[-1] = 0
    count[-1, :, 3] = 7  # the last epoch's bars are the highest
    figure = found._replace(num_labels=count).figure()
    for panel, shares in zip(
        figure.axes, found._replace(num_labels=count).shares
    ):
        low, high = panel.get_ylim()
        assert low == 0 and high >= 100 * np.nanmax(shares)


def test_refuses_an_epoch_that_is_not_recorded(make_run):
    with pytest.raises(NotRecordedError, match=r'Epoch 9 .* choose from'):
        loss_histograms(make_run()[0], epochs=[9])
