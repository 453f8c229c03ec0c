"""All processes stop after the same epoch, resumed or not."""

from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.evaluator import BaseMetric
from mmengine.logging import MessageHub
from mmengine.registry import METRICS
from mmengine.runner import Runner

from mmwsml.engine.hooks.resumed_validation_hook import VALIDATED
from mmwsml.engine.launch import adapt_to_machine

pytestmark = [pytest.mark.dist, pytest.mark.slow]
ROOT = Path(__file__).parents[2]
(AN,) = (ROOT / 'configs' / 'an').glob('*-adam-15e_digitscenes-*.py')


@METRICS.register_module(force=True)
class FallingMetric(BaseMetric):
    """Fall in the third epoch; only rank 0 is asked."""

    default_prefix = 'toy'

    def process(self, data_batch, data_samples):
        self.results.append(0)

    def compute_metrics(self, results):
        iters = MessageHub.get_current_instance().get_info(VALIDATED)
        return dict(mAP=[0, 50, 52, 48, 60, 60][iters // 4])


def train(cfg):
    """Train; return where the process stopped and what it had seen."""
    adapt_to_machine(cfg)
    runner = Runner.from_cfg(cfg)
    runner.train()
    values = runner.message_hub.get_scalar('val/toy/mAP').data[0].tolist()
    return runner.iter, values


@pytest.mark.parametrize('resumed', [False, True])
def test_both_processes_stop_after_the_third_epoch(
    spread, digit_scenes, tmp_path, resumed
):
    def make(work_dir, **options):
        cfg = Config.fromfile(AN)
        for loader in (cfg.train_dataloader, cfg.val_dataloader):
            loader.update(num_workers=0, batch_size=8)
            loader.dataset.update(indices=64, data_root=str(digit_scenes))
        cfg.val_evaluator = dict(type='FallingMetric')
        cfg.test_cfg = cfg.test_dataloader = cfg.test_evaluator = None
        cfg.train_cfg.max_epochs = 5
        cfg.default_hooks.checkpoint = dict(type='CheckpointHook', interval=1)
        stop = dict(type='mmwsml.StopBelowBestHook', monitor='toy/mAP')
        cfg.custom_hooks = [stop]
        cfg.merge_from_dict(dict(log_level='WARNING', launcher='pytorch'))
        cfg.merge_from_dict(dict(work_dir=str(tmp_path / work_dir), **options))
        return cfg

    results = spread(train, 2, make('whole'))
    if resumed:
        path = str(tmp_path / 'whole' / 'epoch_2.pth')
        again = make('again', load_from=path, resume=True)
        results += spread(train, 2, again)
    assert results == [(12, [50, 52, 48])] * len(results)
