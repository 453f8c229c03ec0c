"""What a person answered about the labels of a fit."""

from pathlib import Path
from shlex import quote
from typing import Dict, List, Tuple, Union

from mmwsml.analysis.clean_up import add_answers, read_answers
from mmwsml.analysis.clean_up.answers import COLUMNS, Answers, Known
from mmwsml.analysis.sample_for_review import read_review
from mmwsml.label_files.named_rows import read_named_rows
from mmwsml.structures.spreadsheet import write_spreadsheet
from mmwsml.structures.whole_file import whole_file

from .fitted_folder import SPLITS, FittedFolder
from .review import given_thresholds
from .verdict.facts import collect_facts
from .verdict.finding import percent

WORDS = {True: 'yes', False: 'no'}


def take_answers(path: Union[str, Path], answered: str) -> str:
    """Read a filled list, say what it tells, and keep its answers.

    Args:
        path (str | Path): The folder of a fit.
        answered (str): The list, which is not changed.

    Returns:
        str: What was read, for a person's eyes.

    Raises:
        FileNotFoundError: If a file is missing, or the folder is not that of
            a fit.
        ValueError: If there is no answer, or one does not fit the labels or
            another answer.
    """
    folder = FittedFolder(path)
    answers = read_answers(answered)
    if not answers:
        raise ValueError(
            f'{answered}: no line has an answer; write yes or no into the '
            'column `present`.'
        )
    known, classes = read_known(folder)
    for split, part in split_answers(known, answers, answered).items():
        add_answers(known[split], classes, part, str(folder.labels(split)))
    lines = [_count(answers)]
    if _is_drawn(answered):
        lines.append(_estimate(folder, known, answered, answers))
    kept = _join(folder, answers, answered)
    with whole_file(folder.answers, newline='') as file:
        rows = [(*pair, WORDS[present]) for pair, present in kept.items()]
        write_spreadsheet(file, [COLUMNS, *rows])
    lines.append(
        f'{len(kept):,} answers are kept in {folder.answers}; learn from '
        f'them with\nmmwsml refit {quote(str(folder.path))}'
    )
    return '\n'.join(lines)


def read_known(
    folder: FittedFolder,
) -> Tuple[Dict[str, Known], Tuple[str, ...]]:
    """Read what is known of each image of each split, and the classes.

    Raises:
        FileNotFoundError: If the folder is not that of a fit.
    """
    facts = collect_facts(folder)
    known: Dict[str, Known] = {}
    for split, part in facts.splits.items():
        known[split] = {
            name: (
                positive.nonzero()[0].tolist(),
                (observed & ~positive).nonzero()[0].tolist(),
            )
            for name, positive, observed in zip(
                part.sample_ids, part.positive, part.observed
            )
        }
    return known, facts.classes


def split_answers(
    known: Dict[str, Known], answers: Answers, source: str
) -> Dict[str, Answers]:
    """Sort answers by the split of their images.

    Raises:
        ValueError: If an image is of none.
    """
    parts: Dict[str, Answers] = {}
    for (sample_id, name), present in answers.items():
        split = next((x for x in SPLITS if sample_id in known.get(x, ())), '')
        if not split:
            raise ValueError(
                f'{source}: the image {sample_id:.200} is not one of this '
                'fit; name the folder that the list was made of.'
            )
        parts.setdefault(split, {})[sample_id, name] = present
    return parts


def _count(answers: Answers) -> str:
    present = sum(answers.values())
    share = percent(present / len(answers))
    return (
        f'{len(answers):,} answers: {present:,} present ({share}), '
        f'{len(answers) - present:,} absent.'
    )


def _is_drawn(path: str) -> bool:
    """Whether a list is a draw, whose lines say how they were drawn."""
    try:
        next(iter(read_named_rows(path, ('stratum',))), None)
    except ValueError:  # the column is missing
        return False
    return True


def _estimate(
    folder: FittedFolder,
    known: Dict[str, Known],
    answered: str,
    answers: Answers,
) -> str:
    """Say what a draw tells of all labels of its split."""
    (split,) = split_answers(known, answers, answered)
    results = str(folder.results(split))
    return read_review(results, answered, given_thresholds(folder))


def _join(folder: FittedFolder, answers: Answers, source: str) -> Answers:
    """Add answers to those that are kept.

    Raises:
        ValueError: If one has been answered otherwise before.
    """
    kept = read_answers(folder.answers) if folder.answers.is_file() else {}
    for pair, present in answers.items():
        if kept.setdefault(pair, present) != present:
            sample_id, name = pair
            raise ValueError(
                f'{source}: {name!r:.200} of {sample_id:.200} is '
                f'{WORDS[present]}, but {WORDS[not present]} in '
                f'{folder.answers}; correct one of them.'
            )
    return kept


def list_answers(folder: FittedFolder) -> Answers:
    """Read the answers that are kept.

    Raises:
        FileNotFoundError: If there are none.
    """
    if not folder.answers.is_file():
        raise FileNotFoundError(
            f'{folder.path}: has no answers yet; make a list with mmwsml '
            f'review {folder.path}, and read it back with --answers.'
        )
    return read_answers(folder.answers)


def answered_labels(folder: FittedFolder) -> Dict[str, List[dict]]:
    """Add all answers to the labels of a fit.

    Returns:
        dict[str, list[dict]]: Of each split that has answers the entries of
        an annotation file.
    """
    known, classes = read_known(folder)
    answers = list_answers(folder)
    parts = split_answers(known, answers, str(folder.answers))
    return {
        split: add_answers(
            known[split], classes, part, str(folder.labels(split))
        )
        for split, part in parts.items()
    }
