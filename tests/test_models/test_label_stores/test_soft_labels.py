import math
import random
from fractions import Fraction

import numpy as np
import pytest
import torch

from mmwsml.models.label_stores import SoftLabels
from mmwsml.models.label_stores.soft_labels import _lowest
from mmwsml.structures import GlobalBatch, KnownLabels, hash64

IDS = [f'voc/{n}' for n in range(23)]
NUM_CLASSES = 4
KEYS = np.sort([hash64(image) for image in IDS])


def draw_labels(seed):
    """Draw the known positives and negatives of each image."""
    rng = random.Random(seed)
    labels = {}
    for image in IDS:
        marks = rng.choices([1, -1, 0], [1, 1, 4], k=NUM_CLASSES)
        labels[image] = [
            [k for k, mark in enumerate(marks) if mark == sign]
            for sign in (1, -1)
        ]
    return labels


def started(labels, **options):
    store = SoftLabels(**options)
    store.prepare(NUM_CLASSES)
    store.start(KnownLabels.collect((i, *labels[i]) for i in labels))
    return store


def random_logits(seed, decimals=1):
    """Draw logits of all images with many ties."""
    rng = np.random.default_rng(seed)
    drawn = rng.normal(0, 3, (len(IDS), NUM_CLASSES)).round(decimals)
    return drawn.astype(np.float32)


def choose_with_loops(soft, labels, logits, begin, share, num_epochs):
    """Do what a pass does in a dict from (key, class) to the score."""
    keys = {hash64(image): known for image, known in labels.items()}
    for label in range(NUM_CLASSES):
        free = [
            key
            for key, known in keys.items()
            if label not in known[0] and label not in known[1]
        ]
        number = math.floor(Fraction(share) * len(free) / (num_epochs - begin))
        left = [
            (float(logits[list(KEYS).index(key), label]), key)
            for key in free
            if (key, label) not in soft
        ]
        for logit, key in sorted(left)[:number]:
            soft[key, label] = 1 / (1 + math.exp(-logit))


def soft_of(store):
    """List what a store has as a dict from (key, class) to the score."""
    rows, classes = store.table.nonzero()
    return {
        (KEYS[row], label): store.table[row, label]
        for row, label in zip(rows, classes)
    }


@pytest.mark.parametrize('share', ['0.9', '0.37', '1'])
@pytest.mark.parametrize('seed', range(3))
def test_chooses_what_loops_choose(seed, share):
    labels, oracle, num_epochs = draw_labels(seed), {}, 9
    store = started(labels, begin=3, share=float(share))
    for epoch in range(3, num_epochs):
        logits = random_logits(10 * seed + epoch)
        store.take_logits(logits, epoch, num_epochs)
        choose_with_loops(oracle, labels, logits, 3, share, num_epochs)
        found = soft_of(store)
        assert found.keys() == oracle.keys()
        for entry, score in found.items():
            assert score == pytest.approx(oracle[entry], rel=1e-6)
    assert len(oracle) > 10


def test_a_share_of_1_in_one_pass_takes_all_that_is_unobserved():
    labels = draw_labels(0)
    store = started(labels, begin=1, share=1)
    store.take_logits(random_logits(0), epoch=1, num_epochs=2)
    marks = store.known.marks(KEYS, NUM_CLASSES)
    assert ((store.table > 0) == (marks == 0)).all()
    before = store.table.copy()
    store.take_logits(random_logits(1), epoch=1, num_epochs=2)
    assert (store.table == before).all()  # nothing was left


def test_observed_labels_stay_observed_and_others_unobserved():
    labels = {'a': [[0], [1]], 'b': [[], []]}
    store = started(labels, begin=1, share=1)
    store.take_logits(np.full((2, 4), -2, np.float32), 1, 2)
    observed = torch.tensor([[True, True, False, False], [False] * 4])
    target = torch.tensor([[1.0, 0, 0, 0], [0] * 4])
    read = store.read(GlobalBatch(['a', 'b']), target, observed)
    score = pytest.approx(1 / (1 + math.exp(2)))
    assert read.target[0].tolist() == [1, 0, score, score]
    assert read.target[1].tolist() == [score] * 4
    assert torch.equal(read.observed, observed)
    assert target.sum() == 1  # the arguments are as they were


def test_the_epochs_that_want_a_pass():
    store = SoftLabels(begin=3)
    assert [e for e in range(1, 9) if store.wants_logits(e, 6)] == [3, 4, 5]


@pytest.mark.parametrize('logit', [-1e4, -200, -100, 100, 1e4])
def test_a_score_is_above_0_and_at_most_1(logit):
    store = started({'a': [[], []]}, begin=1, share=1)
    logits = np.full((1, NUM_CLASSES), logit, np.float32)
    store.take_logits(logits, 1, 2)
    assert ((store.table > 0) & (store.table <= 1)).all()
    assert (store.table > 0.5).all() == (logit > 0)


def test_before_a_pass_nothing_is_soft():
    store = started(draw_labels(0))
    target = torch.zeros(2, NUM_CLASSES)
    read = store.read(GlobalBatch(IDS[:2]), target, target.bool())
    assert not read.target.any() and not read.observed.any()


@pytest.mark.parametrize('share', [0, -0.1, 1.1, math.nan])
def test_refuses_a_share_out_of_range(share):
    with pytest.raises(ValueError, match=r'`share` must be in \(0, 1\], but'):
        SoftLabels(share=share)


def test_the_defaults_are_the_published_ones():
    assert (SoftLabels().begin, SoftLabels().share) == (5, 0.9)


@pytest.mark.parametrize('number', [0, 1, 2, 17, 500, 999, 1000])
def test_the_lowest_of_many_are_those_of_a_stable_order(number):
    values = np.random.default_rng(0).integers(0, 300, 1000) / 300
    order = np.argsort(values, kind='stable')[:number]
    assert _lowest(values, number).tolist() == sorted(order)
