"""A run of iterations that was resumed equals one that was not."""

import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of

LOOP = dict(type='mmwsml.ResumableIterLoop', max_iters=11)
SAMPLER = dict(type='mmwsml.EndlessSampler')
SAVE = dict(
    logger=None,
    checkpoint=dict(type='CheckpointHook', by_epoch=False, interval=1),
)
HOOKS = [
    dict(
        type='mmwsml.LargeLossScheduleHook',
        delta_rel=10,
        schedule='constant',
        begin=1,
        by_epoch=False,
        iters_per_epoch=4,
    ),
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
]
HEAD = dict(
    loss=dict(
        type='mmwsml.LargeLossCorrection',
        selection=dict(type='mmwsml.TopKSelection', percent_of='all'),
    ),
    label_store=dict(type='mmwsml.LabelMemory'),
)


class Watcher(Hook):
    """Keep the images of each step, and a random number."""

    def __init__(self):
        self.steps = []

    def after_train_iter(self, runner, batch_idx, data_batch, outputs):
        images = [s.sample_id for s in data_batch['data_samples']]
        self.steps.append((runner.iter, images, torch.rand(1).item()))


@pytest.fixture
def train(make_runner, dataset_cfg):
    """Train by iterations with random flips; return runner and steps."""
    flip = dict(type='RandomFlip', prob=0.5)
    load, pack = dataset_cfg['pipeline']
    dataset = dict(dataset_cfg, pipeline=[load, flip, pack])

    def run(sampler=SAMPLER, val_interval=100, **kwargs):
        watcher = Watcher()
        runner = make_runner(
            hooks=HOOKS,
            head=HEAD,
            dataset=dataset,
            loader=dict(sampler=sampler),
            train_cfg=dict(LOOP, val_interval=val_interval),
            default_hooks=SAVE,
            **kwargs,
        )
        runner.register_hook(watcher)
        runner.train()
        return runner, watcher.steps

    return run


@pytest.mark.parametrize('broken_at', [1, 3, 4, 6, 10])
def test_a_resumed_run_goes_on_with_the_next_unseen_batch(
    train, tmp_path, broken_at
):
    whole, all_steps = train()
    path = str(tmp_path / 'work' / f'iter_{broken_at}.pth')
    resumed, steps = train(load_from=path, resume=True)
    assert steps == all_steps[broken_at:]
    for name, weight in whole.model.state_dict().items():
        assert torch.equal(weight, resumed.model.state_dict()[name])
    stores = [head_of(r).label_store.snapshot() for r in (whole, resumed)]
    for name, column in stores[0].items():
        assert torch.equal(column, stores[1][name])
    assert len(stores[0]['loss']) > 0


def test_a_pass_shows_every_image_once(train):
    _, steps = train()
    images = [image for _, batch, _ in steps for image in batch]
    assert len(set(images[:20])) == len(set(images[20:40])) == 20


def test_a_validation_in_between_changes_nothing(train, dataset_cfg):
    _, without = train()
    loader = dict(
        batch_size=5,
        num_workers=0,
        dataset=dataset_cfg,
        sampler=dict(type='DefaultSampler', shuffle=True),
    )
    _, steps = train(
        val_interval=3,
        val_dataloader=loader,
        val_cfg=dict(),
        val_evaluator=dict(type='mmwsml.MeanAveragePrecision'),
    )
    assert steps == without


def test_refuses_a_sampler_that_cannot_skip(train):
    message = 'needs a sampler that can skip, but got DefaultSampler: set'
    with pytest.raises(TypeError, match=message):
        train(sampler=dict(type='DefaultSampler', shuffle=True))
