"""What was measured, from the published runs to the metafiles."""

from pathlib import Path
from typing import Dict, List, NamedTuple, Sequence

from mmwsml.benchmark.collect import spread
from mmwsml.benchmark.run_table import RunKey, dump_runs, read_runs
from mmwsml.benchmark.settings import config_of
from mmwsml.structures.whole_file import write_whole

#: Every run whose numbers stand in metafiles and pages, in the repository.
RUNS = 'docs/results/runs.csv'
#: Where a run was made, in further columns of it.
ORIGIN = ('resources', 'code_version')
#: Name in a result -> in the metafile; mAP in percent.
METRICS = {
    'test': 'mAP',
    'best': 'Validation mAP',
    'last': 'Last Validation mAP',
}
#: What the metadata of a model says of its results.
MADE = ('Training Seeds', 'Best Epochs', 'Training Resources', 'Code Version')


class Measured(NamedTuple):
    """The results of a config, as its metafile has them."""

    metadata: dict
    metrics: Dict[str, float]


def read_published_runs(root: Path) -> Dict[RunKey, dict]:
    """Read the published runs of a repository; none without the file."""
    path = root / RUNS
    return read_runs([path], ORIGIN) if path.exists() else {}


def publish_runs(
    root: Path, paths: Sequence[Path], resources: str, version: str
) -> None:
    """Add runs to the published ones; they replace those of equal name.

    Args:
        root (Path): The repository.
        paths (Sequence[Path]): ``runs.csv`` files of ``tools/benchmark.py``.
        resources (str): The machine that made them.
        version (str): The commit that made them.

    Raises:
        ValueError: If a file is missing or has another form, or a run is of a
            config that is not there. Nothing is written then.
    """
    runs = read_published_runs(root)
    origin = dict(zip(ORIGIN, (resources, version)))
    configs = {path.stem for path in (root / 'configs').glob('[!_]*/*.py')}
    for (name, seed), run in read_runs(paths).items():
        if config_of(name) not in configs:
            raise ValueError(
                f'Runs must be of a config in {root / "configs"}, but '
                f'{config_of(name)} is not there; remove its lines or add the '
                'config.'
            )
        runs[name, seed] = {**run, **origin}
    (root / RUNS).parent.mkdir(parents=True, exist_ok=True)
    write_whole(root / RUNS, dump_runs(runs, ORIGIN))


def measure(runs: Dict[RunKey, dict]) -> Dict[str, Measured]:
    """Average published runs over their seeds.

    Args:
        runs (dict): From :func:`read_published_runs`. Variants, where
            something in the config was changed, are left out.

    Returns:
        dict[str, Measured]: Config -> results, rounded to one decimal.
    """
    by_config: Dict[str, List[tuple]] = {}
    for (name, seed), run in sorted(runs.items()):
        if config_of(name) == name:
            by_config.setdefault(name, []).append((seed, run))
    return {name: _measure(of) for name, of in by_config.items()}


def _measure(seeds_and_runs: Sequence[tuple]) -> Measured:
    seeds, runs = zip(*seeds_and_runs)
    origins = [
        ', '.join(dict.fromkeys(r[key] for r in runs)) for key in ORIGIN
    ]
    # Texts, since `mim` reads no lists of numbers.
    steps = [run['best_step'] for run in runs]
    numbers = [', '.join(map(str, of)) for of in (seeds, steps)]
    metadata = dict(zip(MADE, (*numbers, *origins)))
    metrics = {}
    for key, name in METRICS.items():
        value = spread([run[key] for run in runs])
        metrics[name] = round(value.mean, 1)
        if value.std is not None:
            metrics[f'{name} std'] = round(value.std, 1)
    return Measured(metadata, metrics)
