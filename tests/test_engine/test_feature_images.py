import pytest
from mmengine.config import Config

from mmwsml.engine.feature_images import build_images, find_pipelines


@pytest.fixture
def cfg(dataset_cfg):
    """Describe splits: train hides labels and flips, val resizes."""
    load, pack = dataset_cfg['pipeline']
    hide = dict(type='mmwsml.KeepOnePositive')
    small = dict(type='Resize', scale=(8, 8))
    flip = dict(type='RandomFlip', prob=1.0)
    pipelines = dict(train=[hide, load, flip, pack], val=[load, small, pack])
    loaders = {
        f'{split}_dataloader': dict(dataset={**dataset_cfg, 'pipeline': steps})
        for split, steps in pipelines.items()
    }
    return Config(loaders)


def types(pipeline):
    return [step['type'] for step in pipeline]


def test_training_images_go_through_the_pipeline_of_validation(cfg):
    (pipeline,) = find_pipelines(cfg, ['train']).values()
    expected = ['mmwsml.LoadImage', 'Resize', 'mmwsml.PackPartialLabels']
    assert types(pipeline) == expected
    images = build_images(cfg, dict(train=pipeline))
    assert len(images) == 20
    assert images[0]['inputs'].shape == (3, 8, 8)
    assert len(images[0]['data_samples'].gt_label) == 1


def test_what_looks_at_labels_or_names_images_is_left_out(cfg):
    dataset = cfg.val_dataloader.dataset
    dataset.pipeline = [
        dict(type='mmwsml.AddSampleId', namespace='x', data_root='/'),
        dict(type='mmwsml.LoadObservedLabels', ann_file='not there'),
        *dataset.pipeline,
    ]
    pipelines = find_pipelines(cfg, ['val'])
    assert types(pipelines['val'])[0] == 'mmwsml.LoadImage'


def test_looks_into_wrappers(cfg):
    inner = cfg.val_dataloader.dataset
    cfg.val_dataloader.dataset = dict(
        type='ConcatDataset',
        datasets=[
            dict(type='RepeatDataset', times=3, dataset=inner),
            {**inner, 'namespace': 'other', 'indices': 5},
        ],
    )
    pipelines = find_pipelines(cfg, ['val'])
    images = build_images(cfg, pipelines)
    assert types(pipelines['val'])[1] == 'Resize'
    assert len(images) == 25  # a repeated image counts once
    ids = [sample['data_samples'].sample_id for sample in images]
    assert (ids[0], ids[20]) == ('images/0.png', 'other/0.png')


@pytest.mark.parametrize('split, named', [('test', 'test'), ('train', 'val')])
def test_a_split_without_a_pipeline_is_refused(cfg, split, named):
    cfg.val_dataloader = None
    message = f'no `{named}_dataloader`, whose pipeline the images of {split}'
    with pytest.raises(ValueError, match=message):
        find_pipelines(cfg, [split])


def test_a_split_that_is_not_there_is_refused(cfg):
    cfg.train_dataloader = None
    pipelines = find_pipelines(cfg, ['train'])
    with pytest.raises(ValueError, match='no `train_dataloader`; choose'):
        build_images(cfg, pipelines)
