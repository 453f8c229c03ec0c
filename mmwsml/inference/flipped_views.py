"""Evaluation that averages the scores of an image and of its mirror image."""

from typing import Any, List

from mmengine.config import Config, ConfigDict

MERGE = dict(type='AverageClsScoreTTA')
FLIPS = [dict(type='RandomFlip', prob=prob) for prob in (1.0, 0.0)]


def average_views(cfg: Config, split: str) -> None:
    """Let a config test on several views of each image.

    They are those of ``tta_pipeline`` and meet in ``tta_model``; where the
    config has none, the image and its mirror image, whose scores are averaged
    as by the option ``--tta`` of MMPretrain.

    Args:
        cfg (Config): Changed in place.
        split (str): 'val' or 'test'.

    Raises:
        ValueError: If the model takes features, which no transform flips.
    """
    datasets = _leaves(cfg[f'{split}_dataloader'].dataset)
    for dataset in datasets:
        kinds = [str(step['type']) for step in dataset.pipeline]
        if any(kind.endswith('LoadFeatures') for kind in kinds):
            raise ValueError(
                '--tta flips images, but the config reads features in the '
                'place of images: evaluate the model on images, or leave out '
                '--tta.'
            )
        dataset.pipeline = cfg.get('tta_pipeline') or _flip(dataset.pipeline)
    merge = cfg.get('tta_model') or MERGE
    cfg.model = ConfigDict(**merge, module=cfg.model)


def _leaves(dataset: ConfigDict) -> List[ConfigDict]:
    """List the configs of the data sets inside any wrappers."""
    inner = dataset.get('datasets') or [dataset.get('dataset')]
    if inner == [None]:
        return [dataset]
    return [leaf for child in inner for leaf in _leaves(child)]


def _flip(pipeline: List[Any]) -> List[Any]:
    """Make two views in front of the transform that packs an image."""
    *steps, pack = pipeline
    views = dict(type='TestTimeAug', transforms=[FLIPS, [pack]])
    return [*steps, views]
