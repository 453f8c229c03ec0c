"""Runs to compare have one class list."""

import pytest

from mmwsml.records import check_same_classes, load_records


def test_one_class_list_passes(write_records):
    records = load_records(write_records())
    check_same_classes(records)
    check_same_classes(records, load_records(write_records('other')))


@pytest.mark.parametrize(
    'classes, message',
    [
        (('cat', 'dog'), 'has 3 classes, .*other 2'),
        (('cat', 'emu', 'dog'), "Class 1 is 'dog' in .*run, but 'emu'"),
    ],
)
def test_other_classes_are_refused(write_records, classes, message):
    first = load_records(write_records())
    other = load_records(write_records('other', classes))
    with pytest.raises(ValueError, match=message):
        check_same_classes(first, first, other)
