"""The list for annotators, and their answers as observed labels."""

from pathlib import Path
from typing import Dict, List, Mapping, Sequence, Set, Tuple, Union

from mmwsml.analysis.annotations import extend_annotations
from mmwsml.analysis.insights.table import Table
from mmwsml.records import Records
from mmwsml.structures.short_value import short_value
from mmwsml.structures.spreadsheet import read_cell
from mmwsml.structures.table_file import read_table

from .suspects import Suspect

#: What stands in the column ``present``, in any case of letters.
WORDS = {'yes': True, 'y': True, '1': True, 'no': False, 'n': False}
WORDS['0'] = False
COLUMNS = 'sample_id', 'class', 'present'
#: (sample_id, name of the class) -> whether the class is present.
Answers = Dict[Tuple[str, str], bool]
#: sample_id -> observed positives, observed negatives.
Known = Dict[str, Tuple[List[int], List[int]]]


def read_answers(path: Union[str, Path]) -> Answers:
    """Read a list that an annotator has filled.

    Args:
        path (str): CSV with the columns ``COLUMNS``; others are not read. An
            empty ``present`` is no answer.

    Raises:
        ValueError: If a column is missing, a quote is not closed, an answer is
            not yes, no or empty, or two lines answer one question
            differently; the message names file and line.
    """
    answers: Answers = {}
    for number, line in read_table(path, COLUMNS):
        _take(answers, line, f'{path}, line {number}')
    return answers


def _take(answers: Answers, line: dict, place: str) -> None:
    """Take in one line."""
    word = line['present'].strip().lower()
    if not word:
        return
    if word not in WORDS:
        raise ValueError(
            f'{place}: `present` must be yes, no or empty, but got '
            f'{short_value(line["present"])}.'
        )
    pair = read_cell(line['sample_id']), read_cell(line['class'])
    if answers.setdefault(pair, WORDS[word]) != WORDS[word]:
        raise ValueError(
            f'{place}: the class {short_value(pair[1])} of {pair[0]:.200} is '
            f'answered with {word!r}, but otherwise above; remove one of the '
            'lines.'
        )


def answered_annotations(run: Records, answers: Answers) -> List[dict]:
    """Add answers to the labels that training observed.

    Args:
        run (Records): Tells the images and what is known of them.
        answers (dict): Present classes become observed positives, absent
            ones observed negatives; all else stays as it was.

    Returns:
        list[dict]: The form of :class:`mmwsml.PartialLabelDataset`;
        ``img_path`` is the part of ``sample_id`` behind the namespace.

    Raises:
        ValueError: If an answer names an image or a class that the run does
            not have, or contradicts an observed label, or the labels are
            complete, or the images are of several data sets.
    """
    if run.images.complete:
        raise ValueError(
            f'{run.run} observed every label: there is nothing to answer.'
        )
    known = _known_labels(run)
    added: Dict[bool, Dict[str, Set[int]]] = {True: {}, False: {}}
    for (sample_id, name), present in answers.items():
        label = _find(run, known, sample_id, name)
        if label in known[sample_id][1 if present else 0]:
            raise ValueError(
                f'The answer that {name!r} is {"" if present else "not "}in '
                f'{sample_id} contradicts an observed label: correct one of '
                'them.'
            )
        added[present].setdefault(sample_id, set()).add(label)
    infos = [
        dict(sample_id=sample_id, gt_label=labels[0], neg_label=labels[1])
        for sample_id, labels in known.items()
    ]
    return extend_annotations(infos, added[True], added[False])


def _find(run: Records, known: Known, sample_id: str, name: str) -> int:
    """Return the number of a class, if the run has it and the image.

    Raises:
        ValueError: If it has not.
    """
    if sample_id not in known:
        raise ValueError(
            f'The image {sample_id!r} of an answer is not one of the '
            f'{len(known)} of {run.run}: take the answers to a list of this '
            'run.'
        )
    if name not in run.classes:
        raise ValueError(
            f'The class {name!r} of an answer is not one of {run.run}: leave '
            'the names of the list as they are.'
        )
    return run.classes.index(name)


def _known_labels(run: Records) -> Known:
    """Return the observed positives and negatives of each image."""
    positives, negatives = run.given
    return {
        sample_id: (positives.of(row), negatives.of(row))
        for row, sample_id in enumerate(run.images.sample_ids.all())
    }


#: ``present`` is for the annotator: yes, no or nothing.
HEAD = (
    'sample_id',
    'class',
    'present',
    'image',
    'score',
    'mean_loss',
    'agreement',
    'losses',
)


def suspect_table(
    suspects: Sequence[Suspect],
    classes: Sequence[str],
    paths: Mapping[str, str],
) -> Table:
    """Write a line for each suspect, in their order.

    Args:
        suspects (Sequence[Suspect]): The list.
        classes (Sequence[str]): Names of the classes.
        paths (Mapping[str, str]): ``sample_id`` -> file of the image; where
            it is missing the cell is empty.

    Returns:
        Table: With the columns ``HEAD``. ``agreement`` is the number of
        epochs that alone would list the label, of how many; ``losses`` its
        loss in each epoch. Whether the label is right is not told.
    """
    rows = [
        (
            suspect.sample_id,
            classes[suspect.label],
            None,
            paths.get(suspect.sample_id),
            round(suspect.score, 3),
            round(suspect.mean_loss, 3),
            f'{suspect.num_agree} of {suspect.num_epochs}',
            ' '.join(f'{loss:.2f}' for loss in suspect.losses),
        )
        for suspect in suspects
    ]
    return Table(HEAD, rows)
