"""Tables of thousands of lines, which the script of the page sorts."""

from typing import List, NamedTuple, Optional, Sequence, Tuple, Union

from .markup import Markup, render

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
    #: Where the browser keeps answers, the same whenever the page is made of
    #: the same data. '': there is nothing to answer.
    memory: str = ''

    def write(self) -> Markup:
        """Write filters, an empty table that the script fills, and data."""
        content = dict(
            columns=[column._asdict() for column in self.columns],
            rows=self.rows,
            pictures=self.pictures,
            file=self.file_name,
            page=PAGE,
            memory=self.memory,
        )
        return render('data_table', table=self, content=content)

    def values_of(self, place: int) -> List[str]:
        """List what a column holds, each value once."""
        cells = (row[place] for row in self.rows)
        return sorted({str(cell) for cell in cells if cell is not None})


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
    return list(places), [None if uri is None else places[uri] for uri in uris]
