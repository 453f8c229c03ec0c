import math

import pytest
import torch

from mmwsml.models.losses import GeneralizedRobust
from mmwsml.structures import Step


def gradient(z, epoch, num_epochs):
    """Differentiate by z, with k and V held."""
    p, done = 1 / (1 + math.exp(-z)), epoch / num_epochs
    w = 2 * (epoch - 1) / num_epochs
    k = 1 / (1 + math.exp(2 - w * p))
    mu, sigma = 0.5 + 0.3 * done, 2 - 1.5 * done
    weight = math.exp(-(((p - mu) / sigma) ** 2) / 2)
    return weight * (-k * p**0.01 * (1 - p) + (1 - k) * p * (1 - p))


@pytest.mark.parametrize('epoch', [1, 4, 8])
def test_weight_and_soft_label_have_no_gradient(epoch):
    values = [-5.0, -1.0, 0.0, 2.0, 6.0]
    logits = torch.tensor([values], dtype=torch.float64, requires_grad=True)
    loss = GeneralizedRobust()
    unseen, step = torch.zeros(1, 5), Step(progress=(epoch, 8))
    loss(logits, unseen, unseen.bool(), step).value.backward()
    expected = [gradient(z, epoch, 8) / 5 for z in values]
    assert logits.grad[0].tolist() == pytest.approx(expected)


@pytest.mark.parametrize('ends', [1.0, (1.0,), None])
def test_refuses_what_is_no_first_and_last_value(ends):
    with pytest.raises(ValueError, match='`w` must be a first and a last val'):
        GeneralizedRobust(w=ends)


def test_refuses_a_deviation_of_zero():
    with pytest.raises(ValueError, match='`sigma` must be finite and above 0'):
        GeneralizedRobust(sigma=(1.0, 0.0))
