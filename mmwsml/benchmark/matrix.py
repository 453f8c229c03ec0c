"""The runs of a benchmark: settings x seeds."""

import argparse
import copy
from pathlib import Path
from typing import Dict, List, NamedTuple, Sequence, Tuple

from mmengine.config import Config, DictAction

from .run_table import RunKey
from .settings import Setting


class Run(NamedTuple):
    """One training with its test."""

    setting: Setting
    seed: int
    folder: Path
    #: Overrides of the config, ``key=value``, the seed among them.
    options: Tuple[str, ...]
    #: The config that it trains with.
    config: dict

    @property
    def label(self) -> str:
        """Name it in messages."""
        return (
            f'{self.setting.label} seed {self.seed} '
            f'({self.setting.leaf.dataset})'
        )

    @property
    def key(self) -> RunKey:
        """Name it in runs.csv."""
        return self.setting.folder, self.seed

    @property
    def num_steps(self) -> int:
        """Return how many epochs, or iterations, it trains."""
        loop = self.config['train_cfg']
        return loop.get('max_epochs') or loop['max_iters']


def read_seeds(texts: Sequence[str]) -> List[int]:
    """Read seeds from the command line; one that is named twice counts once.

    Raises:
        ValueError: If one is not an integer from 0.
    """
    for text in texts:
        if not (text.isascii() and text.isdigit()):
            raise ValueError(
                f'A seed must be an integer from 0, but got {text!r}; the '
                'usual ones are 0 1 2.'
            )
    return list(dict.fromkeys(map(int, texts)))


def read_options(texts: Sequence[str]) -> Dict[str, object]:
    """Read ``key=value`` as the tools do.

    Raises:
        ValueError: If a text has another form or sets the seed.
    """
    for text in texts:
        key, equals, _ = text.partition('=')
        if not (key and equals):
            raise ValueError(
                f'--cfg-options must be key=value, but got {text!r}.'
            )
        if key == 'randomness.seed':
            raise ValueError(
                f'--seeds chooses the seeds, but --cfg-options has {text!r}; '
                'leave it out.'
            )
    parser = argparse.ArgumentParser()
    parser.add_argument('--read', nargs='*', action=DictAction, default={})
    return parser.parse_args(['--read', *texts]).read


def plan_runs(
    settings: Sequence[Setting],
    seeds: Sequence[int],
    options: Sequence[str],
    work_dir: Path,
) -> List[Run]:
    """Combine settings and seeds, the settings of a seed one after another.

    Args:
        settings (Sequence[Setting]): From a preset.
        seeds (Sequence[int]): Each setting runs with each.
        options (Sequence[str]): Overrides for all runs, ``key=value``.
        work_dir (Path): Holds a folder for each setting.

    Returns:
        list[Run]: All of seed one before seed two: a benchmark that is ended
        early has whole seeds.
    """
    configs = {}
    for setting in settings:
        config = Config.fromfile(setting.leaf.path)
        config.merge_from_dict(read_options([*options, *setting.options]))
        configs[setting] = config.to_dict()
    return [
        _plan_run(setting, seed, options, work_dir, configs[setting])
        for seed in seeds
        for setting in settings
    ]


def _plan_run(
    setting: Setting,
    seed: int,
    options: Sequence[str],
    work_dir: Path,
    config: dict,
) -> Run:
    config = copy.deepcopy(config)
    config.setdefault('randomness', {})['seed'] = seed
    return Run(
        setting,
        seed,
        work_dir / setting.folder / f'seed{seed}',
        (*options, *setting.options, f'randomness.seed={seed}'),
        config,
    )
