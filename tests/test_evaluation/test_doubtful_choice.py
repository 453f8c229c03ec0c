from math import nan

import pytest

from mmwsml.evaluation.doubtful_choice import (
    is_doubtful,
    tell_chosen_labels,
    tell_doubt,
)


@pytest.mark.parametrize(
    ('chosen', 'expected'), [(40, False), (39.6, False), (39.59, True)]
)
def test_a_hundredth_below_the_best_is_in_doubt(chosen, expected):
    assert is_doubtful(chosen, 40) == expected


def test_the_two_numbers_that_disagree_are_named():
    text = tell_doubt([70, 80, 75], [20, 21, 22.5])
    assert text.startswith(
        'The best pu_AUC, 80.00, has a pu_mAP of 21.00, but that of another '
        'validation was 22.50'
    )


@pytest.mark.parametrize(
    ('aucs', 'precisions'),
    [
        ([70, 80], [20, 21]),
        ([80], [20]),
        ([nan, 80], [25, 20]),
        ([], []),
    ],
)
def test_what_is_no_doubt(aucs, precisions):
    assert tell_doubt(aucs, precisions) is None


def test_of_equal_ones_the_first_is_chosen_as_mmengine_does():
    assert 'has a pu_mAP of 21.00' in tell_doubt([80, 80], [21, 25])


@pytest.mark.parametrize(
    ('shares', 'told'),
    [([90, 95, 70], True), ([90, 84, 70], False), ([], False)],
)
def test_labels_look_chosen_by_the_median_of_a_run(shares, told):
    assert (tell_chosen_labels(shares) is not None) == told
