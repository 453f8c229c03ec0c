import math

import pytest
import torch

from mmwsml.models.losses import Asymmetric

STEP = 1e-6


def factors(z, positive):
    """Return the focal weight and the loss that it weighs."""
    p = 1 / (1 + math.exp(-z))
    if positive:
        return 1 - p, -math.log(p)
    shifted = max(p - 0.05, 0)
    return shifted**4, -math.log(1 - shifted)


def slope(function, z):
    return (function(z + STEP) - function(z - STEP)) / (2 * STEP)


@pytest.mark.parametrize('logit', [-2.0, 0.3, 3.0])
@pytest.mark.parametrize('positive', [True, False])
@pytest.mark.parametrize('focus_gradient', [True, False])
def test_the_authors_gradient_stops_at_the_focal_weight(
    logit, positive, focus_gradient
):
    loss = Asymmetric(gamma_positive=1, focus_gradient=focus_gradient)
    z = torch.tensor([[logit]], dtype=torch.float64, requires_grad=True)
    target = torch.tensor([[float(positive)]])
    value = loss(z, target, target.bool()).value
    value.backward()
    weight, log_loss = factors(logit, positive)
    expected = weight * slope(lambda z: factors(z, positive)[1], logit)
    if focus_gradient:
        expected += log_loss * slope(lambda z: factors(z, positive)[0], logit)
    assert value.item() == pytest.approx(weight * log_loss)
    assert z.grad.item() == pytest.approx(expected, rel=1e-5)


def test_the_gradient_of_the_value_is_the_default():
    assert Asymmetric().focus_gradient is True


def test_without_focus_a_negative_costs_its_shifted_logarithm():
    loss = Asymmetric(gamma_negative=0, margin=0.5)
    for logit in (-3.0, -0.1, 0.1, 3.0):  # at 0 the score is the margin
        logits = torch.tensor([[logit]], dtype=torch.float64)
        score = max(1 / (1 + math.exp(-logit)) - 0.5, 0)
        value = loss(logits, torch.zeros(1, 1), torch.ones(1, 1).bool()).value
        assert value.item() == pytest.approx(-math.log(1 - score))
