"""The list as a table, for an annotator and for a page."""

from typing import Mapping, Sequence

from mmwsml.analysis.insights.table import Table

from .suspects import Suspect

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
