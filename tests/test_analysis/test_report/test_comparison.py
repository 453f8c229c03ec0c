from types import SimpleNamespace

import numpy as np
import pytest

from mmwsml.analysis.report.comparison import _doubts, _score
from mmwsml.evaluation.predictions import Predictions


@pytest.mark.filterwarnings('error')
@pytest.mark.parametrize(('known', 'expected'), [(True, 50), (False, None)])
def test_positives_alone_give_no_test_map(known, expected):
    """Class 1 has none anyway; class 0 has its negative, or not."""
    result = Predictions(
        np.float32([[0.1, 0.9], [0.9, 0.1]]),
        np.array([[True, True], [False, False]]),
        np.array([[True, True], [known, False]]),
        ['a.png', 'b.png'],
        ['set/a.png', 'set/b.png'],
        ('cat', 'dog'),
        'test',
    )
    run = SimpleNamespace(scalars={}, predictions=dict(test=result))
    assert _score(run) == [None, None, None, expected]


def test_a_run_whose_choice_is_in_doubt_is_named():
    curves = {
        'multi-label/pu_AUC': {1: 70.0, 2: 71.0},
        'multi-label/pu_mAP': {1: 20.0, 2: 19.0},
    }
    runs = [
        SimpleNamespace(name='plain', scalars={'multi-label/mAP': {1: 50.0}}),
        SimpleNamespace(name='partial', scalars=curves),
    ]
    (line,) = _doubts(runs)
    assert line.startswith('partial: The best pu_AUC, 71.00, has a pu_mAP of')
