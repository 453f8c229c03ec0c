"""What a benchmark measured, from its table.csv to the metafiles."""

import csv
from pathlib import Path
from typing import Dict, NamedTuple, Sequence

#: Column of the table -> name in the metafile; mAP in percent.
METRICS = {
    'test': 'mAP',
    'test_last': 'Last mAP',
    'val_best': 'Validation mAP',
    'val_last': 'Last Validation mAP',
}
#: What the metadata of a model says of its results.
MADE = ('Training Seeds', 'Best Epochs', 'Training Resources', 'Code Version')
NEEDED = ('config', 'variant', 'seeds', 'best_epochs', 'test_mean')


class Measured(NamedTuple):
    """The results of a config, as its metafile has them."""

    metadata: dict
    metrics: Dict[str, float]


def read_results(
    paths: Sequence[Path], resources: str, version: str
) -> Dict[str, Measured]:
    """Read tables of ``tools/benchmark.py``.

    Args:
        paths (Sequence[Path]): ``table.csv`` files; of a config that several
            have, the last counts. Rows with a variant, where something in the
            config was changed, are left out.
        resources (str): The machine that made them.
        version (str): The commit that made them.

    Returns:
        dict[str, Measured]: Config -> results, rounded to one decimal.

    Raises:
        ValueError: If a file is not such a table.
    """
    found = {}
    for path in paths:
        with path.open(newline='', encoding='utf-8') as file:
            table = csv.DictReader(file)
            missing = set(NEEDED) - set(table.fieldnames or ())
            if missing:
                raise ValueError(
                    f'{path} must be a table.csv of tools/benchmark.py, but '
                    f'has no column {min(missing)}.'
                )
            for line in table:
                if not line['variant']:
                    found[line['config']] = _read_line(
                        line, resources, version
                    )
    return found


def _read_line(line: Dict[str, str], *origin: str) -> Measured:
    numbers = [
        [int(number) for number in line[column].split()]
        for column in ('seeds', 'best_epochs')
    ]
    metadata = {k: v for k, v in zip(MADE, (*numbers, *origin)) if v}
    metrics = {}
    for column, name in METRICS.items():
        for part, suffix in (('mean', ''), ('std', ' std')):
            text = line.get(f'{column}_{part}')
            if text:
                metrics[name + suffix] = round(float(text), 1)
    return Measured(metadata, metrics)
