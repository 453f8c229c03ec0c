import numpy as np
import pytest

from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.choices import choose_classes, decide_rest
from mmwsml.label_files.convert import settle
from mmwsml.label_files.marked_labels import collect
from mmwsml.label_files.named_labels import NamedLabels, Source
from mmwsml.label_files.read_options import ReadOptions

CLASSES = ['cat', 'dog', 'horse']


def gather(*images, classes=CLASSES, rest='unknown', skip=False):
    """Collect images, each (path, positives, negatives, unsure)."""
    named = [
        NamedLabels(f'a.json, entry {n}', *image)
        for n, image in enumerate(images)
    ]
    bad = BadEntries(skip)
    return collect(Source(classes, named, rest), bad), bad


IMAGES = [
    ('1.jpg', ['horse', 'cat'], ['dog']),
    ('2.jpg', [], ['cat']),
    ('3.jpg', ['dog'], [], ['horse']),
]


def test_lists_known_classes_in_order():
    marked, _ = gather(*IMAGES)
    expected = [([0, 2], [1]), ([], [0]), ([1], [])]
    assert list(marked.lists()) == expected
    marked = decide_rest(marked, 'absent', 'partial')
    expected = [([0, 2], [1]), ([], [0, 1, 2]), ([1], [0])]
    assert list(marked.lists()) == expected


def test_classes_of_no_list_are_ordered_numbers_first():
    names = ['cat', '10', '9', '1' * 5000, 'Cow']
    marked, _ = gather(('1.jpg', names), classes=None)
    assert marked.classes == ['9', '10', '1' * 5000, 'Cow', 'cat']


def test_takes_images_in_any_order():
    marked, _ = gather(*IMAGES)
    part = marked.take(np.array([2, 0]))
    assert part.images == ['3.jpg', '1.jpg']
    assert list(part.lists()) == [([1], []), ([0, 2], [1])]
    assert part.place(1) == 'a.json, entry 0'


@pytest.mark.parametrize(
    'image, rule',
    [
        (('4.jpg', ['cow']), "there is no class 'cow' in the class list"),
        (('4.jpg', [], ['cow']), "there is no class 'cow' in the class list"),
        (('4.jpg', ['cat'], ['cat']), "the class 'cat' is present and absent"),
        (('4.jpg', ['cat', 'cat']), "the class 'cat' is named twice"),
    ],
)
def test_refuses_a_bad_image_or_leaves_it_out(image, rule):
    more = [(f'{n}.jpg', ['cat']) for n in range(10, 20)]
    with pytest.raises(ValueError, match=rf'a\.json, entry 0: {rule}'):
        gather(image, *more)
    marked, bad = gather(image, *more, skip=True)
    assert bad.count == 1 and len(marked) == 10


def test_classes_that_occur_are_in_order():
    marked, _ = gather(
        ('1.jpg', ['b', '10']), ('2.jpg', ['a', '9']), classes=None
    )
    assert marked.classes == ['9', '10', 'a', 'b']
    assert list(marked.lists()) == [([1, 3], []), ([0, 2], [])]


def test_a_class_of_no_list_is_the_rest():
    marked, _ = gather(('1.jpg', ['cat']), classes=None)
    marked = choose_classes(marked, ['dog', 'cat'])
    marked = decide_rest(marked, 'absent', 'partial')
    assert list(marked.lists()) == [([1], [0])]


def test_classes_that_are_not_chosen_are_counted():
    marked = choose_classes(gather(*IMAGES)[0], ['dog', 'cat'])
    assert list(marked.lists()) == [([1], [0]), ([], [1]), ([0], [])]
    assert marked.notes == (
        '1 classes are not among those chosen and left out, with 2 labels: '
        "'horse'.",
    )


def test_names_that_differ_by_case_are_asked_about():
    marked, bad = gather(('1.jpg', ['Cat', 'cat']), classes=None)
    marked = settle(marked, ReadOptions(), bad)
    assert marked.notes == (
        "The classes 'Cat' and 'cat' differ by case only: are they one?",
    )


def test_nobody_says_what_is_not_marked():
    marked, bad = gather(*IMAGES, rest=None)
    with pytest.raises(ValueError, match='--rest absent: yes, these 3 are kn'):
        settle(marked, ReadOptions(), bad)
    assert settle(marked, ReadOptions(rest='unknown'), bad).rest == 'unknown'
    with pytest.raises(ValueError, match="'unknown' or 'absent', but got 'n'"):
        settle(marked, ReadOptions(rest='n'), bad)


def test_where_all_is_marked_nothing_is_asked():
    marked, bad = gather(('1.jpg', ['cat']), classes=['cat'], rest=None)
    assert list(settle(marked, ReadOptions(), bad).lists()) == [([0], [])]


def test_complete_labels_must_be_known():
    marked, bad = gather(*IMAGES)
    message = r"entry 1: 2 labels of '2\.jpg' are unknown, .* leave --labels"
    with pytest.raises(ValueError, match=message):
        settle(marked, ReadOptions(), bad, 'complete')


def test_twins_that_agree_are_merged_and_counted():
    marked, bad = gather(('1.jpg', ['cat']), ('1.jpg', [], ['dog']), IMAGES[2])
    marked = settle(marked, ReadOptions(), bad)
    assert list(marked.lists()) == [([0], [1]), ([1], [])]
    assert '1 entries are of an image that was there before' in marked.notes[0]


@pytest.mark.parametrize(
    'twins, rest',
    [
        ([('1.jpg', ['cat']), ('1.jpg', [], ['cat'])], 'unknown'),
        ([('1.jpg', ['cat']), ('1.jpg', ['dog'])], None),
    ],
)
def test_twins_that_contradict_each_other_are_left_out(twins, rest):
    more = [(f'{n}.jpg', ['cat']) for n in range(10, 20)]
    marked, bad = gather(*twins, *more, rest=rest, skip=True)
    with pytest.raises(ValueError, match=r"entry 1: '1\.jpg' is there twice"):
        settle(marked, ReadOptions(rest='unknown'), BadEntries())
    marked = settle(marked, ReadOptions(rest='unknown'), bad)
    assert len(marked) == 10 and bad.count == 1
