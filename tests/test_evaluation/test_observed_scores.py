import numpy as np
import pytest

from mmwsml.evaluation.observed_scores import BLOCK, ObservedScores


def add_images(store, rng, num_images, num_classes, complete):
    """Add random images; list (class, score, positive) of what counts."""
    scores = rng.random((num_images, num_classes), dtype=np.float32)
    positives, negatives, entries = [], [], []
    for n in range(num_images):
        known = rng.permutation(num_classes)[: rng.integers(num_classes)]
        cut = rng.integers(len(known) + 1)
        positives.append(known[:cut])
        rest = np.setdiff1d(np.arange(num_classes), known[:cut])
        negatives.append(None if complete[n] else known[cut:])
        entries += [(k, scores[n, k], True) for k in positives[n]]
        listed = rest if complete[n] else negatives[n]
        entries += [(k, scores[n, k], False) for k in listed]
    store.add(scores, positives, negatives)
    return entries


@pytest.mark.parametrize('num_classes', [1, 7, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_yields_every_observed_score_of_every_class(num_classes):
    rng, store, entries = (
        np.random.default_rng(num_classes),
        ObservedScores(),
        [],
    )
    for batch in range(6):
        complete = rng.random(4) < batch / 5
        entries += add_images(store, rng, 4, num_classes, complete)
    dealt = list(store.deal_classes(store.sizes(24)))
    assert [one.index for one in dealt] == list(range(num_classes))
    for index, scores, positives in dealt:
        of_class = [(z, y) for k, z, y in entries if k == index]
        assert sorted(scores) == sorted(z for z, _ in of_class)
        assert sorted(positives) == sorted(z for z, y in of_class if y)


@pytest.mark.parametrize('complete', [True, False])
def test_images_beyond_the_data_set_are_left_out(complete):
    rng, store = np.random.default_rng(0), ObservedScores()
    kept = add_images(store, rng, 3, 5, [complete] * 3)
    add_images(store, rng, 4, 5, [complete] * 4)
    sizes = store.sizes(3)
    dealt = list(store.deal_classes(sizes))
    assert sizes.num_images == 3
    assert sum(len(one.scores) for one in dealt) == len(kept)


def test_says_how_many_bytes_it_keeps():
    store = ObservedScores()
    scores = np.zeros((10, 100), np.float32)
    store.add(scores, [[1]] * 10, [[2, 3]] * 10)
    assert store.nbytes == 10 * 3 * 14
    store.clear()
    assert store.nbytes == 0
    store.add(scores, [[1]] * 10, [None] * 10)
    assert store.nbytes == 10 * 100 * 4 + 10 * 14 + 10 * 8
