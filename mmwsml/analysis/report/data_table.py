"""Tables of thousands of lines, which the script of the page sorts."""

from typing import List, NamedTuple, Optional, Sequence, Tuple, Union

from .markup import Markup, data_block, element
from .parts import scroll_box

Cell = Union[str, int, float, None]
#: Lines that are shown at once.
PAGE = 50


class Column(NamedTuple):
    """A column of a table."""

    name: str
    #: 'text', 'number', 'picture' (its cells are indices), 'bars' (letters
    #: that draw), or 'answer' (yes, no or None, which the reader may change).
    kind: str = 'text'
    #: 'text' (a part of it), 'choice' (one of its values), 'least' (a
    #: number), or '' for no filter.
    filter: str = ''
    #: Digits behind the point of numbers that are shown; the file has all.
    digits: int = 0
    shown: bool = True
    #: Its name in the file that is saved, '' to leave it out. None: its name.
    saved: Optional[str] = None


class DataTable(NamedTuple):
    """A table; a cell without a value is None."""

    #: Of the page, unique.
    identity: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    #: Of the file that is saved.
    file_name: str
    #: Data URIs that cells of pictures name by index.
    pictures: Sequence[str] = ()

    def write(self) -> Markup:
        """Write filters, an empty table that the script fills, and data."""
        head = [
            self._write_head(place, column)
            for place, column in enumerate(self.columns)
            if column.shown
        ]
        table = element(
            'table',
            element('caption', self.caption),
            element('thead', element('tr', *head)),
            element('tbody'),
        )
        content = dict(
            columns=[column._asdict() for column in self.columns],
            rows=self.rows,
            pictures=self.pictures,
            file=self.file_name,
            page=PAGE,
        )
        return element(
            'div',
            self._write_filters(),
            scroll_box(table, self.caption),
            self._write_pager(),
            data_block(f'{self.identity}-data', content),
            class_='data-table',
            id=self.identity,
        )

    def _write_head(self, place: int, column: Column) -> Markup:
        number = column.kind == 'number' and 'number'
        if column.kind in ('picture', 'bars'):
            return element('th', column.name, scope='col')
        button = element('button', column.name, type='button', data_sort=place)
        return element(
            'th', button, scope='col', class_=number, aria_sort='none'
        )

    def _write_filters(self) -> Markup:
        fields = [
            self._write_filter(place, column)
            for place, column in enumerate(self.columns)
            if column.filter
        ]
        reset = element('button', 'Clear', type='button', data_action='clear')
        save = element(
            'button', 'Save as CSV', type='button', data_action='save'
        )
        return element(
            'div',
            *fields,
            element('span', reset, save, class_='buttons'),
            class_='filters',
            role='group',
            aria_label=f'Filters of: {self.caption}',
        )

    def _write_filter(self, place: int, column: Column) -> Markup:
        identity = f'{self.identity}-filter-{place}'
        common = dict(id=identity, data_filter=place)
        if column.filter == 'choice':
            values = sorted({row[place] for row in self.rows} - {None})
            options = [element('option', 'all', value='')]
            options += [element('option', x, value=x) for x in values]
            field = element('select', *options, **common)
            label = column.name
        elif column.filter == 'least':
            kind = dict(type='number', step='any', inputmode='decimal')
            field = element('input', **kind, **common)
            label = f'{column.name} at least'
        else:
            field = element('input', type='search', **common)
            label = f'{column.name} contains'
        return element('span', element('label', label, for_=identity), field)

    def _write_pager(self) -> Markup:
        names = dict(previous='Previous', next='Next')
        buttons = [
            element('button', text, type='button', data_action=action)
            for action, text in names.items()
        ]
        count = element('span', '', class_='count', role='status')
        return element('div', count, *buttons, class_='pager')


def finite(value: Optional[float]) -> Optional[float]:
    """Return a number that JSON can hold, None for NaN."""
    return None if value is None or value != value else float(value)


def share_pictures(
    uris: Sequence[Optional[str]],
) -> Tuple[List[str], List[Optional[int]]]:
    """Keep each picture once.

    Returns:
        tuple: The different pictures, and of each line its place among them,
        None where it has no picture.
    """
    places = {
        uri: n for n, uri in enumerate(dict.fromkeys(filter(None, uris)))
    }
    return list(places), [places.get(uri) for uri in uris]
