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
    assert [one.label for one in dealt] == list(range(num_classes))
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


def test_sizes_count_images_classes_and_scores_that_are_no_numbers():
    store = ObservedScores()
    assert store.sizes(9) == (0, 0, 0, 0)
    scores = np.zeros((4, 3), np.float32)
    scores[0, :2] = scores[2, 1] = np.nan
    for _ in range(2):
        store.add(scores, [[]] * 4, [[]] * 4)
    assert store.sizes(9) == (8, 8, 3, 4)
    store.clear()
    assert store.sizes(9) == (0, 0, 0, 0)


@pytest.mark.parametrize('num_images', [1, 3, 4])
@pytest.mark.parametrize('complete', [True, False])
def test_the_images_after_the_last_of_the_data_set_do_not_count(
    num_images, complete
):
    store = ObservedScores()
    scores = np.arange(8, dtype=np.float32).reshape(4, 2)
    store.add(scores, [[0]] * 4, [None if complete else [1]] * 4)
    dealt = list(store.deal_classes(store.sizes(num_images)))
    for one, column in zip(dealt, scores.T):
        assert sorted(one.scores) == column[:num_images].tolist()


@pytest.mark.parametrize('label', [-1, 3, 7])
def test_a_class_that_is_not_predicted_is_named(label):
    message = rf'class {label} of a label must be in \[0, 3\), the classes'
    with pytest.raises(ValueError, match=message):
        ObservedScores().add(np.zeros((1, 3), np.float32), [[label]], [None])


def test_the_sizes_are_those_of_all_processes(on_ranks):
    def measure(rank):
        store = ObservedScores()
        if rank:
            scores = np.full((2, 3), np.nan, np.float32)
            store.add(scores, [[0]] * 2, [None] * 2)
        return store.sizes(5)

    assert on_ranks(2, measure) == [(0, 2, 3, 2), (2, 2, 3, 2)]


def test_each_class_is_dealt_to_one_process_with_the_scores_of_all(on_ranks):
    num_classes = 2 * BLOCK + 1
    scores = np.random.default_rng(0).random((5, num_classes), np.float32)

    def deal(rank):
        store, own = ObservedScores(), scores[rank::2]
        store.add(own, [[0]] * len(own), [None] * len(own))
        return list(store.deal_classes(store.sizes(5)))

    first, second = on_ranks(2, deal)
    assert [one.label for one in second] == list(range(BLOCK, 2 * BLOCK))
    assert [one.label for one in first] == [*range(BLOCK), 2 * BLOCK]
    for one in (*first, *second):
        assert sorted(one.scores) == sorted(scores[:, one.label])
        assert len(one.positives) == (5 if one.label == 0 else 0)
