import pytest
import torch

from mmwsml.models.losses import AssumeNegative
from mmwsml.registry import MODELS


@pytest.mark.parametrize('seed', range(10))
def test_equals_cross_entropy_written_as_loops(
    seed, random_batch, loss_with_loops
):
    logits, target, observed = random_batch(seed, 4, 7)
    loss = AssumeNegative()(logits, target, observed).value
    loss.backward()
    value, grad = loss_with_loops(logits, target)
    assert loss.item() == pytest.approx(value, abs=1e-6)
    torch.testing.assert_close(
        logits.grad.double(), grad, rtol=1e-6, atol=1e-8
    )


def test_an_unobserved_label_counts_as_a_negative(random_batch):
    logits, target, observed = random_batch(0)
    assert not observed.all()
    everything = torch.ones_like(observed)
    loss = AssumeNegative()
    known = loss(logits, target, everything).value
    torch.testing.assert_close(loss(logits, target, observed).value, known)


def test_an_image_without_observed_labels_pushes_every_logit_down():
    logits = torch.zeros(1, 3, requires_grad=True)
    AssumeNegative()(
        logits, torch.zeros(1, 3), torch.zeros(1, 3).bool()
    ).value.backward()
    torch.testing.assert_close(logits.grad, torch.full((1, 3), 1 / 6))


def test_accepts_partial_labels_only():
    assert AssumeNegative.accepts == ('partial',)


def test_the_registry_builds_it():
    loss = MODELS.build(dict(type='mmwsml.AssumeNegative'))
    assert isinstance(loss, AssumeNegative)
