import pytest

from mmwsml.datasets.converters.bad_entries import BadEntries
from mmwsml.datasets.converters.csv_labels import read_csv


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
