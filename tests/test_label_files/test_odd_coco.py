"""COCO files that were once read as something else."""

import json

import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.convert import read_labels
from mmwsml.label_files.read_options import ReadOptions

from .conftest import convert as convert_as


def convert(path):
    """Convert a file of images that were looked through for all."""
    return convert_as(path, rest='absent')


def write_coco(path, categories, annotated=(1,), ids=(1, 2), names=None):
    """Write a COCO file whose first image has the annotated categories."""
    files = names or [f'{n}.jpg' for n in range(len(ids))]
    data = dict(
        images=[dict(id=i, file_name=file) for i, file in zip(ids, files)],
        annotations=[dict(image_id=1, category_id=c) for c in annotated],
        categories=[
            dict(zip(('id', 'name', 'supercategory'), row))
            for row in categories
        ],
    )
    path.write_text(json.dumps(data))
    return path


@pytest.mark.parametrize('name', ['racket', 'ball'])
def test_leaves_the_placeholder_of_roboflow_out_by_name(tmp_path, name):
    rows = [(0, name, 'none'), (1, 'ball', name)]
    path = write_coco(tmp_path / 'a.json', rows)
    assert convert(path) == [('0.jpg', ['ball'], []), ('1.jpg', [], ['ball'])]
    options = ReadOptions(rest='absent')
    (note,) = read_labels(str(path), BadEntries(), options).notes
    assert f'the category {name!r} is left out' in note


@pytest.mark.parametrize(
    'rows',
    [
        [(0, 'pet', 'none'), (1, 'cat', 'pet'), (2, 'car', 'thing')],
        [(0, 'pet', 'none'), (1, 'cat', 'none')],
        [(1, 'cat', 'cat'), (0, 'pet', 'none')],
    ],
)
def test_a_category_that_some_are_not_below_stays(tmp_path, rows):
    (_, _, absent), _ = convert(write_coco(tmp_path / 'a.json', rows))
    assert 'pet' in absent


def test_ids_are_texts_or_numbers(tmp_path):
    rows = [(1, 'cat'), (2, 'dog')]
    path = write_coco(tmp_path / 'a.json', rows, ids=('1', '2'))
    assert convert(path)[0] == ('0.jpg', ['cat'], ['dog'])


@pytest.mark.parametrize(
    'rows, rule',
    [
        ([(1, 'cat'), (1, 'dog')], r"categories\[1\]: .* 'dog' has 1"),
        ([(1, 'cat'), (2, 'cat')], "but holds 'cat' twice"),
        ([(1, 0), (2, 1)], 'each a text, but holds 0'),
        ([(1, 'cat'), (2, ' ')], "each a text, but holds ' '"),
        ([], 'a list of distinct names, each a text, but got'),
    ],
)
def test_refuses_categories_that_could_be_mixed_up(tmp_path, rows, rule):
    with pytest.raises(ValueError, match=rule):
        convert(write_coco(tmp_path / 'a.json', rows))


@pytest.mark.parametrize(
    'change, rule',
    [
        (dict(annotated=()), 'has no annotation: it does not say what'),
        (dict(ids=(1, 1)), r'images\[0\]: the id 1 is there twice'),
        (dict(names=['a.jpg', 'C:/b.jpg']), "'C:/b.jpg' must lead from"),
        (dict(names=['a.jpg', '']), 'has no `file_name`'),
        (dict(names=['a.jpg', './a.jpg']), "'a.jpg' is there twice"),
    ],
)
def test_refuses_coco_files_of_which_nobody_knows(tmp_path, change, rule):
    path = write_coco(tmp_path / 'a.json', [(1, 'cat'), (2, 'dog')], **change)
    with pytest.raises(ValueError, match=rule):
        convert(path)


def test_a_coco_file_without_its_annotations_says_so(tmp_path):
    data = dict(images=[dict(id=1)], categories=[dict(id=1, name='cat')])
    (tmp_path / 'a.json').write_text(json.dumps(data))
    with pytest.raises(ValueError, match='must have the list "annotations"'):
        convert(tmp_path / 'a.json')
