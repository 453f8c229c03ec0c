import numpy as np
import pytest

from mmwsml.recipe.kept_run import choose_run


@pytest.fixture
def choose(judged):
    """Choose between the head and a network of these scores."""
    with np.load(judged.scores('head', 'val')) as file:
        ids = file['sample_id']
    rng, truth = np.random.default_rng(1), judged.truth['val']
    head = (rng.random(truth.shape) + 0.5 * truth) / 2
    for split in ('train', 'val', 'test'):
        for name in ('head', 'network'):
            np.savez(judged.scores(name, split), sample_id=ids, scores=head)

    def run(change):
        scores = change(head, truth)
        path = judged.scores('network', 'val')
        np.savez(path, sample_id=ids, scores=scores.astype(np.float32))
        return choose_run(judged)

    return run


def test_without_a_network_the_head_is_kept(judged):
    assert choose_run(judged) == 'head'


def test_a_network_that_is_surely_better_is_kept(choose):
    assert choose(lambda head, truth: truth) == 'network'


def test_one_that_is_as_good_or_worse_is_not(choose):
    assert choose(lambda head, truth: head) == 'head'
    assert choose(lambda head, truth: 1 - head) == 'head'
    assert choose(lambda head, truth: head * np.nan) == 'head'


def test_one_that_is_as_good_is_seldom_kept(choose):
    """Of networks as good as the head a sixth is better by an error."""

    def draw(seed):
        rng = np.random.default_rng(seed)
        return lambda head, truth: (rng.random(truth.shape) + truth / 2) / 2

    kept = [choose(draw(seed)) for seed in range(2, 26)]
    assert kept.count('network') <= 8
