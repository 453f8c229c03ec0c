import math

import pytest
import torch

from mmwsml.models.checks import check_length, check_number, check_vector


@pytest.mark.parametrize('value', [1, 2, 1.5])
def test_numbers_in_the_closed_interval_pass(value):
    check_number('x', value, 1, 2)


@pytest.mark.parametrize('ends', ['[]', '[)', '(]', '()'])
def test_each_bracket_decides_about_its_end(ends):
    check_number('x', 1.5, 1, 2, ends)
    for value, bracket in ((1, ends[0]), (2, ends[1])):
        if bracket in '[]':
            check_number('x', value, 1, 2, ends)
            continue
        with pytest.raises(ValueError, match=r'`x` must be in .1, 2., but'):
            check_number('x', value, 1, 2, ends)


@pytest.mark.parametrize('value', [0.999, 2.001, math.nan])
def test_numbers_outside_are_refused(value):
    with pytest.raises(ValueError, match=r'`x` must be in \[1, 2\], but got'):
        check_number('x', value, 1, 2)


@pytest.mark.parametrize('value', [math.inf, -math.inf, math.nan])
def test_an_infinite_end_is_not_allowed(value):
    with pytest.raises(ValueError, match=r'must be in \[-inf, inf\], but'):
        check_number('x', value, -math.inf, math.inf)


@pytest.mark.parametrize('value', [True, '1', None, 1j, torch.ones(1)])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match='`x` must be a number, but got'):
        check_number('x', value, 0, 2)


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
    with pytest.raises(ValueError, match=r'`w\[0\]` must be in \[0, inf\]'):
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
