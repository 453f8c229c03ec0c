import json

import pytest

from .conftest import counts

CLASSES = ['cat', 'dog', 'horse']


@pytest.fixture
def read(table):
    """Return a reader of FiftyOne's labels."""

    def read(labels, classes=CLASSES, **options):
        text = json.dumps(dict(classes=classes, labels=labels))
        return table(text, 'a.json', suffix='.jpg', rest='absent', **options)

    return read


def test_reads_numbers_of_classes_by_the_stems_of_images(read):
    marked = read({'01': [0, 1], '02': [2]})
    assert marked.images == ['01.jpg', '02.jpg']
    assert marked.classes == CLASSES and counts(marked) == (2, 3, 3, 3)


def test_reads_objects_and_leaves_out_what_was_not_labelled(read):
    marked = read({'01': [dict(label=0), dict(label=0)], '02': 1, '03': None})
    assert list(marked.lists()) == [([0], [1, 2]), ([1], [0, 2])]
    assert any('1 images have null for labels' in x for x in marked.notes)


def test_reads_names_where_there_is_no_list(read):
    assert read({'01': 'cat', '02': ['emu']}, None).classes == ['cat', 'emu']


@pytest.mark.parametrize(
    'classes, label, rule',
    [
        (CLASSES, 3, 'the number of one of 3 classes, but is 3'),
        (CLASSES, 'cat', "the number of one of 3 classes, but is 'cat'"),
        (CLASSES, True, 'the number of one of 3 classes, but is True'),
        (CLASSES, [[]], r'the number of one of 3 classes, but is \[\]'),
        (None, 0, 'a name, as "classes" is null, but is 0'),
    ],
)
def test_refuses_what_is_no_class(read, classes, label, rule):
    with pytest.raises(ValueError, match=rf"a\.json, '01': .* must be {rule}"):
        read({'01': label}, classes)


def test_refuses_two_classes_of_one_name(read):
    with pytest.raises(ValueError, match=r'its "classes" must be .* twice'):
        read({'01': 0}, ['cat', 'cat'])


def test_refuses_a_class_without_a_name(read):
    with pytest.raises(
        ValueError, match=r"a\.json, '01': a class has no name"
    ):
        read({'01': ' '}, None)
