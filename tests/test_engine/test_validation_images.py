import numpy as np
import torch
from mmpretrain.structures import DataSample

from mmwsml.engine.validation_images import ValidationReader
from mmwsml.structures import hash64


def make(name, positive, negative=None):
    sample = DataSample(metainfo=dict(sample_id=name))
    sample.set_gt_label(torch.tensor(positive).long())
    if negative is not None:
        sample.set_field(torch.tensor(negative).long(), 'neg_label')
    return sample


def test_reads_complete_and_partial_labels():
    reader = ValidationReader(2, 3)
    features = torch.arange(6.0).view(3, 2).double()
    reader.add(features[:2], [make('a', [0, 2]), make('b', [], [1])])
    reader.add(features[2:], [make('c', [1], [])])
    images = reader.gather()
    assert torch.equal(images.features, features.float())
    assert images.target.tolist() == [
        [True, False, True],
        [False, False, False],
        [False, True, False],
    ]
    assert images.observed.tolist() == [
        [True, True, True],
        [False, True, False],
        [False, True, False],
    ]
    assert images.keys.tolist() == [hash64(name) for name in 'abc']


def test_a_process_may_have_no_image():
    images = ValidationReader(2, 3).gather()
    assert images.features.shape == (0, 2) and images.target.shape == (0, 3)
    assert np.isnan(images.measure(np.empty((0, 3)))).all()


def read(rows):
    reader = ValidationReader(1, 3)
    samples = [make(f'{n}', *labels) for n, labels in enumerate(rows)]
    reader.add(torch.zeros(len(rows), 1), samples)
    return reader.gather()


def test_positives_alone_are_measured_against_all_else():
    """Their average precision is none."""
    scores = np.array([[4, 3, 2], [1, 2, 3], [3, 4, 1], [2, 1, 4]])
    images = read([([0, 1], []), ([2], []), ([0], []), ([], [])])
    assert images.measure(scores).tolist() == [1, 2 / 3, 2 / 3]


def test_one_label_an_image_measures_nothing():
    """The label that was shown beats its rivals, which may be there, too."""
    scores = np.array([[4, 3, 2], [1, 2, 3], [3, 4, 1]])
    images = read([([0], []), ([2], []), ([1], [])])
    assert np.isnan(images.measure(scores)).all()
