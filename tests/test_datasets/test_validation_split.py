import zlib
from types import SimpleNamespace

import numpy as np
import pytest
from mmengine.dataset import ConcatDataset
from mmengine.registry import init_default_scope
from torch.utils.data import DataLoader

from mmwsml.datasets import PartialLabelDataset, ValidationSplit
from mmwsml.engine.hooks import PreflightHook
from mmwsml.registry import DATASETS

#: Size -> CRC-32 of the indices of 'train' and 'val', written with blanks.
CHECKSUMS = {5717: (2539457727, 775546283), 82081: (3559828156, 456701227)}
NAMES = [f'{n:02}.png' for n in range(21)]


@pytest.fixture
def kwargs(write_dataset):
    """Write 21 images and return the arguments of their data set."""
    data_list = [dict(img_path=name, gt_label=[0, 2]) for name in NAMES]
    return write_dataset(data_list)


@pytest.fixture
def build(kwargs):
    """Build a part of the 21 images."""
    config = dict(type='mmwsml.PartialLabelDataset', **kwargs)

    def build_part(part, fraction=0.2, **changes):
        inner = dict(config, **changes)
        return ValidationSplit(inner, part, fraction)

    return build_part


def names(dataset):
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    return [info['sample_id'].split('/')[1] for info in infos]


@pytest.mark.parametrize('size', CHECKSUMS)
def test_draws_the_indices_of_the_protocol(size, build):
    order = np.random.RandomState(1200).permutation(size).tolist()
    num_val = round(0.2 * size)
    expected = sorted(order[: size - num_val]), sorted(order[-num_val:])
    for part, indices, checksum in zip(
        ('train', 'val'), expected, CHECKSUMS[size]
    ):
        assert build(part, lazy_init=True).draw(size) == indices
        text = ' '.join(map(str, indices))
        assert zlib.crc32(text.encode()) == checksum


def test_the_parts_share_nothing_and_leave_nothing_out(build):
    for fraction in (0.2, 0.5, 0.9):
        train, val = (
            build(part, fraction, lazy_init=True) for part in ('train', 'val')
        )
        for size in range(3, 50):
            assert len(val.draw(size)) == round(fraction * size)
            both = train.draw(size) + val.draw(size)
            assert sorted(both) == list(range(size))


@pytest.mark.parametrize('part, size', [('train', 17), ('val', 4)])
def test_is_the_data_set_at_these_indices(build, kwargs, part, size):
    whole, dataset = PartialLabelDataset(**kwargs), build(part)
    indices = dataset.draw(21)
    assert len(dataset) == len(indices) == size
    assert names(dataset) == [NAMES[i] for i in indices]
    assert dataset.metainfo == whole.metainfo
    assert dataset.CLASSES == whole.CLASSES
    assert dataset.get_cat_ids(0) == [0, 2]


def test_each_part_has_the_pipeline_of_its_config(build):
    train = build('train', pipeline=[dict(type='mmwsml.KeepOnePositive')])
    assert all(
        len(sample['gt_label']) == 1
        for sample in map(train.__getitem__, range(len(train)))
    )
    val = build('val')
    assert all(val[i]['gt_label'] == [0, 2] for i in range(len(val)))


def test_loads_lazily_and_then_knows_its_classes(build):
    dataset = build('val', lazy_init=True)
    assert 'classes' not in dataset.metainfo
    dataset.full_init()
    dataset.full_init()
    assert len(dataset) == 4
    assert dataset.metainfo['classes'] == ['cat', 'dog', 'horse']


def test_builds_from_a_config_also_inside_concat_dataset(kwargs):
    init_default_scope('mmpretrain')
    inner = dict(type='mmwsml.PartialLabelDataset', **kwargs)
    parts = [
        dict(type='mmwsml.ValidationSplit', part=part, dataset=inner)
        for part in ('train', 'val')
    ]
    both = DATASETS.build(dict(type='ConcatDataset', datasets=parts))
    assert isinstance(both, ConcatDataset)
    assert sorted(names(both)) == NAMES


def test_the_check_before_training_sees_the_part_alone(build, kwargs):
    dataset = build('train')
    logs = []
    runner = SimpleNamespace(
        model=SimpleNamespace(head=SimpleNamespace(num_classes=3)),
        train_dataloader=DataLoader(dataset),
        train_loop=None,
        logger=SimpleNamespace(info=logs.append),
        val_loop=None,
    )
    PreflightHook().check_training(runner)
    assert "Training on Dataset ValidationSplit(part='train'" in logs[0]
    assert 'Number of samples: \t17' in logs[0]
    assert 'Annotated positives: \t34' in logs[0]


def test_knows_how_much_of_the_published_set_it_should_be(build):
    assert build('train').known_size is None
    dataset = build('val', lazy_init=True)
    dataset.dataset = SimpleNamespace(known_size=5717)
    assert dataset.known_size == 1143


@pytest.mark.parametrize(
    'part, fraction, rule',
    [
        ('test', 0.2, "`part` .* 'train' or 'val', but got 'test'"),
        ('val', 0.0, r'`fraction` .* in \(0, 1\), but got 0.0'),
        ('val', 1.0, r'`fraction` .* in \(0, 1\), but got 1.0'),
        ('val', 0.02, "'val' of 21 images is empty at fraction=0.02"),
        ('train', 0.98, "'train' of 21 images is empty at fraction=0.98"),
    ],
)
def test_refuses_parts_and_fractions(build, part, fraction, rule):
    with pytest.raises(ValueError, match=rule):
        build(part, fraction)


def test_refuses_a_data_set_that_is_built_already(kwargs):
    dataset = PartialLabelDataset(**kwargs)
    with pytest.raises(TypeError, match='must be a config, since each part'):
        ValidationSplit(dataset, 'val')
