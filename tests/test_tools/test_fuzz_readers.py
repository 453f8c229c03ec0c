"""Damaged files of every form end in a right result or a sentence."""

import random
from pathlib import Path

import pytest

CHECKS = Path(__file__).parents[2] / 'tools' / 'checks'


@pytest.fixture
def fuzzing(monkeypatch):
    """Import the tool's folder."""
    monkeypatch.syspath_prepend(str(CHECKS))
    from fuzzing import campaign, readers

    return campaign, readers.READERS


@pytest.mark.slow
def test_no_reader_fails_at_20_000_damaged_files(fuzzing):
    campaign, readers = fuzzing
    entries = range(20_000)
    counts, failures = campaign.run_campaign([*readers.values()], 0, entries)
    assert not failures, '\n'.join(map(str, failures.items()))
    assert sum(counts.values()) == 20_000
    # Each reader took something and refused something.
    names = {name for name in readers if counts[name, 'right']}
    assert names == set(readers)
    refused = {name for name in readers if counts[name, 'refused']}
    assert refused >= set(readers) - {'scalars', 'image-list'}


def one_reader(campaign, read, tmp_path):
    """Run three entries of a reader of a text."""
    from fuzzing.reader import Reader

    def write(folder):
        (folder / 'a.txt').write_text('a\nb\n')

    reader = Reader('one', write, read, ['.txt'])
    return campaign.run_campaign([reader], 0, range(3), tmp_path / 'kept')


@pytest.mark.parametrize(
    'error, kind',
    [
        (KeyError('a'), 'KeyError'),
        (ValueError('no file'), 'the message names no file'),
        (UnicodeDecodeError('utf-8', b'', 0, 1, ''), 'names no file'),
        (MemoryError(), 'MemoryError'),
    ],
)
def test_an_error_from_below_is_a_failure(fuzzing, tmp_path, error, kind):
    def read(folder, rng):
        raise error

    counts, failures = one_reader(fuzzing[0], read, tmp_path)
    assert not counts and sorted(failures) == [0, 1, 2]
    assert kind in failures[1]
    kept = sorted(path.name for path in (tmp_path / 'kept').iterdir())
    assert kept == ['one_0_0', 'one_0_1', 'one_0_2']


def test_a_process_that_dies_is_a_failure_and_the_next_goes_on(
    fuzzing, tmp_path
):
    import os

    seen = tmp_path / 'seen'

    def read(folder, rng):
        with seen.open('a') as file:
            file.write('x')
        if len(seen.read_text()) == 2:
            os._exit(7)

    counts, failures = one_reader(fuzzing[0], read, tmp_path)
    assert failures == {1: 'the process ended with 7'}
    assert counts == {('one', 'right'): 2}


def test_a_sentence_that_names_the_file_is_right(fuzzing, tmp_path):
    def read(folder, rng):
        raise ValueError(f'{folder / "a.txt"}: is not good; mend it.')

    counts, failures = one_reader(fuzzing[0], read, tmp_path)
    assert counts == {('one', 'refused'): 3} and not failures


def test_an_entry_follows_from_seed_and_number(fuzzing):
    from fuzzing.damage_values import damage_json

    text = b'{"a": [1, 2, {"b": "c"}], "d": null}'
    one, other = (
        [damage_json(text, random.Random(f'0/{n}')) for n in range(50)]
        for _ in range(2)
    )
    assert one == other and len(set(one)) > 25
