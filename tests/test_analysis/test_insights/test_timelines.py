import numpy as np
import pytest

from mmwsml.analysis.insights import NotRecordedError, modification_timelines
from mmwsml.analysis.insights.timelines import format_epochs


def test_follows_every_image(make_run):
    records, facts = make_run()
    timelines = modification_timelines(records, list(records.sample_ids))
    for row, image in enumerate(timelines.images):
        for e, marks in enumerate(facts.modified):
            of_image = {k for m, k in marks if m == row}
            assert {*np.array(image.classes)[image.modified[e]]} == of_image
            for place in np.flatnonzero(image.modified[e]):
                loss = facts.losses[e, row, image.classes[place]]
                assert image.losses[e, place] == loss
        kinds = dict(enumerate(facts.kinds[row]))
        missed = {k for k in kinds if kinds[k] == 'FN'} - {*image.classes}
        assert {*image.missed} == missed
        assert image.given == [k for k in kinds if kinds[k] == 'TP']


def test_classes_stand_in_the_order_of_their_first_time(make_run):
    for image in modification_timelines(make_run()[0]).images:
        first = image.modified.argmax(0).tolist()
        assert first == sorted(first)


def test_the_most_modified_come_first(make_run):
    records, facts = make_run()
    every = [mark for marks in facts.modified for mark in marks]

    def changes(sample_id):
        row = records.row_of(sample_id)
        labels = [k for m, k in every if m == row]
        return -len(set(labels)), -len(labels), row

    timelines = modification_timelines(records, num=5)
    names = [image.sample_id for image in timelines.images]
    assert names == sorted(records.sample_ids, key=changes)[:5]


def test_without_the_truth_nobody_knows_what_is_right(make_run):
    image = modification_timelines(make_run(with_truth=False)[0]).images[0]
    assert image.missed == [] and image.is_right(0) is None


def test_the_table_names_classes_and_epochs(make_run):
    timelines = modification_timelines(make_run()[0], num=1)
    (image,), (row,) = timelines.images, timelines.table().rows
    when = format_epochs(timelines.epochs[image.modified[:, 0]])
    name = timelines.classes[image.classes[0]]
    assert row[2].startswith(f'{name} ({when})')
    assert row[3].split(', ') == [timelines.classes[k] for k in image.truth]


@pytest.mark.parametrize(
    ('epochs', 'text'),
    [([], ''), ([3], '3'), ([1, 2, 4, 6, 7, 8], '1-2 4 6-8')],
)
def test_epochs_are_written_as_ranges(epochs, text):
    assert format_epochs(epochs) == text


def test_an_image_that_nothing_changed_has_an_empty_timeline(make_run):
    records, _ = make_run(modifies=False)
    with pytest.raises(NotRecordedError, match='no image changed most'):
        modification_timelines(records)
    (image,) = modification_timelines(records, ['set/3.png']).images
    assert image.modified.shape == (4, 0)


def test_refuses_an_image_of_another_set(make_run):
    with pytest.raises(ValueError, match=r"'other/1\.png' is not one"):
        modification_timelines(make_run()[0], ['other/1.png'])
