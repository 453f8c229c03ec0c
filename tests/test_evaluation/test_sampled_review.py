import numpy as np
import pytest

from mmwsml.evaluation.sampled_review import (
    Labels,
    draw,
    guess_chances,
    stratify,
)


def make_labels(seed=0, num_images=300, shown=0.4):
    """Draw labels of five classes, of which some positives are known."""
    rng = np.random.default_rng(seed)
    truth = rng.random((num_images, 5)) < [0.5, 0.3, 0.2, 0.1, 0.05]
    logits = rng.normal(size=truth.shape) + 2.5 * truth - 2
    scores = 1 / (1 + np.exp(-logits))
    positive = truth & (rng.random(truth.shape) < shown)
    return truth, Labels(scores, positive, ~positive, scores >= 0.5)


def test_chances_add_up_to_what_is_hidden():
    truth, labels = make_labels(num_images=2000)
    chances = guess_chances(labels)
    hidden = (truth & labels.unknown).sum()
    assert chances.sum() == pytest.approx(hidden, rel=0.35)
    assert chances.min() >= 0 and chances.max() <= 1
    assert not chances[~labels.unknown].any()


def test_strata_hold_labels_of_like_chance_and_one_side_of_a_threshold():
    _, labels = make_labels()
    chances = guess_chances(labels)
    strata = stratify(labels, chances, 150)
    assert ((strata < 0) == ~labels.unknown).all()
    assert 15 <= strata.max() + 1 <= 24
    for h in range(strata.max() + 1):
        inside = strata == h
        assert len(set(labels.predicted[inside])) == 1
        alike = labels.predicted == labels.predicted[inside][0]
        others = chances[alike & (strata >= 0) & ~inside]
        low, high = chances[inside].min(), chances[inside].max()
        assert not ((others > low) & (others < high)).any()


@pytest.mark.parametrize('budget', [30, 150, 10**6])
def test_strata_get_as_many_answers_each(budget):
    _, labels = make_labels()
    strata = stratify(labels, guess_chances(labels), budget)
    places = draw(strata, budget, seed=0)
    assert (
        len(set(places))
        == len(places)
        == min(budget, int(labels.unknown.sum()))
    )
    counts = np.bincount(strata[strata >= 0])
    found = np.bincount(strata.ravel()[places], minlength=len(counts))
    share = found[found < counts]
    assert len(share) == 0 or share.max() - share.min() <= 1


def test_a_seed_names_a_draw():
    _, labels = make_labels()
    strata = stratify(labels, guess_chances(labels), 50)
    one, two, three = (draw(strata, 50, seed) for seed in (0, 0, 1))
    assert one.tolist() == two.tolist() != three.tolist()
