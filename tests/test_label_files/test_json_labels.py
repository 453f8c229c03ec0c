import json

import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.json_labels import load_json, read_json

CLASSES = ['cat', 'dog', 'horse']
GOOD = dict(img_path='1.jpg', gt_label=[0], neg_label=[2])


def read(*entries, skip=False, metainfo=True, classes=None):
    """Read entries; return the images and what was bad."""
    data = dict(data_list=list(entries))
    if metainfo:
        data['metainfo'] = dict(classes=CLASSES)
    bad = BadEntries(skip)
    source = read_json('a.json', data, classes, bad)
    return [image[1:4] for image in source.images], bad


def test_reads_classes_by_number_or_by_name():
    images, _ = read(
        GOOD, dict(img_path='2.jpg', gt_label=['horse', 1], neg_label=['cat'])
    )
    assert images == [
        ('1.jpg', ['cat'], ['horse']),
        ('2.jpg', ['horse', 'dog'], ['cat']),
    ]


def test_an_entry_without_negatives_says_nothing_of_them():
    images, _ = read(dict(img_path='1.jpg', gt_label=[0]))
    assert images == [('1.jpg', ['cat'], [])]


@pytest.mark.parametrize(
    'entry, rule',
    [
        ('2.jpg', "must be an object, but is '2.jpg'"),
        (dict(gt_label=[]), '`img_path` must be a text, but is None'),
        (dict(img_path='2.jpg'), '`gt_label` must be a list, but is None'),
        (
            dict(img_path='2.jpg', gt_label=[3]),
            r'`gt_label` must hold .* in \[0, 3\), but holds 3',
        ),
        (
            dict(img_path='2.jpg', gt_label=[], neg_label=[True]),
            '`neg_label` must hold names .* but holds True',
        ),
        (
            dict(img_path='2.jpg', gt_label=[], neg_label=None),
            '`neg_label` must be a list, but is None',
        ),
    ],
)
def test_refuses_a_bad_entry_or_leaves_it_out(entry, rule):
    with pytest.raises(ValueError, match=rf'a\.json, entry 1: {rule}'):
        read(GOOD, entry)
    images, bad = read(GOOD, entry, *8 * [GOOD], skip=True)
    assert len(images) == 9 and bad.count == 1


def test_refuses_a_file_without_classes():
    message = r'a\.json: names no classes; add "classes" .*--names'
    with pytest.raises(ValueError, match=message):
        read(GOOD, metainfo=False)
    images, _ = read(GOOD, metainfo=False, classes=['a', 'b', 'c'])
    assert images == [('1.jpg', ['a'], ['c'])]


def test_refuses_a_file_without_entries():
    with pytest.raises(ValueError, match=r'a\.json: must have a list "data_l'):
        read_json('a.json', {}, CLASSES, BadEntries())


@pytest.mark.parametrize(
    'text, rule',
    [
        (json.dumps(GOOD)[:-1], 'must be JSON, but .*; the file is cut off'),
    ],
)
def test_refuses_a_file_that_is_no_object(tmp_path, text, rule):
    (tmp_path / 'a.json').write_text(text)
    with pytest.raises(ValueError, match=rf'a\.json: {rule}'):
        load_json(str(tmp_path / 'a.json'))
