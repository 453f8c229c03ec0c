import numpy as np
import pytest
import torch

from mmwsml.structures import (
    dense_labels,
    find_contradiction,
    find_label_error,
)


def random_lists(rng, num_images, num_classes):
    """Draw disjoint positives and negatives, some lists empty."""
    kinds = rng.choice(3, size=(num_images, num_classes), p=[0.6, 0.2, 0.2])
    return tuple(
        [torch.from_numpy(np.flatnonzero(row == kind)) for row in kinds]
        for kind in (1, 2)
    )


@pytest.mark.parametrize('seed', range(20))
def test_dense_labels_equal_loops_over_the_lists(seed):
    rng = np.random.default_rng(seed)
    shape = int(rng.integers(1, 6)), int(rng.integers(1, 7))
    positives, negatives = random_lists(rng, *shape)
    target, observed = torch.zeros(shape), torch.zeros(shape).bool()
    for n in range(shape[0]):
        for label in positives[n].tolist():
            target[n, label], observed[n, label] = 1, True
        for label in negatives[n].tolist():
            observed[n, label] = True
    labels = dense_labels(positives, negatives, shape[1])
    torch.testing.assert_close(labels.target, target)
    assert torch.equal(labels.observed, observed)


def test_labels_without_negatives_are_complete():
    lists = [torch.tensor([2]), torch.tensor([]).long()]
    labels = dense_labels(lists, None, 3)
    assert labels.target.tolist() == [[0, 0, 1], [0, 0, 0]]
    assert labels.observed.all()


def test_empty_negatives_leave_all_but_the_positives_unobserved():
    empty = torch.tensor([]).long()
    labels = dense_labels([torch.tensor([0]), empty], [empty, empty], 3)
    assert labels.observed.tolist() == [[True, False, False], [False] * 3]


def test_a_repeated_class_counts_once():
    labels = dense_labels([torch.tensor([1, 1])], [torch.tensor([0, 0])], 3)
    assert labels.target.tolist() == [[0, 1, 0]]
    assert labels.observed.tolist() == [[True, True, False]]


@pytest.mark.parametrize('negatives', [None, []])
def test_an_empty_batch_has_empty_labels(negatives):
    labels = dense_labels([], negatives, 4)
    assert labels.target.shape == labels.observed.shape == (0, 4)


def test_target_is_float_and_observed_is_bool():
    labels = dense_labels([torch.tensor([0])], None, 2)
    assert labels.target.dtype == torch.float32
    assert labels.observed.dtype == torch.bool


@pytest.mark.parametrize('negatives', [None, [torch.tensor([1])], []])
def test_labels_are_made_on_the_device_that_is_asked_for(negatives):
    positives = [] if negatives == [] else [torch.tensor([0])]
    for name in ('cpu', 'meta'):
        labels = dense_labels(positives, negatives, 3, torch.device(name))
        assert labels.target.device.type == name
        assert labels.observed.device.type == name


@pytest.mark.parametrize('negatives', [None, [torch.tensor([]).long()]])
def test_a_class_beyond_the_last_is_refused(negatives):
    with pytest.raises(IndexError, match=r'out of (range|bounds)'):
        dense_labels([torch.tensor([3])], negatives, 3)


@pytest.mark.parametrize(
    ('positives', 'negatives'),
    [
        ([], []),
        ([0], []),
        ([], [2]),
        ([0, 2], [1]),
        ((0,), (2,)),
    ],
)
def test_sound_labels_have_no_error(positives, negatives):
    assert find_label_error(positives, negatives, 3) is None


@pytest.mark.parametrize('labels', [None, 1, '1', {1}, np.array([1])])
def test_labels_that_are_no_list_are_named(labels):
    rule = 'must be a list of class indices'
    assert f'`gt_label` {rule}' in find_label_error(labels, [], 3)
    assert f'`neg_label` {rule}' in find_label_error([], labels, 3)


@pytest.mark.parametrize('label', [-1, 3, 1.0, True, '0', None, np.int64(0)])
def test_a_label_that_is_no_class_is_named(label):
    rule = 'must hold integers in [0, 3), the indices of the classes'
    rule = f'{rule}, got {label!r}'
    assert f'`gt_label` {rule}' in find_label_error([0, label], [], 3)
    assert f'`neg_label` {rule}' in find_label_error([], [0, label], 3)


def test_a_class_in_both_lists_is_named():
    error = find_label_error([2, 1], [0, 1, 2], 3)
    assert error == 'class 1 is in `gt_label` and in `neg_label`'


@pytest.mark.parametrize(
    ('lists', 'name'), [(([1, 1], []), 'gt'), (([], [2, 0, 2]), 'neg')]
)
def test_a_class_listed_twice_is_an_error(lists, name):
    error = find_label_error(*lists, 3)
    assert error.startswith(f'`{name}_label` must name a class once, got [')


#: Observed positives and negatives; the labels of the data set, of which the
#: negatives may be all others (None); the class that is wrong, and how.
CONTRADICTIONS = [
    ([0], [], [0], None, None),
    ([], [1], [0], None, None),
    ([0, 3, 2], [], [0], None, (2, 'present')),
    ([], [1, 0, 2], [2, 0], None, (0, 'absent')),
    ([2], [0], [0], None, (2, 'present')),
    ([0], [1], [0], [1], None),
    ([2], [3], [0], [1], None),
    ([1], [0], [0], [1], (1, 'present')),
    ([], [0], [0], [1], (0, 'absent')),
]


@pytest.mark.parametrize(
    'positives, negatives, gt_label, neg_label, wrong', CONTRADICTIONS
)
def test_what_a_data_set_says_otherwise_is_named(
    positives, negatives, gt_label, neg_label, wrong
):
    info = dict(sample_id='set/1.jpg', gt_label=gt_label)
    if neg_label is not None:
        info['neg_label'] = neg_label
    error = find_contradiction(positives, negatives, info)
    if wrong is None:
        assert error is None
    else:
        label, kind = wrong
        assert error == (
            f'class {label} was observed as {kind} in set/1.jpg, but its data '
            'set says the contrary'
        )
