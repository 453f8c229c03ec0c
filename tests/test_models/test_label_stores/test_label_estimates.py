import math

import numpy as np
import pytest
import torch

from mmwsml.models.label_stores import LabelEstimates
from mmwsml.structures import GlobalBatch, KnownLabels

ENTRIES = [
    ('set/a', [0], []),
    ('set/b', [], [2]),
    ('set/c', [1], [0, 2]),
    ('set/d', [], []),
]
IDS = [entry[0] for entry in ENTRIES]


def started(entries=ENTRIES, num_classes=3, **kwargs):
    store = LabelEstimates(len(entries), **kwargs)
    store.prepare(num_classes)
    store.start(KnownLabels.collect(entries))
    return store


def scores_of(store, ids=IDS):
    return torch.sigmoid(store.estimate(GlobalBatch(ids))).detach()


def test_observed_labels_begin_near_certainty_and_others_near_a_half():
    store = started()
    scores = scores_of(store)
    for row, (_, positives, negatives) in zip(scores, ENTRIES):
        for label, score in enumerate(row.tolist()):
            if label in positives:
                assert score == pytest.approx(0.995)
            elif label in negatives:
                assert score == pytest.approx(0.005)
            else:
                assert 0.4 < score < 0.6


def test_unobserved_labels_begin_uniformly_in_the_logit():
    store = started([(f'set/{n}', [], []) for n in range(5000)])
    logits = store.logits.detach().flatten().numpy() / np.log(1.5)
    counts = np.histogram(logits, bins=10, range=(-1, 1))[0]
    assert counts.sum() == 15000
    assert abs(counts - 1500).max() < 200  # more than five deviations


def test_the_draw_depends_on_seed_and_images_alone():
    state = torch.random.get_rng_state()
    first = scores_of(started())
    torch.manual_seed(5)
    assert torch.equal(first, scores_of(started(ENTRIES[::-1])))
    assert torch.equal(first, scores_of(started(seed=0)))
    assert not torch.equal(first, scores_of(started(seed=1)))
    torch.random.set_rng_state(state)
    started()
    assert torch.equal(state, torch.random.get_rng_state())


def test_all_images_are_drawn_also_where_they_are_many():
    store = started([(f'set/{n}', [n % 3], []) for n in range(5000)])
    row = scores_of(store, ['set/4999'])[0]
    assert row[1] == pytest.approx(0.995) and (store.logits != 0).all()


def test_the_gradient_reaches_the_rows_of_the_batch():
    store = started()
    ids = ['set/c', 'set/a', 'set/c']  # a sampler may repeat an image
    rows = store.estimate(GlobalBatch(ids))
    torch.testing.assert_close(rows[0], rows[2])
    rows.sum().backward()
    order = store.rows.keys.argsort()
    assert order.tolist() == [0, 1, 2, 3]
    expected = torch.tensor([[ids.count(image)] * 3 for image in IDS]).float()
    index = store.rows.of(GlobalBatch(IDS))
    assert torch.equal(store.logits.grad[index], expected)


def test_an_optimizer_keeps_the_parameter():
    store = LabelEstimates(4)
    store.prepare(3)
    optimizer = torch.optim.SGD(store.parameters(), lr=1)
    store.start(KnownLabels.collect(ENTRIES))
    before = scores_of(store)
    store.estimate(GlobalBatch(IDS)).sum().backward()
    optimizer.step()
    assert (scores_of(store) < before).all()
    store.restore(started().snapshot())
    assert optimizer.param_groups[0]['params'][0] is store.logits
    assert torch.equal(scores_of(store), before)


def test_a_restored_store_has_the_estimates_of_the_saved_one():
    store, other = started(), started(seed=1)
    with torch.no_grad():
        store.logits += 1
    state = store.snapshot()
    with torch.no_grad():
        store.logits += 1  # the state is a copy
    other.restore(state)
    torch.testing.assert_close(other.logits + 1, store.logits)


def test_the_weights_of_a_model_are_without_estimates():
    model = torch.nn.ModuleDict(dict(store=started()))
    assert len(list(model.parameters())) == 1 and not model.state_dict()
    assert not any(model.load_state_dict({}))


@pytest.mark.parametrize('num_images', [0, -1])
def test_refuses_to_have_no_images(num_images):
    with pytest.raises(ValueError, match='`num_images` must be at least 1'):
        LabelEstimates(num_images)


def test_refuses_another_number_of_images():
    store = LabelEstimates(5)
    store.prepare(3)
    message = (
        'num_images=5, but the training set has 4 images: set '
        '`model.head.label_store.num_images=4`'
    )
    with pytest.raises(ValueError, match=message):
        store.start(KnownLabels.collect(ENTRIES))


def test_refuses_what_the_machine_cannot_hold():
    store = LabelEstimates(10**12)
    message = (
        'Training LabelEstimates with Adam, 1000000000000 images x 5000 '
        'classes, takes 80000000.0 GB'
    )
    with pytest.raises(ValueError, match=message):
        store.prepare(5000)
    assert not hasattr(store, 'logits')


@pytest.mark.parametrize('processes, copies', [(1, 4), (2, 5)])
def test_refuses_what_the_machine_cannot_train(processes, copies, monkeypatch):
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: False)
    module = 'mmwsml.models.label_stores.label_estimates'
    monkeypatch.setattr(f'{module}.num_processes', lambda: processes)
    memory = 'mmwsml.structures.memory_limit.physical_memory'
    size = copies * 4 * 4 * 3
    monkeypatch.setattr(memory, lambda: size)
    started()
    monkeypatch.setattr(memory, lambda: size - 1)
    with pytest.raises(ValueError, match='needs none: set `model'):
        started()


def test_an_unknown_image_is_refused():
    with pytest.raises(ValueError, match='The image set/x is not one of the'):
        scores_of(started(), ['set/a', 'set/x'])


def test_estimates_of_a_store_that_was_not_started_are_refused():
    store = LabelEstimates(4)
    store.prepare(3)
    with pytest.raises(RuntimeError, match=r'add .*LabelStoreHook'):
        scores_of(store)


def test_takes_a_single_image():
    store = LabelEstimates(1)
    store.prepare(2)
    store.start(KnownLabels.collect([('a', [0], [1])]))
    logits = store.estimate(GlobalBatch(['a']))[0].tolist()
    assert logits == pytest.approx([math.log(199), -math.log(199)], rel=1e-5)
