"""The head in closed form is the same on any number of processes."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmwsml.engine.head import head_of
from mmwsml.engine.launch import adapt_to_machine

pytestmark = pytest.mark.dist
ROOT = Path(__file__).parents[2]


def make_head(cfg):
    """Return the linear layer of this process."""
    adapt_to_machine(cfg)
    runner = Runner.from_cfg(cfg)
    runner.train()
    return [weight.detach() for weight in head_of(runner).fc.parameters()]


def make_choice(cfg):
    """Return the head of classes that compete, of this process."""
    adapt_to_machine(cfg)
    runner = Runner.from_cfg(cfg)
    runner.train()
    state = head_of(runner).state_dict()
    names = 'fc.weight', 'fc.bias', 'competition', 'direct.weight', 'power'
    return [state[name] for name in names]


def train_and_make(cfg):
    """Go through training and average, make the head; return it.

    Steps change nothing: one process takes others than two.
    """
    cfg.optim_wrapper.optimizer.lr = 0
    cfg.train_cfg = dict(type='mmwsml.HeadMadeAgainLoop', max_epochs=2)
    cfg.custom_hooks.append(dict(type='EMAHook', momentum=0.1))
    return make_choice(cfg)


@pytest.fixture
def layers_of(spread, digit_scenes, tmp_path):
    """Make the head on so many processes; return the layers of all."""

    def run(num_processes, make=make_head):
        (path,) = (ROOT / 'configs' / 'wan').glob('*_digitscenes-*.py')
        cfg = Config.fromfile(path)
        hook = dict(type='mmwsml.LinearDiscriminantHook')
        cfg.merge_from_dict(
            {
                'work_dir': str(tmp_path / str(num_processes)),
                'model.backbone': dict(_delete_=True, type='PassNet'),
                'custom_hooks': [dict(hook, pipeline=cfg.image_pipeline)],
                'train_dataloader.num_workers': 0,
                'train_dataloader.dataset.indices': 65,
                'train_dataloader.dataset.data_root': str(digit_scenes),
                'default_hooks.logger': None,
                'default_hooks.checkpoint.save_best': None,
                'log_level': 'WARNING',
            }
        )
        cfg.train_cfg = dict(type='mmwsml.ClosedFormLoop', max_epochs=1)
        val = cfg.val_dataloader
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
        cfg.test_cfg = cfg.test_dataloader = cfg.test_evaluator = None
        cfg.launcher = 'pytorch' if num_processes > 1 else 'none'
        if make is not make_head:
            _let_compete(cfg, val)
        return spread(make, num_processes, cfg)

    return run


def _let_compete(cfg, val):
    """Choose and learn by the labels of 401 validation images."""
    cfg.model.head.type = 'mmwsml.MultinomialHead'
    hook = dict(type='mmwsml.MultinomialDiscriminantHook')
    cfg.custom_hooks = [dict(hook, learn_validation=True)]
    root = cfg.train_dataloader.dataset.data_root
    val.dataset.update(indices=401, data_root=root)
    val.num_workers = 0
    cfg.val_dataloader, cfg.val_cfg = val, {}
    cfg.val_evaluator = dict(type='mmwsml.MeanAveragePrecision')


@pytest.mark.parametrize('num_processes', [2, 3])
def test_shares_of_any_size_make_the_same_layer(num_processes, layers_of):
    """65 images: the processes see shares of different size."""
    (one,) = layers_of(1)
    first, *others = layers_of(num_processes)
    assert (first[1] < -0.1).all()  # it is 0 before
    torch.testing.assert_close(first, one, rtol=1e-4, atol=1e-6)
    for layer in others:
        assert all(torch.equal(a, b) for a, b in zip(layer, first))


def test_two_processes_choose_as_one(layers_of):
    """401 validation images: none counts twice."""
    (one,) = layers_of(1, make_choice)
    first, other = layers_of(2, make_choice)
    assert one[3].any()
    torch.testing.assert_close(first, one, rtol=1e-4, atol=1e-6)
    assert all(torch.equal(a, b) for a, b in zip(other, first))


def test_two_processes_that_train_make_the_head_as_one(layers_of):
    (one,) = layers_of(1, train_and_make)
    first, other = layers_of(2, train_and_make)
    torch.testing.assert_close(first, one, rtol=1e-4, atol=1e-6)
    assert all(torch.equal(a, b) for a, b in zip(other, first))
