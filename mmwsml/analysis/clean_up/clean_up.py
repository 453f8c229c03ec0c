"""From runs to a list and its quality, from a filled one to annotations."""

from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from mmwsml.analysis.annotations import write_annotations
from mmwsml.analysis.insights import NotRecordedError, find_images
from mmwsml.records import Records, load_records
from mmwsml.records.recorded_images import HIDDEN, REST
from mmwsml.structures.overwriting import refuse_to_overwrite
from mmwsml.structures.whole_file import write_whole

from .answers import answered_annotations, read_answers, suspect_table
from .suspects import Suspect, rank_suspects


def write_clean_up_list(
    runs: Sequence[str],
    out: str,
    num: int = 1000,
    quota: float = 2,
    per_class: Optional[int] = None,
    num_alike: int = 30,
    epochs: Optional[Tuple[int, int]] = None,
    data_root: Optional[str] = None,
    force: bool = False,
) -> str:
    """Write the list of runs with records; return a summary.

    Args:
        runs (Sequence[str]): Work dirs.
        out (str): The CSV file.
        num (int): Lines of the list. Defaults to 1000.
        quota (float): As in :func:`rank_suspects`. Defaults to 2.
        per_class (int, optional): As there. Defaults to None.
        num_alike (int): As there. Defaults to 30.
        epochs (tuple[int, int], optional): As there. Defaults to None.
        data_root (str, optional): Folder that the images have been moved to.
            Defaults to None, where the config of the first run has them.
        force (bool): Whether to replace ``out`` if it is there. Defaults to
            False: someone may have filled it.

    Raises:
        FileExistsError: If ``out`` is there.
        FileNotFoundError: If a run has no records.
        ValueError: If records are damaged, do not fit each other or hold no
            losses, or an option is too small.
    """
    refuse_to_overwrite([out], force=force)
    records = [load_records(run) for run in runs]
    suspects = rank_suspects(records, num, quota, per_class, num_alike, epochs)
    notes = [f'{run.run}: {x}' for run in records for x in run.skipped]
    try:
        wanted = [suspect.sample_id for suspect in suspects]
        paths = find_images(runs[0], wanted, data_root)
    except NotRecordedError as error:
        paths = {}
        notes.append(f'The column `image` is empty: {error}')
    table = suspect_table(suspects, records[0].classes, paths)
    write_whole(out, table.to_csv())
    return '\n'.join([*notes, *_summary(records[0], suspects, num), out])


def _summary(run: Records, suspects: Sequence[Suspect], num: int) -> List[str]:
    """Say what the list holds, and how good it is where that is known."""
    num_classes = len({suspect.label for suspect in suspects})
    lines = [f'{len(suspects)} suspected labels of {num_classes} classes']
    if len(suspects) < num:
        lines[0] += (
            f': no more are unobserved, or the quotas of {num} are full'
        )
    if run.truth is not None and suspects:
        quality = judge_list(run, suspects)
        sizes = sorted({min(n, len(suspects)) for n in (100, 1000, num)})
        lines += [
            f'truly present of the first {n}: '
            f'{100 * quality.precision[n - 1]:.1f} %'
            for n in sizes
        ]
        lines.append(f'by chance: {100 * quality.chance:.1f} %')
    return lines


def write_answered_labels(
    run: str, answers: str, out: str, force: bool = False
) -> str:
    """Write known labels and answers as annotations; return a summary.

    Args:
        run (str): Work dir of a run that the list was made from.
        answers (str): The filled list, CSV.
        out (str): The JSON file.
        force (bool): Whether to replace it if it is there. Defaults to False.

    Raises:
        FileExistsError: If ``out`` is there, or is the list.
        FileNotFoundError: If the run has no records.
        ValueError: If they are damaged, or an answer does not fit them.
    """
    refuse_to_overwrite([out], [answers], force)
    records = load_records(run)
    filled = read_answers(answers)
    data_list = answered_annotations(records, filled)
    write_annotations(Path(out), records.classes, data_list)
    present = sum(filled.values())
    return (
        f'{present} labels are now observed as present, '
        f'{len(filled) - present} as absent, in {len(data_list)} images\n{out}'
    )


class ListQuality(NamedTuple):
    """Of a list; shares are from 0 to 1."""

    #: Share of hidden positives among the first n lines, float64 ``(N,)``.
    precision: np.ndarray
    #: That of lines that are drawn: the share of hidden positives among all
    #: unobserved labels.
    chance: float
    #: Hidden positives of the training set.
    num_hidden: int


def judge_list(run: Records, suspects: Sequence[Suspect]) -> ListQuality:
    """Compare a list with the truth.

    Args:
        run (Records): A run that the list was made from.
        suspects (Sequence[Suspect]): The N lines.

    Raises:
        ValueError: If nobody knows the truth.
    """
    if run.truth is None:
        raise ValueError(
            f'{run.run} does not know the true labels: a list can be judged '
            'only where a transform hides labels that the data set has.'
        )
    counts = next(iter(run.epochs.values())).counts.sum(1)
    right = np.cumsum([bool(suspect.right) for suspect in suspects])
    num_unobserved = counts[REST:].sum()
    return ListQuality(
        right / np.arange(1, len(suspects) + 1),
        float(counts[HIDDEN] / max(1, num_unobserved)),
        int(counts[HIDDEN]),
    )
