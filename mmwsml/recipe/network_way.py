"""How the whole network is trained, within a budget."""

import inspect
import math
import time
from typing import Any, Dict, List, NamedTuple, Optional

import numpy as np
import torch
from mmengine.config import Config
from mmpretrain.registry import MODELS

from mmwsml.engine.pretrained_model import build_pretrained_model
from mmwsml.structures.checks import check_choice

from .config_text import Way
from .defaults import Defaults


class Method(NamedTuple):
    """What a network learns unobserved labels by."""

    loss: Dict[str, Any]
    hooks: List[Dict[str, Any]]


BY_CLASS = dict(type='mmwsml.ClassWiseSelection')
#: By the names of configs/.
METHODS = {
    'll-r-cw': Method(
        dict(type='mmwsml.LargeLossRejection', selection=BY_CLASS),
        [dict(type='mmwsml.ClassWiseScheduleHook')],
    ),
    'an': Method(dict(type='mmwsml.AssumeNegative'), []),
}
#: With unobserved labels, and without: then it is full-label training.
CHOSEN, COMPLETE = 'll-r-cw', 'an'
#: Steps that are timed, behind one that is not.
TIMED = 2
#: What loading, validating and saving add to the steps.
MORE = 1.25
#: Seconds of an epoch beside its steps: starting loaders, saving.
EACH = 2.0
#: How often a training is validated; the last epoch always is.
VALIDATIONS = 8


def check_method(method: Optional[str], budget: float) -> None:
    """Refuse a method that there is none of, or no time for.

    Raises:
        ValueError: If there is no such method, or no budget.
    """
    if method is None:
        return
    check_choice('method', method, METHODS)
    if not budget:
        raise ValueError(
            f'--method {method} says how the whole network is trained, which '
            'needs time: give it with --budget MINUTES.'
        )


def measure_step(cfg: Config) -> float:
    """Measure the seconds of a training step, forward and backward.

    Args:
        cfg (Config): Of the model and its batches.
    """
    model = build_pretrained_model(cfg)
    size = cfg.resize.scale
    shape = cfg.train_dataloader.batch_size, 3, size[1], size[0]
    device = next(model.parameters()).device
    inputs = torch.randn(shape, device=device)
    times = []
    for _ in range(1 + TIMED):
        begin = time.perf_counter()
        model.extract_feat(inputs)[-1].mean().backward()
        if device.type == 'cuda':
            torch.cuda.synchronize()
        times.append(time.perf_counter() - begin)
    return MORE * float(np.median(times[1:]))


def choose_epochs(
    budget: float, step: float, num_images: int, defaults: Defaults
) -> int:
    """Turn a budget into epochs: as many as are good, or as fit into it.

    Args:
        budget (float): Minutes.
        step (float): Seconds of a training step.
        num_images (int): To train on.
        defaults (Defaults): The batch size, and how many epochs are good.

    Raises:
        ValueError: If it is too small for one.
    """
    epoch = EACH + step * math.ceil(num_images / defaults.batch_size)
    # The head is made again with one more look at all images.
    number = int((60 * budget - epoch / 2) / epoch)
    if number < 1:
        raise ValueError(
            f'--budget {budget:g} is too small: one pass over {num_images} '
            f'images takes {epoch / 60:.1f} minutes, and the head is made '
            f'again after it; give at least {1.6 * epoch / 60:.1f}, a smaller '
            '--size, or none to fit the head alone.'
        )
    return min(number, defaults.epochs)


def network_way(
    method: str,
    epochs: int,
    base: str,
    defaults: Defaults,
    learns: bool,
    kappa: Optional[float],
) -> Way:
    """Say how a network is trained end to end, and its head made again.

    Args:
        method (str): A key of :data:`METHODS`.
        epochs (int): That train.
        base (str): Config of the model.
        defaults (Defaults): Rate and norms.
        learns (bool): Whether the head learns from validation labels.
        kappa (float, optional): Positives of an image, where validation
            labels do not tell how many there are. None: they do.
    """
    loss, hooks = METHODS[method]
    if kappa is not None:
        hooks = [dict(hook, kappa=kappa) for hook in hooks]
    made = dict(
        type='mmwsml.MultinomialDiscriminantHook', learn_validation=learns
    )
    frozen = defaults.norm_eval and has_norm_eval(base)
    head = dict(lr_mult=defaults.head_multiple)
    return Way(
        f'End to end: {method}, {epochs} epochs, and the head made again',
        'adam_10e',
        dict(type='mmwsml.MultinomialHead', loss=loss),
        dict(norm_eval=True) if frozen else {},
        dict(
            optim_wrapper=dict(
                optimizer=dict(lr=defaults.rate),
                paramwise_cfg=dict(custom_keys=dict(head=head)),
            ),
            train_cfg=dict(
                _delete_=True,
                type='mmwsml.HeadMadeAgainLoop',
                max_epochs=epochs + 1,
                val_interval=max(1, epochs // VALIDATIONS),
            ),
            custom_hooks=[*hooks, made, dict(type='mmwsml.RecordHook')],
        ),
    )


def has_norm_eval(base: str) -> bool:
    """Whether the backbone of a base can keep the statistics of its norms."""
    kind = MODELS.get(Config.fromfile(base).model.backbone.type)
    return 'norm_eval' in inspect.signature(kind).parameters
