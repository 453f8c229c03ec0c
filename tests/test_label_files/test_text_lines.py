import pytest

from mmwsml.label_files.text_lines import read_lines


def test_numbers_the_lines_and_leaves_blank_ones_out(tmp_path):
    path = tmp_path / 'a.txt'
    path.write_bytes('é 1\r\n\n \n2'.encode())
    assert list(read_lines(path)) == [(1, 'é 1'), (4, '2')]


def test_takes_the_byte_order_mark_of_a_spreadsheet_away(tmp_path):
    path = tmp_path / 'a.csv'
    path.write_text('image,cat\n', encoding='utf-8-sig')
    assert list(read_lines(path)) == [(1, 'image,cat')]


def test_names_the_line_that_is_not_utf_8(tmp_path):
    path = tmp_path / 'a.txt'
    path.write_bytes(b'1.jpg,1\ncaf\xe9.jpg,2\n')
    message = r'a\.txt, line 2: must be UTF-8 text, .* byte 0xe9; save'
    with pytest.raises(ValueError, match=message):
        list(read_lines(path))


def test_names_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match=r'no\.txt: No such file.*che'):
        list(read_lines(tmp_path / 'no.txt'))


def test_names_an_empty_file(tmp_path):
    (tmp_path / 'a.txt').touch()
    with pytest.raises(ValueError, match=r'a\.txt: the file is empty; make'):
        list(read_lines(tmp_path / 'a.txt'))
