"""Where losses push, at recorded logits."""

import math

import pytest
import torch

from mmwsml.analysis.gradients import measure_pushes, read_logits
from mmwsml.records import RecordedImages, Recorder, RecordWriter, load_records
from mmwsml.structures import GlobalBatch

NAMES = ['set/a.png', 'set/b.png', 'set/c.png']
LOGITS = torch.tensor([[2.0, -1, -3], [0.5, 1, -2], [-4, 0, 3]])
GIVEN, TRUE = [[0], [1], [2]], [[0, 1], [0, 1], [2]]


@pytest.fixture
def record(tmp_path):
    """Record an epoch of three images."""

    def record(negatives=([], [], []), truth=TRUE, keep=True):
        entries = list(zip(NAMES, GIVEN, negatives, truth))
        images = RecordedImages.collect(entries, 3)
        info = dict(classes=list('abc'), method='AN', num_epochs=1)
        writer = RecordWriter(tmp_path, images, info)
        writer.start(1)
        recorder = Recorder(images, writer, keep)
        recorder.add(GlobalBatch(NAMES), LOGITS, None)
        recorder.finish(1)
        return load_records(tmp_path)

    return record


def test_the_logits_are_those_that_were_recorded(record):
    records = record()
    rows = [records.row_of(name) for name in NAMES]
    recorded = read_logits(records, 1)
    torch.testing.assert_close(
        recorded.logits[rows], LOGITS, atol=0.01, rtol=0.01
    )
    assert recorded.hidden[rows].nonzero().tolist() == [[0, 1], [1, 0]]


def test_equals_the_gradients_of_assume_negative_in_loops(record):
    pushes = measure_pushes(
        dict(type='mmwsml.AssumeNegative'), read_logits(record(), 1)
    )
    pull = down = hidden = 0.0
    for row, image in enumerate(LOGITS.tolist()):
        for label, z in enumerate(image):
            p = 1 / (1 + math.exp(-z))
            if label in GIVEN[row]:
                pull += 1 - p
            elif label in TRUE[row]:
                hidden += p
            else:
                down += p
    expected = (down / pull, 0, hidden / pull)
    assert pushes == pytest.approx(expected, rel=0.01)
    assert pushes.wrong_share == pytest.approx(
        hidden / (hidden + down), rel=0.01
    )


def test_smoothing_lifts_sure_negatives(record):
    loss = dict(type='mmwsml.LabelSmoothingAssumeNegative')
    assert measure_pushes(loss, read_logits(record(), 1)).negatives_up > 0


def test_an_epoch_that_is_not_there_is_refused(record):
    with pytest.raises(ValueError, match='whole record of epoch 2, but of'):
        read_logits(record(), 2)


def test_unknown_truth_and_observed_negatives_are_refused(record):
    for change in (dict(truth=[None] * 3), dict(negatives=[[1], [2], [0]])):
        with pytest.raises(ValueError, match='must know its hidden positives'):
            read_logits(record(**change), 1)


def test_losses_that_were_not_kept_are_named(record):
    with pytest.raises(ValueError, match="keep='losses'"):
        read_logits(record(keep=False), 1)
