import numpy as np
import pytest
from mmengine.registry import DATASETS, DefaultScope

from mmwsml.datasets.infos import iter_infos
from mmwsml.engine.samples import sample_keys
from mmwsml.structures import hash64


@pytest.fixture
def build():
    """Return a function that builds a data set from its config."""

    def build(cfg):
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            return DATASETS.build(cfg)

    return build


def names(count, namespace='images'):
    return [f'{namespace}/{n}.png' for n in range(count)]


def test_an_image_that_is_repeated_comes_once(build, dataset_cfg):
    repeated = build(dict(type='RepeatDataset', dataset=dataset_cfg, times=3))
    ids = [info['sample_id'] for info in iter_infos(repeated)]
    assert ids == names(20)


def test_the_images_of_joined_data_sets_come_in_turn(build, dataset_cfg):
    other = dict(dataset_cfg, namespace='others', indices=3)
    joined = build(dict(type='ConcatDataset', datasets=[dataset_cfg, other]))
    ids = [info['sample_id'] for info in iter_infos(joined)]
    assert ids == names(20) + names(3, 'others')


def test_the_identity_that_a_transform_adds_is_there(build, dataset_cfg):
    root = dataset_cfg['data_root']
    add = dict(type='mmwsml.AddSampleId', namespace='own', data_root=root)
    plain = dict(dataset_cfg, type='MultiLabelDataset', pipeline=[add])
    ids = [info['sample_id'] for info in iter_infos(build(plain))]
    assert ids == names(20, 'own')


def test_keys_are_the_hashes_of_the_identities(build, dataset_cfg):
    keys = sample_keys(build(dataset_cfg))
    assert keys.dtype == np.int64
    assert keys.tolist() == [hash64(name) for name in names(20)]


def test_images_without_identity_have_no_keys(build, dataset_cfg):
    plain = dict(dataset_cfg, type='MultiLabelDataset', pipeline=[])
    with pytest.raises(ValueError, match='MultiLabelDataset have no `sample'):
        sample_keys(build(plain))
