"""Opening records, whole and broken."""

import json
import re

import numpy as np
import pytest

from mmwsml.records import load_records


def test_a_run_is_read_back(write_records):
    records = load_records(write_records())
    assert records.classes == ('cat', 'dog', 'emu')
    assert records.method == 'LargeLossRejection'
    assert records.kinds == ('TP', 'observed_negative', 'TN', 'FN')
    assert list(records.epochs) == [1, 2]
    assert records.skipped == []
    assert records.num_epochs == 3
    positives, negatives = records.given
    for number in (0, 17):
        row = records.row_of(f'set/{number}.png')
        assert records.sample_ids[row] == f'set/{number}.png'
        assert positives.of(row) == [number % 3]
        assert negatives.of(row) == []
        expected = sorted([number % 3, (number + 1) % 3])
        assert sorted(records.truth.of(row)) == expected


def test_an_unknown_image_is_refused(write_records):
    records = load_records(write_records())
    with pytest.raises(ValueError, match='is not one of the 30'):
        records.row_of('set/30.png')


def test_without_records_the_hook_is_named(tmp_path):
    switch = r'record\.type=mmwsml\.RecordHook'
    with pytest.raises(FileNotFoundError, match=switch):
        load_records(tmp_path)


def test_a_later_version_is_refused(write_records):
    path = write_records() / 'records/run.json'
    path.write_text(json.dumps(dict(version=9)))
    message = r'run\.json: is of format version 9, .* 1 at most; upgrade mmw'
    with pytest.raises(ValueError, match=message):
        load_records(path.parents[1])


def test_records_without_a_version_are_of_the_first(write_records):
    path = write_records() / 'records/run.json'
    info = json.loads(path.read_text())
    assert info.pop('version') == 1
    path.write_text(json.dumps(info))
    assert load_records(path.parents[1]).classes == tuple(info['classes'])


@pytest.mark.parametrize('text', ['{"version": 1', '[]', '{}'])
def test_a_damaged_note_is_refused(write_records, text):
    path = write_records() / 'records/run.json'
    path.write_text(text)
    with pytest.raises(ValueError, match=r'run\.json is damaged'):
        load_records(path.parents[1])


def test_missing_images_are_refused(write_records):
    run = write_records()
    offsets = run / 'records/sample_ids_offsets.npy'
    np.save(offsets, np.load(offsets)[:-1])
    with pytest.raises(ValueError, match='each of the 29 images'):
        load_records(run)


@pytest.mark.parametrize(
    'name, size, reason',
    [
        ('epoch.json', 5, 'is not whole'),
        ('epoch.json', 0, 'is not whole'),
        ('histogram.npy', 1000, r'histogram\.npy is damaged'),
        ('modified.npy', 130, r'modified\.npy is damaged'),
        ('sums.npy', None, r'sums\.npy'),
    ],
)
def test_an_epoch_that_is_not_whole_is_skipped(
    write_records, name, size, reason
):
    run = write_records()
    path = run / 'records/epoch_0001' / name
    if size is None:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:size])
    records = load_records(run)
    assert list(records.epochs) == [2]
    (message,) = records.skipped
    assert message.startswith('epoch_0001')
    assert re.search(reason, message)


def test_an_epoch_of_other_classes_is_skipped(write_records):
    run = write_records()
    sums = run / 'records/epoch_0002/sums.npy'
    np.save(sums, np.zeros((4, 7)))
    (message,) = load_records(run).skipped
    assert 'must be of shape (4, 3)' in message


def test_an_epoch_that_is_being_written_is_named(write_records):
    run = write_records()
    (run / 'records/.epoch.draft').mkdir()
    records = load_records(run)
    assert list(records.epochs) == [1, 2]
    assert records.skipped[0].startswith('The epoch after 2 is not whole')


@pytest.mark.parametrize(
    'name',
    [
        'sample_ids',
        'sample_ids_offsets',
        'positive_offsets',
        'positive_classes',
        'true_positive_classes',
    ],
)
def test_a_changed_number_of_the_images_is_found(write_records, name):
    path = write_records() / f'records/{name}.npy'
    array = np.load(path)
    array[1] += 1
    np.save(path, array)
    with pytest.raises(ValueError, match='damaged: its images, labels or cl'):
        load_records(path.parents[1])


@pytest.mark.parametrize(
    'change',
    [
        dict(classes=['cat', 'dog', 3]),
        dict(classes=7),
        dict(kinds=['TP']),
        dict(method=None),
        dict(num_epochs='3'),
        dict(num_epochs=0),
        dict(num_images=True),
        dict(fingerprint='0'),
        dict(version=[1]),
    ],
)
def test_a_note_with_another_part_is_refused(write_records, change):
    path = write_records() / 'records/run.json'
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(ValueError, match='damaged'):
        load_records(path.parents[1])


@pytest.mark.parametrize(
    'name, change',
    [
        ('seen', lambda array: ~array),
        ('histogram', lambda array: -array),
        ('seen', lambda array: array[:-1]),
    ],
)
def test_an_epoch_that_contradicts_itself_is_left_out(
    write_records, name, change
):
    path = write_records() / f'records/epoch_0001/{name}.npy'
    np.save(path, change(np.load(path)))
    records = load_records(path.parents[2])
    assert list(records.epochs) == [2] and len(records.skipped) == 1


@pytest.mark.parametrize('field, value', [('row', 30), ('class', 3)])
def test_a_modified_entry_must_be_of_the_run(write_records, field, value):
    path = write_records() / 'records/epoch_0002/modified.npy'
    entries = np.load(path)
    entries[field][-1] = value
    np.save(path, entries)
    records = load_records(path.parents[2])
    with pytest.raises(
        ValueError, match=rf'modified\.npy must hold a `{field}'
    ):
        _ = records.epochs[2].modified_kinds
