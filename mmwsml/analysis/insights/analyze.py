"""Analysing a run into files."""

from pathlib import Path
from typing import List, Optional, Sequence

from mmwsml.evaluation.predictions import read_predictions
from mmwsml.records import check_same_classes, load_records
from mmwsml.structures.checks import check_number
from mmwsml.structures.whole_file import whole_file, write_whole

from .analyses import ANALYSES, IMAGES_A_SHEET, Answer, Job
from .not_recorded import NotRecordedError


def analyze_run(
    run: str,
    out: Optional[str] = None,
    only: Optional[Sequence[str]] = None,
    images: Optional[Sequence[str]] = None,
    num_images: int = IMAGES_A_SHEET,
    data_root: Optional[str] = None,
    second: Optional[str] = None,
    predictions: Sequence[str] = (),
    warmup: int = 1,
) -> str:
    """Write ``NAME.csv``, ``NAME.md`` and ``NAME.png`` of each analysis.

    Args:
        run (str): Work dir of a run with records.
        out (str, optional): Folder of the files. Defaults to None,
            ``RUN/analysis``.
        only (Sequence[str], optional): Names of ``ANALYSES``. Defaults to
            None: all that the run has an answer to.
        images (Sequence[str], optional): Images of the timelines by
            ``sample_id``. Defaults to None, the most modified.
        num_images (int): How many these are, 1 to 200. Defaults to 12.
        data_root (str, optional): Folder that the images have been moved to.
            Defaults to None, where the config has them.
        second (str, optional): Work dir of a run to compare with. Defaults to
            None.
        predictions (Sequence[str]): Result files of the run and of another
            one, both or none. Defaults to ().
        warmup (int): Last epoch of the warm-up. Defaults to 1.

    Returns:
        str: What was written and what was not, a sentence a line.

    Raises:
        FileNotFoundError: If the run has no records, or a file is missing.
        ValueError: If the runs differ in their classes, an option is out of
            its range, or a named analysis has no answer.
    """
    check_number('num_images', num_images, 1, 200)
    job = Job(
        load_records(run),
        load_records(second) if second else None,
        [read_predictions(path) for path in predictions],
        images,
        num_images,
        data_root,
        warmup,
    )
    _check_classes(job, predictions)
    folder = Path(out or Path(run, 'analysis'))
    folder.mkdir(parents=True, exist_ok=True)
    lines = list(job.records.skipped)
    for name in only or ANALYSES:
        lines += _analyze(name, job, folder, must=bool(only))
    return '\n'.join(lines)


def _check_classes(job: Job, paths: Sequence[str]) -> None:
    if job.second is not None:
        check_same_classes(job.records, job.second)
    for path, result in zip(paths, job.predictions):
        if result.classes != job.records.classes:
            raise ValueError(
                f'{path} has {len(result.classes)} classes that are not the '
                f'{len(job.records.classes)} of {job.records.run}: evaluate '
                'runs of one class list.'
            )


def _analyze(name: str, job: Job, folder: Path, must: bool) -> List[str]:
    """Write the files of an analysis; say which, and what is lacking.

    Raises:
        NotRecordedError: If it ``must`` have an answer and has none.
    """
    try:
        answer = ANALYSES[name](job)
    except NotRecordedError as error:
        if must:
            raise
        return [f'{name}: left out. {error}']
    _write(answer, folder, name)
    pages = len(answer.figures)
    more = f' to {name}-{pages}.png' if pages > 1 else ''
    line = f'{name}: {folder / name}.csv, .md and .png{more}'
    return [line] if answer.note is None else [line, f'{name}: {answer.note}']


def _write(answer: Answer, folder: Path, name: str) -> None:
    for ending, text in (
        ('csv', answer.table.to_csv()),
        ('md', answer.table.to_markdown()),
    ):
        write_whole(folder / f'{name}.{ending}', text)
    for page, figure in enumerate(answer.figures, 1):
        number = f'-{page}' if page > 1 else ''
        with whole_file(folder / f'{name}{number}.png', 'wb') as file:
            figure.savefig(file, dpi=120)
