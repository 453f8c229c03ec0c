"""Evaluating a checkpoint, and what is kept of it."""

import os
from typing import Sequence, Union

from mmengine.config import Config
from mmengine.dist import is_main_process
from mmengine.evaluator import DumpResults
from mmengine.fileio import dump
from mmengine.model import BaseTTAModel, is_model_wrapper
from mmengine.runner import Runner, TestLoop

from mmwsml.config_options import check_options
from mmwsml.evaluation.metrics import DumpPredictions
from mmwsml.structures.whole_file import write_whole

from .checkpoint import load_from_plain_file
from .trained_classes import classes_in, classes_of, refuse_other_classes
from .trained_model import check_weights

#: What a file holds, by the end of its name.
OUTPUTS = {
    '.npz': 'the result file',
    '.json': 'the metrics',
    '.pkl': "MMPretrain's predictions",
}


def ending_of(path: str) -> str:
    """Tell what an output holds by the end of its name.

    Args:
        path (str): Where results shall go.

    Returns:
        str: A key of :data:`OUTPUTS`.

    Raises:
        ValueError: If the ending is unknown.
    """
    ending = os.path.splitext(path)[1]
    if ending not in OUTPUTS:
        kinds = ', '.join(f'{end} ({what})' for end, what in OUTPUTS.items())
        raise ValueError(
            f'The name of an output must end with one of {kinds}, but got '
            f'{path!r}.'
        )
    return ending


def evaluate(cfg: Config, split: str, outputs: Sequence[str]) -> dict:
    """Evaluate ``cfg.load_from`` on a split.

    Args:
        cfg (Config): Whole, with ``work_dir`` and ``load_from``.
        split (str): 'val' or 'test', the loader and evaluator of the config.
        outputs (Sequence[str]): Files to write; see :data:`OUTPUTS`.

    Returns:
        dict: The metrics.

    Raises:
        ValueError: If the config has no such split or a misspelt option, or
            an output has a name that :func:`ending_of` refuses.
    """
    if cfg.get(f'{split}_dataloader') is None:
        raise ValueError(
            f'{cfg.filename}: has no `{split}_dataloader` to evaluate; add '
            'one or take the other --split.'
        )
    check_options(cfg)
    endings = [ending_of(path) for path in outputs]
    runner = Runner.from_cfg(cfg)
    path, content = cfg.get('load_from'), {}
    if path is not None and os.path.isfile(path):
        content = load_from_plain_file(path, map_location='cpu')
        _check_checkpoint(runner, content, path)
    if split == 'val':
        # Not by the config: the Runner has written that to the work dir, and
        # who tests with it later would take one split for the other.
        loop = TestLoop(runner, runner.val_dataloader, runner.val_evaluator)
        runner._test_loop = loop
    refuse_other_classes(
        classes_of(content),
        classes_in(runner.test_dataloader.dataset),
        f'The data set of `{split}_dataloader`',
        'test with the classes of the training in their order',
    )
    evaluator = runner.test_evaluator
    for path, ending in zip(outputs, endings):
        if ending == '.npz':
            evaluator.metrics.append(DumpPredictions(path, split))
        elif ending == '.pkl':
            evaluator.metrics.append(_DumpWhole(path))
    evaluator.dataset_meta = runner.test_dataloader.dataset.metainfo
    metrics = runner.test()
    for path, ending in zip(outputs, endings):
        if ending == '.json' and is_main_process():
            _write(path, dump(metrics, file_format='json'))
    return metrics


class _DumpWhole(DumpResults):
    """MMEngine's file of predictions, whole or not at all."""

    def compute_metrics(self, results: list) -> dict:
        """Write the predictions."""
        _write(self.out_file_path, dump(results, file_format='pkl'))
        return {}


def _write(path: str, content: Union[str, bytes]) -> None:
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    write_whole(path, content)


def _check_checkpoint(runner: Runner, content: dict, path: str) -> None:
    """Refuse a file whose weights MMEngine would leave out with a warning."""
    model = runner.model
    while is_model_wrapper(model) or isinstance(model, BaseTTAModel):
        model = model.module
    check_weights(model, content.get('state_dict', content), path)
