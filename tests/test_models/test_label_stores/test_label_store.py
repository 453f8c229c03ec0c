import numpy as np
import torch

from mmwsml.models.label_stores import LabelStore
from mmwsml.structures import GlobalBatch, KnownLabels


def test_the_base_leaves_the_labels_as_they_are():
    store, batch = LabelStore(), GlobalBatch(['a', 'b'])
    target, observed = torch.zeros(2, 3), torch.zeros(2, 3).bool()
    store.start(KnownLabels(np.zeros(2, np.int64)))
    store.write(batch, torch.ones(2, 3).bool(), torch.zeros(2, 3), epoch=1)
    store.flush()
    assert store.read(batch, target, observed) == (target, observed)
    assert not target.any() and not observed.any()


def test_the_base_has_no_state():
    store = LabelStore()
    store.restore({})
    assert store.snapshot() == {} and not store.stateful


def test_the_base_has_corrected_nothing_and_asks_for_nothing():
    store = LabelStore()
    store.prepare(3)
    assert store.count_corrected(2).tolist() == [0, 0, 0]
    assert store.wants_logits(epoch=1, num_epochs=2) is False
