"""How the whole network is trained, within a budget."""

import inspect
import math
from typing import Any, Dict, List, NamedTuple, Optional

from mmengine.config import Config
from mmpretrain.registry import MODELS

from mmwsml.structures.checks import check_choice

from .backbone import Backbone
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
#: A base of configs/_base_/schedules.
SCHEDULE = 'adam-head-again_9e'
#: The rate falls to 0 from as many times the constant one that is good, but
#: from no more than MOST: of 300 photographs, 20 epochs, 4e-4 learns nothing
#: (validation mAP 15, chance) and 1e-4 comes to 36.
FALLING, MOST = 4, 1e-4
#: Weights are averaged over this share of the steps, reversed.
HORIZON = 2.4
AVERAGE = dict(type='EMAHook', ema_type='ExponentialMovingAverage')
#: First stages that stay as they are, where that was measured.
FROZEN = {'mobilenet-v2': 3, 'efficientnet-lite0': 3}
#: How many times as fast a head learns in SCHEDULE.
USUAL = 10
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


def network_way(
    method: str,
    epochs: int,
    backbone: Backbone,
    defaults: Defaults,
    num_images: int,
    learns: bool,
    kappa: Optional[float] = None,
) -> Way:
    """Say how a network is trained end to end, and its head made again.

    Args:
        method (str): A key of :data:`METHODS`.
        epochs (int): That train.
        backbone (Backbone): Of the network.
        defaults (Defaults): Rate, norms and size of a batch.
        num_images (int): To train on.
        learns (bool): Whether the head learns from validation labels.
        kappa (float, optional): Positives of an image, where validation
            labels do not tell how many there are. Defaults to None: they do.
    """
    loss, hooks = METHODS[method]
    if kappa is not None:
        hooks = [dict(hook, kappa=kappa) for hook in hooks]
    made = dict(
        type='mmwsml.MultinomialDiscriminantHook', learn_validation=learns
    )
    rate = defaults.rate
    if not backbone.is_untrained:
        rate = min(FALLING * rate, max(rate, MOST))
    settings: Dict[str, Any] = dict(
        optim_wrapper=_write_optimizer(rate, defaults.head_multiple),
        train_cfg=dict(
            max_epochs=epochs + 1, val_interval=max(1, epochs // VALIDATIONS)
        ),
    )
    if backbone.is_untrained:
        settings['param_scheduler'] = None
    else:
        settings['param_scheduler'] = dict(T_max=epochs, end=epochs)
        steps = epochs * math.ceil(num_images / defaults.batch_size)
        momentum = round(min(0.1, HORIZON / steps), 5)
        hooks = [*hooks, dict(AVERAGE, momentum=momentum)]
    settings['custom_hooks'] = [*hooks, made, dict(type='mmwsml.RecordHook')]
    return Way(
        f'End to end: {method}, {epochs} epochs, and the head made again',
        SCHEDULE,
        dict(type='mmwsml.MultinomialHead', loss=loss),
        _keep_layers(backbone, defaults),
        settings,
        crops=not backbone.is_untrained,
    )


def _write_optimizer(rate: float, head_multiple: float) -> Dict[str, Any]:
    optimizer: Dict[str, Any] = dict(optimizer=dict(lr=float(f'{rate:.3g}')))
    if head_multiple != USUAL:
        head = dict(lr_mult=head_multiple)
        optimizer['paramwise_cfg'] = dict(custom_keys=dict(head=head))
    return optimizer


def _keep_layers(backbone: Backbone, defaults: Defaults) -> Dict[str, Any]:
    """Say what of a pre-trained backbone stays as it is."""
    if backbone.is_untrained:
        return {}
    kept: Dict[str, Any] = {}
    if defaults.norm_eval and has_norm_eval(backbone.base):
        kept = dict(norm_eval=True)
    frozen = FROZEN.get(backbone.name)
    return kept if frozen is None else dict(kept, frozen_stages=frozen)


def has_norm_eval(base: str) -> bool:
    """Whether the backbone of a base can keep the statistics of its norms."""
    kind = MODELS.get(Config.fromfile(base).model.backbone.type)
    return 'norm_eval' in inspect.signature(kind).parameters
