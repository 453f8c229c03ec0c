"""Tables of other programs than editors."""

import sys

import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.read_options import ReadOptions

from .conftest import counts

pandas = pytest.importorskip('pandas')
openpyxl = pytest.importorskip('openpyxl')
pytest.importorskip('pyarrow')

FRAME = dict(
    image=['a.jpg', 'b.jpg', 'c.jpg'],
    cat=[1, 0, None],
    dog=[True, False, None],
    age=[50, 51, 52],
)
WRITERS = {
    'a.xlsx': lambda frame, path: frame.to_excel(path, index=False),
    'index.xlsx': lambda frame, path: frame.to_excel(path),
    'a.parquet': lambda frame, path: frame.to_parquet(path),
    'index.parquet': lambda frame, path: frame.set_index('image').to_parquet(
        path
    ),
    'a.csv': lambda frame, path: frame.to_csv(path),
    'a.tsv': lambda frame, path: frame.to_csv(path, sep='\t', index=False),
}


def read(path, **options):
    """Read a table that lies there."""
    return read_labels(str(path), BadEntries(), ReadOptions(**options))


@pytest.mark.parametrize('name', WRITERS)
def test_reads_what_pandas_writes(tmp_path, name):
    WRITERS[name](pandas.DataFrame(FRAME), tmp_path / name)
    marked = read(tmp_path / name)
    assert marked.classes == ['cat', 'dog']
    assert list(marked.lists()) == [([0, 1], []), ([], [0, 1]), ([], [])]


def test_lists_in_parquet(tmp_path):
    frame = pandas.DataFrame(dict(image=['a.jpg'], tags=[['cat', 'dog']]))
    frame.to_parquet(tmp_path / 'a.parquet')
    marked = read(tmp_path / 'a.parquet', tags='tags', rest='unknown')
    assert counts(marked) == (1, 2, 2, 0)


@pytest.fixture
def sheet(tmp_path):
    """Return a writer of a workbook."""

    def write(*rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.create_sheet('notes').append(['by me'])
        book.save(tmp_path / 'a.xlsx')
        return tmp_path / 'a.xlsx'

    return write


def test_the_first_sheet_is_read_and_the_others_named(sheet):
    marked = read(sheet(['image', 'cat'], [], ['a.jpg', 1], ['b.jpg', 'no']))
    assert counts(marked) == (2, 1, 1, 1)
    assert any('the first is read' in note for note in marked.notes)


@pytest.mark.parametrize(
    'rows, message',
    [
        ([['a.jpg', '=1+0']], "cell B2 of 'Sheet': holds the formula '=1"),
        ([['a.jpg', 1], ['', 1]], 'row 3: there is no name of an image'),
        ([['a.jpg', 1], ['a.jpg', 0]], "row 3: 'a.jpg' is there twice"),
    ],
)
def test_refuses_cells_by_their_row(sheet, rows, message):
    with pytest.raises(ValueError, match=message):
        read(sheet(['image', 'cat'], *rows))


@pytest.mark.parametrize('name', ['a.xlsx', 'a.parquet'])
def test_refuses_damaged_and_missing_files(tmp_path, name):
    with pytest.raises(FileNotFoundError, match=f'{name}: there is no such f'):
        read(tmp_path / name)
    (tmp_path / name).write_bytes(b'PK\x03\x04 cut')
    with pytest.raises(ValueError, match=f'{name}: cannot be read as a table'):
        read(tmp_path / name)


def test_names_what_must_be_installed(tmp_path, monkeypatch):
    (tmp_path / 'a.parquet').touch()
    monkeypatch.setitem(sys.modules, 'pandas', None)
    with pytest.raises(ImportError, match=r"pip install 'mmwsml\[tables\]'"):
        read(tmp_path / 'a.parquet')
