"""Observed positives that stand for hidden ones, in the linear layer."""

import itertools
import math

import pytest
import torch
from mmpretrain.structures import DataSample

from mmwsml.models import BoostLUHead, PartialLabelHead

PROPENSITY = torch.tensor([0.3, 0.5, 0.8])
LABELS = torch.tensor([[1, 0, 1], [0, 1, 1]]).bool()


def sample(positives, number):
    result = DataSample(metainfo=dict(sample_id=f'set/{number}.jpg'))
    result.set_gt_label(positives.nonzero()[:, 0])
    result.neg_label = torch.tensor([], dtype=torch.long)
    return result


def loss_of(head, feature, labels):
    samples = [sample(row, n) for n, row in enumerate(labels)]
    return head.loss((feature,), samples)['loss']


def make_head(head_type=PartialLabelHead, **loss):
    torch.manual_seed(0)
    loss.setdefault('type', 'mmwsml.AssumeNegative')
    head = head_type(3, 4, loss=loss)
    torch.nn.init.normal_(head.fc.weight)
    return head


@pytest.fixture
def feature():
    generator = torch.Generator().manual_seed(0)
    return torch.randn(2, 4, generator=generator, requires_grad=True)


def test_equals_targets_above_one_written_as_loops(feature):
    head = make_head()
    head.inverse_propensity = 1 / PROPENSITY
    value, expected = loss_of(head, feature, LABELS).item(), 0.0
    logits = head((feature,)).tolist()
    for n, k in itertools.product(range(2), range(3)):
        p = 1 / (1 + math.exp(-logits[n][k]))
        t = 1 / PROPENSITY[k].item() if LABELS[n, k] else 0
        expected -= (t * math.log(p) + (1 - t) * math.log(1 - p)) / 6
    assert value == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    'options',
    [{}, dict(label_smoothing=0.1), dict(class_weight=[0.5, 1.0, 3.0])],
)
def test_the_mean_over_all_hidings_is_that_of_complete_labels(
    feature, options
):
    head = make_head(**options)
    complete = loss_of(head, feature, LABELS)
    expected = torch.autograd.grad(complete, head.fc.weight)[0]
    head.inverse_propensity = 1 / PROPENSITY
    mean, entries = 0, LABELS.nonzero().tolist()
    for shown in itertools.product([False, True], repeat=len(entries)):
        labels, chance = torch.zeros_like(LABELS), 1
        for (n, k), is_shown in zip(entries, shown):
            labels[n, k] = is_shown
            chance *= PROPENSITY[k] if is_shown else 1 - PROPENSITY[k]
        mean += chance * loss_of(head, feature, labels)
    torch.testing.assert_close(mean, complete)
    grad = torch.autograd.grad(mean, head.fc.weight)[0]
    torch.testing.assert_close(grad, expected)


@pytest.mark.parametrize('head_type', [PartialLabelHead, BoostLUHead])
def test_what_lies_below_the_linear_layer_is_pulled_as_before(
    feature, head_type
):
    head = make_head(head_type)
    if head_type is BoostLUHead:
        feature = feature[..., None, None].repeat(1, 1, 2, 2).detach()
        feature.requires_grad_()
    wanted = feature, head.fc.weight
    before = torch.autograd.grad(loss_of(head, feature, LABELS), wanted)
    head.inverse_propensity = 1 / PROPENSITY
    after = torch.autograd.grad(loss_of(head, feature, LABELS), wanted)
    torch.testing.assert_close(after[0], before[0])
    assert not torch.allclose(after[1], before[1])


def test_the_weight_of_the_loss_is_that_of_the_pull_too(feature):
    values = []
    for weight in (1, 2.5):
        head = make_head(loss_weight=weight)
        head.inverse_propensity = 1 / PROPENSITY
        values.append(loss_of(head, feature, LABELS))
    torch.testing.assert_close(values[1], 2.5 * values[0])


def test_a_propensity_of_one_changes_nothing(feature):
    head = make_head()
    before = loss_of(head, feature, LABELS)
    head.inverse_propensity = torch.ones(3)
    torch.testing.assert_close(loss_of(head, feature, LABELS), before)


def test_what_a_label_store_adds_stands_for_itself(feature):
    head = make_head()
    head.inverse_propensity = 1 / PROPENSITY
    one = torch.zeros_like(LABELS)
    one[0, 0] = True
    expected = loss_of(head, feature, one)
    logits = head((feature,))

    def add(batch, target, observed):
        return target.masked_fill(LABELS, 1), observed | LABELS

    head.label_store.read = add
    added = (logits * (LABELS & ~one)).mean()  # a target of 1 less one of 0
    value = loss_of(head, feature, one)
    torch.testing.assert_close(value, expected - added)


def test_the_pull_takes_logits_of_any_size(feature):
    head = make_head()
    head.inverse_propensity = 1 / PROPENSITY
    loss = loss_of(head, feature * 1e4, LABELS)
    grad = torch.autograd.grad(loss, head.fc.weight)[0]
    assert loss.isfinite() and grad.isfinite().all()
