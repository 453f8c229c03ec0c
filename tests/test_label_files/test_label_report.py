import math
from fractions import Fraction

import pytest

from mmwsml.engine.hooks import LargeLossScheduleHook
from mmwsml.label_files.label_report import (
    advise_delta_rel,
    count_labels,
    hidden_positives,
    num_modified,
)

PARTIAL = [([0, 2], [1]), ([2], []), ([], [0]), ([], [])]


def test_counts_partial_labels():
    counts = count_labels(['cat', 'dog', 'horse'], PARTIAL)
    assert counts == (4, 3, 3, 2, 2, ['dog'])
    assert (counts.num_entries, counts.num_unobserved) == (12, 7)
    assert 'Known positives: 3 (0.75 an image)' in str(counts)
    assert 'Known labels: 41.67 %' in str(counts)
    assert 'Classes without a positive: 1 (dog)' in str(counts)


def test_complete_labels_are_all_known():
    counts = count_labels('abc', [([0], None), ([], None)])
    assert counts == (2, 3, 1, 5, 1, ['b', 'c'])
    assert counts.num_unobserved == 0


def test_names_ten_classes_without_a_positive():
    text = str(count_labels('abcdefghijkl', [([], [])]))
    assert (
        'Classes without a positive: 12 (a, b, c, d, e, f, g, h, i, j...'
        in (text)
    )


@pytest.mark.parametrize('delta_rel', ['0.1', '0.2', '0.4', '1', '33'])
@pytest.mark.parametrize('epoch', range(1, 11))
def test_modifies_what_the_schedule_says(delta_rel, epoch):
    rate = LargeLossScheduleHook(float(delta_rel)).rate(epoch)
    for num_entries in (320, 1280, 4992):
        k = num_modified(Fraction(delta_rel), epoch, Fraction(num_entries))
        assert k == math.ceil(rate * num_entries)


def test_modifies_what_the_paper_counts_on_voc():
    # Batches of 16 images of 20 classes, 0.2 %, epochs 1 to 10.
    counts = [num_modified(Fraction('0.2'), t, 320) for t in range(1, 11)]
    assert counts == [0, 1, 2, 2, 3, 4, 4, 5, 6, 6]


def test_expects_the_positives_that_are_not_known():
    counts = count_labels('abc', PARTIAL)
    assert hidden_positives(counts, Fraction('1.5'), 16) == 12
    assert hidden_positives(counts, Fraction(3, 4), 16) == 0


def test_refuses_fewer_positives_than_are_known():
    counts = count_labels('abc', PARTIAL)
    message = r'0\.7 positives an image are expected, but 0\.75 are known'
    with pytest.raises(ValueError, match=message):
        hidden_positives(counts, Fraction('0.7'), 16)


def cells(text, epoch):
    """Read the cells of an epoch's row."""
    (row,) = (x for x in text.splitlines() if x.startswith(f'{epoch:5} '))
    return [cell.strip() for cell in row[5:].replace(' / ', '/').split()]


def test_tabulates_both_ways_of_counting():
    # 1,000 images of 20 classes, one known positive: 19 of 20 are unknown.
    counts = count_labels(range(20), [([0], [])] * 1000)
    text = advise_delta_rel(counts, 16, Fraction('1.1'))
    assert 'Hidden positives expected in a batch of 16: 1.6' in text
    assert cells(text, 2) == ['1/1', '1/1', '2*/2*', '4*/4*']
    assert cells(text, 10) == ['3*/3*', '6*/6*', '11*/12*', '28*/29*']
    assert '*' not in advise_delta_rel(counts, 16)


def test_never_modifies_more_labels_than_are_unknown():
    # Three of twenty labels are unknown: 48 in a batch of 16.
    counts = count_labels(range(20), [([0], list(range(4, 20)))] * 10)
    assert cells(advise_delta_rel(counts, 16), 10)[3] == '5/29'
    counts = count_labels(range(20), [([0], list(range(2, 20)))] * 10)
    assert cells(advise_delta_rel(counts, 16), 10)[3] == '2/16'


def test_has_no_advice_where_every_label_is_known():
    counts = count_labels('ab', [([0], None)])
    assert advise_delta_rel(counts, 16).startswith('Every label is known')
