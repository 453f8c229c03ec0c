"""The pointing game on the model of a config."""

import inspect

from mmengine.config import Config
from mmpretrain.registry import DATASETS

from .evaluate import evaluate


def play_pointing_game(
    cfg: Config, split: str, hook: dict, game: dict
) -> dict:
    """Test the model of a config on the boxes of its data set.

    Args:
        cfg (Config): Whole, with ``work_dir`` and ``load_from``; changed in
            place.
        split (str): 'val' or 'test'.
        hook (dict): Arguments of ``ActivationMapHook``.
        game (dict): Arguments of ``PointingGame``.

    Returns:
        dict: The metrics.
    """
    loader = cfg.get(f'{split}_dataloader')
    if loader is not None:
        _ask_for_boxes(loader.dataset)
    cfg[f'{split}_evaluator'] = dict(type='mmwsml.PointingGame', **game)
    maps = dict(type='mmwsml.ActivationMapHook', **hook)
    cfg.custom_hooks = [*cfg.get('custom_hooks', []), maps]
    return evaluate(cfg, split, [])


def _ask_for_boxes(dataset: dict) -> None:
    """Ask the readers that can for boxes, inside wrappers too."""
    if 'dataset' in dataset:
        _ask_for_boxes(dataset['dataset'])
    for child in dataset.get('datasets', ()):
        _ask_for_boxes(child)
    reader = DATASETS.get(dataset['type'])
    if 'with_boxes' in inspect.signature(reader.__init__).parameters:
        dataset['with_boxes'] = True
