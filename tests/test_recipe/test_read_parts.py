import cv2
import numpy as np
import pytest

from mmwsml.label_files.read_options import ReadOptions
from mmwsml.recipe.read_parts import read_given
from mmwsml.recipe.request import Request


@pytest.fixture
def images(tmp_path):
    folder = tmp_path / 'images'
    folder.mkdir()
    for n in range(6):
        cv2.imwrite(str(folder / f'{n}.png'), np.full((8, 8, 3), n, np.uint8))
    return folder


def write(path, *rows, head='image,cat,dog'):
    path.write_text('\n'.join([head, *rows]) + '\n')
    return str(path)


ROWS = [f'{n}.png,{n % 2},{"" if n % 3 else 1}' for n in range(6)]


def read(tmp_path, labels, read=None, **options):
    request = Request(
        labels,
        str(tmp_path / 'images'),
        str(tmp_path / 'out'),
        read=ReadOptions(**(read or {})),
        **options,
    )
    return read_given(request)


def test_what_is_known_decides_whether_a_split_is_complete(images, tmp_path):
    labels = write(tmp_path / 'a.csv', *ROWS[:4])
    val = write(tmp_path / 'b.csv', '4.png,1,0', '5.png,0,1')
    given = read(tmp_path, labels, val=val)
    assert given.classes == ['cat', 'dog']
    assert not given.is_complete('train') and not given.is_complete('test')
    assert given.is_complete('val')
    assert given.all_images() == [f'{n}.png' for n in range(6)]
    assert len([x for x in given.notes if 'column' in x]) == 1


def test_held_out_labels_may_be_read_in_another_way(images, tmp_path):
    head, options = 'image,tags', dict(rest='unknown', tags='tags')
    labels = write(tmp_path / 'a.csv', '0.png,cat', '1.png,dog', head=head)
    val = write(tmp_path / 'b.csv', '2.png,cat', '3.png,dog', head=head)
    given = read(tmp_path, labels, options, val=val, held_out_rest='absent')
    assert not given.is_complete('train') and given.is_complete('val')


def test_a_class_that_held_out_labels_lack_is_unknown(images, tmp_path):
    labels = write(tmp_path / 'a.csv', *ROWS[:4])
    val = write(tmp_path / 'b.csv', '4.png,1', '5.png,0', head='image,cat')
    given = read(tmp_path, labels, val=val)
    assert given.parts['val'].classes == ['cat', 'dog']
    assert not given.is_complete('val')


@pytest.mark.parametrize(
    'rows, head, message',
    [
        (['9.png,1,0', '8.png,0,1'], 'image,cat,dog', r'no image is in'),
        ([*ROWS[:3], '7.png,1,0'], 'image,cat,dog', r'1 of 4 images are not'),
        (
            [*ROWS[:3], '7.png,1,0', '8.png,1,0', '9.png,1,0', 'a.png,1,0'],
            'image,cat,dog',
            r"4 of 7 .*'7.png' in .*; .*'8.png' in .*; .*'9.png' in .*\);",
        ),
        (['0.png,1', '1.png,0'], 'image,cat', r"has one class, 'cat'"),
        (['0.png,,', '1.png,,0'], 'image,cat,dog', r'nothing to learn'),
        (['0.png', '1.png'], 'image', r'class|column'),
        (['0.png,1,0', '0.png,0,1', *ROWS[1:]], 'image,cat,dog', r'twice'),
    ],
)
def test_labels_that_teach_nothing_are_refused(
    images, tmp_path, rows, head, message
):
    labels = write(tmp_path / 'a.csv', *rows, head=head)
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        read(tmp_path, labels)


def test_missing_images_may_be_left_out(images, tmp_path):
    labels = write(tmp_path / 'a.csv', *ROWS[:3], '7.png,1,0')
    given = read(tmp_path, labels, skip_bad=True)
    assert len(given.all_images()) == 3
    assert any('1 images are not in' in note for note in given.notes)


def test_a_folder_without_images_is_refused(tmp_path):
    (tmp_path / 'images').mkdir()
    (tmp_path / 'images' / 'notes.txt').touch()
    labels = write(tmp_path / 'a.csv', *ROWS)
    with pytest.raises(FileNotFoundError, match='no image is in the folder'):
        read(tmp_path, labels)
    with pytest.raises(FileNotFoundError, match='no folder'):
        read(tmp_path / 'none', labels)


@pytest.mark.parametrize(
    'rows, head, message',
    [
        (['4.png,1,0'], 'image,cow,pig', 'none of the classes'),
        (['3.png,1,0'], 'image,cat,dog', r'1 of its images are in .*3\.png'),
        (['4.png,0,0', '5.png,0,'], 'image,cat,dog', 'can be measured'),
    ],
)
def test_validation_that_measures_nothing_is_refused(
    images, tmp_path, rows, head, message
):
    labels = write(tmp_path / 'a.csv', *ROWS[:4])
    val = write(tmp_path / 'b.csv', *rows, head=head)
    with pytest.raises(ValueError, match=message):
        read(tmp_path, labels, val=val)
