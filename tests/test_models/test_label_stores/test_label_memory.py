import io
import math
import random

import numpy as np
import pytest
import torch

from mmwsml.models.label_stores import LabelMemory, label_memory
from mmwsml.structures import GlobalBatch, KnownLabels, hash64

IDS = ('a', 'b', 'c')
IMAGES = [f'voc/{n}' for n in range(30)]
NUM_CLASSES = 9


def started(images=IDS):
    memory = LabelMemory()
    memory.start(KnownLabels(np.array([hash64(image) for image in images])))
    return memory


def write(memory, *entries, ids=IDS, num_classes=4, epoch=1):
    """Write the entries (image's place in the batch, class)."""
    modified = torch.zeros(len(ids), num_classes, dtype=torch.bool)
    for entry in entries:
        modified[entry] = True
    logits = torch.zeros(modified.shape)
    memory.write(GlobalBatch(ids), modified, logits, epoch)
    memory.flush()


def labels_of(memory, ids, num_classes=4):
    """Read images without annotations; list the classes of each."""
    shape = len(ids), num_classes
    nothing = torch.zeros(shape), torch.zeros(shape, dtype=torch.bool)
    target, observed = memory.read(GlobalBatch(ids), *nothing)
    assert torch.equal(observed, target.bool())
    return [row.nonzero().flatten().tolist() for row in target]


def corrections_of(memory):
    """List (key, class, epoch, loss) in the order of the memory."""
    names = ('key', 'class', 'epoch', 'loss')
    columns = [memory.columns()[name].tolist() for name in names]
    return list(zip(*columns))


def random_step(rng, known, num_images=8):
    """Draw images, some repeated, and what a loss modifies in them.

    As in training, what is known already is not modified again.
    """
    ids = rng.choices(IMAGES, k=num_images)
    modified = torch.zeros(num_images, NUM_CLASSES, dtype=torch.bool)
    for _ in range(rng.randrange(4)):
        n, label = rng.randrange(num_images), rng.randrange(NUM_CLASSES)
        modified[n, label] = (hash64(ids[n]), label) not in known
    logits = [[rng.gauss(0, 4) for _ in row] for row in modified]
    return ids, modified, torch.tensor(logits)


def remember(known, ids, modified, logits, epoch):
    """Do what a memory does, in a dict from (key, class) to epoch and loss."""
    found = {}
    for n, label in modified.nonzero().tolist():
        loss = math.log1p(math.exp(logits[n, label]))
        found.setdefault((hash64(ids[n]), label), (epoch, loss))
    known.update(sorted(found.items()))


def filled_memory(num_steps=100):
    rng, memory, known = random.Random(0), started(IMAGES), {}
    for epoch in range(1, num_steps + 1):
        ids, modified, logits = random_step(rng, known)
        memory.write(GlobalBatch(ids), modified, logits, epoch)
        remember(known, ids, modified, logits, epoch)
    memory.flush()
    return memory, known


def through_checkpoint(state):
    buffer = io.BytesIO()
    torch.save(state, buffer)
    buffer.seek(0)
    return torch.load(buffer, weights_only=True)


@pytest.mark.parametrize('seed', range(3))
def test_a_memory_equals_a_dict_at_every_step(seed):
    rng, memory, known = random.Random(seed), started(IMAGES), {}
    for epoch in range(1, 201):
        ids, modified, logits = random_step(rng, known)
        memory.write(GlobalBatch(ids), modified, logits, epoch)
        remember(known, ids, modified, logits, epoch)
        expected = [
            [i for i in range(NUM_CLASSES) if (hash64(image), i) in known]
            for image in ids
        ]
        assert labels_of(memory, ids, NUM_CLASSES) == expected
    found = corrections_of(memory)
    assert [row[:3] for row in found] == [
        (*entry, epoch) for entry, (epoch, _) in known.items()
    ]
    losses = [loss for _, loss in known.values()]
    assert [row[3] for row in found] == pytest.approx(losses, rel=1e-6)
    assert len(memory) == len(known) > 100


@pytest.mark.parametrize('num_ranks', [1, 2, 4])
def test_a_memory_is_the_same_on_all_ranks(num_ranks, on_ranks):
    rng, known, steps = random.Random(1), {}, []
    for epoch in range(1, 101):
        steps.append((*random_step(rng, known), epoch))
        remember(known, *steps[-1])
    sizes = {1: [8], 2: [5, 3], 4: [1, 4, 0, 3]}[num_ranks]

    def train(rank):
        memory, first = started(IMAGES), sum(sizes[:rank])
        own = slice(first, first + sizes[rank])
        for ids, modified, logits, epoch in steps:
            batch = GlobalBatch(ids[own], sizes, rank)
            memory.write(batch, modified[own], logits[own], epoch)
            if epoch % 3 == 0:
                memory.flush()
        memory.flush()
        return corrections_of(memory)

    one = corrections_of(filled_by(steps))
    assert on_ranks(num_ranks, train) == [one] * num_ranks


def filled_by(steps):
    memory = started(IMAGES)
    for ids, modified, logits, epoch in steps:
        memory.write(GlobalBatch(ids), modified, logits, epoch)
    memory.flush()
    return memory


def test_an_empty_memory_leaves_the_labels_as_they_are():
    target, observed = torch.zeros(3, 4), torch.zeros(3, 4).bool()
    read = started().read(GlobalBatch(IDS), target, observed)
    assert read[0] is target and read[1] is observed


def test_corrected_labels_come_back_as_observed_positives():
    memory = started()
    write(memory, (0, 1), (0, 3), (2, 0))
    assert labels_of(memory, ('c', 'b', 'a')) == [[0], [], [1, 3]]


def test_annotated_labels_are_kept_beside_the_corrected():
    memory = started()
    write(memory, (0, 1))
    target = torch.tensor([[1.0, 0, 0, 0]])
    observed = torch.tensor([[True, False, True, False]])
    target, observed = memory.read(GlobalBatch(['a']), target, observed)
    assert target.tolist() == [[1, 1, 0, 0]]
    assert observed.tolist() == [[True, True, True, False]]


def test_read_does_not_change_its_arguments():
    memory = started()
    write(memory, (1, 2))
    target, observed = torch.zeros(3, 4), torch.zeros(3, 4).bool()
    memory.read(GlobalBatch(IDS), target, observed)
    assert not target.any() and not observed.any()


def test_what_was_written_is_there_after_a_flush():
    memory, everything = started(), torch.ones(3, 4).bool()
    memory.write(GlobalBatch(IDS), everything, torch.zeros(3, 4), epoch=1)
    assert len(memory) == 0
    memory.flush()
    assert len(memory) == 12
    memory.flush()
    assert len(memory) == 12


def test_reading_and_saving_flush_first():
    for look in (lambda m: labels_of(m, IDS), LabelMemory.snapshot):
        memory, everything = started(), torch.ones(3, 4).bool()
        memory.write(GlobalBatch(IDS), everything, torch.zeros(3, 4), epoch=1)
        look(memory)
        assert len(memory) == 12


def test_many_corrections_of_an_image_in_one_step_are_all_kept():
    memory = started()
    write(memory, (0, 3))
    write(memory, (0, 0), (0, 1), (1, 2), (0, 2), (1, 0))
    write(memory, (1, 3))
    assert labels_of(memory, IDS) == [[0, 1, 2, 3], [0, 2, 3], []]


def test_the_corrections_of_a_step_are_in_the_order_of_keys_and_classes():
    memory = started()
    write(memory, (2, 0), (0, 3), (1, 1), (0, 2), (2, 1))
    entries = [row[:2] for row in corrections_of(memory)]
    assert entries == sorted(entries) and len(entries) == 5


def test_an_image_repeated_in_one_batch_is_recorded_once():
    memory = started()
    write(memory, (0, 1), (1, 1), (1, 2), ids=('a', 'a'))
    assert memory.columns()['class'].tolist() == [1, 2]
    assert labels_of(memory, ('a', 'a')) == [[1, 2]] * 2


def test_the_recorded_loss_is_that_of_a_negative():
    memory = started()
    logits = torch.tensor([[-3.0, 0.0, 2.5, 1e4]])
    memory.write(GlobalBatch(['a']), torch.ones(1, 4).bool(), logits, epoch=1)
    memory.flush()
    expected = [math.log1p(math.exp(z)) for z in (-3.0, 0.0, 2.5)] + [1e4]
    np.testing.assert_allclose(memory.columns()['loss'], expected, rtol=1e-6)


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
def test_half_logits_are_recorded_in_float32(dtype):
    memory, logits = started(), torch.full((1, 4), 2.5, dtype=dtype)
    memory.write(GlobalBatch(['a']), torch.ones(1, 4).bool(), logits, epoch=1)
    memory.flush()
    loss = memory.columns()['loss']
    np.testing.assert_allclose(loss, math.log1p(math.exp(2.5)), rtol=1e-6)


def test_a_step_without_modified_entries_records_nothing():
    memory = started()
    write(memory)
    assert len(memory) == 0 and labels_of(memory, IDS) == [[], [], []]


def test_an_image_named_twice_is_one_image():
    memory = started(('a', 'b', 'a'))
    write(memory, (1, 2), ids=('b', 'a'))
    assert labels_of(memory, ('a', 'b')) == [[2], []]
    assert len(memory.keys) == 2


def test_starting_forgets_the_corrections():
    memory = started()
    write(memory, (0, 1))
    memory.write(
        GlobalBatch(IDS), torch.ones(3, 4).bool(), torch.zeros(3, 4), epoch=1
    )
    memory.start(KnownLabels(memory.keys))
    assert labels_of(memory, IDS) == [[], [], []]


def test_a_correction_takes_at_most_16_bytes():
    images = [f'voc/{n}' for n in range(300)]
    memory, shape = started(images), (300, 20)
    batch = GlobalBatch(images)
    memory.write(batch, torch.ones(shape).bool(), torch.zeros(shape), epoch=1)
    state = memory.snapshot()
    assert len(memory) == 6000
    assert memory.nbytes == 16 * 6000
    assert sum(v.nbytes for v in state.values()) == 12 * 6000 + 8 * 300


def test_a_memory_that_outgrows_its_room_keeps_everything():
    images = [f'voc/{n}' for n in range(500)]
    memory, sizes = started(images), []
    for label in range(20):
        entries = [(n, label) for n in range(500)]
        write(memory, *entries, ids=images, num_classes=20)
        sizes.append(len(memory))
    assert sizes == list(range(500, 10_001, 500))
    assert labels_of(memory, images, 20) == [list(range(20))] * 500


def test_the_largest_class_and_epoch_of_two_bytes_survive():
    memory = started()
    for ids in (('a',), ('b',)):
        write(memory, (0, 65535), ids=ids, num_classes=65536, epoch=65535)
        resumed = started()
        resumed.restore(through_checkpoint(memory.snapshot()))
        memory = resumed
    assert labels_of(memory, IDS, 65536) == [[65535], [65535], []]
    assert memory.columns()['epoch'].tolist() == [65535] * 2


def test_more_classes_than_two_bytes_count_are_refused():
    batch, modified = GlobalBatch(['a']), torch.zeros(1, 65537)
    with pytest.raises(
        ValueError, match='65535 epochs, but got 65537 classes'
    ):
        started().write(batch, modified.bool(), modified, epoch=1)


@pytest.mark.parametrize('images', [(), ('a', 'c')])
def test_an_image_that_is_not_of_the_training_set_is_refused(images):
    memory = started(images)
    message = rf'The image b is not one of the {len(images)} that.*StoreHook'
    with pytest.raises(ValueError, match=message):
        write(memory, ids=images[:1] + ('b',))
    with pytest.raises(ValueError, match=message):
        labels_of(memory, images[:1] + ('b',))


@pytest.mark.parametrize('chunk', [1, 7, 2**22])
def test_the_state_is_the_same_after_a_checkpoint(chunk, monkeypatch):
    monkeypatch.setattr(label_memory, 'CHUNK', chunk)
    memory, known = filled_memory()
    resumed = started(IMAGES)
    resumed.restore(through_checkpoint(memory.snapshot()))
    assert corrections_of(resumed) == corrections_of(memory)
    expected = labels_of(memory, IMAGES, NUM_CLASSES)
    assert labels_of(resumed, IMAGES, NUM_CLASSES) == expected
    assert len(resumed) == len(known) > chunk or chunk == 2**22


@pytest.mark.parametrize(
    'images',
    [IMAGES[::-1], ['x', *IMAGES, 'y'], [f'z/{n}' for n in range(99)]],
)
def test_the_state_fits_a_larger_training_set_in_another_order(images):
    images = list(dict.fromkeys([*images, *IMAGES]))
    memory, _ = filled_memory()
    resumed = started(images)
    resumed.restore(memory.snapshot())
    assert corrections_of(resumed) == corrections_of(memory)
    expected = labels_of(memory, IMAGES, NUM_CLASSES)
    assert labels_of(resumed, IMAGES, NUM_CLASSES) == expected


def test_images_without_corrections_may_leave_the_training_set():
    memory, resumed = started(), started(('c', 'a'))
    write(memory, (0, 1), (2, 3))
    resumed.restore(memory.snapshot())
    assert labels_of(resumed, ('a', 'c')) == [[1], [3]]


def test_a_state_of_other_images_is_refused():
    memory, other = started(), started(('a', 'd'))
    write(memory, (0, 1), (1, 1), (2, 3))
    first = min(hash64('b'), hash64('c'))
    message = rf'corrections of 2 images .* the first of hash {first}: resume'
    with pytest.raises(ValueError, match=message):
        other.restore(memory.snapshot())
    assert len(other) == 0


def test_a_resumed_memory_goes_on_as_the_one_that_never_stopped():
    memory, _ = filled_memory()
    resumed = started(IMAGES)
    resumed.restore(through_checkpoint(memory.snapshot()))
    for store in (memory, resumed):
        write(store, (0, 0), (1, 8), ids=IMAGES[:2], num_classes=NUM_CLASSES)
    assert corrections_of(resumed) == corrections_of(memory)
    assert resumed.snapshot().keys() == memory.snapshot().keys()


def test_an_empty_memory_survives_a_checkpoint():
    memory = started()
    memory.restore(through_checkpoint(LabelMemory().snapshot()))
    assert len(memory) == 0 and labels_of(memory, IDS) == [[], [], []]


def test_a_loaded_state_replaces_the_corrections():
    old, new = started(), started()
    write(old, (0, 0), (1, 1))
    write(new, (2, 3))
    old.restore(new.snapshot())
    assert labels_of(old, IDS) == [[], [], [3]]


@pytest.mark.parametrize('num_corrections', [1, 2, 5])
def test_a_saved_state_has_nothing_in_common_with_the_memory(num_corrections):
    memory = started()
    write(memory, *[divmod(n, 4) for n in range(num_corrections)])
    states = memory.snapshot(), memory.snapshot()
    for name, column in states[0].items():
        assert column.data_ptr() != states[1][name].data_ptr(), name


def test_the_columns_do_not_change_with_the_memory():
    memory = started()
    write(memory, (0, 1))
    columns = memory.columns()
    for values in columns.values():
        values[:] = 0
    assert labels_of(memory, IDS) == [[1], [], []]


def test_a_state_of_something_else_is_refused():
    message = r"lacks \['class', 'epoch', 'key', 'loss'\]"
    with pytest.raises(ValueError, match=message):
        LabelMemory().restore({'row': torch.zeros(0)})


def test_a_checkpoint_between_the_ranks_is_refused(on_ranks):
    def save(rank):
        memory, everything = started(), torch.ones(3, 4).bool()
        batch = GlobalBatch(IDS, [3, 3], rank)
        memory.write(batch, everything, torch.zeros(3, 4), epoch=1)
        with pytest.raises(RuntimeError, match=r'call .* `finish_step\(\)`'):
            memory.snapshot()
        memory.flush()
        return len(memory.snapshot()['row'])

    assert on_ranks(2, save) == [12, 12]


def test_more_epochs_than_two_bytes_count_are_refused():
    memory = LabelMemory()
    batch, nothing = GlobalBatch([]), torch.zeros(0, 3)
    with pytest.raises(ValueError, match='got 3 classes in epoch 65536: spl'):
        memory.write(batch, nothing.bool(), nothing, 65536)


def test_a_memory_that_was_not_started_knows_no_image():
    memory = LabelMemory()
    assert len(memory.keys) == len(memory) == 0


def test_large_classes_are_not_those_of_the_next_image():
    ids = sorted(('a', 'b'), key=hash64)
    memory = started(ids)
    entries = [(0, 2**15), (0, 65535), (1, 0), (1, 2**15 - 1)]
    write(memory, *entries, ids=ids, num_classes=65536)
    found = memory.columns()['class'].tolist()
    assert found == [label for _, label in entries]


def test_counts_the_corrections_of_earlier_epochs():
    memory = started()
    memory.prepare(4)
    write(memory, (0, 1), (2, 1), epoch=1)
    modified = torch.tensor([[False, False, False, True]])
    memory.write(GlobalBatch(['b']), modified, torch.zeros(1, 4), 2)
    counts = [memory.count_corrected(t).tolist() for t in (3, 2, 1)]
    assert counts == [[0, 2, 0, 1], [0, 2, 0, 0], [0] * 4]
