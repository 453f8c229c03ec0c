"""Images and the kinds of their labels."""

import numpy as np
import pytest

from mmwsml.records import RecordedImages
from mmwsml.structures import hash64

from .conftest import kind_of


def by_row(entries):
    return sorted(entries, key=lambda entry: hash64(entry[0]))


def test_kinds_are_those_of_a_loop(images, entries):
    rows = np.array([3, 0, 5, 3])
    kinds = images.kinds_of(rows)
    for row, found in zip(rows, kinds):
        entry = by_row(entries)[row]
        assert [images.kinds[k] for k in found] == [
            kind_of(entry, label) for label in range(4)
        ]


@pytest.mark.parametrize('chunk', [1, 9, 2**22])
def test_kinds_of_single_entries_are_the_same(images, monkeypatch, chunk):
    monkeypatch.setattr('mmwsml.records.recorded_images.CHUNK', chunk)
    rows, classes = np.divmod(np.random.default_rng(0).permutation(24), 4)
    kinds = images.kinds_of(np.arange(6))[rows, classes]
    found = images.kinds_at(rows.astype(np.int32), classes.astype(np.uint16))
    assert found.tolist() == kinds.tolist()


def test_without_truth_the_unobserved_are_one_kind(entries):
    unknown = [(*entry[:3], None) for entry in entries[:1]] + entries[1:]
    images = RecordedImages.collect(unknown, 4)
    assert images.truth is None
    assert images.kinds == (
        'observed_positive',
        'observed_negative',
        'unobserved',
    )
    assert (images.kinds_of(np.arange(6)) == 2).sum() == 11


def test_of_complete_labels_all_are_observed():
    images = RecordedImages.collect([('a', [1], None, [1])], 3)
    assert images.complete
    assert images.kinds_of(np.array([0])).tolist() == [[1, 0, 1]]


def test_of_a_repeated_image_the_first_counts(entries):
    images = RecordedImages.collect([*entries, ('set/a.png', [], [], [])], 4)
    assert len(images) == 6
    assert images.fingerprint() == (
        RecordedImages.collect(entries[::-1], 4).fingerprint()
    )


@pytest.mark.parametrize('truth', [True, False])
def test_images_come_back(entries, tmp_path, truth):
    if not truth:
        entries = [(*entry[:3], None) for entry in entries]
    images = RecordedImages.collect(entries, 4)
    images.save(tmp_path)
    found = RecordedImages.open(tmp_path, 4, truth, False)
    assert found.fingerprint() == images.fingerprint()
    assert found.keys.tolist() == images.keys.tolist()


def test_another_label_is_another_fingerprint(images, entries):
    other = [(*entries[0][:3], [0]), *entries[1:]]
    assert (
        RecordedImages.collect(other, 4).fingerprint() != images.fingerprint()
    )
