"""The folder of the records, through starts and stops."""

import errno
import json
import os

import numpy as np
import pytest

from mmwsml.records import EpochRecord, RecordedImages, RecordWriter
from mmwsml.records.modifications import MODIFIED

INFO = dict(classes=list('abcd'), method='AssumeNegative')


@pytest.fixture
def record(images):
    seen = np.arange(len(images)) != 2
    return EpochRecord(
        np.ones((4, 4, 128), np.int32),
        np.ones((4, 4)),
        seen,
        np.empty(0, MODIFIED),
        3,
    )


@pytest.fixture
def written(images, record, tmp_path):
    """Write three epochs and a part of the fourth."""
    writer = RecordWriter(tmp_path, images, INFO)
    writer.start(1)
    for epoch in (1, 2, 3):
        writer.write(epoch, record)
    writer.keep_losses(np.array([0]), np.zeros((1, 4)))
    return tmp_path


def epochs_of(run):
    return sorted(path.name for path in (run / 'records').glob('*epoch*'))


def test_a_resumed_run_removes_what_it_trains_again(written, images):
    RecordWriter(written, images, INFO).start(3)
    assert epochs_of(written) == ['epoch_0001', 'epoch_0002']


def test_records_of_a_later_version_are_not_continued(written, images):
    note = written / 'records/run.json'
    info = json.loads(note.read_text())
    note.write_text(json.dumps(dict(info, version=2)))
    with pytest.raises(ValueError, match=r'of format version 2, .* upgrade'):
        RecordWriter(written, images, INFO).start(3)
    del info['version']
    note.write_text(json.dumps(info))
    RecordWriter(written, images, INFO).start(3)
    assert epochs_of(written) == ['epoch_0001', 'epoch_0002']


def test_a_new_run_removes_the_old_records(written, images, entries):
    other = RecordedImages.collect(entries[:3], 4)
    RecordWriter(written, other, INFO).start(1)
    assert epochs_of(written) == []


def test_a_run_without_records_begins_them_late(images, record, tmp_path):
    writer = RecordWriter(tmp_path, images, INFO)
    writer.start(5)
    writer.write(5, record)
    assert epochs_of(tmp_path) == ['epoch_0005']


@pytest.mark.parametrize(
    'name, info, size',
    [('classes', dict(classes=list('abce')), 6), ('fingerprint', {}, 5)],
)
def test_records_of_another_run_are_not_continued(
    written, entries, name, info, size
):
    images = RecordedImages.collect(entries[:size], 4)
    writer = RecordWriter(written, images, {**INFO, **info})
    with pytest.raises(ValueError, match=f'run with another `{name}`'):
        writer.start(3)
    assert 'epoch_0003' in epochs_of(written)


def test_losses_of_images_not_shown_are_nan(written, images, record):
    writer = RecordWriter(written, images, INFO)
    writer.start(2)
    writer.keep_losses(np.arange(6), np.full((6, 4), 0.1))
    writer.write(2, record)
    losses = np.load(written / 'records/epoch_0002/losses.npy')
    assert losses.dtype == np.float16
    assert np.isnan(losses).all(1).tolist() == (~record.seen).tolist()
    assert not epochs_of(written)[-1].startswith('.')


@pytest.mark.skipif(
    not hasattr(os, 'posix_fallocate'), reason='the system cannot ask'
)
def test_a_full_disk_is_an_error_before_losses_are_kept(
    images, tmp_path, monkeypatch
):
    """Written through a map, they would end the process by a signal."""

    def take(file, start, size):
        asked.append(size)
        raise OSError(errno.ENOSPC, 'No space left on device')

    asked = []
    monkeypatch.setattr(os, 'posix_fallocate', take)
    writer = RecordWriter(tmp_path, images, INFO)
    writer.start(1)
    try:
        writer.keep_losses(np.arange(6), np.full((6, 4), 0.1))
        found = None
    except OSError as error:
        found = error.errno
    assert found == errno.ENOSPC
    path = next(tmp_path.rglob('losses.npy'))
    assert asked == [path.stat().st_size] and asked[0] > 2 * 6 * 4
