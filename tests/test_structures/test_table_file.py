import pytest

from mmwsml.structures.table_file import read_table


@pytest.fixture
def write(tmp_path):
    """Write a CSV; return its path."""

    def write(content):
        (tmp_path / 'a.csv').write_bytes(content)
        return tmp_path / 'a.csv'

    return write


def test_reads_cells_by_the_names_of_columns(write):
    path = write(b'\xef\xbb\xbfx, b ,a\n1,2,3\n\n"4\n",5\n6\n')
    assert list(read_table(path, ('a', 'b'))) == [
        (2, dict(x='1', b='2', a='3')),
        (4, dict(x='4\n', b='5', a='')),
        (6, dict(x='6', b='', a='')),
    ]


@pytest.mark.parametrize(
    'content, rule',
    [
        (b'', r': has no line with text'),
        (b'a,b,a\n', r": the column 'a' is there twice"),
        (b'a\n1,2\n', r', line 2: has 2 cells, but the first line names 1'),
        (b'a\n"1\n2\n', r', line 2: .* up to line 3 .*that nothing closes'),
        (b'a\n' + b'1' * 200_000, r', line 2: .*field larger than'),
        (
            b'a\n\xe9\n',
            r', line 2: .* UTF-8, but holds the byte 0xe9',
        ),
    ],
)
def test_refuses_what_is_no_table(write, content, rule):
    path = write(content)
    with pytest.raises(ValueError, match=rf'^{path}{rule}'):
        list(read_table(path, ('a',)))
