"""Which column of a table names the images."""

import os
import re
from typing import List, Optional

from mmwsml.structures.short_value import short_value

from .image_folder import ENDINGS
from .table import Column, Table

#: Usual names of the column, letters and digits alone; the first first.
NAMES = (
    'image imagepath imgpath imagefile imagefilename imagename imageindex '
    'imageid filename filepath file path img images imgs name fname id photo '
    'picture uri url'
).split()


def find_image_column(table: Table, given: Optional[str]) -> Column:
    """Return the column of the images.

    Args:
        table (Table): All columns.
        given (str, optional): Its name. Defaults to None, the column whose
            values are image files; of several, or where none is, the one of
            the most usual name.

    Raises:
        ValueError: If it has no such column or may have several, or a name
            holds a line break.
    """
    if given is not None:
        found = table.column(given, '--image-column')
    else:
        found = _guess(table)
    for code, value in enumerate(found.values):
        if '\n' in value:
            row = int((found.codes == code).argmax())
            raise ValueError(
                f'{table.place(row)}: the name of an image holds a line '
                f'break, {value!r:.200}: is a quote (") opened there that '
                'nothing closes? Close it, or double one that is meant as a '
                'letter.'
            )
    return found


def _guess(table: Table) -> Column:
    files = [column for column in table.columns if _are_files(column.values)]
    if len(files) == 1:
        return files[0]
    columns = files or table.columns
    ranks = [_rank(column.name) for column in columns]
    best = min(ranks, default=len(NAMES))
    found = [x for x, rank in zip(columns, ranks) if rank == best]
    if len(found) == 1 and best < len(NAMES):
        return found[0]
    fault = 'Several have' if files or best < len(NAMES) else 'None has'
    raise ValueError(
        f'{table.path}: which column names the images? {fault} image files '
        f'or a usual name: {short_value([x.name for x in found])}; name '
        'it with --image-column.'
    )


def _are_files(values: List[str]) -> bool:
    """Whether most of the values end as image files do."""
    filled = [value for value in values if value]
    ends = [os.path.splitext(value)[1].lower() in ENDINGS for value in filled]
    return sum(ends) * 2 > len(filled)


def _rank(name: str) -> int:
    bare = re.sub(r'[\W_]', '', name.casefold())
    return NAMES.index(bare) if bare in NAMES else len(NAMES)
