import json

import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.named_labels import (
    NamedLabels,
    Source,
    save_annotations,
    to_data_list,
)

CLASSES = ['cat', 'dog', 'horse']


def convert(*images, labels='partial', folder=None, skip=False):
    """Convert images, each (path, positives, negatives)."""
    named = [
        NamedLabels(f'a.csv, line {number}', *image)
        for number, image in enumerate(images, start=2)
    ]
    bad = BadEntries(skip)
    return to_data_list(Source(CLASSES, named), labels, folder, bad), bad


def test_lists_known_classes_in_order():
    data_list, _ = convert(
        ('1.jpg', ['horse', 'cat'], ['dog']), ('2.jpg', [], None)
    )
    assert data_list == [
        dict(img_path='1.jpg', gt_label=[0, 2], neg_label=[1]),
        dict(img_path='2.jpg', gt_label=[], neg_label=[]),
    ]


def test_complete_labels_list_no_negatives():
    data_list, _ = convert(
        ('1.jpg', ['cat'], ['dog', 'horse']),
        ('2.jpg', ['dog'], None),
        labels='complete',
    )
    assert data_list == [
        dict(img_path='1.jpg', gt_label=[0]),
        dict(img_path='2.jpg', gt_label=[1]),
    ]


def test_complete_labels_must_be_known():
    message = r"line 2: 1 labels of '1\.jpg' are unknown, but labels are to"
    with pytest.raises(ValueError, match=message):
        convert(('1.jpg', ['cat'], ['dog']), labels='complete')


@pytest.mark.parametrize(
    'image, rule',
    [
        (('2.jpg', ['cow'], []), "there is no class 'cow' in the class list"),
        (('2.jpg', [], ['cow']), "there is no class 'cow' in the class list"),
        (('2.jpg', ['cat'], ['cat']), 'class 0 is in `gt_label` and in `neg'),
        (('2.jpg', ['cat', 'cat'], []), 'must name a class once'),
        (('./1.jpg', [], []), 'is there twice, first in a.csv, line 2'),
        (
            ('/elsewhere/2.jpg', [], []),
            'must lead from the folder of images to',
        ),
        (('9.jpg', [], []), "there is no image '9.jpg' in "),
    ],
)
def test_refuses_a_bad_image_or_leaves_it_out(tmp_path, image, rule):
    more = [f'more{n}.jpg' for n in range(8)]
    for name in ('1.jpg', '2.jpg', *more):
        (tmp_path / name).touch()
    images = ('1.jpg', ['cat'], []), image, *((x, [], []) for x in more)
    with pytest.raises(ValueError, match=rf'a\.csv, line 3: .*{rule}'):
        convert(*images, folder=str(tmp_path))
    data_list, bad = convert(*images, folder=str(tmp_path), skip=True)
    assert bad.count == 1
    # Of two entries of one image none is known to be right.
    assert len(data_list) == (8 if 'twice' in rule else 9)


def test_refuses_a_source_without_a_good_image():
    with pytest.raises(ValueError, match='No image is left to write'):
        convert()
    with pytest.raises(ValueError, match=r"'cow' .* 1 of 1 entries break"):
        convert(('1.jpg', ['cow'], []), skip=True)


def test_writes_the_form_of_the_data_set(tmp_path):
    data_list, _ = convert(('ä.jpg', ['cat'], []))
    save_annotations(CLASSES, data_list, str(tmp_path / 'a.json'))
    data = json.loads((tmp_path / 'a.json').read_text())
    assert data == dict(metainfo=dict(classes=CLASSES), data_list=data_list)
