import pytest

from mmwsml.datasets.converters.bad_entries import BadEntries


def test_refuses_the_first_bad_entry_and_says_what_to_do():
    message = 'a.csv, line 3: is odd; correct it, or .* with --skip-bad'
    with pytest.raises(ValueError, match=message):
        BadEntries().add('a.csv, line 3: is odd')


@pytest.mark.parametrize('count', [0, 1, 5, 6, 100])
def test_counts_what_it_leaves_out(count):
    bad = BadEntries(skip=True)
    for number in range(count):
        bad.add(f'entry {number}')
    lines = str(bad).splitlines()
    assert lines[0] == f'Bad entries: {count}'
    assert len(lines) == 1 + min(count, 5) + (count > 5)
    assert ('and 95 more' in lines[-1]) == (count == 100)
