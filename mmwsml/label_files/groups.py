"""Images that belong together, such as those of a patient."""

from dataclasses import replace
from typing import Dict, Optional, Tuple

from mmwsml.structures.short_value import short_value

from .marked_labels import MarkedLabels
from .table import Column, Table


def add_groups(
    marked: MarkedLabels, table: Table, image: Column, name: Optional[str]
) -> MarkedLabels:
    """Say which group each image is of.

    Args:
        marked (MarkedLabels): Images of the table.
        table (Table): All cells.
        image (Column): Those of the images.
        name (str, optional): Column of the groups. Defaults to None, there
            are none.

    Raises:
        ValueError: If there is no such column, or an image is of two groups.
    """
    if name is None:
        return marked
    column = table.column(name, '--group')
    found: Dict[str, Tuple[str, int]] = {}
    for row, (path, group) in enumerate(zip(image.cells(), column.cells())):
        first, line = found.setdefault(path, (group, row))
        if first != group:
            raise ValueError(
                f'{table.place(row)}: {path!r:.200} is of the group '
                f'{short_value(group)} of {name!r}, but of '
                f'{short_value(first)} in {table.place(line)}; correct one of '
                'them.'
            )
    groups = [found[path][0] for path in marked.images]
    num_bare = groups.count('')
    result = replace(
        marked,
        # An image without a group stands alone.
        groups=[x or f'/{n}' for n, x in enumerate(groups)],
    )
    num = len(set(groups)) - bool(num_bare)
    return result.note(
        f'{name!r} has {num} groups; {num_bare} images are of none.'
    )
