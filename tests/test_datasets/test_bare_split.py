import pytest
from mmengine.config import Config

from mmwsml.datasets.bare_split import read_split


@pytest.fixture
def config(write_dataset):
    """Describe a config whose training set has three images."""
    entries = [dict(img_path=f'{n}.png', gt_label=[n]) for n in range(3)]
    dataset = dict(type='MultiLabelDataset', **write_dataset(entries))
    return Config(dict(train_dataloader=dict(dataset=dataset)))


def add_id(config, namespace='pets'):
    """Give the images of a config an identity."""
    dataset = config.train_dataloader.dataset
    root = dataset.data_root
    step = dict(type='mmwsml.AddSampleId', namespace=namespace, data_root=root)
    dataset.pipeline = [step]
    return config


def test_reads_the_images_of_a_split(config):
    split = read_split(add_id(config), 'train')
    assert split.classes == ['cat', 'dog', 'horse']
    ids = [info['sample_id'] for info in split.infos]
    assert ids == [f'pets/images/{n}.png' for n in range(3)]


def test_refuses_images_without_identity(config):
    message = r'train_dataloader: the image .*0\.png has no `sample_id`; put'
    with pytest.raises(ValueError, match=message):
        read_split(config, 'train')


def test_refuses_two_images_of_one_identity(config):
    dataset = add_id(config).train_dataloader.dataset
    twice = dict(type='ConcatDataset', datasets=[dataset, dataset])
    both = Config(dict(train_dataloader=dict(dataset=twice)))
    message = r'the image .*0\.png shares its `sample_id`; put .*of its own'
    with pytest.raises(ValueError, match=message):
        read_split(both, 'train')


@pytest.mark.parametrize('serialize_data', [True, False])
def test_refuses_an_empty_split(config, serialize_data):
    dataset = add_id(config).train_dataloader.dataset
    dataset.update(indices=0, serialize_data=serialize_data)
    with pytest.raises(ValueError, match='the data set is empty; check its'):
        read_split(config, 'train')


def test_refuses_a_data_set_without_classes(config, write_dataset):
    entries = [dict(img_path='1.png', gt_label=[0])]
    write_dataset(entries, classes=None)
    with pytest.raises(ValueError, match='has no `classes`; give them in the'):
        read_split(add_id(config), 'train')
