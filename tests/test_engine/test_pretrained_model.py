import pytest
import torch
from mmengine.config import Config

from mmwsml.engine.pretrained_model import build_pretrained_model


@pytest.fixture
def cfg(small_config, small_checkpoint):
    """Describe a small model whose backbone comes from a checkpoint."""
    cfg = Config.fromfile(small_config)
    cfg.model.backbone.init_cfg = dict(
        type='Pretrained', checkpoint=small_checkpoint, prefix='backbone'
    )
    return cfg


def test_the_weights_are_those_of_the_file(cfg, small_checkpoint):
    model = build_pretrained_model(cfg)
    saved = torch.load(small_checkpoint)['state_dict']
    for name, weight in model.backbone.state_dict().items():
        assert torch.equal(weight, saved[f'backbone.{name}'])
    assert not model.training


def test_random_weights_are_refused(cfg):
    cfg.model.backbone.init_cfg = None
    with pytest.raises(ValueError, match=r'small\.py: the weights backbone'):
        build_pretrained_model(cfg)


def test_a_file_that_lacks_a_weight_is_refused(cfg, small_checkpoint):
    content = torch.load(small_checkpoint)
    name = next(k for k in content['state_dict'] if k.endswith('weight'))
    del content['state_dict'][name]
    torch.save(content, small_checkpoint)
    with pytest.raises(ValueError, match=f'the weights {name} and perhaps'):
        build_pretrained_model(cfg)


def test_a_file_that_would_run_code_is_refused(cfg, evil, tmp_path):
    cfg.model.backbone.init_cfg.checkpoint = str(evil)
    with pytest.raises(ValueError, match=r'evil\.pth .* was refused'):
        build_pretrained_model(cfg)
    assert not (tmp_path / 'made').exists()
