import pickle
import tracemalloc

import pytest

from mmwsml.label_files.observed_labels import Observation, ObservedLabels

IMAGES = [
    Observation('x/b.jpg', [0, 2], []),
    Observation('x/ä.jpg', [], [1]),
    Observation('x/a.jpg', [], []),
    Observation('x/bb.jpg', [1], [0, 2]),
]
GUESSES = [
    Observation('x/1', [0, 2], [1], [0.9, 0.5, 0.4]),
    Observation('x/2', [], [], []),
]


def test_finds_each_image_whatever_their_order():
    for images in (IMAGES, IMAGES[::-1]):
        labels = ObservedLabels('abc', images)
        assert len(labels) == 4 and not labels.scored
        for image in IMAGES:
            expected = image.positives, image.negatives
            assert labels.of(image.sample_id) == expected


def test_yields_the_images_in_their_order():
    assert list(ObservedLabels('abc', IMAGES)) == IMAGES


def test_survives_pickling():
    labels = pickle.loads(pickle.dumps(ObservedLabels('abc', IMAGES)))
    assert list(labels) == IMAGES and labels.classes == ['a', 'b', 'c']


@pytest.mark.parametrize(
    'min_score, known',
    [
        (None, ([0, 2], [1])),
        (0, ([0, 2], [1])),
        (0.45, ([0, 2], [])),
        (0.5, ([0, 2], [])),
        (0.6, ([0], [])),
        (1, ([], [])),
    ],
)
def test_leaves_out_labels_of_a_lower_score(min_score, known):
    labels = ObservedLabels('abc', GUESSES)
    assert labels.scored
    assert labels.of('x/1', min_score) == known
    assert labels.of('x/2', min_score) == ([], [])


@pytest.mark.parametrize('name', ['', 'x/c.jpg', 'x/b.jp', 'x/b.jpgg', 'zzz'])
def test_does_not_know_other_images(name):
    with pytest.raises(KeyError):
        ObservedLabels('abc', IMAGES).of(name)


def test_holds_no_image_at_all():
    labels = ObservedLabels('abc', [])
    assert len(labels) == 0 and list(labels) == []
    with pytest.raises(KeyError):
        labels.of('x')


def test_a_label_costs_4_bytes():
    images = [Observation(f'x/{n:04}', [0, 1, 2], []) for n in range(1000)]
    size = len(pickle.dumps(ObservedLabels('abc', images)))
    assert size < 1000 * (3 * 4 + 6 + 3 * 8 + 2 * 4) + 2000


def test_refuses_an_image_that_is_there_twice():
    with pytest.raises(ValueError, match=r'x/b\.jpg is there twice: merge'):
        ObservedLabels('abc', [*IMAGES, IMAGES[0]])


def test_refuses_scores_of_some_of_the_labels():
    message = '3 of 5 labels have a score: give one to all .* or to none'
    with pytest.raises(ValueError, match=message):
        ObservedLabels('abc', [*GUESSES, IMAGES[0]])


def test_one_long_name_does_not_set_the_room_of_all():
    images = [Observation(f'x/{n}', [0], []) for n in range(3000)]
    images.append(Observation('x/' + 'y' * 300_000, [1], [2]))
    tracemalloc.start()
    labels = ObservedLabels('abc', images)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10e6
    assert labels.of(images[-1].sample_id) == ([1], [2])
    assert labels.of('x/7') == ([0], [])


def test_a_name_with_a_zero_is_another_one():
    names = ['x/a', 'x/a\0', 'x/a\0\0']
    labels = ObservedLabels('abc', [Observation(x, [0], []) for x in names])
    assert [image.sample_id for image in labels] == names
