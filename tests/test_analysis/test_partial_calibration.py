import numpy as np

from mmwsml.analysis.partial_calibration import find_partial, judge_partial


def test_few_positives_fall_back_on_lee_and_liu(random_predictions):
    part = random_predictions(shape=(150, 3), partial=True)
    target = part.target.copy()
    target[np.flatnonzero(target[:, 1])[9:], 1] = False
    part = part._replace(target=target, observed=target)
    found = find_partial(part)
    assert not np.isnan(found.values).any()
    assert np.isnan(found.shares).tolist() == [False, True, False]
    lines = judge_partial(part, found.values, found)
    assert "(2 classes) and of Lee and Liu's criterion (1 classes" in lines[0]
    assert lines[1].endswith('% (of 2 classes)')


def test_classes_with_negatives_are_left_alone(random_predictions):
    for partial in (False, True):
        part = random_predictions(partial=partial)
        found = find_partial(part)
        assert np.isnan(found.values).all()
        assert judge_partial(part, found.values, found) == []
