import numpy as np
import pytest
import torch

from mmwsml.structures import dense_labels
from mmwsml.structures.labelled_batch import Entries, LabelledBatch

IDS = ['a', 'b', 'c']


def entries(lists):
    """Join lists of classes."""
    places = np.repeat(np.arange(len(lists)), [len(x) for x in lists])
    classes = [label for labels in lists for label in labels]
    return Entries(places, np.array(classes, np.int64))


def random_lists(seed):
    rng = np.random.default_rng(seed)
    marks = rng.integers(-1, 2, (len(IDS), 5))
    return [
        [np.flatnonzero(row == sign).tolist() for row in marks]
        for sign in (1, -1)
    ]


@pytest.mark.parametrize('seed', range(5))
@pytest.mark.parametrize('is_complete', [False, True])
def test_equals_the_matrices_of_single_images(seed, is_complete):
    positives, negatives = random_lists(seed)
    batch = LabelledBatch(
        IDS, entries(positives), None if is_complete else entries(negatives)
    )
    lists = [
        [torch.tensor(x).long() for x in y] for y in (positives, negatives)
    ]
    wanted = dense_labels(lists[0], None if is_complete else lists[1], 5)
    found = batch.dense(5, torch.device('cpu'))
    assert all(torch.equal(a, b) for a, b in zip(found, wanted))
    assert [a.dtype for a in found] == [b.dtype for b in wanted]


def test_is_a_sequence_of_its_images():
    positives, negatives = [[1], [], [0, 2]], [[], [3], [4]]
    batch = LabelledBatch(IDS, entries(positives), entries(negatives))
    assert [image.sample_id for image in batch] == IDS
    assert [x.gt_label.tolist() for x in batch[1:]] == [[], [0, 2]]
    assert batch[-1].neg_label.tolist() == [4] and len(batch) == 3
    assert batch[0].get('gt_score') is None and 'neg_label' in batch[0]
    with pytest.raises(IndexError):
        batch[3]


def test_complete_labels_have_no_negatives_to_read():
    image = LabelledBatch(IDS, entries([[1], [], []]))[0]
    assert 'neg_label' not in image and image.get('neg_label', 7) == 7
    with pytest.raises(AttributeError, match='Complete labels have no'):
        _ = image.neg_label
