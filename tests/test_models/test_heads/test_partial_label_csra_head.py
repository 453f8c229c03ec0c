import numpy as np
import pytest
import torch
from mmpretrain.models.heads import CSRAClsHead
from mmpretrain.structures import DataSample

from mmwsml.models import PartialLabelCSRAHead
from mmwsml.registry import MODELS
from mmwsml.structures import KnownLabels, hash64

SHAPE = dict(num_classes=4, in_channels=3, num_heads=2, lam=0.1)


def make_head(**options):
    """Build a head by its name, with random weights."""
    torch.manual_seed(0)
    kind = 'mmwsml.PartialLabelCSRAHead'
    head = MODELS.build(dict(type=kind, **SHAPE, **options))
    for weight in head.parameters():
        torch.nn.init.normal_(weight)
    return head


def feature_map():
    generator = torch.Generator().manual_seed(1)
    return torch.randn(2, 3, 5, 4, generator=generator)


def make_samples():
    for number in range(2):
        sample = DataSample(metainfo=dict(sample_id=f'set/{number}'))
        sample.set_gt_label([number])
        sample.neg_label = torch.tensor([2])
        yield sample


@pytest.mark.parametrize('threshold', [dict(), dict(topk=2)])
def test_logits_and_prediction_are_those_of_mmpretrain(threshold):
    head, theirs = make_head(**threshold), CSRAClsHead(**SHAPE, **threshold)
    theirs.load_state_dict(head.state_dict())
    features = torch.zeros(2, 9, 9), feature_map()  # the first is not used
    assert head(features).equal(theirs(features))
    for own, other in zip(head.predict(features), theirs.predict(features)):
        assert own.pred_score.equal(other.pred_score)
        assert own.pred_label.equal(other.pred_label)


def test_the_weights_begin_as_in_mmpretrain():
    torch.manual_seed(3)
    head = PartialLabelCSRAHead(**SHAPE)
    torch.manual_seed(3)
    theirs = CSRAClsHead(**SHAPE)
    assert head.init_cfg == theirs.init_cfg
    for own, other in zip(head.parameters(), theirs.parameters()):
        assert own.equal(other)


def test_under_autocast_the_logits_are_not_rounded():
    head, feature = make_head(), feature_map().bfloat16()
    expected = head((feature.float(),))
    with torch.autocast('cpu', torch.bfloat16):
        logits = head((feature,))
    torch.testing.assert_close(logits, expected, rtol=0, atol=0)


@pytest.mark.parametrize('method', ['Rejection', 'Correction'])
def test_large_losses_are_modified_and_remembered(method):
    store = dict(type='mmwsml.LabelMemory') if method == 'Correction' else None
    loss = dict(type=f'mmwsml.LargeLoss{method}')
    head = make_head(loss=loss, label_store=store)
    samples = list(make_samples())
    ids = [sample.sample_id for sample in samples]
    head.label_store.start(KnownLabels(np.array([hash64(i) for i in ids])))
    head.tell(rate=1, progress=(1, 2))  # all that is unobserved
    features = (feature_map().requires_grad_(),)
    value = head.loss(features, samples)['loss']
    value.backward()
    head.finish_step()
    modified = head.last_step.modified
    unobserved = [[False, True, False, True], [True, False, False, True]]
    assert modified.tolist() == unobserved
    assert features[0].grad.isfinite().all() and features[0].grad.any()
    if store is not None:
        assert len(head.label_store) == 4
