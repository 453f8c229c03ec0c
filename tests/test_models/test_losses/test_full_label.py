import pytest
import torch

from mmwsml.models.losses import FullLabel
from mmwsml.registry import MODELS


@pytest.mark.parametrize('seed', range(10))
def test_equals_cross_entropy_written_as_loops(
    seed, random_batch, loss_with_loops
):
    logits, target, observed = random_batch(seed, 4, 7)
    loss = FullLabel()(logits, target, observed).value
    loss.backward()
    value, grad = loss_with_loops(logits, target)
    assert loss.item() == pytest.approx(value, abs=1e-6)
    torch.testing.assert_close(
        logits.grad.double(), grad, rtol=1e-6, atol=1e-8
    )


def test_accepts_complete_labels_only():
    assert FullLabel.accepts == ('complete',)


def test_modifies_nothing(random_batch):
    assert FullLabel()(*random_batch(0)).modified is None


def test_the_registry_builds_it():
    loss = MODELS.build(dict(type='mmwsml.FullLabel'))
    assert isinstance(loss, FullLabel)
