"""Tests of the rule of what is trained how."""

from pathlib import Path

import pytest
from mmengine.config import Config

from mmwsml.recipe.defaults import Defaults, defaults_for

CONFIGS = Path(__file__).parents[2] / 'configs'


def test_what_was_measured_comes_out():
    assert defaults_for(4800) == Defaults(224, 1e-5, 10, 16, 8, True)
    found = defaults_for(4000, 'DigitNet', pretrained=False)
    assert found == Defaults(64, 1e-3, 1, 16, 15, False)


def test_fewer_images_take_a_larger_rate_and_more_epochs():
    found = [defaults_for(n) for n in (1, 300, 1200, 4800, 10**6)]
    assert [x.epochs for x in found] == [32, 20, 13, 8, 4]
    rates = [1e-4, 1e-4, 4e-5, 1e-5, 1e-5]
    assert [x.rate for x in found] == pytest.approx(rates)


def test_a_network_from_nothing():
    found = [
        defaults_for(n, 'DigitNet', pretrained=False).epochs
        for n in (10, 400, 4000, 10**6)
    ]
    assert found == [15, 15, 15, 4]


def test_many_images_on_a_gpu_come_in_larger_batches():
    found = defaults_for(100_000, cuda=True)
    assert (found.batch_size, found.rate) == (64, 2e-5)
    assert defaults_for(100_000).batch_size == 16
    assert defaults_for(20_000, cuda=True).batch_size == 16


def test_no_image_is_refused():
    with pytest.raises(ValueError, match='num_images'):
        defaults_for(0)


def test_configs_of_ones_own_images_follow_the_rule():
    paths = list(CONFIGS.glob('*/*_images-org-*.py'))
    assert len(paths) == 12
    wanted = defaults_for(2500)
    for path in paths:
        cfg = Config.fromfile(path)
        rate = cfg.optim_wrapper.optimizer.lr
        assert rate == pytest.approx(wanted.rate, rel=0.05), path.name
        assert cfg.train_cfg.max_epochs == wanted.epochs
        assert cfg.model.backbone.norm_eval is wanted.norm_eval
        assert cfg.train_dataloader.batch_size == wanted.batch_size
