"""Values of cells whose meaning only a person knows."""

from typing import Dict, Sequence

from .mark_columns import MarkColumn
from .mark_values import BLANK, MarkValues, normal
from .table import Table


def need_meanings(
    table: Table, columns: Sequence[MarkColumn], values: MarkValues
) -> None:
    """Ask what -1 means, and 0 where it could be either.

    Args:
        table (Table): The table, for messages.
        columns (Sequence[MarkColumn]): The classes.
        values (MarkValues): What is said.

    Raises:
        ValueError: If -1 occurs, and nobody says what it means.
    """
    has: Dict[str, int] = {}
    for item in columns:
        counts = item.column.counts()
        for value, mark, count in zip(
            item.column.values, item.marks.tolist(), counts.tolist()
        ):
            key = 'blank' if mark == BLANK else normal(value)
            has[key] = has.get(key, 0) + count
    if '-1' not in has:
        return
    asked = ['-1'] if '-1' not in values.said else []
    if has.get('0') and not has.get('blank') and '0' not in values.said:
        asked.append('0')
    if asked:
        shown = ', '.join(f'{x} {has[x]} times' for x in asked)
        options = ' '.join(f'--unknown={x} or --absent={x}' for x in asked)
        raise ValueError(
            f'{table.path}: what do these values mean: {shown} in the cells '
            f'of {len(columns)} classes? -1 is uncertain in some files '
            '(CheXpert) and absent in others (CelebA), where 0 may be '
            f'unknown. Say it: {options}; values together as '
            '--absent=-1,0.'
        )
