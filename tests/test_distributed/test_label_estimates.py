"""ROLE: 1 and 2 processes learn the same estimates, IMCL trains on both."""

from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner

from mmwsml.engine.head import head_of
from mmwsml.engine.launch import adapt_to_machine

pytestmark = pytest.mark.dist
ROOT = Path(__file__).parents[2]
NUM_IMAGES = 96


def train(cfg):
    """Train; return the store and the weights of this process."""
    adapt_to_machine(cfg)
    runner = Runner.from_cfg(cfg)
    runner.train()
    head = head_of(runner)
    weights = {k: v.detach().clone() for k, v in head.named_parameters()}
    return head.label_store.snapshot(), weights


@pytest.fixture
def train_on(spread, digit_scenes, tmp_path):
    """Train a method on so many processes; return what each has."""

    def run(method, num_processes, **options):
        (path,) = (ROOT / 'configs' / method).glob('*_digitscenes-*.py')
        cfg = Config.fromfile(path)
        cfg.merge_from_dict(
            {
                'work_dir': str(tmp_path / str(num_processes)),
                'model.backbone': dict(_delete_=True, type='PassNet'),
                'train_dataloader.batch_size': 32 // num_processes,
                'train_dataloader.num_workers': 0,
                'train_dataloader.dataset.indices': NUM_IMAGES,
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
        first = results[0][1]
        for _, weights in results[1:]:
            assert all(torch.equal(weights[k], first[k]) for k in first)
        return results

    return run


@pytest.mark.parametrize('resumed', [False, True])
def test_two_processes_learn_the_estimates_of_one(resumed, train_on, tmp_path):
    size = {'model.head.label_store.num_images': NUM_IMAGES}
    ((one, _),) = train_on('role', 1, **size)
    if resumed:
        size['load_from'] = str(tmp_path / '1' / 'epoch_2.pth')
        size['resume'] = True
    for several, _ in train_on('role', 2, **size):
        assert torch.equal(several['key'], one['key'])
        # Adam moves an estimate by 0.01 a step, nine steps.
        torch.testing.assert_close(
            several['logits'], one['logits'], rtol=0, atol=1e-4
        )


def test_two_processes_learn_one_similarity_of_classes(train_on):
    weights = train_on('imcl', 2)[0][1]
    assert weights['loss_module.mixture'].any()
