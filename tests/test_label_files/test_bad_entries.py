import pytest

from mmwsml.label_files.bad_entries import BadEntries


@pytest.mark.parametrize('count', [1, 10])
def test_refuses_bad_entries_and_says_what_to_do(count):
    bad = BadEntries()
    for number in range(3, 3 + count):
        bad.add(f'a.csv, line {number}: is odd')
    message = '^a.csv, line 3: is odd; correct it, or .* with --skip-bad.$'
    with pytest.raises(ValueError, match=message):
        bad.judge(100)


@pytest.mark.parametrize('count', [0, 1, 5, 6, 100])
def test_counts_what_it_leaves_out(count):
    bad = BadEntries(skip=True)
    for number in range(count):
        bad.add(f'entry {number}')
    bad.judge(1000)
    assert bad.count == count
    lines = str(bad).splitlines()
    assert lines[0] == f'Bad entries: {count}'
    assert len(lines) == 1 + min(count, 5) + (count > 5)
    assert ('and 95 more' in lines[-1]) == (count == 100)


@pytest.mark.parametrize('skip', [True, False])
def test_more_than_a_tenth_is_another_form(skip):
    bad = BadEntries(skip)
    for number in range(11):
        bad.add(f'a.csv, line {number}: is odd', number % 3)
    message = '^a.csv, line 0: is odd. 11 of 109 entries .* Met: 0, 1, 2. '
    with pytest.raises(ValueError, match=message) as refusal:
        bad.judge(109)
    assert '--skip-bad' not in str(refusal.value)


def test_each_part_of_a_file_is_judged_by_itself():
    bad = BadEntries(skip=True)
    for _ in range(2):
        bad.add('odd')
        bad.judge(10)
    assert bad.count == 2


def test_names_ten_values_of_many():
    bad = BadEntries()
    for number in range(50):
        bad.add('odd', number)
    with pytest.raises(
        ValueError, match=r'Met: 0, 1, .* 8, 9, \.\.\.\. Bring'
    ):
        bad.judge(50)


def test_any_number_of_images_may_be_missing():
    bad = BadEntries(skip=True)
    for _ in range(9):
        bad.add_missing('there is no image')
    bad.judge(10)
    assert bad.count == 9
    with pytest.raises(ValueError, match=r'no image; correct .*--skip-bad'):
        BadEntries().add_missing('there is no image')
