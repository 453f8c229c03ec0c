import pytest
import torch
from mmengine.hooks import Hook
from torch import nn

from mmwsml.engine import CPUAmpOptimWrapper
from mmwsml.engine.head import head_of


def wrap(model, **kwargs):
    """Wrap SGD over a model."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return CPUAmpOptimWrapper(optimizer=optimizer, **kwargs)


def test_only_the_forward_pass_runs_in_bfloat16():
    model = nn.Linear(4, 2)
    wrapper = wrap(model)
    with wrapper.optim_context(model):
        assert model(torch.ones(1, 4)).dtype == torch.bfloat16
    assert model(torch.ones(1, 4)).dtype == torch.float32


def test_autocast_ends_where_the_forward_pass_fails():
    model = nn.Linear(4, 2)
    with pytest.raises(KeyError, match='broken'):
        with wrap(model).optim_context(model):
            raise KeyError('broken')
    assert not torch.is_autocast_enabled('cpu')


def test_a_step_moves_the_weights_which_stay_float32():
    model = nn.Linear(4, 2)
    before = model.weight.detach().clone()
    wrapper = wrap(model)
    with wrapper.optim_context(model):
        loss = model(torch.ones(1, 4)).sum()
    wrapper.update_params(loss)
    assert model.weight.dtype == torch.float32
    torch.testing.assert_close(model.weight, before - 0.1)


def test_gradients_accumulate_as_in_mmengine():
    model = nn.Linear(4, 2)
    before = model.weight.detach().clone()
    wrapper = wrap(model, accumulative_counts=2)
    for _ in range(2):
        torch.testing.assert_close(model.weight.detach(), before)
        with wrapper.optim_context(model):
            loss = model(torch.ones(1, 4)).sum()
        wrapper.update_params(loss)
    torch.testing.assert_close(model.weight.detach(), before - 0.1)


class Watcher(Hook):
    """Keep the types of the features, the logits and the loss."""

    def __init__(self):
        self.features, self.logits, self.losses = set(), set(), set()

    def before_train(self, runner):
        neck, fc = runner.model.neck, head_of(runner).fc
        neck.register_forward_hook(
            lambda *io: self.features.add(io[2][0].dtype)
        )
        fc.register_forward_hook(lambda *io: self.logits.add(io[2].dtype))

    def after_train_iter(self, runner, batch_idx, data_batch, outputs):
        self.losses.add(outputs['loss'].dtype)


def test_a_run_has_features_in_bfloat16_and_logits_in_float32(make_runner):
    optimizer = dict(type='SGD', lr=0.1)
    wrapper = dict(type='mmwsml.CPUAmpOptimWrapper', optimizer=optimizer)
    runner, watcher = make_runner(optim_wrapper=wrapper), Watcher()
    runner.register_hook(watcher)
    runner.train()
    assert watcher.features == {torch.bfloat16}
    assert watcher.logits == {torch.float32}
    assert watcher.losses == {torch.float32}
