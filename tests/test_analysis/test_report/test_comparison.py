from types import SimpleNamespace

import numpy as np
import pytest

from mmwsml.analysis.report.comparison import _score
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
