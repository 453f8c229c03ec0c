"""The bins of losses."""

import numpy as np
import torch

from mmwsml.records.loss_bins import (
    LARGEST,
    NUM_BINS,
    bin_edges,
    count_units,
    find_bins,
)


def test_a_loss_lies_between_the_edges_of_its_bin():
    edges = bin_edges()
    inner = torch.from_numpy(edges[1:-1]).float()
    below = torch.nextafter(inner, torch.zeros(()))
    losses = torch.cat([inner, below, torch.logspace(-9, 3, 500)])
    bins = find_bins(losses).numpy()
    assert (edges[bins] <= losses.numpy()).all()
    assert (losses.numpy() < edges[bins + 1]).all()


def test_bins_are_an_eighth_wide_at_most():
    edges = bin_edges()
    assert len(edges) == NUM_BINS + 1
    assert edges[1:-1].min() > 2**-12
    assert (np.diff(edges[1:-1]) <= edges[1:-2] / 8).all()


def test_the_ends_take_what_lies_outside():
    losses = torch.tensor([0.0, 1e-30, 2**-12, 15.0, 1e30, torch.inf])
    assert find_bins(losses).tolist() == [0, 0, 0, 127, 127, 127]
    assert 0 <= find_bins(torch.tensor([torch.nan])).item() < NUM_BINS


def test_units_are_rounded_and_bounded():
    losses = torch.tensor([0, 2**-22, 0.7 * 2**-22, 1, 1e9])
    units = [0, 1, 1, 2**22, LARGEST * 2**22]
    assert count_units(losses).tolist() == units
