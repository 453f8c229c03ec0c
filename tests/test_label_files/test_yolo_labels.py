import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.files_of_images import list_files
from mmwsml.label_files.yolo_labels import is_yolo, read_yolo

LINES = ['0 .5 .5 .2 .2', '1 0.1 0.1 0.9 0.1 0.9 0.9', '0 5e-1 .5 .2 .2 .99']


@pytest.fixture
def read(tmp_path):
    """Return a reader of one file, in a folder of two classes."""

    def read(text, name='1.txt', skip=False):
        (tmp_path / 'classes.txt').write_text('cat\nhot dog\n')
        (tmp_path / name).write_text(text)
        bad = BadEntries(skip)
        source = read_yolo(list_files(str(tmp_path)), None, bad)
        return source.classes, [image[1:3] for image in source.images]

    return read


def test_counts_each_class_once_whatever_follows_its_number(read):
    classes, images = read('\n'.join([*LINES, '', '']))
    assert classes == ['cat', 'hot dog']
    assert images == [('1', ['cat', 'hot dog'])]


@pytest.mark.parametrize(
    'line, rule',
    [
        ('2 .5 .5 .2 .2', 'one of 2 classes, from 0, but has .2.'),
        ('-1 .5 .5 .2 .2', 'one of 2 classes, from 0, but has .-1.'),
        ('0.5 .5 .5 .2 .2', 'one of 2 classes, from 0, but has .0.5.'),
        ('0 .5 .5 .2', 'a box or an outline, but is .0 .5 .5 .2.'),
        ('cat .5 .5 .2 .2', 'a box or an outline, but is .cat .5'),
        ('0 .5 .5 .2 nan', 'a box or an outline, but is .0 .5'),
    ],
)
def test_a_bad_line_is_named(read, line, rule):
    with pytest.raises(ValueError, match=rf'1\.txt: line 2 must .*{rule}'):
        read(f'{LINES[0]}\n{line}\n')


@pytest.mark.parametrize(
    'text, found', [(LINES[0], True), ('1girl, solo', False), ('', False)]
)
def test_tells_boxes_from_tags(tmp_path, text, found):
    (tmp_path / '1.txt').write_text(text)
    assert is_yolo(list_files(str(tmp_path))) == found
