"""JSON that is told by its keys."""

import json

import pytest

from .conftest import counts


@pytest.fixture
def read(table):
    """Return a reader of a value as JSON."""
    return lambda value, **options: table(
        json.dumps(value), 'a.json', **options
    )


@pytest.mark.parametrize('rest, num_absent', [('unknown', 0), ('absent', 1)])
def test_an_object_of_images_and_their_classes(read, rest, num_absent):
    value = {'a.jpg': ['cat', 'dog'], 'b.jpg': 'cat'}
    marked = read(value, rest=rest)
    assert marked.classes == ['cat', 'dog']
    assert counts(marked) == (2, 2, 3, num_absent)


def test_an_object_of_images_and_their_marks(read):
    value = {'a.jpg': dict(cat=1, dog=0), 'b.jpg': dict(dog=True)}
    assert counts(read(value)) == (2, 2, 2, 1)


def test_names_where_a_negative_says_that_the_rest_is_unknown(read):
    entries = [
        dict(img_path='a.jpg', gt_label=['cat'], neg_label=['dog']),
        dict(img_path='b.jpg', gt_label=[]),
    ]
    value = dict(metainfo=dict(classes=['cat', 'dog']), data_list=entries)
    assert counts(read(value)) == (2, 2, 1, 1)
    assert counts(read(value, rest='absent')) == (2, 2, 1, 3)


def test_what_infer_wrote_is_read(read):
    value = dict(
        classes=['cat', 'dog'],
        thresholds=[0.5, 0.5],
        images=[
            dict(img_path='a.jpg', labels=['dog'], scores=[0.1, 0.9]),
            dict(img_path='b.jpg', labels=[], scores=[0.1, 0.2]),
        ],
        skipped={},
    )
    marked = read(value, rest='unknown')
    assert marked.classes == ['dog'] and counts(marked) == (2, 1, 1, 0)


def test_an_image_that_an_object_has_twice_is_named(table):
    with pytest.raises(ValueError, match=r"the key 'a\.jpg' is twice"):
        table('{"a.jpg": ["x"], "a.jpg": ["y"]}', 'a.json', rest='unknown')


def test_json_lines_of_another_name_are_told(table):
    text = '{"image": "a.jpg", "y": ["x"]}\n{"image": "b.jpg", "y": ["x"]}'
    with pytest.raises(ValueError, match=r'JSON lines, which end in \.jsonl'):
        table(text, 'a.json', rest='unknown')


@pytest.mark.parametrize(
    'value, rule',
    [
        (3, 'must be a JSON object or a list of objects, but got 3'),
        ({}, r'must be a JSON object or a list of objects, but got \{\}'),
        ([], 'holds an empty list'),
        (dict(metainfo={}), 'names no classes'),
        (
            dict(_via_img_metadata={}, _via_settings={}),
            'is a project of VIA, .* export the annotations',
        ),
        ({'a.jpg12': dict(filename='a.jpg', regions=[])}, 'a project of VIA'),
        (
            dict(cat=['a.jpg', 'b.jpg'], dog=['b.jpg']),
            r"lists of \['cat', 'dog'\] hold images, such as 'a\.jpg', but",
        ),
        (
            dict(train=[dict(image='a.jpg')]),
            r"keys \['train'\] is in no form that is read; write a list of ob",
        ),
        ({'a.jpg': 3}, r"keys \['a\.jpg'\] is in no form that is read; write"),
        ({'a.jpg': dict(x=[1])}, r"\['a\.jpg'\] is in no form that is read"),
    ],
)
def test_refuses_other_objects(read, value, rule):
    with pytest.raises(ValueError, match=rf'a\.json.*{rule}'):
        read(value, rest='unknown')


@pytest.mark.parametrize(
    'classes, labels, rule',
    [
        (dict(CLASSES=['cat', 'dog']), [[0]], "has 'CLASSES'; write it as"),
        (dict(classes=['cat', 'cat']), [[0]], "holds 'cat' twice"),
        (dict(classes=['cat', 'dog']), [[1, 0]], 'is it a row of marks, or'),
        (dict(classes=['cat', 'dog']), [[1, 1]], 'is it a row of marks, or'),
        (dict(classes=['cat', 'dog']), [0], '`gt_label` must be a list, but'),
        (dict(classes=['cat', 'dog']), [[float('nan')]], 'but holds nan'),
    ],
)
def test_refuses_an_annotation_file_that_says_something_else(
    read, classes, labels, rule
):
    entries = [dict(img_path='a.jpg', gt_label=x) for x in labels]
    with pytest.raises(ValueError, match=rf'a\.json.*{rule}'):
        read(dict(metainfo=classes, data_list=entries), rest='unknown')
