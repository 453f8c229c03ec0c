"""1, 2 and 3 processes record the same, bit for bit."""

import numpy as np
import pytest
import torch

from mmwsml.records import RecordedImages, Recorder, RecordWriter, load_records
from mmwsml.structures import GlobalBatch
from mmwsml.structures.processes import num_processes, process_rank

pytestmark = pytest.mark.dist
NAMES = [f'set/{n}.png' for n in range(100)]
CLASSES = 7


def record(run):
    """Show all images, filled up to equal shares as DefaultSampler does."""
    images = RecordedImages.collect(
        [(x, [n % 7], [], [n % 7, n % 3]) for n, x in enumerate(NAMES)],
        CLASSES,
    )
    rank, world = process_rank(), num_processes()
    writer = None
    if rank == 0:
        info = dict(classes=list('abcdefg'), method='any', num_epochs=2)
        writer = RecordWriter(run, images, info)
        writer.start(1)
    recorder = Recorder(images, writer, keep_losses=True)
    generator = torch.Generator().manual_seed(0)
    logits = 4 * torch.randn(len(NAMES), CLASSES, generator=generator)
    for epoch in (1, 2):
        order = torch.randperm(len(NAMES), generator=generator).tolist()
        order += order[: -len(order) % world]
        places = range(rank, len(order), world)
        for first in range(0, len(places), 6):
            part = places[first : first + 6]
            own = [order[place] for place in part]
            batch = GlobalBatch.meet([NAMES[n] for n in own], CLASSES)
            # A copy has another loss.
            shift = torch.tensor([place >= len(NAMES) for place in part])
            shown = logits[own] + shift[:, None]
            recorder.add(batch, shown, shown > 5)
        recorder.finish(epoch)


@pytest.fixture
def record_on(spread, tmp_path, monkeypatch):
    """Record on so many processes; return the arrays of the epochs."""

    def record_on(count, window):
        monkeypatch.setattr('mmwsml.records.recorder.WINDOW', window)
        run = tmp_path / f'{count}-{window}'
        spread(record, count, run)
        records = load_records(run)
        assert list(records.epochs) == [1, 2] and not records.skipped
        return [
            [e.histogram, e.sums, e.seen, e.modified, e.losses]
            for e in records.epochs.values()
        ]

    return record_on


@pytest.mark.parametrize(
    'window', [1, pytest.param(150, marks=pytest.mark.slow), 2**20]
)
def test_records_do_not_depend_on_the_processes(record_on, window):
    one = record_on(1, 2**20)
    for count in (2, 3):
        for left, right in zip(one, record_on(count, window)):
            assert all(map(np.array_equal, left, right))
    assert one[0][2].all() and len(one[0][3])
