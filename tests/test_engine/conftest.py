"""A run that takes a second: a tiny network on twenty random images."""

import copy
import itertools
import json

import cv2
import numpy as np
import pytest
import torch.distributed as dist
from mmengine.model import MMDistributedDataParallel
from mmengine.registry import DefaultScope
from mmengine.runner import Runner
from mmpretrain.registry import MODELS

NAMES = (f'run-{number}' for number in itertools.count())


@pytest.fixture(scope='session')
def image_folder(tmp_path_factory):
    """Twenty images of three classes: one positive, one negative known.

    Copies of them lie in the folder ``val``, for validation.
    """
    root = tmp_path_factory.mktemp('twenty')
    (root / 'val').mkdir()
    random = np.random.RandomState(0)
    data_list = []
    for n in range(20):
        image = random.randint(0, 256, (16, 16, 3), np.uint8)
        for folder in (root, root / 'val'):
            cv2.imwrite(str(folder / f'{n}.png'), image)
        labels = dict(gt_label=[n % 3], neg_label=[(n + 1) % 3])
        data_list.append(dict(img_path=f'{n}.png', **labels))
    metainfo = dict(classes=['cat', 'dog', 'horse'])
    text = json.dumps(dict(metainfo=metainfo, data_list=data_list))
    (root / 'ann.json').write_text(text)
    return root


@pytest.fixture
def dataset_cfg(image_folder):
    """Describe the data set of the twenty images."""
    return dict(
        type='mmwsml.PartialLabelDataset',
        ann_file='ann.json',
        data_root=str(image_folder),
        pipeline=[
            dict(type='mmwsml.LoadImage'),
            dict(type='mmwsml.PackPartialLabels'),
        ],
    )


@pytest.fixture
def process_group():
    """Join a group of one process, so that a model can be wrapped."""
    store = dist.HashStore()
    dist.init_process_group('gloo', store=store, rank=0, world_size=1)
    yield
    dist.destroy_process_group()


@pytest.fixture(scope='session')
def complete():
    """List the positives of ten validation images of three classes."""
    return [[0]] * 5 + [[0, 2]] * 3 + [[], [2]]


@pytest.fixture
def val_cfg(dataset_cfg, complete, tmp_path):
    """Describe validation on complete labels of the first ten images."""
    data_list = [
        dict(img_path=f'{n}.png', gt_label=labels)
        for n, labels in enumerate(complete)
    ]
    metainfo = dict(classes=['cat', 'dog', 'horse'])
    path = tmp_path / 'complete.json'
    path.write_text(json.dumps(dict(metainfo=metainfo, data_list=data_list)))
    place = dict(data_prefix='val', namespace='val')
    dataset = dict(dataset_cfg, **place, ann_file=str(path), labels='complete')
    return dict(
        val_dataloader=dict(
            batch_size=5,
            num_workers=0,
            dataset=dataset,
            sampler=dict(type='DefaultSampler', shuffle=False),
        ),
        val_cfg=dict(),
        val_evaluator=dict(type='mmwsml.MeanAveragePrecision'),
    )


@pytest.fixture
def make_runner(request, tmp_path, dataset_cfg):
    """Return a maker of runs of four steps an epoch."""

    def make(
        hooks=(), head=None, dataset=None, loader=None, wrapped=False, **kwargs
    ):
        dataset, changes = dataset or dataset_cfg, loader or {}
        settings = dict(
            model=make_model(head or {}),
            work_dir=str(tmp_path / 'work'),
            train_dataloader=make_loader(dataset, changes),
            train_cfg=dict(by_epoch=True, max_epochs=2),
            optim_wrapper=dict(optimizer=dict(type='Adam', lr=1e-3)),
            default_hooks=dict(logger=None),
            custom_hooks=list(hooks),
            randomness=dict(seed=0),
            default_scope='mmpretrain',
            experiment_name=next(NAMES),
            log_level='WARNING',
        )
        settings.update(kwargs)
        if wrapped:
            request.getfixturevalue('process_group')
            settings['model'] = wrap(settings['model'])
        return Runner(**settings)

    return make


def make_model(head):
    """Describe a classifier of a few hundred weights."""
    return dict(
        type='ImageClassifier',
        backbone=dict(type='mmwsml.DigitNet', channels=(4, 8), strides=(2, 2)),
        neck=dict(type='GlobalAveragePooling'),
        head={
            'type': 'mmwsml.PartialLabelHead',
            'num_classes': 3,
            'in_channels': 8,
            **head,
        },
        data_preprocessor=dict(num_classes=3, mean=[127.5], std=[63.75]),
    )


def make_loader(dataset, changes):
    """Describe a data loader of batches of five."""
    loader = dict(batch_size=5, num_workers=0, dataset=dataset)
    sampler = dict(type='DefaultSampler', shuffle=True)
    return {**loader, 'sampler': sampler, **changes}


def wrap(model):
    """Build a model inside DDP."""
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        return MMDistributedDataParallel(MODELS.build(model))


@pytest.fixture
def validate(make_runner, val_cfg):
    """Train with validation whose pipeline and settings may be changed."""

    def run(
        before=(),
        dataset=(),
        hooks=(),
        evaluator=None,
        allow_shared=False,
        **kwargs,
    ):
        cfg = copy.deepcopy(val_cfg)
        cfg['val_dataloader']['dataset'].update(dataset)
        if before:
            cfg['val_dataloader']['dataset']['pipeline'][:0] = before
        cfg['val_evaluator'] = evaluator or cfg['val_evaluator']
        kwargs.setdefault('train_cfg', dict(by_epoch=True, max_epochs=1))
        preflight = dict(
            type='mmwsml.PreflightHook', allow_shared=allow_shared
        )
        runner = make_runner([preflight, *hooks], **cfg, **kwargs)
        try:
            runner.train()
        finally:
            run.steps = runner.iter
        return runner

    return run


@pytest.fixture
def write_positives(tmp_path):
    """Write known positives alone, and other labels of single images."""

    def write(**others):
        data_list = [
            dict(img_path=f'{n}.png', gt_label=[n % 3]) for n in range(10)
        ]
        for number, negatives in others.items():
            data_list[int(number[1:])]['neg_label'] = negatives
        metainfo = dict(classes=['cat', 'dog', 'horse'])
        path = tmp_path / 'positives.json'
        text = json.dumps(dict(metainfo=metainfo, data_list=data_list))
        path.write_text(text)
        return str(path)

    return write
