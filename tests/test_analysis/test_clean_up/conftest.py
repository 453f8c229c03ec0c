"""Records of runs that never trained, with losses as a test wants them."""

import numpy as np
import pytest
import torch

from mmwsml.records import RecordedImages, Recorder, RecordWriter, load_records
from mmwsml.structures import GlobalBatch

CLASSES = 'cat', 'dog', 'emu'
NUM_IMAGES = 40


@pytest.fixture
def make_run(tmp_path):
    """Record three epochs; image n shows class n % 3, and truly one more."""

    def make(
        name='run',
        seed=0,
        classes=CLASSES,
        order=range(NUM_IMAGES),
        keep=True,
        truth=True,
        observe=None,
        num_epochs=3,
    ):
        size = len(classes)
        names = [f'set/{n}.png' for n in order]
        observe = observe or (lambda n: ([n % size], []))
        entries = [
            (x, *observe(n), [n % size, (n + 1) % size] if truth else None)
            for n, x in zip(order, names)
        ]
        images = RecordedImages.collect(entries, size)
        info = dict(classes=list(classes), method='AN', num_epochs=num_epochs)
        writer = RecordWriter(tmp_path / name, images, info)
        writer.start(1)
        recorder = Recorder(images, writer, keep)
        for epoch in range(1, num_epochs + 1):
            random = np.random.RandomState(100 * seed + epoch)
            logits = random.randn(NUM_IMAGES, size)[list(order)]
            logits = torch.tensor(logits, dtype=torch.float32)
            recorder.add(GlobalBatch(names), logits, None)
            recorder.finish(epoch)
        return load_records(tmp_path / name)

    return make
