from types import SimpleNamespace

import pytest
from mmengine.dataset import ClassBalancedDataset
from mmpretrain.datasets import MultiLabelDataset

from mmwsml.datasets import PartialLabelDataset, ValidationSplit
from mmwsml.datasets.balance import check_balance
from mmwsml.datasets.transforms import AddSampleId, KeepOnePositive

#: Class 2 is rare; its image shows class 0 too.
ENTRIES = [
    dict(img_path=f'{n}.png', gt_label=[0, 2] if n == 3 else [0, 1])
    for n in range(10)
]


@pytest.fixture
def load(write_dataset):
    """Load the images, all labels of which a pipeline may hide but one."""

    def make(kind=PartialLabelDataset, hide=True):
        kwargs = write_dataset(ENTRIES)
        pipeline = [AddSampleId('images', f'{kwargs["data_root"]}/images')]
        pipeline += [KeepOnePositive()] * hide
        if kind is PartialLabelDataset:
            kwargs.update(labels='complete')
        return kind(pipeline=pipeline, **kwargs)

    return make


def repeats(dataset):
    """Count how often each image comes."""
    indices = ClassBalancedDataset(dataset, oversample_thr=0.5).repeat_indices
    return [indices.count(n) for n in range(len(dataset))]


def repeat_with_loops(kept, thr=0.5):
    """Repeat an image by its rarest label, as the wrapper says."""
    counts = []
    for labels in kept:
        shares = [
            sum(label in other for other in kept) / len(kept)
            for label in labels
        ]
        factors = [max(1, (thr / share) ** 0.5) for share in shares]
        counts.append(-int(-max(factors, default=1) // 1))
    return counts


def test_images_are_repeated_by_what_is_observed(load):
    dataset = load()
    seen = [dataset[n]['gt_label'] for n in range(10)]
    assert [dataset.get_cat_ids(n) for n in range(10)] == seen
    assert repeats(dataset) == repeat_with_loops(seen)
    truth = [info['gt_label'] for info in ENTRIES]
    assert repeats(load(hide=False)) == repeat_with_loops(truth)
    assert repeat_with_loops(truth) != repeat_with_loops(seen)


def test_a_split_tells_what_is_observed(write_dataset):
    pipeline = [dict(type='mmwsml.KeepOnePositive')]
    inner = dict(
        type='mmwsml.PartialLabelDataset',
        labels='complete',
        pipeline=pipeline,
        **write_dataset(ENTRIES),
    )
    split = ValidationSplit(inner, 'train')
    for n in range(len(split)):
        assert split.get_cat_ids(n) == split[n]['gt_label']


@pytest.mark.parametrize('key', [None, 'dataset', 'datasets'])
def test_labels_that_others_do_not_hide_are_refused(load, key):
    balanced = ClassBalancedDataset(load(MultiLabelDataset), 0.5)
    inner = [balanced] if key == 'datasets' else balanced
    whole = SimpleNamespace(**{key: inner}) if key else balanced
    message = (
        'ClassBalancedDataset repeats the images of MultiLabelDataset by '
        'labels that KeepOnePositive hides from training: read them with a'
    )
    with pytest.raises(ValueError, match=message):
        check_balance(whole)


def test_labels_that_nothing_hides_may_balance(load):
    for dataset in (load(MultiLabelDataset, hide=False), load()):
        balanced = ClassBalancedDataset(dataset, 0.5)
        check_balance(balanced)
    check_balance(load(MultiLabelDataset))
