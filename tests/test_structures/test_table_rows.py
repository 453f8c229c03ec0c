import pytest

from mmwsml.structures.table_rows import read_rows


@pytest.fixture
def write(tmp_path):
    """Write a table; return its path."""

    def write(text, encoding='utf-8'):
        (tmp_path / 'a.csv').write_bytes(text.encode(encoding))
        return str(tmp_path / 'a.csv')

    return write


def test_a_row_knows_its_line(write):
    path = write('\ufeff# by me\n\na,b\n\n1,"x\ny"\r\n"p ""q"", r",\n')
    assert list(read_rows(path)) == [
        (3, ['a', 'b']),
        (5, ['1', 'x\ny']),
        (7, ['p "q", r', '']),
    ]


@pytest.mark.parametrize('between', [',', ';', '\t', '|', ' '])
def test_finds_what_divides_the_cells(write, between):
    path = write(between.join('ab') + '\n' + between.join('12') + '\n')
    assert list(read_rows(path)) == [(1, ['a', 'b']), (2, ['1', '2'])]


def test_a_comma_in_a_name_divides_nothing(write):
    path = write('image;cat, tame;"a,b;c"\n1.jpg;1;0\n')
    assert next(read_rows(path)) == (1, ['image', 'cat, tame', 'a,b;c'])


@pytest.mark.parametrize('encoding', ['utf-16', 'utf-8-sig'])
def test_a_byte_order_mark_names_the_encoding(write, encoding):
    path = write('image,caf\xe9\r\n1.jpg,1\r\n', encoding)
    assert next(read_rows(path)) == (1, ['image', 'caf\xe9'])


@pytest.mark.parametrize(
    'text, place',
    [
        ('a\n"b\nc\n', 'line 2: .* up to line 3'),
        ('a\n"b\n"c",\n', 'line 2: .* up to line 3'),
        ('a,x\n\n"b" c,1\n', 'line 3: .* up to line 3'),
    ],
)
def test_refuses_quotes_that_swallow_lines(write, text, place):
    with pytest.raises(ValueError, match=rf'a\.csv, {place} .*that nothing c'):
        list(read_rows(write(text)))


@pytest.mark.parametrize('text', ['', '\n', ' \n\n', ',,\n'])
def test_refuses_a_file_without_a_row(write, text):
    with pytest.raises(ValueError, match=r'a\.csv: .*; make it anew'):
        list(read_rows(write(text)))


def test_names_the_line_that_is_in_another_encoding(write):
    path = write('a,b\n1,2\ncaf\xe9,3\n', 'latin-1')
    with pytest.raises(ValueError, match=r'line 3: .*byte 0xe9; .*--enc'):
        list(read_rows(path))
    assert list(read_rows(path, 'latin-1'))[2] == (3, ['caf\xe9', '3'])
