import math
import random

import numpy as np
import pytest
import torch

from mmwsml.models.label_stores import ThresholdMemory, threshold_memory
from mmwsml.structures import GlobalBatch, KnownLabels, hash64

IDS = [f'voc/{n}' for n in range(17)]
NUM_CLASSES = 5
KEYS = np.sort([hash64(image) for image in IDS])


def started(labels=None, **options):
    """Start with the known positives and negatives of each image."""
    labels = labels or {image: ([], []) for image in IDS}
    memory = ThresholdMemory(**options)
    memory.start(KnownLabels.collect((i, *labels[i]) for i in labels))
    return memory


def draw_labels(rng):
    labels = {}
    for image in IDS:
        classes = rng.sample(range(NUM_CLASSES), 3)
        labels[image] = [classes[0]], classes[1:]
    return labels


def corrections_of(memory):
    """List (key, class, epoch, loss) in the order of the memory."""
    names = ('key', 'class', 'epoch', 'loss')
    columns = [memory.columns()[name].tolist() for name in names]
    return list(zip(*columns))


@pytest.mark.parametrize('chunk', [3, 4096])
@pytest.mark.parametrize('seed', range(3))
def test_takes_what_loops_take(seed, chunk, monkeypatch):
    monkeypatch.setattr(threshold_memory, 'ROWS', chunk)
    rng, known = random.Random(seed), {}
    labels = draw_labels(rng)
    memory = started(labels, threshold=0.7)
    of_key = {hash64(image): labels[image] for image in IDS}
    for epoch in range(3, 8):
        drawn = [[rng.gauss(0, 1) for _ in range(NUM_CLASSES)] for _ in KEYS]
        logits = np.array(drawn, np.float32)
        memory.take_logits(logits, epoch, 9)
        for row, key in enumerate(KEYS):
            for label in range(NUM_CLASSES):
                z = float(logits[row, label])
                free = label not in of_key[key][0] + of_key[key][1]
                if free and 1 / (1 + math.exp(-z)) > 0.7:
                    entry = epoch, math.log1p(math.exp(z))
                    known.setdefault((key, label), entry)
    found = corrections_of(memory)
    assert [row[:3] for row in found] == [
        (*entry, epoch) for entry, (epoch, _) in known.items()
    ]
    losses = [loss for _, loss in known.values()]
    assert [row[3] for row in found] == pytest.approx(losses, rel=1e-6)
    assert len(found) > 10


def test_what_was_taken_is_an_observed_positive():
    memory = started({'a': ([0], [1]), 'b': ([], [])})
    memory.take_logits(np.full((2, 3), 9, np.float32), 3, 9)
    observed = torch.tensor([[True, True, False], [False] * 3])
    target = torch.tensor([[1.0, 0, 0], [0] * 3])
    read = memory.read(GlobalBatch(['a', 'b']), target, observed)
    assert read.target.tolist() == [[1, 0, 1], [1, 1, 1]]
    assert read.observed.all()


@pytest.mark.parametrize('threshold', [0.05, 0.5, 0.95, 0.999999, 1 - 1e-12])
def test_the_threshold_is_exact_to_the_last_bit(threshold):
    """No float32 lies between the bound and the least logit above it."""
    least = threshold_memory._least_above(threshold)
    below = np.nextafter(least, np.float32(-np.inf))
    bound = math.log(threshold) - math.log1p(-threshold)
    assert float(below) <= bound < float(least)
    memory = started({'a': ([], []), 'b': ([], [])}, threshold=threshold)
    memory.take_logits(np.array([[least], [below]]), 3, 9)
    assert memory.columns()['key'].tolist() == [min(map(hash64, 'ab'))]


def test_the_epochs_that_want_a_pass():
    memory = ThresholdMemory()
    wanted = [e for e in range(1, 7) if memory.wants_logits(e, 6)]
    assert wanted == [2, 3, 4, 5, 6]


def test_the_rule_passes_first_after_epoch_2_and_acts_in_epoch_3():
    memory, batch = started(), GlobalBatch(IDS[:1])
    zeros = torch.zeros(1, NUM_CLASSES)
    targets = {}
    for epoch in (1, 2, 3):  # as a run does: steps, then perhaps a pass
        read = memory.read(batch, zeros, zeros.bool())
        targets[epoch] = int(read.target.sum())
        if memory.wants_logits(epoch, 3):
            sure = np.full((len(IDS), NUM_CLASSES), 9, np.float32)
            memory.take_logits(sure, epoch, 3)
    assert targets == {1: 0, 2: 0, 3: NUM_CLASSES}


def test_a_resumed_memory_goes_on_as_the_one_that_never_stopped():
    labels = draw_labels(random.Random(0))
    memories = [started(labels), started(labels)]
    rng = np.random.default_rng(0)
    passes = 3 * rng.normal(size=(2, 17, NUM_CLASSES)).astype(np.float32)
    memories[0].take_logits(passes[0], 3, 9)
    memories[1].restore(memories[0].snapshot())
    for memory in memories:
        memory.take_logits(passes[1], 4, 9)
    first, second = map(corrections_of, memories)
    assert first == second and {row[2] for row in first} == {3, 4}


@pytest.mark.parametrize('threshold', [0, 1, -1, math.nan])
def test_refuses_a_threshold_out_of_range(threshold):
    with pytest.raises(ValueError, match=r'`threshold` must be in \(0, 1\),'):
        ThresholdMemory(threshold)


def test_refuses_what_does_not_fit_16_bits():
    message = 'ThresholdMemory keeps class and epoch in 16 bits, .* got 1 cla'
    with pytest.raises(ValueError, match=message):
        started().take_logits(np.zeros((17, 1), np.float32), 2**16, 2**17)


def test_refuses_what_is_no_epoch():
    with pytest.raises(ValueError, match='begin'):
        ThresholdMemory(begin=0)
    with pytest.raises(TypeError, match='begin'):
        ThresholdMemory(begin=1.5)


def test_a_new_memory_is_empty():
    assert len(ThresholdMemory()) == 0
