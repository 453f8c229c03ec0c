"""Evaluating the best checkpoint of a run for its report."""

import json
from pathlib import Path
from typing import Optional

from mmengine.config import Config

from mmwsml.analysis.run_config import find_config
from mmwsml.engine.launch import adapt_to_machine
from mmwsml.inference.evaluate import evaluate
from mmwsml.inference.pointing import play_pointing_game
from mmwsml.records.run_folder import (
    find_best,
    find_last,
    read_curve,
    write_versioned,
)

from .run import FOLDER


def evaluate_run(run: str, split: str) -> None:
    """Keep the scores of a split, and play the pointing game on it.

    Writes ``SPLIT.npz`` and ``pointing.json`` to ``RUN/report``, unless they
    are there and newer than the checkpoint. Where the game cannot be played,
    the file says why.

    Args:
        run (str): Work dir of the run.
        split (str): 'val' or 'test'.

    Raises:
        FileNotFoundError: If the run has no config or checkpoint.
        ValueError: If the config has no such split.
    """
    folder = Path(run)
    config, checkpoint = find_config(folder), _find_checkpoint(folder)
    results = folder / FOLDER / f'{split}.npz'
    if not _is_newer(results, checkpoint):
        evaluate(_load(config, checkpoint), split, [str(results)])
    outcome = folder / FOLDER / 'pointing.json'
    if not _is_newer(outcome, checkpoint) or _split_of(outcome) != split:
        write_versioned(outcome, _play(_load(config, checkpoint), split))


def _play(cfg: Config, split: str) -> dict:
    try:
        game = play_pointing_game(cfg, split, {}, {})
    except (TypeError, ValueError) as error:
        return dict(split=split, why_not=str(error))
    return dict(game, split=split)


def _load(config: Path, checkpoint: Path) -> Config:
    cfg = Config.fromfile(str(config))
    cfg.launcher = 'none'
    cfg.load_from = str(checkpoint)
    # Not the run's own folder, whose config and log stay as they are.
    cfg.work_dir = str(config.parent / FOLDER / 'log')
    adapt_to_machine(cfg)
    return cfg


def _find_checkpoint(folder: Path) -> Path:
    curve = read_curve(folder)
    path = find_best(folder, curve) or find_last(folder, curve)
    if path is None:
        raise FileNotFoundError(
            f'{folder} has no checkpoint to evaluate: wait for the end of an '
            'epoch, or leave out `--evaluate`.'
        )
    return path


def _is_newer(path: Path, other: Path) -> bool:
    return path.exists() and path.stat().st_mtime > other.stat().st_mtime


def _split_of(path: Path) -> Optional[str]:
    return json.loads(path.read_text(encoding='utf-8')).get('split')
