"""Evaluating a checkpoint, and what is kept of it."""

import os
from typing import Sequence

from mmengine.config import Config
from mmengine.dist import is_main_process
from mmengine.evaluator import DumpResults
from mmengine.fileio import dump
from mmengine.runner import Runner, TestLoop

from mmwsml.evaluation.metrics import DumpPredictions

#: What a file holds, by the end of its name.
OUTPUTS = {
    '.npz': 'the result file',
    '.json': 'the metrics',
    '.pkl': "MMPretrain's predictions",
}


def check_output(path: str) -> str:
    """Refuse a file whose content its name does not tell.

    Args:
        path (str): Where results shall go.

    Returns:
        str: The same path.

    Raises:
        ValueError: If its ending is unknown.
    """
    if os.path.splitext(path)[1] not in OUTPUTS:
        kinds = ', '.join(f'{end} ({what})' for end, what in OUTPUTS.items())
        raise ValueError(
            f'The name of an output must end with one of {kinds}, but got '
            f'{path!r}.'
        )
    return path


def evaluate(cfg: Config, split: str, outputs: Sequence[str]) -> dict:
    """Evaluate ``cfg.load_from`` on a split.

    Args:
        cfg (Config): Whole, with ``work_dir`` and ``load_from``.
        split (str): 'val' or 'test', the loader and evaluator of the config.
        outputs (Sequence[str]): Files to write; see :data:`OUTPUTS`.

    Returns:
        dict: The metrics.

    Raises:
        ValueError: If the config has no such split, or an output has a name
            that :func:`check_output` refuses.
    """
    if cfg.get(f'{split}_dataloader') is None:
        raise ValueError(
            f'{cfg.filename}: has no `{split}_dataloader` to evaluate; add '
            'one or take the other --split.'
        )
    files = {os.path.splitext(check_output(path))[1]: [] for path in outputs}
    for path in outputs:
        files[os.path.splitext(path)[1]].append(path)
    runner = Runner.from_cfg(cfg)
    if split == 'val':
        # Not by the config: the Runner has written that to the work dir, and
        # who tests with it later would take one split for the other.
        loop = TestLoop(runner, runner.val_dataloader, runner.val_evaluator)
        runner._test_loop = loop
    evaluator = runner.test_evaluator
    dumps = [DumpPredictions(x, split) for x in files.get('.npz', [])]
    dumps += [DumpResults(x) for x in files.get('.pkl', [])]
    evaluator.metrics += dumps
    evaluator.dataset_meta = runner.test_dataloader.dataset.metainfo
    metrics = runner.test()
    for path in files.get('.json', []) if is_main_process() else []:
        dump(metrics, path)
    return metrics
