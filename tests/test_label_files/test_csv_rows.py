import pytest

from mmwsml.label_files.csv_rows import read_rows


@pytest.fixture
def write(tmp_path):
    """Write a CSV; return its path."""

    def write(text):
        (tmp_path / 'a.csv').write_text(text, encoding='utf-8')
        return str(tmp_path / 'a.csv')

    return write


def test_a_row_knows_its_lines(write):
    path = write('\ufeffa,b\n\n1,"x\ny"\r\n"p ""q"", r",\n')
    assert list(read_rows(path)) == [
        (1, 1, ['a', 'b']),
        (3, 4, ['1', 'x\ny']),
        (5, 5, ['p "q", r', '']),
    ]


@pytest.mark.parametrize(
    'text, place',
    [
        ('a\n"b\nc\n', 'line 2: .* up to line 3'),
        ('a\n"b\n"c",\n', 'line 2: .* up to line 3'),
        ('a\n\n"b" c\n', 'line 3: .* up to line 3'),
    ],
)
def test_refuses_quotes_that_swallow_lines(write, text, place):
    with pytest.raises(ValueError, match=rf'a\.csv, {place} .*that nothing c'):
        list(read_rows(write(text)))


@pytest.mark.parametrize('text', ['', '\n', ' \n\n'])
def test_refuses_a_file_without_a_row(write, text):
    with pytest.raises(ValueError, match=r'a\.csv: .*; make it anew'):
        list(read_rows(write(text)))
