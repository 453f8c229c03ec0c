import json

import pytest

from mmwsml.evaluation.thresholds import read_thresholds
from mmwsml.recipe.outcome import calibrate


@pytest.fixture
def thresholds_of(judged):
    """Calibrate, with so many validation images that show the class c."""

    def run(number):
        content = json.loads(judged.labels('val').read_text())
        shown = [x for x in content['data_list'] if 2 in x['gt_label']]
        for entry in shown[number:]:
            entry['gt_label'].remove(2)
        judged.labels('val').write_text(json.dumps(content))
        text = calibrate(judged, 'head')
        return text, read_thresholds(str(judged.thresholds)).values

    return run


def test_three_examples_tell_a_threshold(thresholds_of):
    text, values = thresholds_of(3)
    assert text == 'thresholds of 3 classes by the best F1'
    assert 0.5 not in values


def test_two_examples_tell_none(thresholds_of):
    text, values = thresholds_of(2)
    assert text.endswith(
        '2 classes by the best F1, 0.5 for 1 of too few examples'
    )
    assert values[2] == 0.5
