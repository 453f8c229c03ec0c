"""Several processes validate with what is saved, batch norm or not."""

from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.runner import Runner

from mmwsml.engine.launch import adapt_to_machine
from mmwsml.inference.evaluate import evaluate

pytestmark = [pytest.mark.dist, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
(LL_CP,) = (ROOT / 'configs' / 'll-cp').glob('*-adam-[0-9]*e_digitscenes-*')
METRIC = 'multi-label/mAP'
BY_ITERATION = {
    'train_cfg': dict(
        type='mmwsml.ResumableIterLoop', max_iters=12, val_interval=6
    ),
    'train_dataloader.sampler': dict(
        _delete_=True, type='mmwsml.EndlessSampler'
    ),
    'default_hooks.checkpoint.by_epoch': False,
    'default_hooks.checkpoint.interval': 6,
    'log_processor': dict(by_epoch=False),
}


@pytest.fixture
def make_cfg(digit_scenes, tmp_path):
    """Return a maker of runs with batch norm whose statistics move fast."""

    def make(launcher, train_cfg, **options):
        cfg = Config.fromfile(LL_CP)
        for part, number in (('train', 96), ('val', 40), ('test', 40)):
            cfg.merge_from_dict(
                {
                    f'{part}_dataloader.batch_size': 8,
                    f'{part}_dataloader.num_workers': 0,
                    f'{part}_dataloader.dataset.indices': number,
                    f'{part}_dataloader.dataset.data_root': str(digit_scenes),
                }
            )
        cfg.merge_from_dict(
            {
                'work_dir': str(tmp_path / 'run'),
                'default_hooks.logger': None,
                'default_hooks.checkpoint.max_keep_ckpts': -1,
                'custom_hooks.0.begin': 1,
                'log_level': 'WARNING',
                **options,
            }
        )
        cfg.train_cfg = train_cfg
        cfg.launcher = launcher
        return cfg

    return make


def train(cfg):
    """Train; return the validations that were logged."""
    adapt_to_machine(cfg)
    runner = Runner.from_cfg(cfg)
    runner.train()
    return runner.message_hub.get_scalar(f'val/{METRIC}').data[0].tolist()


def score_of(cfg, path):
    """Evaluate a file on the validation set, as tools/test.py does."""
    cfg.load_from = str(path)
    cfg.work_dir = f'{cfg.work_dir}/test'
    adapt_to_machine(cfg)
    return evaluate(cfg, 'val', [])[METRIC]


@pytest.mark.parametrize('kind', ['epochs', 'ema', 'iterations'])
def test_what_is_logged_is_the_score_of_what_is_saved(
    spread, make_cfg, tmp_path, kind
):
    options = dict(train_cfg=dict(by_epoch=True, max_epochs=2))
    (schedule,) = make_cfg('none', **options).custom_hooks
    name = 'epoch_2.pth'
    if kind == 'ema':
        average = dict(type='EMAHook', momentum=0.3)
        options['custom_hooks'] = [schedule, average]
    if kind == 'iterations':
        schedule.update(by_epoch=False, iters_per_epoch=6)
        options.update(BY_ITERATION, custom_hooks=[schedule])
        name = 'iter_12.pth'
    first, second = spread(train, 2, make_cfg('pytorch', **options))
    assert first == second
    path = tmp_path / 'run' / name
    (found,) = spread(score_of, 1, make_cfg('none', **options), path)
    assert found == pytest.approx(first[-1], abs=1e-6)
