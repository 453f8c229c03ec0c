import math

import pytest
import torch

from mmwsml.models.losses import IgnoreUnobserved, PartialBCE


@pytest.mark.parametrize('powers', [{}, dict(alpha=1, beta=0.5, gamma=-0.5)])
@pytest.mark.parametrize('seed', range(3))
def test_equals_its_formula_written_as_loops(seed, powers, random_batch):
    logits, target, observed = random_batch(seed, 6, 5)
    logits, weight = logits.double(), [1, 0.5, 2, 0, 4]
    options = {**dict(alpha=-4.45, beta=5.45, gamma=1), **powers}
    total = 0
    for n in range(6):
        share = sum(observed[n].tolist()) / 5
        for i in range(5):
            if observed[n, i]:
                p = torch.sigmoid(logits[n, i]).item()
                factor = options['alpha'] * share ** options['gamma']
                factor += options['beta']
                loss = -math.log(p if target[n, i] else 1 - p)
                total += weight[i] * factor * loss
    value = PartialBCE(**powers, class_weight=weight)(
        logits, target, observed
    ).value
    assert value.item() == pytest.approx(total / 30, rel=1e-6)


def test_the_published_weight_is_5_for_a_tenth_and_1_for_all():
    logits, target = torch.zeros(1, 10), torch.zeros(1, 10)
    for known, expected in ((1, 5.005), (10, 1)):
        observed = (torch.arange(10) < known)[None]
        value = PartialBCE()(logits, target, observed).value
        mean = known / 10 * math.log(2)
        assert value.item() == pytest.approx(expected * mean)


@pytest.mark.parametrize('powers', [{}, dict(alpha=1, beta=0, gamma=-1)])
def test_an_image_without_known_labels_costs_nothing(powers, random_batch):
    logits, target, observed = random_batch(0)
    observed[2], target[2] = False, 0
    PartialBCE(**powers)(logits, target, observed).value.backward()
    assert logits.grad.isfinite().all() and not logits.grad[2].any()


def test_is_iu_where_every_share_weighs_the_same(random_batch):
    batch = random_batch(1)
    value = PartialBCE(alpha=0, beta=1)(*batch).value
    torch.testing.assert_close(value, IgnoreUnobserved()(*batch).value)


def test_is_the_mean_over_known_labels_with_gamma_of_minus_1(random_batch):
    logits, target, observed = random_batch(2, 4, 8)
    observed[:, 0] = True
    losses = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, target, reduction='none'
    )
    means = [loss[seen].mean() for loss, seen in zip(losses, observed)]
    value = PartialBCE(alpha=1, beta=0, gamma=-1)(
        logits, target, observed
    ).value
    torch.testing.assert_close(value, sum(means) / 4)


@pytest.mark.parametrize('name', ['alpha', 'beta', 'gamma'])
def test_refuses_what_is_no_finite_number(name):
    with pytest.raises(ValueError, match=f'`{name}` must be finite, but'):
        PartialBCE(**{name: math.inf})
    with pytest.raises(TypeError, match=f'`{name}` must be a number'):
        PartialBCE(**{name: '1'})


def test_refuses_a_weight_that_is_not_positive():
    with pytest.raises(ValueError, match='but is 0 where 1 of the labels are'):
        PartialBCE(alpha=-1, beta=1)
    loss = PartialBCE(alpha=1, beta=-0.5)
    with pytest.raises(ValueError, match=r'but is -0\.3 where 0\.2 of the la'):
        loss.check_num_classes(5)
