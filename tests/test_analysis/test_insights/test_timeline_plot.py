import cv2
import numpy as np
import pytest

from mmwsml.analysis.insights import modification_timelines, plot_timelines
from mmwsml.analysis.insights.timeline_plot import MOST_LINES


def names_of(panel):
    """Read the names of the lines of a panel."""
    return [text.get_text() for text in panel.get_yticklabels()]


def test_draws_given_modified_and_missed_classes(make_run):
    timelines = modification_timelines(make_run()[0], num=3)
    figure = plot_timelines(timelines, {})
    for panel, image in zip(figure.axes[1::2], timelines.images):
        labels = [*image.given, *image.classes, *image.missed]
        words = [name.rpartition(' (')[2] for name in names_of(panel)]
        assert len(words) == len(labels)
        for label, word in zip(labels, words):
            right = dict(true=True, false=False, missed=True, given=True)
            assert right[word[:-1]] == (label in image.truth)


@pytest.mark.parametrize('method', ['Loss', 'Loss+LabelMemory'])
def test_a_label_store_keeps_what_it_corrected(make_run, method):
    timelines = modification_timelines(make_run(method=method)[0], num=1)
    (image,) = timelines.images
    panel = plot_timelines(timelines, {}).axes[1]
    cells = [round(bar.get_y() + 0.35) for bar in panel.patches]
    begin = len(image.given)
    for place, marked in enumerate(image.modified.T):
        num = 4 - marked.argmax() if timelines.stays else marked.sum()
        assert cells.count(begin + place) == num


def test_an_image_that_cannot_be_read_says_so(make_run, tmp_path):
    timelines = modification_timelines(make_run()[0], num=2)
    path = str(tmp_path / 'picture.png')
    cv2.imwrite(path, np.zeros((8, 8, 3), np.uint8))
    paths = {timelines.images[0].sample_id: path}
    panels = plot_timelines(timelines, paths).axes[::2]
    assert len(panels[0].images) == 1
    assert panels[1].texts[0].get_text() == 'cannot be read'


def test_markup_in_names_is_no_markup(make_run, tmp_path):
    classes = ('$a', '$b$', '<b>', '\\frac')
    timelines = modification_timelines(make_run(classes=classes)[0], num=2)
    figure = plot_timelines(timelines, {})
    assert any('$b$' in name for name in names_of(figure.axes[1]))
    figure.savefig(tmp_path / 'figure.svg')  # would parse it


def test_of_many_classes_the_last_are_counted(make_run):
    timelines = modification_timelines(make_run()[0], num=1)
    image = timelines.images[0]._replace(given=[0] * 30)
    figure = plot_timelines(timelines._replace(images=[image]), {})
    names = names_of(figure.axes[1])
    assert len(names) == MOST_LINES
    total = 30 + len(image.classes) + len(image.missed)
    assert names[-1] == f'{total - MOST_LINES + 1} more classes'
