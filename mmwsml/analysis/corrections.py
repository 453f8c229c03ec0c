"""The labels that LL-Cp corrected, for training and for a person's eyes."""

from pathlib import Path
from typing import (
    Dict,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Set,
    Tuple,
)

from mmwsml.label_files.named_rows import read_named_rows
from mmwsml.structures import hash64
from mmwsml.structures.spreadsheet import write_spreadsheet
from mmwsml.structures.whole_file import whole_file

from .annotations import extend_annotations

#: Columns of the table, in their order.
FIELDS = ('sample_id', 'class', 'epoch', 'loss', 'right')
Pairs = Set[Tuple[str, str]]  # (sample_id, name of the class)


class Correction(NamedTuple):
    """One label that training took as positive."""

    sample_id: str
    label: int
    #: Epoch in which it was corrected, from 1.
    epoch: int
    #: Loss of the label as a negative when it was corrected.
    loss: float
    #: Whether the label is truly positive; None where nobody knows.
    right: Optional[bool]


def list_corrections(
    state: dict, truth: Mapping[str, Optional[Sequence[int]]]
) -> List[Correction]:
    """List the corrections of a label memory, the most doubtful first.

    The smaller the loss of a label as a negative, the less sure the network
    was that it is positive.

    Args:
        state (dict): ``label_store`` of a checkpoint, a state of
            :class:`mmwsml.LabelMemory`.
        truth (dict): For each ``sample_id`` its true positives, or None where
            the complete labels are not known.

    Returns:
        list[Correction]: In ascending order of the loss.

    Raises:
        ValueError: If a corrected image is not in ``truth``.
    """
    images = {hash64(sample_id): sample_id for sample_id in truth}
    unknown = [key for key in state['key'].tolist() if key not in images]
    if unknown:
        raise ValueError(
            f'The checkpoint holds corrections of {len(unknown)} images that '
            f'the data set does not have, the first of hash {unknown[0]}: '
            'take the config and the data of the run.'
        )
    ids = [images[key] for key in state['key'].tolist()]
    columns = [state[name].tolist() for name in ('class', 'epoch', 'loss')]
    corrections = []
    for row, label, epoch, loss in zip(state['row'].tolist(), *columns):
        label, epoch = label % 2**16, epoch % 2**16  # int16 of the same bits
        positives = truth[ids[row]]
        right = None if positives is None else label in positives
        corrections.append(Correction(ids[row], label, epoch, loss, right))
    return sorted(corrections, key=lambda c: (c.loss, c.sample_id, c.label))


def corrected_annotations(
    known: Sequence[dict],
    corrections: Sequence[Correction],
    classes: Sequence[str],
    refused: Optional[Pairs] = None,
    refused_are_negative: bool = False,
) -> List[dict]:
    """Add corrections to the labels that training observed.

    Args:
        known (Sequence[dict]): For each image ``sample_id``, ``gt_label`` and
            ``neg_label``, as training saw them.
        corrections (Sequence[Correction]): Labels that become positive.
        classes (Sequence[str]): Names of the classes.
        refused (set, optional): (``sample_id``, name of the class) that stay
            as they are. Defaults to None.
        refused_are_negative (bool): Whether a refused correction becomes an
            observed negative. Defaults to False.

    Returns:
        list[dict]: The form of :class:`mmwsml.PartialLabelDataset`;
        ``img_path`` is the part of ``sample_id`` behind the namespace.

    Raises:
        ValueError: If something is refused that was never corrected, or the
            images are of several data sets.
    """
    refused = refused or set()
    made = {(c.sample_id, classes[c.label]) for c in corrections}
    if refused - made:
        sample_id, name = min(refused - made)
        raise ValueError(
            f'The class {name!r} of {sample_id} is refused but was never '
            'corrected: take sample_id and class from the table of this run.'
        )
    positives: Dict[str, Set[int]] = {}
    negatives: Dict[str, Set[int]] = {}
    for correction in corrections:
        sample_id, label = correction.sample_id, correction.label
        if (sample_id, classes[label]) not in refused:
            positives.setdefault(sample_id, set()).add(label)
        elif refused_are_negative:
            negatives.setdefault(sample_id, set()).add(label)
    return extend_annotations(known, positives, negatives)


def write_table(
    path: Path, corrections: Sequence[Correction], classes: Sequence[str]
) -> None:
    """Write corrections as CSV with a head line: ``FIELDS``.

    Args:
        path (Path): The file.
        corrections (Sequence[Correction]): The lines, in this order.
        classes (Sequence[str]): Names of the classes.
    """
    names = {True: 'yes', False: 'no', None: ''}
    rows = [
        (
            c.sample_id,
            classes[c.label],
            c.epoch,
            f'{c.loss:.6g}',
            names[c.right],
        )
        for c in corrections
    ]
    with whole_file(path, newline='') as file:
        write_spreadsheet(file, [FIELDS, *rows])


def read_refused(path: Path) -> Pairs:
    """Read what a person refused: a table with ``sample_id`` and ``class``.

    A text or a spreadsheet, as :func:`read_named_rows` reads it.

    Lines of the table of corrections do; other columns are not read.

    Raises:
        ValueError: If a column is missing or empty, or a quote is not closed.
    """
    pairs = set()
    for place, line in read_named_rows(path, FIELDS[:2]):
        pair = line['sample_id'], line['class']
        if not all(pair):
            raise ValueError(
                f'{place}: `sample_id` or `class` is missing; fill both.'
            )
        pairs.add(pair)
    return pairs
