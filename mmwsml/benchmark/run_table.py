"""runs.csv: one line a run, to collect what several machines have run."""

import csv
import io
import math
from pathlib import Path
from typing import Dict, Iterable, List, Sequence, Tuple

#: Name of the folder of a setting, and a seed.
RunKey = Tuple[str, int]
#: Column -> name in a result; mAP in percent.
NUMBERS = {
    'test': 'test',
    'val_best': 'best',
    'val_last': 'last',
    'best_epoch': 'best_step',
}
WHOLE = ('seed', 'best_epoch')
COLUMNS = ('run', 'seed', *NUMBERS)


def read_runs(
    paths: Iterable[Path], further: Sequence[str] = ()
) -> Dict[RunKey, dict]:
    """Read files that :func:`dump_runs` has written.

    Args:
        paths (Iterable[Path]): Of a run that several have, the last counts.
        further (Sequence[str]): Columns that must be there, too. Defaults to
            none.

    Returns:
        dict: (run, seed) -> ``test``, ``best`` and ``last`` mAP in percent,
        ``best_step``, and what stands in further columns as text.

    Raises:
        ValueError: If a file or a column is missing, or a cell is no number.
    """
    runs: Dict[RunKey, dict] = {}
    for path in paths:
        table = _open(path)
        missing = [
            column
            for column in (*COLUMNS, *further)
            if column not in (table.fieldnames or ())
        ]
        if missing:
            raise ValueError(
                f'{path} must be a runs.csv of tools/benchmark.py, but has no '
                f'column {missing[0]}; give the file of that name beside a '
                'table.csv.'
            )
        for line in table:
            where = f'{path}, line {table.line_num}'
            key = line.pop('run'), int(_read(line, 'seed', where))
            result = {NUMBERS[c]: _read(line, c, where) for c in NUMBERS}
            runs[key] = {**result, **line}
    return runs


def _open(path: Path) -> csv.DictReader:
    try:
        text = path.read_text(encoding='utf-8-sig')  # as spreadsheets save it
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f'{path} must be a runs.csv of tools/benchmark.py, but cannot be '
            f'read ({error}); give the file of that name beside a table.csv.'
        ) from None
    return csv.DictReader(io.StringIO(text))


def _read(line: Dict[str, str], column: str, where: str) -> float:
    text = line.pop(column)
    try:
        number = int(text) if column in WHOLE else float(text)
    except (TypeError, ValueError):
        number = -1
    if 0 <= number < math.inf:
        return number
    raise ValueError(
        f'{where}: {column} must be a number from 0, but is {text!r}; write '
        'it as tools/benchmark.py does.'
    )


def dump_runs(runs: Dict[RunKey, dict], further: Sequence[str] = ()) -> str:
    """Write runs as CSV, in the order of their names.

    Args:
        runs (dict): As :func:`read_runs` returns them.
        further (Sequence[str]): More columns. Defaults to none.

    Returns:
        str: mAP with two decimals.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator='\n')
    writer.writerow([*COLUMNS, *further])
    for name, seed in sorted(runs):
        run = runs[name, seed]
        numbers: List[object] = [
            run[key] if key == 'best_step' else f'{run[key]:.2f}'
            for key in NUMBERS.values()
        ]
        writer.writerow([name, seed, *numbers, *(run[c] for c in further)])
    return out.getvalue()
