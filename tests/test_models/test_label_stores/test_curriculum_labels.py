import numpy as np
import pytest
import torch

from mmwsml.models.label_stores import CurriculumLabels
from mmwsml.structures import GlobalBatch, KnownLabels

IDS = [f'set/{n}' for n in range(6)]
BATCH = GlobalBatch([IDS[4], IDS[1], IDS[4]])


def started(num_classes=4, **kwargs):
    store = CurriculumLabels(**kwargs)
    store.prepare(num_classes)
    store.start(KnownLabels.collect((image, [], []) for image in IDS))
    return store


def logits_of(seed, num_classes=4):
    shape = len(IDS), num_classes
    logits = np.random.default_rng(seed).normal(0, 3, shape)
    return logits.astype(np.float32)


def read(store, seed=0):
    generator = torch.Generator().manual_seed(seed)
    observed = torch.rand(3, 4, generator=generator) < 0.4
    positive = torch.rand(3, 4, generator=generator) < 0.5
    target = (observed & positive).float()
    return target, observed, store.read(BATCH, target, observed)


@pytest.mark.parametrize('seed', range(3))
def test_labels_what_is_sure_written_as_loops(seed):
    store, logits = started(theta=1.5), logits_of(seed)
    store.take_logits(logits, 1, 5)
    rows = store.rows.of(BATCH)
    target, observed, labels = read(store, seed)
    for n, k in np.ndindex(3, 4):
        logit, entry = logits[rows[n], k], (n, k)
        if observed[entry]:
            expected = target[entry].item(), True
        else:
            expected = float(logit > 1.5), bool(abs(logit) > 1.5)
        given = labels.target[entry].item(), labels.observed[entry].item()
        assert given == expected


def test_a_pass_replaces_the_labels_of_the_last_one():
    store, fresh = started(), started()
    store.take_logits(logits_of(0), 1, 5)
    for other in (store, fresh):
        other.take_logits(logits_of(1), 2, 5)
    assert np.array_equal(store.table, fresh.table) and store.table.any()


def test_nothing_is_labelled_before_the_first_pass():
    target, observed, labels = read(started())
    assert torch.equal(labels.target, target)
    assert torch.equal(labels.observed, observed)


def test_what_lies_on_the_threshold_is_not_labelled():
    store = started(num_classes=1)
    store.take_logits(np.float32([[2], [-2], [2.5], [-2.5], [0], [0]]), 1, 2)
    assert store.table[:, 0].tolist() == [0, 0, 1, -1, 0, 0]


def test_labels_of_many_images_are_all_replaced():
    store = CurriculumLabels()
    store.prepare(1)
    store.start(KnownLabels(np.arange(9000)))
    store.take_logits(np.full((9000, 1), 3, np.float32), 1, 2)
    assert store.table.sum() == 9000


@pytest.mark.parametrize('theta', [0, -1, float('inf'), float('nan')])
def test_refuses_a_threshold_out_of_range(theta):
    with pytest.raises(ValueError, match='`theta` must be a finite logit abo'):
        CurriculumLabels(theta)


def test_takes_any_positive_threshold():
    assert CurriculumLabels(1e-9).theta == 1e-9
    assert CurriculumLabels(1e9).theta == 1e9


@pytest.mark.parametrize('options, first', [({}, 1), (dict(begin=3), 3)])
def test_labels_from_the_epoch_that_is_asked_for(options, first):
    store = started(**options)
    wanted = [epoch for epoch in range(1, 6) if store.wants_logits(epoch, 6)]
    assert wanted == list(range(first, 6))
