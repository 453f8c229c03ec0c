import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.csv_labels import read_csv


def read(path, text, skip=False):
    """Read a CSV; return the classes, the images, what was bad."""
    path.write_text(text, encoding='utf-8')
    bad = BadEntries(skip)
    source = read_csv(str(path), bad)
    images = [image[1:] for image in source.images]
    return source.classes, images, bad


def test_reads_present_absent_and_unknown(tmp_path):
    text = 'image,cat,"hot, dog"\n1.jpg,1,0\n\nä/2.jpg, ,1\n3.jpg,,\n'
    classes, images, _ = read(tmp_path / 'a.csv', '\ufeff' + text)
    assert classes == ['cat', 'hot, dog']
    assert images == [
        ('1.jpg', ['cat'], ['hot, dog']),
        ('ä/2.jpg', ['hot, dog'], []),
        ('3.jpg', [], []),
    ]


@pytest.mark.parametrize(
    'line, rule',
    [
        ('2.jpg,1', 'must have 3 cells, as the header has, but has 2'),
        ('2.jpg,1,0,1', 'must have 3 cells, as the header has, but has 4'),
        ('2.jpg,1,-1', "a cell must be 1, 0 or empty, but is '-1'"),
        ('2.jpg,yes,', "a cell must be 1, 0 or empty, but is 'yes'"),
    ],
)
def test_refuses_a_bad_line_or_leaves_it_out(tmp_path, line, rule):
    good = [f'{n}.jpg,1,' for n in range(3, 19)]
    lines = ['image,cat,dog', '', '1.jpg,1,', line, *good, '19.jpg,1,1', '']
    text = '\n'.join(lines)
    with pytest.raises(ValueError, match=rf'a\.csv, line 4: {rule}'):
        read(tmp_path / 'a.csv', text)
    _, images, bad = read(tmp_path / 'a.csv', text, skip=True)
    assert images[0] == ('1.jpg', ['cat'], [])
    assert len(images) == 18 and bad.count == 1


@pytest.mark.parametrize(
    'header', ['file,cat', 'image', 'image,cat,cat', 'image,cat,']
)
def test_refuses_a_header_without_distinct_names(tmp_path, header):
    message = r'a\.csv, line 1: must be `image` and a column for each class'
    with pytest.raises(ValueError, match=message):
        read(tmp_path / 'a.csv', f'{header}\n1.jpg,1\n')


@pytest.mark.parametrize('end', ['\r', '\r\n'])
def test_reads_the_line_ends_of_other_systems(tmp_path, end):
    text = f'image,cat,dog{end}1.jpg,1,0{end}2.jpg,0,1{end}'
    path = tmp_path / 'a.csv'
    path.write_bytes(text.encode())
    images = [x[1:] for x in read_csv(str(path), BadEntries()).images]
    assert images == [('1.jpg', ['cat'], ['dog']), ('2.jpg', ['dog'], ['cat'])]


@pytest.mark.parametrize('name', ['Unnamed: 0', 'fold', 'split', 'is_train'])
def test_leaves_out_and_names_a_column_that_is_no_class(tmp_path, name):
    path = tmp_path / 'a.csv'
    path.write_text(f'image,{name},cat\n1.jpg,1,0\n2.jpg,7,1\n')
    source = read_csv(str(path), BadEntries())
    assert source.classes == ['cat']
    assert [x[1:] for x in source.images] == [
        ('1.jpg', [], ['cat']),
        ('2.jpg', ['cat'], []),
    ]
    assert [repr(name) in note for note in source.notes] == [True]


@pytest.mark.parametrize('name', ['label', 'class_id', 'Categories', 'target'])
def test_a_lone_column_of_numbers_is_not_taken_for_a_class(tmp_path, name):
    """Of a.jpg,0 and b.jpg,1 nobody knows whether 0 is absent."""
    text = f'image,{name}\na.jpg,0\nb.jpg,1\n'
    with pytest.raises(ValueError, match=f"'{name}', is not .*'0', '1'"):
        read(tmp_path / 'a.csv', text, skip=True)
