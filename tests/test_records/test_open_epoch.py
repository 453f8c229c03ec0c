"""Numbers of an epoch, against the losses of its entries."""

import numpy as np
import pytest

from mmwsml.records import load_records

SHARES = [0, 0.1, 0.5, 0.9, 1]


@pytest.fixture
def records(write_records):
    return load_records(write_records(keep=True))


@pytest.mark.parametrize('kind', ['TP', 'TN', 'FN'])
@pytest.mark.parametrize('classes', [None, [2], [0, 1]])
def test_means_are_those_of_all_losses(records, losses_of, kind, classes):
    losses = losses_of(records, 1, kind, classes or [0, 1, 2])
    mean = records.epochs[1].mean(kind, classes)
    assert mean == pytest.approx(losses.mean(), rel=1e-3)


@pytest.mark.parametrize('kind', ['TP', 'TN', 'FN'])
@pytest.mark.parametrize('classes', [None, [2]])
def test_quantiles_are_off_by_a_bin(records, losses_of, kind, classes):
    losses = losses_of(records, 2, kind, classes or [0, 1, 2])
    found = records.epochs[2].quantile(kind, SHARES, classes)
    exact = np.quantile(losses, SHARES, method='inverted_cdf')
    assert (abs(found - exact) <= 0.13 * exact).all()
    assert (np.diff(found) >= 0).all()


def test_a_kind_without_entries_has_no_numbers(records):
    epoch = records.epochs[1]
    assert np.isnan(epoch.mean('observed_negative'))
    assert np.isnan(epoch.quantile('observed_negative', SHARES)).all()


def test_counts_are_those_of_the_kinds(records):
    epoch = records.epochs[1]
    assert epoch.counts.sum(1).tolist() == [30, 0, 30, 30]
    assert (epoch.num_images, epoch.num_steps) == (30, 1)
    assert epoch.seen.all()


def test_modified_entries_have_their_kinds(records):
    epoch, kinds = records.epochs[1], records.images.kinds_of(np.arange(30))
    modified = epoch.modified
    assert len(modified)
    expected = kinds[modified['row'], modified['class']]
    assert epoch.modified_kinds.tolist() == expected.tolist()
    kept = epoch.losses[modified['row'], modified['class']]
    assert np.allclose(modified['loss'], kept, rtol=1e-3)


def test_losses_that_were_not_kept_are_refused(write_records):
    epoch = load_records(write_records()).epochs[1]
    assert not epoch.has_losses
    with pytest.raises(ValueError, match="train with `keep='losses'`"):
        _ = epoch.losses


def test_without_truth_fn_is_refused(write_records):
    epoch = load_records(write_records(truth=False)).epochs[1]
    assert epoch.mean('unobserved') > 0
    with pytest.raises(ValueError, match="kind 'FN' is not one"):
        epoch.mean('FN')


@pytest.mark.parametrize('share', [-0.1, 1.01, [0.5, 2], float('nan')])
def test_a_share_is_from_0_to_1(records, share):
    with pytest.raises(ValueError, match=r'must be in \[0, 1\]'):
        records.epochs[1].quantile('TP', share)
