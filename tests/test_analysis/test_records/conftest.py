"""Records of a run that never trained."""

import numpy as np
import pytest
import torch

from mmwsml.structures import GlobalBatch
from mmwsml.structures.records import RecordedImages, Recorder, RecordWriter

NAMES = [f'set/{n}.png' for n in range(30)]


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
