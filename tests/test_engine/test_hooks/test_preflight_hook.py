import copy
from types import SimpleNamespace
from unittest.mock import MagicMock, Mock

import numpy as np
import pytest
import torch
from mmengine.dataset import (
    ClassBalancedDataset,
    ConcatDataset,
    RepeatDataset,
)
from mmpretrain.datasets import MultiLabelDataset
from torch.utils.data import TensorDataset

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.transforms import (
    AddSampleId,
    KeepKnownFraction,
    KeepOnePositive,
)
from mmwsml.engine.hooks import PreflightHook
from mmwsml.engine.sample_checks import check_samples

PREFLIGHT = [dict(type='mmwsml.PreflightHook')]
EVALUATOR = dict(type='mmwsml.MeanAveragePrecision')


@pytest.fixture
def load(image_folder):
    """Load the twenty images in a namespace."""

    def load(namespace='images'):
        root = str(image_folder)
        return PartialLabelDataset(
            'ann.json', namespace=namespace, data_root=root
        )

    return load


@pytest.fixture
def load_host(image_folder):
    """Load the twenty images as MMPretrain does, with a sample_id."""

    def load(namespace):
        root = str(image_folder)
        add = AddSampleId(namespace, root)
        return MultiLabelDataset('ann.json', data_root=root, pipeline=[add])

    return load


def make_mock(**fields):
    """Make a run of three classes that loads some batch of anything."""
    runner = MagicMock(model=Mock(spec=['head']), **fields)
    runner.model.head.num_classes = 3
    runner.model.head.loss_module.modifies = False
    for name in ('train', 'val', 'test'):
        loader = getattr(runner, f'{name}_dataloader')
        loader.__len__.return_value = 1
        getattr(runner, f'{name}_evaluator').metrics = []
    return runner


def check(dataset, needs_negatives=False):
    """Run the check before training, with nothing to validate."""
    runner = make_mock(val_loop=None)
    runner.model.head.loss_module.needs_negatives = needs_negatives
    runner.train_dataloader.dataset = dataset
    PreflightHook().check_training(runner)
    return runner


@pytest.mark.parametrize('wrapped', [False, True])
def test_refuses_a_head_of_another_number_of_classes(make_runner, wrapped):
    head = dict(num_classes=4)
    runner = make_runner(PREFLIGHT, head, wrapped=wrapped)
    message = (
        'head has num_classes=4, but the data set of `train_dataloader` has '
        '3 classes: set `model.head.num_classes=3`'
    )
    with pytest.raises(ValueError, match=message):
        runner.train()
    assert runner.iter == 0


def test_refuses_validation_data_of_another_number_of_classes(
    make_runner, dataset_cfg
):
    loader = dict(batch_size=5, num_workers=0, dataset=dataset_cfg)
    loader['sampler'] = dict(type='DefaultSampler', shuffle=False)
    runner = make_runner(
        PREFLIGHT, val_dataloader=loader, val_cfg={}, val_evaluator=EVALUATOR
    )
    runner.val_loop.dataloader.dataset._metainfo['classes'] = ['cat', 'dog']
    with pytest.raises(ValueError, match='`val_dataloader` has 2 classes'):
        runner.train()
    assert runner.iter == 0


def test_refuses_test_data_of_another_number_of_classes(
    make_runner, dataset_cfg
):
    loader = dict(batch_size=5, num_workers=0, dataset=dataset_cfg)
    loader['sampler'] = dict(type='DefaultSampler', shuffle=False)
    runner = make_runner(
        PREFLIGHT,
        dict(num_classes=4),
        test_dataloader=loader,
        test_cfg={},
        test_evaluator=EVALUATOR,
    )
    with pytest.raises(ValueError, match='`test_dataloader` has 3 classes'):
        runner.test()


def test_refuses_two_data_sets_that_share_an_id(make_runner, dataset_cfg):
    twice = [copy.deepcopy(dataset_cfg) for _ in range(2)]
    dataset = dict(type='ConcatDataset', datasets=twice)
    runner = make_runner(PREFLIGHT, dataset=dataset)
    message = r'share the sample_id images/0\.png: .*a `namespace` of its own'
    with pytest.raises(ValueError, match=message):
        runner.train()
    assert runner.iter == 0


def test_accepts_two_data_sets_of_other_namespaces(load):
    check(ConcatDataset([load('here'), load('there')]))


def test_a_repeated_data_set_does_not_collide_with_itself(load):
    check(RepeatDataset(load(), times=3))


def test_finds_a_collision_inside_wrappers(load):
    inner = ConcatDataset([load('here'), load('there')])
    both = MagicMock(spec=['datasets', 'metainfo', '__len__'], metainfo={})
    both.datasets = [inner, RepeatDataset(load('there'), 2)]
    with pytest.raises(ValueError, match=r'the sample_id there/0\.png'):
        check(both)


def test_finds_a_collision_of_ids_that_a_transform_adds(load_host):
    check(ConcatDataset([load_host('here'), load_host('there')]))
    with pytest.raises(ValueError, match=r'the sample_id here/0\.png'):
        check(ConcatDataset([load_host('here'), load_host('here')]))


def test_prints_what_the_data_is(load):
    runner = check(load())
    text = ''.join(call.args[0] for call in runner.logger.info.mock_calls)
    assert 'Images without a positive: \t0' in text


def test_refuses_the_same_classes_in_another_order(load):
    runner = make_mock()
    runner.train_dataloader.dataset = load()
    val = load()
    val._metainfo['classes'] = ['cat', 'horse', 'dog']
    runner.val_dataloader.dataset = val
    message = "`val_dataloader` calls class 1 'horse', but .* with 'dog' there"
    with pytest.raises(ValueError, match=message):
        PreflightHook().check_training(runner)


def test_refuses_to_test_weights_of_other_classes(load):
    hook, runner = PreflightHook(), make_mock()
    runner.test_dataloader.dataset = load()
    for classes in (None, ['cat', 'dog', 'horse']):
        meta = dict(dataset_meta=dict(classes=classes))
        hook.after_load_checkpoint(runner, dict(meta=meta))
        hook.before_test(runner)
    meta = dict(dataset_meta=dict(classes=['dog', 'cat', 'horse']))
    hook.after_load_checkpoint(runner, dict(meta=meta))
    with pytest.raises(ValueError, match="calls class 0 'cat', but the model"):
        hook.before_test(runner)


def test_refuses_a_label_outside_the_classes_of_a_host_data_set(load_host):
    dataset = load_host('here')
    dataset._metainfo['classes'] = ['cat', 'dog', 'horse', 'cow']
    with pytest.raises(ValueError, match='num_classes=4'):
        check(dataset)
    dataset._metainfo['classes'] = ['cat', 'dog', 'horse']
    info = dataset.get_data_info(0)
    dataset.get_data_info = lambda index: {**info, 'gt_label': [3]}
    message = r'The labels of .*0\.png are wrong: `gt_label` must hold'
    with pytest.raises(ValueError, match=message):
        check(dataset)


def test_a_plain_data_set_is_left_alone():
    check(TensorDataset(torch.zeros(3)))


def test_refuses_to_repeat_images_by_hidden_labels(load_host):
    dataset = load_host('images')
    dataset.pipeline.transforms.append(KeepOnePositive())
    message = 'repeats the images of MultiLabelDataset by labels that KeepOne'
    with pytest.raises(ValueError, match=message):
        check(ClassBalancedDataset(dataset, 0.5))


def test_refuses_a_transform_that_hides_labels_of_other_classes(load):
    for num_classes in (2, 3, 4):
        dataset = load()
        hide = KeepKnownFraction(0.5, num_classes)
        dataset.pipeline.transforms = [hide]
        wrapped = RepeatDataset(dataset, times=2)
        if num_classes == 3:
            check(wrapped)
            continue
        message = rf'hides labels of {num_classes} classes, .* has 3: give'
        with pytest.raises(ValueError, match=message):
            check(wrapped)


@pytest.mark.parametrize('keys, fails', [([3, 4], False), ([2, 3], True)])
def test_a_data_set_may_vouch_for_its_images(keys, fails):
    """Millions of images are compared as numbers, not walked."""
    parts = [Mock(spec=['sample_keys', 'get_data_info']) for _ in range(2)]
    parts[0].sample_keys.return_value = 'huge/train', np.array([1, 2])
    parts[1].sample_keys.return_value = 'huge/train', np.array(keys)
    joined = SimpleNamespace(datasets=parts)
    if fails:
        with pytest.raises(ValueError, match='share images named huge/train'):
            check_samples(joined)
    else:
        check_samples(joined)
    assert not parts[0].get_data_info.called


def test_refuses_positives_alone_for_a_loss_that_needs_negatives(load):
    dataset = load()
    dataset.pipeline.transforms.append(KeepOnePositive())
    check(dataset)
    message = 'learns from observed negatives, but the labels of `train_data'
    with pytest.raises(ValueError, match=message):
        check(dataset, needs_negatives=True)


def test_one_negative_is_enough_for_a_loss_that_needs_them(load):
    check(load(), needs_negatives=True)
