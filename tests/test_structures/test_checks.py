import math

import pytest
import torch

from mmwsml.structures.checks import (
    check_begin,
    check_choice,
    check_integer,
    check_number,
)


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
    with pytest.raises(
        ValueError, match='must be finite and at least -inf, but'
    ):
        check_number('x', value, -math.inf, math.inf)


@pytest.mark.parametrize('value', [True, '1', None, 1j, torch.ones(1)])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match='`x` must be a number, but got'):
        check_number('x', value, 0, 2)


@pytest.mark.parametrize('value', [0, -1, math.nan])
def test_without_an_upper_end_the_lower_one_is_named(value):
    with pytest.raises(ValueError, match='`x` must be finite and above 0, bu'):
        check_number('x', value, 0, ends='()')


@pytest.mark.parametrize('value', [0, True, 1.0, '1', None])
def test_what_is_no_integer_or_too_small_is_refused(value):
    check_integer('n', 1, 1)
    with pytest.raises(ValueError, match='`n` must be an integer of at least'):
        check_integer('n', value, 1)


def test_a_value_is_one_of_those_that_there_are():
    check_choice('c', 'a', ('a', 'b'))
    with pytest.raises(ValueError, match="`c` must be 'a' or 'b', but got 1"):
        check_choice('c', 1, ('a', 'b'))
    with pytest.raises(ValueError, match=r"of \('a', 'b', 'c'\), but got 'd'"):
        check_choice('c', 'd', dict(a=1, b=2, c=3))


def test_the_first_epoch_is_1():
    check_begin(1)
    with pytest.raises(
        ValueError, match='`begin` must be at least 1, but got'
    ):
        check_begin(0)
    with pytest.raises(TypeError, match='`begin` must be an epoch, but got'):
        check_begin(1.0)
