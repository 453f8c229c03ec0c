from fractions import Fraction

import numpy as np
import pytest
import torch
from mmpretrain.structures import DataSample
from torch import nn

from mmwsml.models import PartialLabelHead
from mmwsml.models.losses import AssumeNegative, LargeLossCorrection
from mmwsml.registry import MODELS
from mmwsml.structures import LabelMemory, LabelStore, hash64


def sample(positives=(), negatives=(), sample_id='set/1.jpg'):
    result = DataSample(metainfo=dict(sample_id=sample_id))
    result.set_gt_label(list(positives))
    if negatives is not None:
        result.neg_label = torch.tensor(negatives, dtype=torch.long)
    return result


def correcting_head(rate, **kwargs):
    """Build a head over 3 classes whose logits are its features."""
    loss = LargeLossCorrection('all')
    loss.rate = rate
    head = PartialLabelHead(3, 3, loss=loss, **kwargs)
    head.label_store.epoch = 1
    nn.init.eye_(head.fc.weight)
    nn.init.zeros_(head.fc.bias)
    return head


def targets_of(head):
    """Record what the head hands to its loss."""
    seen = []
    head.loss_module.register_forward_pre_hook(
        lambda _, args: seen.append((args[1].tolist(), args[2].tolist()))
    )
    return seen


def test_the_loss_sees_which_labels_are_observed():
    head = PartialLabelHead(3, 2)
    seen = targets_of(head)
    head.loss((torch.zeros(2, 2),), [sample([1], [0]), sample([], [])])
    target, observed = seen[0]
    assert target == [[0, 1, 0], [0, 0, 0]]
    assert observed == [[True, True, False], [False] * 3]


def test_complete_labels_are_all_observed():
    head = PartialLabelHead(3, 2, dict(type='mmwsml.FullLabel'), 'complete')
    seen = targets_of(head)
    head.loss((torch.zeros(1, 2),), [sample([1], None)])
    assert seen == [([[0, 1, 0]], [[True] * 3])]


def test_the_loss_is_that_of_the_logits_of_the_last_feature(random_batch):
    feature, target, observed = random_batch(0, 4, 3)
    head = correcting_head(Fraction(1, 4))
    negative = observed & ~target.bool()
    samples = [
        sample(np.flatnonzero(positives), np.flatnonzero(negatives), str(n))
        for n, (positives, negatives) in enumerate(zip(target, negative))
    ]
    losses = head.loss((torch.zeros(4, 9), feature), samples)
    expected = head.loss_module(feature, target, observed)
    assert list(losses) == ['loss']
    torch.testing.assert_close(losses['loss'], expected)


def test_the_loss_learns_the_keys_of_the_images():
    head = PartialLabelHead(3, 2)
    samples = [sample(sample_id='set/b'), sample(sample_id='set/a')]
    head.loss((torch.zeros(2, 2),), samples)
    keys = head.loss_module.sample_keys
    assert keys.tolist() == [hash64('set/b'), hash64('set/a')]


def test_ties_are_broken_alike_in_every_order_of_the_batch():
    head = correcting_head(Fraction(1, 12), label_store=LabelMemory())
    again = correcting_head(Fraction(1, 12), label_store=LabelMemory())
    samples = [sample(sample_id=f'set/{n}') for n in range(4)]
    head.loss((torch.zeros(4, 3),), samples)
    again.loss((torch.zeros(4, 3),), samples[::-1])
    first = min(range(4), key=lambda n: hash64(f'set/{n}'))
    assert head.label_store.sample_ids == [f'set/{first}']
    assert again.label_store.sample_ids == [f'set/{first}']


@pytest.mark.parametrize(
    'store', [dict(type='mmwsml.LabelMemory'), LabelMemory()]
)
def test_an_empty_label_memory_is_the_store_of_the_head(store):
    loss = LargeLossCorrection()
    head = PartialLabelHead(3, 2, loss=loss, label_store=store)
    assert isinstance(head.label_store, LabelMemory)


def test_a_store_is_refused_where_the_loss_modifies_nothing():
    message = 'AssumeNegative modifies no labels, .* nothing to keep in Label'
    with pytest.raises(ValueError, match=message):
        PartialLabelHead(3, 2, label_store=LabelMemory())


def test_a_loss_in_evaluation_writes_no_label():
    head = correcting_head(Fraction(1, 3), label_store=LabelMemory()).eval()
    head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0])])
    assert len(head.label_store) == 0


def test_without_a_store_nothing_is_remembered():
    head = correcting_head(Fraction(1, 3))
    assert type(head.label_store) is LabelStore
    seen = targets_of(head)
    for _ in range(2):
        head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0])])
    assert seen[0] == seen[1] == ([[1, 0, 0]], [[True, False, False]])


def test_a_corrected_label_stays_positive_with_a_memory():
    head = correcting_head(Fraction(1, 3), label_store=LabelMemory())
    seen = targets_of(head)
    for _ in range(3):
        head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0])])
    assert [target for target, _ in seen] == [
        [[1, 0, 0]],
        [[1, 0, 1]],
        [[1, 1, 1]],
    ]
    assert all(o == [[bool(y) for y in t[0]]] for t, o in seen)


def test_an_observed_negative_is_never_corrected():
    head = correcting_head(Fraction(1), label_store=LabelMemory())
    head.loss((torch.tensor([[0.0, 1, 2]]),), [sample([0], [2])])
    assert head.label_store.classes_of('set/1.jpg') == [1]


def test_prediction_is_the_sigmoid_and_writes_no_label():
    head = correcting_head(Fraction(1), label_store=LabelMemory())
    (found,) = head.predict((torch.tensor([[-20.0, 0.0, 20.0]]),), [sample()])
    torch.testing.assert_close(found.pred_score, torch.tensor([0, 0.5, 1]))
    assert found.pred_label.tolist() == [1, 2]
    assert len(head.label_store) == 0


def test_the_default_loss_assumes_negatives():
    head = MODELS.build(
        dict(type='mmwsml.PartialLabelHead', num_classes=3, in_channels=2)
    )
    assert isinstance(head.loss_module, AssumeNegative)
    assert head.labels == 'partial'


@pytest.mark.parametrize('labels', ['full', '', None])
def test_an_unknown_kind_of_labels_is_refused(labels):
    with pytest.raises(ValueError, match="must be 'partial' or 'complete'"):
        PartialLabelHead(3, 2, labels=labels)


@pytest.mark.parametrize(
    ('loss', 'labels'),
    [('AssumeNegative', 'complete'), ('FullLabel', 'partial')],
)
def test_labels_that_the_loss_cannot_use_are_refused(loss, labels):
    with pytest.raises(ValueError, match=f'{loss} accepts .*={labels!r}'):
        PartialLabelHead(3, 2, dict(type=f'mmwsml.{loss}'), labels)


def test_a_loss_of_mmpretrain_is_refused():
    loss = dict(type='mmpretrain.CrossEntropyLoss', use_sigmoid=True)
    with pytest.raises(TypeError, match='but got CrossEntropyLoss'):
        PartialLabelHead(3, 2, loss=loss)


def test_labels_that_claim_to_be_complete_are_refused():
    samples = [sample([0]), sample([0], None, 'set/2.jpg')]
    with pytest.raises(ValueError, match=r'set/2\.jpg claim to be complete'):
        PartialLabelHead(3, 2).loss((torch.zeros(2, 2),), samples)


def test_partial_labels_are_refused_where_complete_ones_are_due():
    head = PartialLabelHead(3, 2, dict(type='mmwsml.FullLabel'), 'complete')
    with pytest.raises(ValueError, match=r'labels of set/1\.jpg are partial'):
        head.loss((torch.zeros(1, 2),), [sample([0], [])])


def test_dense_scores_are_refused():
    mixed = sample([0]).set_gt_score([0.4, 0.6, 0.0])
    with pytest.raises(ValueError, match=r'set/1\.jpg carries dense scores'):
        PartialLabelHead(3, 2).loss((torch.zeros(1, 2),), [mixed])


def test_a_sample_without_positives_listed_is_refused():
    bare = DataSample(metainfo=dict(sample_id='set/1.jpg'))
    with pytest.raises(ValueError, match=r'set/1\.jpg has no `gt_label`'):
        PartialLabelHead(3, 2).loss((torch.zeros(1, 2),), [bare])


def test_a_sample_without_an_id_is_refused_by_its_path():
    nameless = DataSample(metainfo=dict(img_path='1.jpg')).set_gt_label([0])
    with pytest.raises(ValueError, match=r'1\.jpg has no `sample_id`'):
        PartialLabelHead(3, 2).loss((torch.zeros(1, 2),), [nameless])
