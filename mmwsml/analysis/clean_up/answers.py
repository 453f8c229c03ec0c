"""The list for annotators, and their answers as observed labels."""

from pathlib import Path
from typing import Dict, List, Mapping, Sequence, Set, Tuple, Union

from mmwsml.analysis.annotations import extend_annotations
from mmwsml.analysis.insights.table import Table
from mmwsml.label_files.mark_values import BLANK, MarkValues
from mmwsml.label_files.marked_labels import ABSENT, PRESENT
from mmwsml.label_files.named_rows import read_named_rows
from mmwsml.label_files.read_options import ReadOptions
from mmwsml.records import Records
from mmwsml.structures.short_value import short_value

from .suspects import Suspect

COLUMNS = 'sample_id', 'class', 'present'
#: (sample_id, name of the class) -> whether the class is present.
Answers = Dict[Tuple[str, str], bool]
#: sample_id -> observed positives, observed negatives.
Known = Dict[str, Tuple[List[int], List[int]]]


def read_answers(path: Union[str, Path]) -> Answers:
    """Read a list that an annotator has filled.

    Args:
        path (str): The list with the columns ``COLUMNS``, as a text or a
            spreadsheet; others are not read. ``present`` is yes, no, true,
            false, 1 or 0, in any case of letters; empty, it is no answer.

    Raises:
        ValueError: If a column is missing, a quote is not closed, an answer is
            not yes, no or empty, or two lines answer one question
            differently; the message names file and line.
    """
    answers: Answers = {}
    values = MarkValues(ReadOptions(present='y', absent='n'))
    for place, line in read_named_rows(path, COLUMNS):
        _take(answers, line, place, values)
    return answers


def _take(
    answers: Answers, line: Dict[str, str], place: str, values: MarkValues
) -> None:
    """Take in one line."""
    word = line['present']
    mark = values.read([word])[0]
    if mark == BLANK:
        return
    if mark not in (PRESENT, ABSENT):
        raise ValueError(
            f'{place}: `present` must be yes, no or empty, but got '
            f'{short_value(word)}.'
        )
    image, name = line['sample_id'], line['class']
    present = bool(mark == PRESENT)
    if answers.setdefault((image, name), present) != present:
        raise ValueError(
            f'{place}: the class {short_value(name)} of {image:.200} is '
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
    return add_answers(_known_labels(run), run.classes, answers, str(run.run))


def add_answers(
    known: Known, classes: Sequence[str], answers: Answers, source: str
) -> List[dict]:
    """Add answers to known labels.

    Args:
        known (dict): What is known of each image.
        classes (Sequence[str]): Names of the classes.
        answers (dict): As in :func:`answered_annotations`.
        source (str): Where the known labels are from, for messages.

    Returns:
        list[dict]: As there.

    Raises:
        ValueError: If an answer does not fit.
    """
    added: Dict[bool, Dict[str, Set[int]]] = {True: {}, False: {}}
    for (sample_id, name), present in answers.items():
        label = _find(known, classes, source, (sample_id, name))
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


def _find(
    known: Known, classes: Sequence[str], source: str, pair: Tuple[str, str]
) -> int:
    """Return the number of a class; refuse what is not of the images."""
    sample_id, name = pair
    if sample_id not in known:
        raise ValueError(
            f'The image {sample_id!r} of an answer is not one of the '
            f'{len(known)} of {source}: take the answers to a list of this '
            'run.'
        )
    if name not in classes:
        raise ValueError(
            f'The class {name!r} of an answer is not one of {source}: leave '
            'the names of the list as they are.'
        )
    return classes.index(name)


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
