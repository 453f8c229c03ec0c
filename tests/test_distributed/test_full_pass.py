"""Stores that learn from passes are the same on any number of processes."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmwsml.engine.head import store_of
from mmwsml.engine.launch import adapt_to_machine

pytestmark = pytest.mark.dist
ROOT = Path(__file__).parents[2]
GLOBAL_BATCH = 32
#: Method -> options of its store; it must learn something in two epochs.
STORES = {
    'curriculum': dict(theta=0.02),
    'em-apl': dict(begin=1),
    'mime': dict(begin=1, threshold=0.45),
}


def train(cfg):
    """Train; return the state of the store of this process."""
    adapt_to_machine(cfg)
    runner = Runner.from_cfg(cfg)
    runner.train()
    return store_of(runner).snapshot()


@pytest.fixture
def states_of(spread, digit_scenes, tmp_path):
    """Train a method on so many processes; return the stores of all."""

    def run(method, num_processes, num_images, **options):
        (path,) = (ROOT / 'configs' / method).glob('*_digitscenes-*.py')
        cfg = Config.fromfile(path)
        cfg.merge_from_dict(
            {
                'work_dir': str(tmp_path / str(num_processes)),
                'model.backbone': dict(_delete_=True, type='PassNet'),
                'model.head.label_store': STORES[method],
                'custom_hooks.0.pipeline': cfg.image_pipeline,
                'custom_hooks.0.batch_size': 7,
                'train_dataloader.batch_size': GLOBAL_BATCH // num_processes,
                'train_dataloader.num_workers': 0,
                'train_dataloader.dataset.indices': num_images,
                'train_dataloader.dataset.data_root': str(digit_scenes),
                'train_cfg.max_epochs': 3,
                'default_hooks.logger': None,
                'default_hooks.checkpoint.save_best': None,
                'log_level': 'WARNING',
                **options,
            }
        )
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
        cfg.test_cfg = cfg.test_dataloader = cfg.test_evaluator = None
        cfg.launcher = 'pytorch' if num_processes > 1 else 'none'
        return spread(train, num_processes, cfg)

    return run


def assert_alike(states, expected):
    """Compare exactly between processes, up to rounding with one."""
    for state in states:
        assert state.keys() == expected.keys()
        for name, column in state.items():
            assert torch.equal(column, states[0][name])
            if name in ('soft', 'loss'):
                assert (column > 0).any()
                assert torch.equal(column > 0, expected[name] > 0)
                torch.testing.assert_close(
                    column, expected[name], rtol=1e-4, atol=0
                )
            else:
                assert column.any()
                assert torch.equal(column, expected[name])


@pytest.mark.parametrize('num_processes', [2, 3])
@pytest.mark.parametrize('method', STORES)
def test_a_store_learns_the_same_from_shares_of_any_size(
    method, num_processes, states_of
):
    """65 images: shares differ in size, and in their number of batches."""
    still = {'optim_wrapper.optimizer.lr': 0}  # padding trains otherwise
    (one,) = states_of(method, 1, 65, **still)
    assert_alike(states_of(method, num_processes, 65, **still), one)


@pytest.mark.parametrize('method', STORES)
def test_training_on_it_goes_on_alike(method, states_of):
    (one,) = states_of(method, 1, 96)
    assert_alike(states_of(method, 2, 96), one)


@pytest.mark.parametrize('method', STORES)
def test_a_resumed_run_may_have_another_number_of_processes(
    method, states_of, tmp_path
):
    (one,) = states_of(method, 1, 96)
    path = str(tmp_path / '1' / 'epoch_2.pth')
    assert_alike(states_of(method, 2, 96, load_from=path, resume=True), one)
