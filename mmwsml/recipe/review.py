"""The labels of a fit that a person should look at."""

import json
import shlex
from pathlib import Path
from typing import List, Optional, Union

import numpy as np

from mmwsml.analysis.sample_for_review import sample_for_review
from mmwsml.evaluation.predictions import Predictions, write_predictions
from mmwsml.structures.checks import check_choice, check_integer
from mmwsml.structures.overwriting import refuse_to_overwrite
from mmwsml.structures.spreadsheet import write_spreadsheet
from mmwsml.structures.whole_file import whole_file

from .fitted_folder import SPLITS, FittedFolder
from .verdict.evidence import Evidence
from .verdict.facts import Facts, collect_facts
from .verdict.missing_labels import MissingLabels, find_missing

HEAD = 'sample_id', 'class', 'present', 'image', 'chance'
#: Lines of a list for which nobody gives a number: those that are more likely
#: present than not, but so many at least and at most.
FEWEST, MOST = 50, 5000


def write_review(
    path: Union[str, Path], num: Optional[int] = None, force: bool = False
) -> str:
    """Write the labels that are probably missing, the surest first.

    Args:
        path (str | Path): The folder of a fit.
        num (int, optional): Lines. Defaults to None: as many as are more
            likely present than not.
        force (bool): Whether to replace the list. Defaults to False: someone
            may have filled it.

    Returns:
        str: What was written, for a person's eyes.

    Raises:
        FileExistsError: If the list is there.
        FileNotFoundError: If the folder is not that of a fit.
        ValueError: If nothing is unknown, or nothing tells what is missing.
    """
    folder = FittedFolder(path)
    refuse_to_overwrite([folder.review], force=force)
    if num is not None:
        check_integer('num', num, 1)
    facts = collect_facts(folder)
    missing = _find(folder, facts)
    if num is None:
        num = min(max(missing.stop, FEWEST), MOST)
    num = min(num, len(missing.rows))
    _write(folder, facts, missing, num)
    return _tell(folder, missing, num)


def _find(folder: FittedFolder, facts: Facts) -> MissingLabels:
    if facts.splits['train'].observed.all():
        raise ValueError(
            f'{folder.path}: every label of training is known, so that none '
            'is missing.'
        )
    missing = find_missing(Evidence(facts))
    if missing is None:
        raise ValueError(
            f'{folder.path}: holds no scores of training and validation '
            'images, which tell what is missing; run mmwsml fit again as '
            'before, it goes on.'
        )
    return missing


def _write(
    folder: FittedFolder, facts: Facts, missing: MissingLabels, num: int
) -> None:
    ids, paths = facts.splits['train'].sample_ids, image_paths(folder, 'train')
    rows: List[tuple] = [HEAD]
    for n, k, chance in zip(
        missing.rows[:num].tolist(),
        missing.classes[:num].tolist(),
        missing.chances[:num].tolist(),
    ):
        rows.append((ids[n], facts.classes[k], '', paths[n], round(chance, 3)))
    with whole_file(folder.review, newline='') as file:
        write_spreadsheet(file, rows)


def _tell(folder: FittedFolder, missing: MissingLabels, num: int) -> str:
    low, high = missing.interval
    return (
        f'About {missing.number:,.0f} of {len(missing.rows):,} unknown labels '
        f'are probably present ({low:,.0f} to {high:,.0f}).\n'
        f'Wrote {num:,} of them to {folder.review}, the surest first; '
        f'{missing.tell_right(num)} of the lines are right.\n'
        'Write yes or no into `present`, as far as you like, or answer in '
        f'{folder.report} and save; then\n'
        f'{_command(folder, folder.review)}'
    )


def _command(folder: FittedFolder, answers: Path) -> str:
    """Write the command that reads answers back, for a shell."""
    words = 'mmwsml', 'review', str(folder.path), '--answers', str(answers)
    return shlex.join(words)


def draw_review(
    path: Union[str, Path],
    budget: int,
    split: str = 'train',
    seed: int = 0,
    force: bool = False,
) -> str:
    """Write a draw of unknown labels, whose answers tell how many there are.

    Args:
        path (str | Path): The folder of a fit.
        budget (int): Lines.
        split (str): Whose labels, 'train', 'val' or 'test'. Defaults to
            'train'.
        seed (int): Of the draw. Defaults to 0.
        force (bool): Whether to replace the list. Defaults to False.

    Returns:
        str: What was written, for a person's eyes.

    Raises:
        FileExistsError: If the list is there.
        FileNotFoundError: If the folder is not that of a fit.
        ValueError: If nothing is unknown, or an option is out of range.
    """
    check_choice('split', split, SPLITS)
    folder = FittedFolder(path)
    refuse_to_overwrite([folder.drawn(split)], force=force)
    results = folder.results(split)
    write_predictions(str(results), collect_predictions(folder, split))
    text = sample_for_review(
        str(results),
        str(folder.drawn(split)),
        budget,
        given_thresholds(folder),
        seed,
        force,
    )
    return f'{text[: text.rindex(",")]}, and read the list back with\n' + (
        f'{_command(folder, folder.drawn(split))}'
    )


def given_thresholds(folder: FittedFolder) -> Union[str, float]:
    """Return the file of thresholds, 0.5 where there is none."""
    is_there = folder.thresholds.is_file()
    return str(folder.thresholds) if is_there else 0.5


def collect_predictions(folder: FittedFolder, split: str) -> Predictions:
    """Put scores and labels of a split together.

    Raises:
        ValueError: If it is not there, or has no scores.
    """
    facts = collect_facts(folder)
    part, kept = facts.splits.get(split), Evidence(facts).kept
    scores = part.scores.get(kept or '') if part else None
    if part is None or scores is None:
        raise ValueError(
            f'{folder.path}: holds no scores of the split {split!r}; run '
            'mmwsml fit again as before, it goes on.'
        )
    return Predictions(
        scores.astype(np.float32),
        part.positive,
        None if part.observed.all() else part.observed,
        image_paths(folder, split),
        list(part.sample_ids),
        facts.classes,
        split,
    )


def image_paths(folder: FittedFolder, split: str) -> List[str]:
    """List the files of the images of a split, in the order of its labels."""
    plan = json.loads(folder.plan.read_text(encoding='utf-8'))
    content = json.loads(folder.labels(split).read_text(encoding='utf-8'))
    return [
        str(Path(plan['images'], entry['img_path']))
        for entry in content['data_list']
    ]
