import random
from types import SimpleNamespace
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.datasets.transforms import PackPartialLabels
from mmwsml.engine.hooks import epoch_seed_hook
from mmwsml.engine.hooks.epoch_seed_hook import EpochSeedHook
from mmwsml.engine.seed import seed_worker

SEED_WORKER = dict(type='mmwsml.seed_worker')
DRAWS = (random.random, np.random.rand, lambda: torch.rand(1).item())


def draw_image(results):
    """Replace loading: an image of numbers from the three generators."""
    results['img'] = np.array([[[draw() for draw in DRAWS]]], np.float64)
    return results


class Recorder(Hook):
    """Keep the random numbers of each epoch."""

    def __init__(self):
        self.epochs = {}

    def before_train_iter(self, runner, batch_idx, data_batch=None):
        numbers = self.epochs.setdefault(runner.epoch + 1, [])
        for image in data_batch['inputs']:
            numbers += image.flatten().tolist()
        numbers += [draw() for draw in DRAWS]


@pytest.fixture
def record(make_runner, dataset_cfg):
    """Run, and return the random numbers of each epoch."""
    dataset_cfg['pipeline'] = [draw_image, PackPartialLabels()]

    def run(seed=0, max_epochs=2, num_workers=0, **kwargs):
        recorder = Recorder()
        runner = make_runner(
            hooks=[EpochSeedHook(), dict(type='mmwsml.PlainCheckpointHook')],
            train_cfg=dict(by_epoch=True, max_epochs=max_epochs),
            randomness=dict(seed=seed),
            loader=dict(num_workers=num_workers, worker_init_fn=SEED_WORKER),
            **kwargs,
        )
        runner.register_hook(recorder, priority='LOW')
        runner.train()
        return recorder.epochs

    return run


@pytest.mark.parametrize('num_workers', [0, 2])
def test_a_resumed_run_draws_the_numbers_of_an_unbroken_one(
    record, tmp_path, num_workers
):
    unbroken = record(num_workers=num_workers)
    record(num_workers=num_workers, max_epochs=1)
    path = str(tmp_path / 'work' / 'epoch_1.pth')
    resumed = record(num_workers=num_workers, load_from=path, resume=True)
    assert list(resumed) == [2]
    assert resumed[2] == unbroken[2]


@pytest.mark.parametrize('num_workers', [0, 2])
def test_no_number_is_drawn_twice(record, num_workers):
    epochs = record(num_workers=num_workers)
    numbers = epochs[1] + epochs[2]
    assert len(numbers) == 2 * 3 * (20 + 4)
    assert len(set(numbers)) == len(numbers)


def test_another_seed_gives_other_numbers(record):
    epochs = [record(seed, max_epochs=1)[1] for seed in (0, 1, 0)]
    assert not set(epochs[0]) & set(epochs[1])
    assert epochs[0] == epochs[2]


def test_ranks_draw_other_numbers(monkeypatch):
    numbers = set()
    for rank in range(4):
        monkeypatch.setattr(epoch_seed_hook, 'get_rank', lambda r=rank: r)
        runner = SimpleNamespace(seed=0, epoch=0)
        EpochSeedHook().before_train_epoch(runner)
        numbers |= {draw() for draw in DRAWS}
    assert len(numbers) == 12


def test_workers_follow_the_seed_of_torch():
    draws = []
    for seed in (5, 5, 2**63 - 1):
        torch.manual_seed(seed)
        seed_worker(0)
        draws.append([draw() for draw in DRAWS])
    assert draws[0] == draws[1] and not set(draws[0]) & set(draws[2])


@pytest.mark.parametrize(
    'num_workers, persistent, warns',
    [(2, True, True), (2, False, False), (0, False, False)],
)
def test_warns_of_workers_that_are_kept(num_workers, persistent, warns):
    loader = SimpleNamespace(
        num_workers=num_workers, persistent_workers=persistent
    )
    runner = Mock(train_dataloader=loader)
    EpochSeedHook().before_train(runner)
    messages = [call.args[0] for call in runner.logger.warning.mock_calls]
    assert ['persistent_workers=False' in text for text in messages] == (
        [True] if warns else []
    )
