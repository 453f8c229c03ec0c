import copy
import math

import pytest
import torch
from mmengine.hooks import Hook

from mmwsml.engine.head import head_of
from mmwsml.engine.hooks import RankingEMAHook

HOOKS = [
    dict(type='mmwsml.EpochSeedHook'),
    dict(type='mmwsml.LabelStoreHook'),
    dict(type='mmwsml.PlainCheckpointHook'),
    dict(type='mmwsml.ClassWiseScheduleHook', kappa=1.6, begin=1),
    dict(type='mmwsml.RankingEMAHook', momentum=0.3),
]
HEAD = dict(
    loss=dict(
        type='mmwsml.LargeLossCorrection',
        selection=dict(type='mmwsml.ClassWiseSelection', step=1.0),
    ),
    label_store=dict(type='mmwsml.LabelMemory'),
)


class Watcher(Hook):
    """Average the weights by hand, and predict each batch with them."""

    def __init__(self):
        self.average, self.step = None, 0
        self.rankings, self.expected = [], []

    def before_train_iter(self, runner, batch_idx, data_batch):
        self.rankings.append(head_of(runner).told.ranking)
        model = copy.deepcopy(getattr(runner.model, 'module', runner.model))
        if self.average is not None:
            model.load_state_dict(self.average)
        data = model.eval().data_preprocessor(data_batch, False)
        self.expected.append(model(**data, mode='tensor').detach())

    def after_train_iter(self, runner, *args, **kwargs):
        model = getattr(runner.model, 'module', runner.model)
        weight = max(0.3, 1 / (1 + self.step))
        self.step += 1
        state = {k: v.clone() for k, v in model.state_dict().items()}
        for key, value in (self.average or {}).items():
            if value.is_floating_point():
                state[key] = (1 - weight) * value + weight * state[key]
        self.average = state


@pytest.fixture
def train(make_runner, tmp_path):
    """Train; return the last checkpoint, the runner and a watcher."""

    def run(max_epochs=2, **kwargs):
        train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
        runner = make_runner(HOOKS, HEAD, train_cfg=train_cfg, **kwargs)
        watcher = Watcher()
        runner.register_hook(watcher, priority='LOW')
        runner.train()
        path = tmp_path / 'work' / f'epoch_{max_epochs}.pth'
        return torch.load(path, weights_only=True), runner, watcher

    return run


@pytest.mark.parametrize('wrapped', [False, True])
def test_every_step_is_ranked_by_the_average_of_the_steps_before(
    train, wrapped
):
    _, _, watcher = train(wrapped=wrapped)
    assert len(watcher.rankings) == 8
    for found, expected in zip(watcher.rankings, watcher.expected):
        assert not found.requires_grad
        torch.testing.assert_close(found, expected)


@pytest.mark.parametrize('wrapped', [False, True])
def test_a_resumed_run_ends_as_an_unbroken_one(train, tmp_path, wrapped):
    unbroken, _, _ = train(4, wrapped=wrapped)
    path = str(tmp_path / 'work' / 'epoch_2.pth')
    resumed, _, _ = train(4, wrapped=wrapped, load_from=path, resume=True)
    assert len(unbroken['label_store']['row']) > 0
    for name in ('state_dict', 'label_store', 'ranking_ema'):
        assert unbroken[name].keys() == resumed[name].keys()
        for key, tensor in unbroken[name].items():
            assert torch.equal(tensor, resumed[name][key])


def test_a_run_from_the_weights_of_another_begins_a_new_average(
    train, tmp_path
):
    train(1)
    path = str(tmp_path / 'work' / 'epoch_1.pth')
    checkpoint, _, watcher = train(1, load_from=path)
    assert checkpoint['ranking_ema']['steps'] == 4
    torch.testing.assert_close(watcher.rankings[0], watcher.expected[0])


def test_refuses_to_resume_without_an_average(make_runner, tmp_path):
    make_runner(HOOKS[:-1], HEAD).train()
    path = str(tmp_path / 'work' / 'epoch_1.pth')
    runner = make_runner(HOOKS, HEAD, load_from=path, resume=True)
    message = 'holds no average of RankingEMAHook: resume from a checkpoint'
    with pytest.raises(ValueError, match=message):
        runner.train()


def test_refuses_a_loss_that_ranks_nothing(make_runner):
    message = 'RankingEMAHook needs a loss that ranks labels, such as .*:'
    with pytest.raises(TypeError, match=message):
        make_runner([HOOKS[-1]]).train()


@pytest.mark.parametrize('momentum', [0, -1, 0.6, math.nan])
def test_refuses_a_momentum_out_of_range(momentum):
    message = r'`momentum` must be in \(0, 0.5\], but got'
    with pytest.raises(ValueError, match=message):
        RankingEMAHook(momentum)
