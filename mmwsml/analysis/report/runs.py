"""Opening the runs of a report, refusing those that do not go together."""

from pathlib import Path
from typing import List, Sequence

from mmwsml.records import check_same_classes

from .options import ReportOptions
from .run import Run


def open_runs(folders: Sequence[str], options: ReportOptions) -> List[Run]:
    """Open runs, each under a name of its own.

    Args:
        folders (Sequence[str]): At least one work dir.
        options (ReportOptions): Limits.

    Raises:
        FileNotFoundError: If a folder is none of a run.
        ValueError: If two runs differ in their classes, or are the same.
    """
    paths = [Path(folder).resolve() for folder in folders]
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise ValueError(f'The run {twice} is named twice: name it once.')
    names = _name_runs(paths)
    runs = [
        Run(path, name, f'run-{number}', options)
        for number, (path, name) in enumerate(zip(paths, names), 1)
    ]
    recorded = [run.records for run in runs if run.has_records]
    if recorded:
        check_same_classes(*recorded)
    for run in runs[1:]:
        _check_classes(runs[0], run)
    return runs


def _name_runs(paths: Sequence[Path]) -> List[str]:
    """Take as many of the last folders as tell the runs apart."""
    for depth in range(1, max(len(path.parts) for path in paths)):
        names = ['/'.join(path.parts[-depth:]) for path in paths]
        if len(set(names)) == len(names):
            break
    return names


def _check_classes(first: Run, other: Run) -> None:
    """Refuse runs whose result files, or records, name other classes.

    Raises:
        ValueError: If they do.
    """
    if first.classes is None or other.classes is None:
        return
    if first.classes != other.classes:
        raise ValueError(
            f'{first.folder} is of {len(first.classes)} classes that are not '
            f'the {len(other.classes)} of {other.folder}: compare runs of '
            'one class list.'
        )
