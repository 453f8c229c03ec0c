"""The answers of annotators, read back as observed labels."""

from pathlib import Path
from typing import Dict, List, Set, Tuple, Union

from mmwsml.analysis.annotations import extend_annotations
from mmwsml.records import Records
from mmwsml.structures.short_value import short_value
from mmwsml.structures.spreadsheet import read_cell
from mmwsml.structures.table_file import read_table

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
    image, name = (read_cell(line[x] or '') for x in ('sample_id', 'class'))
    if answers.setdefault((image, name), WORDS[word]) != WORDS[word]:
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
