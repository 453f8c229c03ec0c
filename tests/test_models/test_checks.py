import pytest
import torch

from mmwsml.models.checks import check_length, check_vector


@pytest.mark.parametrize('values', [None, [], [0, 0.5, 1], (1,)])
def test_a_list_of_numbers_passes(values):
    check_vector('w', values, 1)


@pytest.mark.parametrize('values', [1, 'ab', torch.ones(2), {1: 2}])
def test_what_is_no_list_is_refused(values):
    with pytest.raises(TypeError, match='`w` must be a list of one number a'):
        check_vector('w', values)


def test_the_number_of_a_list_that_is_out_of_range_is_named():
    with pytest.raises(ValueError, match=r'`w\[1\]` must be in \[0, 1\], but'):
        check_vector('w', [0, 1.001], 1)
    with pytest.raises(ValueError, match=r'`w\[0\]` must be finite and at'):
        check_vector('w', [-0.001])
    with pytest.raises(TypeError, match=r'`w\[1\]` must be a number'):
        check_vector('w', [1, 'a'])


def test_a_list_has_one_number_a_class():
    check_length('w', None, 3)
    check_length('w', [1, 2, 3], 3)
    for length in (2, 4):
        message = f'one number for each of 3 classes, but has {length}'
        with pytest.raises(ValueError, match=message):
            check_length('w', [1] * length, 3)
