"""Folders with a file of labels an image."""

import json

import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.read_options import ReadOptions

from .conftest import counts

BOX = '{} 0.5 0.5 0.2 0.2\n'


@pytest.fixture
def read(tmp_path):
    """Return a reader of a folder of files with these texts."""

    def read(files, skip=False, below='', rest='absent', **options):
        for name, text in files.items():
            path = tmp_path / 'in' / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if type(text) is bytes else text.encode())
        return read_labels(
            str(tmp_path / 'in' / below),
            BadEntries(skip),
            ReadOptions(rest=rest, **options),
        )

    return read


TAGS = {'1.txt': '\ufeff1girl, solo, long hair, smile\n', '2.txt': '2girls,\n'
        'outdoors\n'}  # fmt: skip


def test_tags_beside_images(read):
    images = {'1.jpg': '', '2.png': '', '3.jpg': '', 'README.txt': 'a, b'}
    marked = read({**TAGS, **images}, rest='unknown')
    assert marked.images == ['1.jpg', '2.png']
    assert counts(marked) == (2, 6, 6, 0)
    assert 'long hair' in marked.classes
    assert any('1 files are of no image beside' in x for x in marked.notes)
    with pytest.raises(ValueError, match=r'--rest absent: yes, these 6 are'):
        read({}, rest=None)


def test_tags_without_images_take_the_ending_that_is_said(read):
    with pytest.raises(ValueError, match=r"1\.txt: .*'1' has no ending; say"):
        read(TAGS)
    assert read(TAGS, suffix='.jpg').images == ['1.jpg', '2.jpg']


def test_tags_with_blanks_are_asked_about(read):
    files = {'1.txt': 'solo long_hair', '1.jpg': '', '2.txt': '', '2.jpg': ''}
    with pytest.raises(ValueError, match="Several: --tag-separator ' '"):
        read(files)
    marked = read(files, tag_separator=' ')
    assert list(marked.lists()) == [([0, 1], []), ([], [0, 1])]


def test_a_file_of_tags_that_is_no_text_is_named(read):
    files = {'1.txt': b'\xff', '1.jpg': ''}
    with pytest.raises(ValueError, match=r'1\.txt: must be UTF-8 .* 0xff'):
        read(files)
    good = {f'{n}.{end}': 'a' for n in range(10, 30) for end in ('txt', 'jpg')}
    assert len(read({**files, **good}, skip=True)) == 20


LABELME = dict(flags={}, imageData='x' * 20_000, imageHeight=4, imageWidth=4)


def label_me(name, *labels):
    """Write a file of LabelMe."""
    shapes = [dict(label=x, points=[[1, 2]], kind='point') for x in labels]
    return json.dumps(dict(LABELME, shapes=shapes, imagePath=f'..\\{name}'))


def test_json_beside_images(read):
    files = {'1.json': label_me('1.jpg', 'cat', 'cat', 'dog'), '1.jpg': '',
             '2.json': label_me('2.jpg'), '2.jpg': ''}  # fmt: skip
    message = r"may be \['shapes\.label', 'shapes\.kind'\]; say which with"
    with pytest.raises(ValueError, match=message):
        read(files)
    marked = read(files, positive_key='shapes.label')
    assert marked.images == ['1.jpg', '2.jpg']
    assert counts(marked) == (2, 2, 2, 2)


def test_json_with_tags_in_a_list_needs_no_word(read):
    files = {'a/1.json': '{"tags": ["cat"], "id": 3}', 'a/1.jpg': '',
             'set.json': '[]'}  # fmt: skip
    marked = read(files)
    assert marked.images == ['a/1.jpg'] and marked.classes == ['cat']
    assert any("'set.json'" in note for note in marked.notes)


def test_json_of_many_images_is_named_itself(read):
    text = json.dumps(dict(images=[], annotations=[], categories=[]))
    with pytest.raises(ValueError, match=r'a\.json: .* is named itself'):
        read({'a.json': text})
    with pytest.raises(ValueError, match=r'a\.json: must be JSON, but'):
        read({'a.json': '{'})


def test_a_folder_with_two_kinds_or_none_is_refused(read):
    with pytest.raises(ValueError, match='holds 1 text files and 1 JSON file'):
        read({'1.txt': 'cat', '1.json': '{}', '1.jpg': ''})


def test_a_folder_without_labels_is_refused(read):
    message = 'in: holds no file of labels: an XML of VOC, or a JSON or text'
    with pytest.raises(ValueError, match=message):
        read({'1.jpg': '', '2.txt': 'cat'})


def test_xml_of_cvat_is_refused_by_name(read):
    text = '<annotations><image name="1.jpg"/></annotations>'
    with pytest.raises(ValueError, match='as CVAT writes it; export the task'):
        read({'annotations.xml': text})


YOLO = {
    'data.yaml': 'train: images/train\nnames: {0: cat, 1: dog, 2: cow}\n',
    'images/train/1.jpg': '',
    'labels/train/1.txt': BOX.format(0) + BOX.format(1) + BOX.format(0),
    'images/train/2.jpg': '',
    'labels/train/2.txt': '',
    'images/train/3.jpg': '',
}


def test_boxes_of_yolo(read):
    marked = read(YOLO)
    assert marked.images == [f'images/train/{n}.jpg' for n in (1, 2, 3)]
    assert marked.classes == ['cat', 'dog', 'cow']
    assert counts(marked) == (3, 3, 2, 7)
    assert any('1 images have no file of labels' in x for x in marked.notes)
    assert read(YOLO, below='labels/train', suffix='.jpg').classes[2] == 'cow'
    with pytest.raises(ValueError, match='--rest absent: yes, these 7'):
        read(YOLO, rest=None)
