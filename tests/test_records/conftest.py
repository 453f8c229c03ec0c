"""Entries that a loop counts, and records of a run that never trained."""

import math
from collections import Counter

import numpy as np
import pytest
import torch

from mmwsml.records import (
    RecordedImages,
    Recorder,
    RecordWriter,
    bin_edges,
)
from mmwsml.structures import GlobalBatch

NAMES = [f'set/{n}.png' for n in range(30)]

#: sample_id, observed positives and negatives, true positives.
ENTRIES = [
    ('set/a.png', [0], [], [0, 1]),
    ('set/b.png', [2], [1, 3], [0, 2]),
    ('set/c.png', [], [], [3]),
    ('set/d.png', [3], [2], [3]),
    ('set/e.png', [1, 2], [0], [1, 2, 3]),
    ('set/f.png', [], [0, 1, 2, 3], []),
]


def kind_of(entry, label):
    """Name the kind of an entry from the lists, where the truth is known."""
    _, positives, negatives, truth = entry
    if label in positives:
        return 'TP'
    if label in negatives:
        return 'observed_negative'
    return 'FN' if label in truth else 'TN'


@pytest.fixture
def entries():
    return ENTRIES


@pytest.fixture
def images():
    return RecordedImages.collect(ENTRIES, 4)


@pytest.fixture
def count():
    """Return a loop over shown (entry, logits): sums, and entries by bin."""

    def count(shown):
        sums, bins, edges = Counter(), Counter(), bin_edges()
        for entry, logits in shown:
            for label, logit in enumerate(logits):
                kind = kind_of(entry, label)
                sign = -1 if kind == 'TP' else 1
                loss = math.log1p(math.exp(sign * logit))
                place = max(i for i in range(128) if edges[i] <= loss)
                sums[kind, label] += loss
                bins[kind, label, place] += 1
        return sums, bins

    return count


@pytest.fixture
def same():
    """Compare counters of the loop with a record's arrays."""

    def same(record, kinds, sums, bins):
        for row, kind in enumerate(kinds):
            for label in range(record.sums.shape[1]):
                near = pytest.approx(sums[kind, label], abs=1e-5)
                assert record.sums[row, label] == near
                found = np.flatnonzero(record.histogram[row, label])
                expected = {b for k, c, b in bins if (k, c) == (kind, label)}
                assert set(found) == expected
                for b in found:
                    assert (
                        record.histogram[row, label, b]
                        == (bins[kind, label, b])
                    )

    return same


@pytest.fixture
def write_records(tmp_path):
    """Write two epochs of thirty images; each has a true positive more."""

    def write(
        name='run', classes=('cat', 'dog', 'emu'), truth=True, keep=False
    ):
        size = len(classes)
        entries = [
            (x, [n % size], [], [n % size, (n + 1) % size] if truth else None)
            for n, x in enumerate(NAMES)
        ]
        images = RecordedImages.collect(entries, size)
        info = dict(
            classes=list(classes), method='LargeLossRejection', num_epochs=3
        )
        writer = RecordWriter(tmp_path / name, images, info)
        writer.start(1)
        recorder = Recorder(images, writer, keep)
        for epoch in (1, 2):
            torch.manual_seed(epoch)
            logits = torch.randn(len(NAMES), size)
            recorder.add(GlobalBatch(NAMES), logits, logits > 1.5)
            recorder.finish(epoch)
        return tmp_path / name

    return write


@pytest.fixture
def losses_of():
    """Return the kept losses of a kind, as a flat array."""

    def losses_of(records, epoch, kind, classes=(0, 1, 2)):
        kinds = records.images.kinds_of(np.arange(30))[:, classes]
        losses = records.epochs[epoch].losses[:, classes]
        return losses[kinds == records.kinds.index(kind)].astype(np.float64)

    return losses_of
