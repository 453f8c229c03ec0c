import io
import math
import random

import numpy as np
import pytest
import torch

from mmwsml.structures import LabelMemory, LabelStore

IDS = ('a', 'b', 'c')


def write(memory, *entries, ids=IDS, num_classes=4):
    """Write the entries (image's place in the batch, class)."""
    modified = torch.zeros(len(ids), num_classes, dtype=torch.bool)
    for entry in entries:
        modified[entry] = True
    memory.epoch = memory.epoch or 1
    memory.write(ids, modified, torch.zeros(modified.shape))


def unlabelled(num_images=3, num_classes=4):
    shape = num_images, num_classes
    return torch.zeros(shape), torch.zeros(shape, dtype=torch.bool)


def filled_memory(num_steps=40):
    """Write random steps; return the memory and what a dict remembers."""
    rng, memory, known = random.Random(0), LabelMemory(), {}
    for memory.epoch in range(1, num_steps + 1):
        ids = rng.choices([f'voc/{i}' for i in range(30)], k=8)
        entries = {(rng.randrange(8), rng.randrange(9)) for _ in range(12)}
        write(memory, *entries, ids=ids, num_classes=9)
        for n, label in sorted(entries):
            known.setdefault((ids[n], label), memory.epoch)
    return memory, known


def through_checkpoint(state):
    buffer = io.BytesIO()
    torch.save(state, buffer)
    buffer.seek(0)
    return torch.load(buffer, weights_only=True)


def test_the_base_leaves_the_labels_as_they_are():
    store = LabelStore()
    write(store, (0, 1))
    target, observed = unlabelled()
    assert store.read(IDS, target, observed) == (target, observed)
    assert not target.any() and not observed.any()
    assert store.state_dict() == {} and not store.stateful


def test_an_empty_memory_leaves_the_labels_as_they_are():
    target, observed = unlabelled()
    read = LabelMemory().read(IDS, target, observed)
    assert read[0] is target and read[1] is observed


def test_corrected_labels_come_back_as_observed_positives():
    memory = LabelMemory()
    write(memory, (0, 1), (0, 3), (2, 0))
    target, observed = memory.read(('c', 'new', 'a'), *unlabelled())
    assert target.tolist() == [[1, 0, 0, 0], [0] * 4, [0, 1, 0, 1]]
    assert torch.equal(observed, target.bool())


def test_annotated_labels_are_kept_beside_the_corrected():
    memory = LabelMemory()
    write(memory, (0, 1))
    target = torch.tensor([[1.0, 0, 0, 0]])
    observed = torch.tensor([[True, False, True, False]])
    target, observed = memory.read(('a',), target, observed)
    assert target.tolist() == [[1, 1, 0, 0]]
    assert observed.tolist() == [[True, True, True, False]]


def test_read_does_not_change_its_arguments():
    memory = LabelMemory()
    write(memory, (1, 2))
    target, observed = unlabelled()
    memory.read(IDS, target, observed)
    assert not target.any() and not observed.any()


def test_a_memory_equals_a_dict_of_corrections():
    memory, known = filled_memory()
    columns = memory.columns()
    ids = [memory.sample_ids[row] for row in columns['row']]
    found = zip(zip(ids, columns['class'].tolist()), columns['epoch'].tolist())
    assert dict(found) == known
    assert len(memory) == len(known)
    assert len(set(memory.sample_ids)) == len(memory.sample_ids)


def test_the_classes_of_an_image_are_listed_latest_first():
    memory = LabelMemory()
    write(memory, (0, 2), (1, 0))
    write(memory, (0, 3))
    write(memory, (0, 1))
    assert memory.classes_of('a') == [1, 3, 2]
    assert memory.classes_of('unknown') == []


def test_an_image_repeated_in_one_batch_is_recorded_once():
    memory = LabelMemory()
    write(memory, (0, 1), (1, 1), (1, 2), ids=('a', 'a'))
    assert memory.columns()['class'].tolist() == [1, 2]
    assert memory.sample_ids == ['a']
    target, _ = memory.read(('a', 'a'), *unlabelled(2))
    assert target.tolist() == [[0, 1, 1, 0]] * 2


def test_a_correction_keeps_its_first_epoch():
    memory = LabelMemory()
    for memory.epoch in (2, 3):
        write(memory, (0, 1))
    assert memory.columns()['epoch'].tolist() == [2]


def test_the_recorded_loss_is_that_of_a_negative():
    memory = LabelMemory()
    memory.epoch = 1
    logits = torch.tensor([[-3.0, 0.0, 2.5, 1e4]])
    memory.write(('a',), torch.ones(1, 4, dtype=torch.bool), logits)
    expected = [math.log1p(math.exp(z)) for z in (-3.0, 0.0, 2.5)] + [1e4]
    np.testing.assert_allclose(memory.columns()['loss'], expected, rtol=1e-6)


def test_a_step_without_modified_entries_records_nothing():
    memory = LabelMemory()
    write(memory)
    assert len(memory) == 0 and memory.sample_ids == []


def test_a_correction_takes_at_most_16_bytes():
    memory = LabelMemory()
    memory.epoch = 1
    everything = torch.ones(300, 20, dtype=torch.bool)
    ids = [f'voc/{n}' for n in range(300)]
    memory.write(ids, everything, torch.zeros(300, 20))
    state = memory.state_dict()
    saved = sum(v.nbytes for v in state.values() if torch.is_tensor(v))
    assert len(memory) == 6000
    assert 0 < memory.nbytes <= 16 * 6000
    assert 0 < saved <= 16 * 6000


def test_the_largest_class_of_two_bytes_is_kept():
    memory = LabelMemory()
    write(memory, (0, 65535), ids=('a',), num_classes=65536)
    assert memory.classes_of('a') == [65535]


def test_the_state_is_the_same_after_a_checkpoint():
    memory, _ = filled_memory()
    resumed = LabelMemory()
    resumed.load_state_dict(through_checkpoint(memory.state_dict()))
    assert resumed.sample_ids == memory.sample_ids
    for name, column in memory.columns().items():
        np.testing.assert_array_equal(resumed.columns()[name], column)
    for sample_id in memory.sample_ids:
        assert resumed.classes_of(sample_id) == memory.classes_of(sample_id)


def test_a_resumed_memory_goes_on_as_the_one_that_never_stopped():
    memory, _ = filled_memory()
    resumed = LabelMemory()
    resumed.load_state_dict(through_checkpoint(memory.state_dict()))
    for store in (memory, resumed):
        write(store, (0, 0), (1, 8), ids=('voc/1', 'new'), num_classes=9)
    assert resumed.classes_of('new') == [8]
    assert resumed.classes_of('voc/1') == memory.classes_of('voc/1')
    assert len(resumed) == len(memory)


def test_an_empty_memory_survives_a_checkpoint():
    memory = LabelMemory()
    memory.load_state_dict(through_checkpoint(LabelMemory().state_dict()))
    assert len(memory) == 0


def test_a_loaded_state_replaces_the_corrections():
    old, new = LabelMemory(), LabelMemory()
    write(old, (0, 0), (1, 1))
    write(new, (2, 3))
    old.load_state_dict(new.state_dict())
    assert old.sample_ids == ['c'] and old.classes_of('a') == []


def test_a_saved_state_does_not_change_with_the_memory():
    memory = LabelMemory()
    write(memory, (0, 1))
    state = memory.state_dict()
    write(memory, (1, 2))
    assert state['sample_ids'] == ['a'] and state['class'].tolist() == [1]


def test_a_state_of_something_else_is_refused():
    with pytest.raises(ValueError, match=r"lacks \['class', 'epoch', 'loss"):
        LabelMemory().load_state_dict({'row': torch.zeros(0)})


def test_writing_without_an_epoch_is_refused():
    modified = torch.ones(1, 2, dtype=torch.bool)
    with pytest.raises(RuntimeError, match=r'mmwsml\.LabelStoreHook'):
        LabelMemory().write(['a'], modified, torch.zeros(1, 2))
