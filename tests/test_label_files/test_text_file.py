import pytest

from mmwsml.label_files.text_file import match_names, read_lines, read_pairs


@pytest.fixture
def write(tmp_path):
    """Write bytes into a file and return its path."""

    def write_bytes(content):
        (tmp_path / 'list.txt').write_bytes(content)
        return str(tmp_path / 'list.txt')

    return write_bytes


@pytest.mark.parametrize('end', [b'', b'\n', b'\r\n', b'\n\n \n'])
def test_lines_may_end_as_they_like(write, end):
    path = write(b'a\r\n\nb' + end)
    assert read_lines(path) == ['a', '', 'b']


def test_refuses_text_that_is_not_utf8_and_names_the_line(write):
    path = write(b'a\nb\nc\xe9\n')
    message = r"list\.txt, line 3: the text must be UTF-8, but got b'\\xe9'"
    with pytest.raises(ValueError, match=message):
        read_lines(path)


def test_refuses_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'x\.txt: No such .*; check'):
        read_lines(str(tmp_path / 'x.txt'))


def test_reads_pairs_in_their_order(write):
    path = write(b'b  1\n a -1 \r\nc a name with blanks\n')
    pairs = read_pairs(path)
    assert list(pairs.items()) == [
        ('b', '1'),
        ('a', '-1'),
        ('c', 'a name with blanks'),
    ]


@pytest.mark.parametrize(
    'line, rule',
    [
        (b'b', 'line 2: it must be a name and a value, but got'),
        (b'', 'line 2: it must be a name and a value, but got'),
        (b'a 2', 'line 2: a must be listed once'),
    ],
)
def test_refuses_a_broken_line_or_passes_it_on(write, line, rule):
    path = write(b'a 1\n' + line + b'\nz 1\n')
    with pytest.raises(ValueError, match=rule):
        read_pairs(path)
    errors = []
    assert read_pairs(path, reject=errors.append) == dict(a='1', z='1')
    assert len(errors) == 1


def test_refuses_a_value_that_is_not_allowed(write):
    path = write(b'a 1\nb 2\n')
    with pytest.raises(ValueError, match=r"line 2: .* one of \('0', '1'\)"):
        read_pairs(path, ('0', '1'))


def test_lists_the_names_that_all_files_share():
    files = {'x.txt': dict(c='', a='', b=''), 'y.txt': dict(a='', c='', d='')}
    errors = []
    assert match_names(files, errors.append) == ['c', 'a']
    texts = [str(error) for error in errors]
    assert 'y.txt: b is missing, which another file' in texts[0]
    assert 'x.txt: d is missing, which another file' in texts[1]
