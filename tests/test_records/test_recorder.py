"""Counting steps, against plain loops."""

import numpy as np
import pytest
import torch

from mmwsml.records import Recorder, RecordWriter
from mmwsml.records.loss_tally import annotated_losses
from mmwsml.structures import GlobalBatch, hash64

LOGITS = torch.linspace(-9, 21, 24).view(6, 4).roll(5, 1)


class Notebook:
    """Keep what a writer would write."""

    def __init__(self):
        self.records, self.kept = {}, {}

    def keep_losses(self, rows, losses):
        self.kept.update(zip(rows.tolist(), losses))

    def write(self, epoch, record):
        self.records[epoch] = record


def show(recorder, entries, order, size, modified=None):
    """Train on images in an order, by their place among the entries."""
    for first in range(0, len(order), size):
        part = order[first : first + size]
        recorder.add(
            GlobalBatch([entries[i][0] for i in part]),
            LOGITS[part].requires_grad_(),
            None if modified is None else modified[part],
        )


@pytest.fixture(params=[1, 2**20])
def window(request, monkeypatch):
    """Count in every step, or at the end of the epoch."""
    for name in ('WINDOW', 'CHUNK'):
        monkeypatch.setattr(f'mmwsml.records.recorder.{name}', request.param)


def test_an_epoch_equals_a_loop(images, entries, count, same, window):
    notes = Notebook()
    recorder = Recorder(images, notes)
    show(recorder, entries, [4, 1, 0, 5, 2], 2)
    recorder.finish(1)
    record = notes.records[1]
    shown = [(entries[i], LOGITS[i].tolist()) for i in (4, 1, 0, 5, 2)]
    same(record, images.kinds, *count(shown))
    assert record.num_steps == 3
    unseen = images.keys[~record.seen].tolist()
    assert unseen == [hash64(entries[3][0])]


def test_an_image_shown_twice_counts_where_it_came_first(
    images, entries, window
):
    once, twice = Notebook(), Notebook()
    for notes, order in ((once, [0, 1, 2]), (twice, [0, 0, 1, 2, 1, 0])):
        recorder = Recorder(images, notes)
        show(recorder, entries, order, 3)
        with torch.no_grad():  # a later copy has another loss
            if notes is twice:
                batch = GlobalBatch([entries[2][0]])
                recorder.add(batch, LOGITS[:1] + 9, None)
        recorder.finish(1)
    for left, right in zip(once.records[1][:4], twice.records[1]):
        assert np.array_equal(left, right)


def test_the_next_epoch_begins_at_zero(images, entries):
    notes = Notebook()
    recorder = Recorder(images, notes)
    for epoch, order in ((1, [0, 1, 2]), (2, [0, 1, 2]), (3, [])):
        show(recorder, entries, order, 2)
        recorder.finish(epoch)
    for left, right in zip(notes.records[1], notes.records[2]):
        assert np.array_equal(left, right)
    assert not notes.records[3].seen.any()
    assert not notes.records[3].histogram.any()


def test_modifications_are_listed_with_their_loss(images, entries, window):
    modified = LOGITS > 5
    notes = Notebook()
    recorder = Recorder(images, notes)
    show(recorder, entries, [5, 4, 3, 3, 2, 1, 0], 2, modified)
    recorder.finish(1)
    found = {
        (images.keys[row], label): loss
        for row, label, loss in notes.records[1].modified.tolist()
    }
    assert len(found) == len(notes.records[1].modified) == modified.sum()
    for image, label in modified.nonzero().tolist():
        sign = -1 if label in entries[image][1] else 1
        loss = torch.nn.functional.softplus(sign * LOGITS[image, label])
        near = pytest.approx(loss.item(), rel=1e-6)
        assert found[hash64(entries[image][0]), label] == near
    rows = notes.records[1].modified['row']
    assert (np.diff(rows) >= 0).all()


def test_only_some_steps_may_modify(images, entries):
    notes = Notebook()
    recorder = Recorder(images, notes)
    show(recorder, entries, [0], 1)
    show(recorder, entries, [1], 1, torch.ones_like(LOGITS, dtype=torch.bool))
    recorder.finish(1)
    row = images.keys.tolist().index(hash64(entries[1][0]))
    modified = notes.records[1].modified
    assert modified['row'].tolist() == [row] * 4
    assert modified['class'].tolist() == [0, 1, 2, 3]


def test_every_loss_is_kept_on_request(images, entries, window):
    notes = Notebook()
    recorder = Recorder(images, notes, keep_losses=True)
    show(recorder, entries, [2, 0, 2], 2)
    recorder.finish(1)
    rows = {hash64(entries[i][0]): i for i in (0, 2)}
    assert len(notes.kept) == 2
    for row, losses in notes.kept.items():
        image = rows[images.keys[row]]
        sign = [-1 if k in entries[image][1] else 1 for k in range(4)]
        expected = torch.nn.functional.softplus(
            LOGITS[image] * torch.tensor(sign)
        )
        assert np.allclose(losses, expected, rtol=1e-3)


def test_the_last_bit_of_a_loss_does_not_depend_on_the_batch():
    logits = torch.randn(211, 97) * 5
    none = torch.empty(0, dtype=torch.long)
    whole = annotated_losses(logits, none)
    parts = [annotated_losses(part, none) for part in logits.split(3)]
    assert torch.equal(whole, torch.cat(parts, 1))


def test_half_precision_is_counted_in_float32(images, entries, same, count):
    notes = Notebook()
    recorder = Recorder(images, notes)
    half = LOGITS.bfloat16()
    recorder.add(GlobalBatch([e[0] for e in entries]), half, None)
    recorder.finish(1)
    shown = zip(entries, half.float().tolist())
    same(notes.records[1], images.kinds, *count(shown))


def test_an_unknown_image_is_refused(images):
    recorder = Recorder(images)
    recorder.add(GlobalBatch(['set/z.png']), LOGITS[:1], None)
    with pytest.raises(ValueError, match=r'image set/z\.png is not one'):
        recorder.finish(1)


def test_numbers_that_are_not_finite_break_nothing(images, entries, tmp_path):
    writer = RecordWriter(tmp_path, images, dict(classes=list('abcd')))
    writer.start(1)
    recorder = Recorder(images, writer)
    bad = torch.tensor([[torch.nan, torch.inf, -torch.inf, 1e30]])
    recorder.add(GlobalBatch([entries[0][0]]), bad, None)
    recorder.finish(1)
    assert (tmp_path / 'records/epoch_0001/epoch.json').exists()
