"""Options of a config that no part would read."""

import difflib
import inspect
from functools import cache
from typing import TYPE_CHECKING, FrozenSet, Iterable

if TYPE_CHECKING:
    from mmengine.config import Config

#: Read beside the arguments of the Runner.
MORE = (
    'activation_checkpointing',
    'compile',
    'custom_imports',
    'efficient_conv_bn_eval',
    'find_unused_parameters',
    'kfold_split_seed',
    'model_wrapper_cfg',
    'runner_type',
    'sync_bn',
    'tta_model',
    'tta_pipeline',
)
#: Of MMClassification before 1.0 -> what it is called now.
RETIRED = {
    'checkpoint_config': 'default_hooks.checkpoint',
    'log_config': 'default_hooks.logger',
    'lr_config': 'param_scheduler',
    'optimizer_config': 'optim_wrapper',
    'resume_from': 'load_from with resume=True',
    'total_epochs': 'train_cfg.max_epochs',
}
#: Inside options that take any name in silence.
INSIDE = {
    'auto_scale_lr': ('base_batch_size', 'enable'),
    'env_cfg': ('cudnn_benchmark', 'dist_cfg', 'mp_cfg', 'resource_limit'),
}
#: How alike a misspelt name is; `complete` and `compile` are less.
CLOSE = 0.82


def check_options(cfg: 'Config') -> None:
    """Refuse misspelt options, which nobody would read.

    A config may name anything for its own use, so that only what is close to
    an option counts as misspelt.

    Args:
        cfg (Config): Of a run.

    Raises:
        ValueError: If an option is misspelt or retired.
    """
    if 'runner_type' in cfg:  # which may read other options
        return
    options = _options()
    for name in cfg:
        if name in options:
            continue
        if name in RETIRED and cfg[name]:
            raise ValueError(
                f'No part reads the option {name!r}: it is called '
                f'{RETIRED[name]} now.'
            )
        for option in difflib.get_close_matches(name, options, 3, CLOSE):
            if _is_misspelt(name, option):
                raise ValueError(
                    f'No part reads the option {name!r}: do you mean '
                    f'{option!r}? If it is a name of your own, choose one '
                    'that is less alike.'
                )
    for name, known_inside in INSIDE.items():
        for inner in cfg.get(name) or ():
            if inner not in known_inside:
                raise ValueError(
                    f'No part reads the option {f"{name}.{inner}"!r}: '
                    f'`{name}` has {", ".join(known_inside)}.'
                )


def check_overrides(keys: Iterable[str], cfg: 'Config') -> None:
    """Refuse overrides of the command line that change nothing.

    What a config has computed from a name of its own stays as it is when that
    name is set later.

    Args:
        keys (Iterable[str]): Such as ``'model.head.num_classes'``.
        cfg (Config): The config.

    Raises:
        ValueError: If no part reads what is set.
    """
    if 'runner_type' in cfg:
        return
    for key in keys:
        name = key.partition('.')[0]
        if name in _options():
            continue
        remedy = 'set one, such as train_dataloader.batch_size.'
        close = difflib.get_close_matches(name, _options(), 1, 0.6)
        if name in RETIRED:
            remedy = f'it is called {RETIRED[name]} now.'
        elif name in cfg:
            remedy = (
                'the config has used it up; set what it went into, such as '
                'train_dataloader.dataset.data_root.'
            )
        elif close:
            remedy = f'do you mean {close[0]!r}?'
        raise ValueError(
            f'--cfg-options {key}: no part reads {name!r}, which is no option '
            f'of a run: {remedy}'
        )


def _is_misspelt(name: str, option: str) -> bool:
    """Whether a name is an option with a slip, and not made from one.

    A config may build `train_dataloader` of a `train_dataloader_base`, and
    have a `test_pipeline`, whose first word is not that of `tta_pipeline`.
    """
    if option in name:
        return name == f'{option}s'
    words, right = name.split('_'), option.split('_')
    if len(words) != len(right):
        return ''.join(words) == ''.join(right)
    return all(
        difflib.get_close_matches(word, [meant], cutoff=0.6)
        for word, meant in zip(words, right)
    )


@cache
def _options() -> FrozenSet[str]:
    from mmengine.runner import Runner  # seconds, if it is the first

    arguments = inspect.signature(Runner.__init__).parameters
    return frozenset(arguments).union(MORE) - {'self', 'cfg'}
