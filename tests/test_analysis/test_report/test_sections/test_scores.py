from types import SimpleNamespace

import numpy as np
import pytest

from mmwsml.analysis.report.sections.scores import write_class_scores
from mmwsml.evaluation.predictions import Predictions


@pytest.mark.filterwarnings('error')
@pytest.mark.parametrize(
    ('alone', 'expected'),
    [
        ([], 'mAP 75.00 %, the mean over 2 classes, of 2 images'),
        (
            [1],
            'mAP 50.00 %, the mean over 1 classes, of 2 images; 1 classes '
            'without a value',
        ),
        ([0, 1], 'mAP undefined, the mean over 0 classes, of 2 images; 2'),
    ],
)
def test_classes_of_positives_alone_are_left_out_of_the_mean(alone, expected):
    target = np.array([[True, True], [False, False]])
    observed = np.ones((2, 2), bool)
    observed[1, alone] = False
    result = Predictions(
        np.float32([[0.1, 0.9], [0.9, 0.1]]),
        target,
        observed,
        ['a.png', 'b.png'],
        ['set/a.png', 'set/b.png'],
        ('cat', 'dog'),
        'test',
    )
    run = SimpleNamespace(
        name='run', identity='run-1', predictions=dict(test=result)
    )
    assert expected in write_class_scores(run, None)
