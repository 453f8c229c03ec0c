import numpy as np
import pytest
import torch

from mmwsml.models.label_stores import CurriculumLabels, SoftLabels
from mmwsml.structures import GlobalBatch, KnownLabels, memory_limit

IDS = [f'set/{n}' for n in range(6)]
BYTES = {CurriculumLabels: 6 * 4, SoftLabels: 6 * 4 * 4}

pytestmark = pytest.mark.parametrize('store_type', BYTES)


def started(store_type, ids=IDS, num_classes=4):
    store = store_type(begin=2)
    store.prepare(num_classes)
    store.start(KnownLabels.collect((image, [], []) for image in ids))
    return store


def logits_of(seed):
    logits = np.random.default_rng(seed).normal(0, 3, (len(IDS), 4))
    return logits.astype(np.float32)


def test_passes_are_made_from_begin_to_the_last_but_one_epoch(store_type):
    store = started(store_type)
    wanted = [epoch for epoch in range(1, 6) if store.wants_logits(epoch, 5)]
    assert wanted == [2, 3, 4]


def test_a_restored_store_goes_on_as_the_saved_one(store_type):
    store, other = started(store_type), started(store_type)
    store.take_logits(logits_of(0), 2, 5)
    state = store.snapshot()
    assert all(type(value) is torch.Tensor for value in state.values())
    saved = store.table.copy()
    assert saved.any()
    store.take_logits(logits_of(1), 3, 5)  # the state is a copy
    other.restore(state)
    assert np.array_equal(other.table, saved)
    other.take_logits(logits_of(1), 3, 5)
    assert np.array_equal(other.table, store.table)
    assert np.array_equal(state[store.content].numpy(), saved)


def test_a_start_forgets_everything(store_type):
    store = started(store_type)
    store.take_logits(logits_of(0), 2, 5)
    store.start(KnownLabels.collect((image, [], []) for image in IDS[:2]))
    assert store.table.shape == (2, 4) and not store.table.any()


def test_the_state_of_other_images_is_refused(store_type):
    state = started(store_type).snapshot()
    with pytest.raises(ValueError, match='of 6 images, which are not the 5'):
        started(store_type, IDS[1:]).restore(state)
    with pytest.raises(ValueError, match=f'no `{store_type.content}`: resume'):
        started(store_type).restore({})


def test_an_image_that_is_not_in_the_training_set_is_refused(store_type):
    store, unknown = started(store_type), GlobalBatch(['set/x'])
    with pytest.raises(ValueError, match='The image set/x is not one of the'):
        store.read(unknown, torch.zeros(1, 4), torch.zeros(1, 4).bool())


def test_refuses_what_the_machine_cannot_hold(store_type, monkeypatch):
    limit = BYTES[store_type]
    monkeypatch.setattr(memory_limit, 'physical_memory', lambda: limit - 1)
    message = f'{store_type.__name__}, 6 images x 4 classes, takes 0.0 GB'
    with pytest.raises(ValueError, match=message):
        started(store_type)
    monkeypatch.setattr(memory_limit, 'physical_memory', lambda: limit)
    started(store_type)


def test_refuses_what_is_no_epoch(store_type):
    with pytest.raises(ValueError, match='`begin` must be at least 1, but'):
        store_type(begin=0)
    with pytest.raises(TypeError, match='`begin` must be an epoch, but got'):
        store_type(begin=1.0)


def test_a_store_that_was_not_started_is_empty_and_knows_no_image(store_type):
    store = store_type()
    table = store.snapshot()[store_type.content]
    assert table.shape == (0, 0)
    zeros = torch.zeros(1, 4)
    with pytest.raises(ValueError, match='image a is not one of the 0 that'):
        store.read(GlobalBatch(['a']), zeros, zeros.bool())
