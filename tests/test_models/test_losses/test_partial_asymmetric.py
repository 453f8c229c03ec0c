import math

import pytest
import torch

from mmwsml.models.losses import PartialAsymmetric

LOGITS = torch.tensor([[3.0, 2, 1], [0, 5, -1]])
SEEN = torch.tensor([[True, False, False], [False, False, False]])
TARGET = SEEN.float()


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def test_leaves_the_most_likely_of_the_flattened_batch_out():
    loss = PartialAsymmetric(num_likely=1)
    modified = loss(LOGITS, TARGET, SEEN).modified
    assert modified.tolist() == [[0, 1, 0], [0, 1, 0]]


def test_leaves_unobserved_labels_of_likely_classes_out():
    loss = PartialAsymmetric(num_likely=0, class_prior=[0.6, 0.5, 0])
    modified = loss(LOGITS, TARGET, SEEN).modified
    assert modified.tolist() == [[0, 0, 0], [1, 0, 0]]


def test_the_focal_weight_has_no_gradient():
    logits = torch.tensor([[1.0]], requires_grad=True)
    seen, loss = torch.ones(1, 1).bool(), PartialAsymmetric(margin=0.0)
    loss(logits, torch.zeros(1, 1), seen).value.backward()
    p = torch.sigmoid(logits.detach())
    torch.testing.assert_close(logits.grad, p**2 * p)


@pytest.mark.parametrize('logit', [-2.0, 0.3, 3.0])
@pytest.mark.parametrize('kind', [(1, 1), (0, 1), (0, 0)])
def test_the_gradient_is_that_of_the_logarithm_alone(kind, logit):
    """The focal weights, (1 - p)^1 and (p - 0.05)^2 or ^4, stay constant."""
    (positive, seen), step = kind, 1e-6
    loss = PartialAsymmetric(1.0, 2.0, 4.0, num_likely=0)
    z = torch.tensor([[logit]], dtype=torch.float64, requires_grad=True)
    label = torch.tensor([[positive]])
    value = loss(z, label, torch.tensor([[bool(seen)]])).value
    value.backward()
    p = sigmoid(logit)
    shifted = max(p - 0.05, 0)

    def log_loss(z):
        p = sigmoid(z)
        return -math.log(p if positive else 1 - max(p - 0.05, 0))

    weight = (1 - p) if positive else shifted ** (2 if seen else 4)
    slope = (log_loss(logit + step) - log_loss(logit - step)) / (2 * step)
    assert value.item() == pytest.approx(weight * log_loss(logit))
    assert z.grad.item() == pytest.approx(weight * slope, rel=1e-6)


def test_refuses_a_prior_of_another_number_of_classes():
    loss = PartialAsymmetric(class_prior=[0.1])
    with pytest.raises(ValueError, match='`class_prior` must have one number'):
        loss(LOGITS, TARGET, SEEN)


@pytest.mark.parametrize('num_likely', [-1, 1.5, True])
def test_refuses_no_number_of_labels(num_likely):
    with pytest.raises(ValueError, match='must be an integer of at least 0'):
        PartialAsymmetric(num_likely=num_likely)


def test_what_is_left_out_costs_nothing():
    loss = PartialAsymmetric(num_likely=3)
    value, modified = loss(LOGITS, TARGET, SEEN)
    assert modified.equal(~SEEN)
    assert value.item() == pytest.approx(-math.log(sigmoid(3)) / 6)


@pytest.mark.parametrize('gamma', [0, 0.5, 1, 2])
def test_below_the_margin_a_negative_costs_nothing(gamma):
    loss = PartialAsymmetric(0, gamma, gamma, margin=0.5, num_likely=0)
    assert loss(-LOGITS.abs() - 1, 0 * TARGET, SEEN).value == 0


@pytest.mark.parametrize('prior', [[0.5, 1.001, 0], [-0.001, 0, 0]])
def test_refuses_a_prior_that_is_no_probability(prior):
    with pytest.raises(ValueError, match=r'`class_prior.* must be in .0, 1.'):
        PartialAsymmetric(class_prior=prior)


def test_the_prior_is_in_no_checkpoint():
    assert not PartialAsymmetric(class_prior=[0, 1]).state_dict()
