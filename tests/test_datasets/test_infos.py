import pytest
from mmengine.config import Config
from mmengine.dataset import ConcatDataset, RepeatDataset

from mmwsml.datasets import PartialLabelDataset
from mmwsml.datasets.infos import (
    build_bare,
    iter_datasets,
    iter_infos,
    iter_observed,
)
from mmwsml.datasets.transforms import (
    KeepOnePositive,
    KeepPositiveByLocation,
    LoadImage,
)

ENTRIES = [dict(img_path=f'{n}.png', gt_label=[0, 1, 2]) for n in range(3)]


@pytest.fixture
def dataset_cfg(write_dataset):
    """Describe a data set of MMPretrain that hides labels."""
    kwargs = write_dataset(ENTRIES)
    add_id = dict(
        type='mmwsml.AddSampleId',
        namespace='pets',
        data_root=f'{kwargs["data_root"]}/images',
    )
    hide = dict(type='mmwsml.LoadObservedLabels', ann_file='not-made-yet')
    return dict(type='MultiLabelDataset', pipeline=[add_id, hide], **kwargs)


def labels_of(dataset):
    """Map the images of a data set to their labels."""
    infos = iter_infos(dataset)
    return {info['sample_id']: info['gt_label'] for info in infos}


def test_sees_labels_that_the_pipeline_hides(write_dataset):
    dataset = PartialLabelDataset(
        pipeline=[KeepOnePositive()], **write_dataset(ENTRIES)
    )
    assert labels_of(dataset) == {
        f'images/{n}.png': [0, 1, 2] for n in range(3)
    }


def test_sees_each_image_once_through_wrappers(write_dataset):
    dataset = PartialLabelDataset(**write_dataset(ENTRIES))
    halves = [dataset.get_subset([2]), dataset.get_subset([0, 1])]
    assert list(iter_datasets(ConcatDataset(halves))) == halves
    for wrapped in (ConcatDataset(halves), RepeatDataset(dataset, times=3)):
        assert labels_of(wrapped) == labels_of(dataset)


def test_a_draw_that_looks_at_the_size_is_seen_too(write_dataset):
    dataset = PartialLabelDataset(**write_dataset(ENTRIES))
    boxes = [dict(bbox=[0, 0, 2, 2], bbox_label=k) for k in range(3)]
    one = dict(dataset.get_data_info(0), instances=boxes)
    dataset.get_data_info = lambda index: one
    dataset.pipeline.transforms = [LoadImage(), KeepPositiveByLocation()]
    infos = list(iter_observed(dataset))
    assert [len(info['gt_label']) for info in infos] == [1, 1, 1]


def test_builds_a_split_without_what_hides_its_labels(dataset_cfg):
    wrapped = dict(type='RepeatDataset', times=2, dataset=dataset_cfg)
    concat = dict(type='ConcatDataset', datasets=[wrapped])
    for cfg in (dataset_cfg, concat):
        cfg = Config(dict(train_dataloader=dict(dataset=cfg)))
        labels = labels_of(build_bare(cfg, 'train'))
        assert labels == {f'pets/{n}.png': [0, 1, 2] for n in range(3)}


def test_refuses_a_split_that_the_config_lacks(dataset_cfg):
    cfg = Config(dict(val_dataloader=None))
    for split in ('train', 'val'):
        message = f'has no `{split}_dataloader`; choose a split'
        with pytest.raises(ValueError, match=message):
            build_bare(cfg, split)
