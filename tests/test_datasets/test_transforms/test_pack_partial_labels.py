import numpy as np
import pytest
import torch
from mmpretrain.datasets import PackInputs

from mmwsml.datasets.transforms import PackPartialLabels


def results(**labels):
    """Make what the pipeline hands to packing."""
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    return dict(img=image, sample_id='x/1', img_path='1.png', **labels)


@pytest.mark.parametrize('negatives', [[], [0], [0, 2]])
def test_carries_the_known_negatives(negatives):
    inputs = results(gt_label=[1], neg_label=negatives)
    sample = PackPartialLabels()(inputs)['data_samples']
    assert sample.neg_label.dtype == torch.int64
    assert sample.neg_label.tolist() == negatives
    assert sample.gt_label.tolist() == [1]


def test_carries_the_sample_id_through_clone_and_device():
    sample = PackPartialLabels()(results(gt_label=[1]))['data_samples']
    assert sample.sample_id == 'x/1'
    assert sample.clone().to('cpu').sample_id == 'x/1'


def test_labels_without_neg_label_stay_complete():
    sample = PackPartialLabels()(results(gt_label=[1]))['data_samples']
    assert 'neg_label' not in sample


def test_an_image_without_a_positive_has_an_empty_list():
    inputs = results(gt_label=[], neg_label=[])
    sample = PackPartialLabels()(inputs)['data_samples']
    assert sample.gt_label.shape == sample.neg_label.shape == (0,)
    assert sample.gt_label.dtype == sample.neg_label.dtype == torch.int64


def test_packs_the_rest_as_mmpretrain_does():
    ours = PackPartialLabels()(results(gt_label=[1]))
    host = PackInputs()(results(gt_label=[1]))
    assert torch.equal(ours['inputs'], host['inputs'])
    assert ours['data_samples'].img_path == host['data_samples'].img_path


def test_refuses_a_sample_without_an_id():
    inputs = results(gt_label=[1])
    del inputs['sample_id']
    message = r'1\.png has no `sample_id`: put mmwsml\.AddSampleId first'
    with pytest.raises(KeyError, match=message):
        PackPartialLabels()(inputs)


def test_an_image_to_predict_has_no_labels_and_needs_no_id():
    inputs = results()
    del inputs['sample_id']
    sample = PackPartialLabels()(inputs)['data_samples']
    assert 'sample_id' not in sample and 'neg_label' not in sample
