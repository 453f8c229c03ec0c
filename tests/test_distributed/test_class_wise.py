"""Class-wise LL-Cp on DigitScenes: 1, 2 and 3 processes train alike."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmwsml.engine.head import head_of
from mmwsml.engine.launch import adapt_to_machine

pytestmark = pytest.mark.dist
ROOT = Path(__file__).parents[2]
(PATH,) = (ROOT / 'configs' / 'll-cp-cw').glob('*_digitscenes-1pos.py')


def train(cfg):
    """Train; return thresholds and corrections of this process."""
    adapt_to_machine(cfg)
    runner = Runner.from_cfg(cfg)
    runner.train()
    head = head_of(runner)
    columns = head.label_store.columns()
    corrections = zip(*(columns[k].tolist() for k in ('key', 'class')))
    return head.loss_module.selection.state_dict(), list(corrections)


@pytest.fixture
def train_on(spread, digit_scenes, tmp_path):
    """Train on so many processes; return what each has."""

    def run(num_processes, *hooks, **options):
        cfg = Config.fromfile(PATH)
        schedule = dict(cfg.custom_hooks[0], begin=1, kappa=2.5)
        cfg.merge_from_dict(
            {
                'work_dir': str(tmp_path / str(num_processes)),
                'model.backbone': dict(_delete_=True, type='PassNet'),
                'custom_hooks': [schedule, *hooks],
                'train_dataloader.batch_size': 48 // num_processes,
                'train_dataloader.num_workers': 0,
                'train_dataloader.dataset.indices': 96,
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
        results = spread(train, num_processes, cfg)
        state, corrections = results[0]
        assert corrections
        for other, others in results[1:]:
            assert all(torch.equal(other[k], state[k]) for k in state)
            assert others == corrections
        return state, corrections

    return run


def assert_alike(one, several):
    """Compare exactly what is counted; scores differ by rounding."""
    assert several[1] == one[1]
    for name, found in several[0].items():
        torch.testing.assert_close(found, one[0][name], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize('num_processes', [2, 3])
def test_several_processes_train_as_one(train_on, num_processes):
    assert_alike(train_on(1), train_on(num_processes))


def test_several_processes_rank_alike_by_the_average(train_on):
    hook = dict(type='mmwsml.RankingEMAHook', momentum=0.3)
    assert_alike(train_on(1, hook), train_on(2, hook))


def test_a_resumed_run_may_have_another_number_of_processes(
    train_on, tmp_path
):
    hook = dict(type='mmwsml.RankingEMAHook', momentum=0.3)
    whole = train_on(1, hook)
    path = str(tmp_path / '1' / 'epoch_2.pth')
    assert_alike(whole, train_on(2, hook, load_from=path, resume=True))
