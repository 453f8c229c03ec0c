import random

import pytest

from mmwsml.datasets.observation import (
    observe_by_hash,
    observe_by_spml,
    observe_fixed_per_class,
    spml_draw,
)
from mmwsml.datasets.transforms import KeepOnePositive
from mmwsml.structures import hash32

#: Classes present in six images of eight classes; one shows nothing.
PRESENT = [[0, 3, 5], [7], [], [1, 2], [0, 1, 2, 3, 4, 5, 6, 7], [4, 6]]
INFOS = [
    dict(sample_id=f'x/{n}', gt_label=labels)
    for n, labels in enumerate(PRESENT)
]


def mersenne_twister(seed):
    """Return NumPy's legacy generator of 32-bit words, without NumPy."""
    state = [seed]
    for i in range(1, 624):
        last = state[-1]
        state.append((1812433253 * (last ^ last >> 30) + i) % 2**32)
    words = random.Random()
    words.setstate((3, (*state, 624), None))
    return lambda: words.getrandbits(32)


def shuffle(items, next_word):
    """Shuffle as Fisher and Yates do, from the end."""
    for i in range(len(items) - 1, 0, -1):
        mask = 2 ** i.bit_length() - 1
        j = next_word() & mask
        while j > i:
            j = next_word() & mask
        items[i], items[j] = items[j], items[i]


def spml_with_loops(present, num_classes, seed, with_negatives=True):
    """Follow the description of the paper's draw word by word."""
    next_word, kept = mersenne_twister(seed), []
    for labels in present:
        positives = sorted(labels)
        negatives = [c for c in range(num_classes) if c not in labels]
        shuffle(positives, next_word)
        kept.append(positives[:1])
        if with_negatives:
            shuffle(negatives, next_word)
    return kept


@pytest.mark.parametrize('seed', [0, 1200, 2**32 - 1])
def test_spml_equals_its_description_written_as_loops(seed):
    rng = random.Random(seed)
    present = [rng.sample(range(20), rng.randint(0, 20)) for _ in range(60)]
    present += PRESENT
    expected = spml_with_loops(present, 20, seed)
    assert spml_draw(present, 20, seed) == expected


def test_spml_draw_is_the_same_for_good():
    assert spml_draw(PRESENT, 8) == [[0], [7], [], [2], [0], [4]]


def test_spml_shuffles_the_negatives_too():
    present = [[0, 1, 2, 3]] * 50
    drawn = spml_draw(present, 8)
    assert drawn != spml_with_loops(present, 8, 1200, with_negatives=False)
    # More negatives take more random numbers: only the first draw is equal.
    wider = spml_draw(present, 80)
    assert wider[0] == drawn[0] and wider != drawn


def test_spml_keeps_one_positive_where_there_is_one():
    for labels, kept in zip(PRESENT, spml_draw(PRESENT, 8)):
        assert len(kept) == min(1, len(labels)) and set(kept) <= set(labels)


def test_spml_does_not_depend_on_the_order_of_the_labels():
    assert spml_draw([labels[::-1] for labels in PRESENT], 8) == spml_draw(
        PRESENT, 8
    )


def test_spml_leaves_its_input_alone():
    present = [[3, 1, 2]]
    spml_draw(present, 8)
    assert present == [[3, 1, 2]]


def test_spml_observes_no_negative():
    images = list(observe_by_spml(INFOS, 8, seed=1200))
    assert [image.positives for image in images] == spml_draw(PRESENT, 8)
    assert all(image.negatives == [] for image in images)
    assert [image.sample_id for image in images] == [
        info['sample_id'] for info in INFOS
    ]


def test_spml_refuses_partial_labels():
    infos = [dict(sample_id='x/1', gt_label=[0], neg_label=[])]
    message = 'The labels of x/1 are partial, but .* take the generator hash'
    with pytest.raises(ValueError, match=message):
        list(observe_by_spml(infos, 8, seed=1200))


def test_hash_keeps_what_the_transform_keeps():
    for image, info in zip(observe_by_hash(INFOS, seed=3), INFOS):
        kept = KeepOnePositive(seed=3)(dict(info))
        assert image.sample_id == info['sample_id']
        assert image.positives == kept['gt_label']
        assert image.negatives == []


def is_known(info, c, positive):
    """Whether a class is known to be there, or not to be."""
    present = c in info['gt_label']
    if positive or present:
        return positive and present
    return c in info['neg_label'] if 'neg_label' in info else True


def fixed_with_loops(infos, num_classes, count, seed):
    """Take each class's images of the smallest numbers."""
    known = {info['sample_id']: ([], []) for info in infos}
    for c in range(num_classes):
        drawn = {
            info['sample_id']: hash32(
                f'FixedPerClass/{seed}/{info["sample_id"]}', num_classes
            )[c]
            for info in infos
        }
        for kind in range(2):
            images = [
                info['sample_id']
                for info in infos
                if is_known(info, c, positive=kind == 0)
            ]
            for image in sorted(images, key=drawn.get)[:count]:
                known[image][kind].append(c)
    return known


@pytest.mark.parametrize('count', [0, 1, 2, 10])
def test_fixed_per_class_equals_a_ranking_written_as_loops(count):
    infos = [*INFOS, dict(sample_id='x/p', gt_label=[2], neg_label=[0, 1])]
    expected = fixed_with_loops(infos, 8, count, seed=5)
    images = list(observe_fixed_per_class(infos, 8, count, seed=5))
    assert [i.sample_id for i in images] == [i['sample_id'] for i in infos]
    for image in images:
        assert (image.positives, image.negatives) == expected[image.sample_id]


def test_fixed_per_class_keeps_the_same_number_of_each_class():
    infos = [dict(sample_id=f'x/{n}', gt_label=[n % 4, 4]) for n in range(100)]
    images = list(observe_fixed_per_class(infos, 5, 10, seed=0))
    for c in range(5):
        assert sum(c in image.positives for image in images) == 10
        expected = 10 if c < 4 else 0  # class 4 is in every image
        assert sum(c in image.negatives for image in images) == expected


def test_fixed_per_class_does_not_depend_on_the_order_of_the_images():
    forth = list(observe_fixed_per_class(INFOS, 8, 2, seed=0))
    back = list(observe_fixed_per_class(INFOS[::-1], 8, 2, seed=0))
    assert forth == back[::-1]
