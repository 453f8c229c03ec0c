"""What wrappers hold, in words."""

import copy

import pytest
from mmengine.registry import DefaultScope
from mmpretrain.registry import DATASETS

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.describe import describe_dataset

FOUR = [dict(img_path=f'{n}.png', gt_label=[n % 3]) for n in range(1, 5)]


def build(config):
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return DATASETS.build(config)


@pytest.fixture
def config(write_dataset):
    return dict(type='mmwsml.PartialLabelDataset', **write_dataset(FOUR))


@pytest.mark.parametrize(
    'wrap, line',
    [
        (
            lambda x: dict(type='RepeatDataset', times=3, dataset=x),
            'RepeatDataset: 12 images, 3 times those of:',
        ),
        (
            lambda x: dict(
                type='ClassBalancedDataset', oversample_thr=0.5, dataset=x
            ),
            'ClassBalancedDataset: 6 images, those of classes in less than '
            '50 % of the images repeated, of:',
        ),
        (
            lambda x: dict(
                type='KFoldDataset', num_splits=4, test_mode=True, dataset=x
            ),
            'KFoldDataset: 1 images, fold 0 of 0 to 3, the images of:',
        ),
        (
            lambda x: dict(
                type='ConcatDataset', datasets=[x, copy.deepcopy(x)]
            ),
            'ConcatDataset: 8 images of 2 data sets:',
        ),
    ],
    ids=['repeat', 'balance', 'fold', 'join'],
)
def test_a_wrapper_says_what_it_makes_of_what_it_holds(config, wrap, line):
    text = describe_dataset(build(wrap(config)))
    head, *inner = text.splitlines()
    assert head == line
    assert inner[0] == '    Dataset PartialLabelDataset'
    assert any('Annotated positives' in line for line in inner)


def test_wrappers_of_wrappers_step_in(config):
    inner = dict(type='RepeatDataset', times=2, dataset=config)
    outer = dict(type='ConcatDataset', datasets=[inner, config])
    lines = describe_dataset(build(outer)).splitlines()
    assert lines[1] == '    RepeatDataset: 8 images, 2 times those of:'
    assert lines[2] == '        Dataset PartialLabelDataset'


def test_a_data_set_alone_describes_itself(config):
    del config['type']
    dataset = PartialLabelDataset(**config)
    assert describe_dataset(dataset) == str(dataset)
