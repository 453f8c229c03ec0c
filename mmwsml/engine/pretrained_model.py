"""The model of a config with the weights that training starts from."""

import torch
from mmengine.config import Config
from mmengine.model import BaseModel
from mmengine.registry import DefaultScope
from mmpretrain import get_model

from ..inference.checkpoint import refuse_pickled_code


def build_pretrained_model(cfg: Config) -> BaseModel:
    """Build a model and load what its ``init_cfg`` names.

    MMEngine only warns where a file lacks weights, and leaves them random:
    here all weights but those of the head must come from a file.

    Args:
        cfg (Config): The config.

    Returns:
        BaseModel: In evaluation mode, on a GPU where there is one.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file holds more than plain weights, or a weight
            stays random.
    """
    refuse_pickled_code()
    model = _build(cfg, seed=0)
    other = _build(cfg, seed=1).state_dict()
    for name, weight in model.state_dict().items():
        if not name.startswith('head.') and not weight.equal(other[name]):
            raise ValueError(
                f'{cfg.filename}: the weights {name} and perhaps others are '
                'random before training; name a checkpoint, or weights that '
                'fit the model in `model.backbone.init_cfg`.'
            )
    if torch.cuda.is_available():
        return model.eval().cuda()
    # As ChannelsLastHook does.
    return model.eval().to(memory_format=torch.channels_last)


def _build(cfg: Config, seed: int) -> BaseModel:
    torch.manual_seed(seed)
    model = get_model(cfg, pretrained=False)
    with DefaultScope.overwrite_default_scope('mmpretrain'):
        model.init_weights()
    return model
