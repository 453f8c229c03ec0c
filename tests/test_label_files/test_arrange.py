import pytest

from mmwsml.label_files.arrange import arrange
from mmwsml.label_files.bad_entries import BadEntries
from mmwsml.label_files.observed_labels import Observation

INFOS = [
    dict(sample_id='x/1', gt_label=[0, 1]),
    dict(sample_id='x/2', gt_label=[2]),
]


def order(*images, skip=False, num_more=0):
    """Arrange images as the data set has them, and more that are right."""
    bad = BadEntries(skip)
    more = [Observation(f'y/{n}', [0], []) for n in range(num_more)]
    by_id = {image.sample_id: image for image in (*images, *more)}
    infos = [dict(sample_id=f'y/{n}', gt_label=[0]) for n in range(num_more)]
    return list(arrange(by_id, INFOS + infos, bad, 'a.txt'))[:2], bad


def test_takes_the_order_of_the_data_set():
    images = [Observation('x/2', [], [0]), Observation('x/1', [1], [])]
    assert order(*images)[0] == images[::-1]


def test_knows_nothing_of_an_image_without_an_entry():
    image = Observation('x/2', [2], [])
    message = 'a.txt: the image x/1 of the data set has no entry; correct'
    with pytest.raises(ValueError, match=message):
        order(image)
    images, bad = order(image, skip=True)
    assert images == [Observation('x/1', [], []), image]
    assert len(bad.sentences) == 1


def test_refuses_what_the_data_set_contradicts():
    images = Observation('x/1', [1], []), Observation('x/2', [0], [])
    message = 'a.txt: class 0 was observed as present in x/2, but'
    with pytest.raises(ValueError, match=message):
        order(*images)
    with pytest.raises(ValueError, match='1 of 2 entries break a rule'):
        order(*images, skip=True)  # the classes are others
    kept, bad = order(*images, skip=True, num_more=8)
    assert kept[1] == Observation('x/2', [], [])
    assert len(bad.sentences) == 1


def test_guesses_may_be_wrong_or_missing():
    image = Observation('x/2', [0], [], [0.5])
    images, _ = order(image)
    assert images == [Observation('x/1', [], [], []), image]
