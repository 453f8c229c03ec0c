import pytest
import torch

from mmwsml.models.losses import (
    AssumeNegative,
    LossResult,
    PairwiseRanking,
    PartialLabelLoss,
)
from mmwsml.structures import GlobalBatch, Step

mean_bce = AssumeNegative().mean_bce


@pytest.mark.parametrize('seed', range(10))
def test_mean_bce_equals_loops(seed, random_batch, loss_with_loops):
    logits, target, _ = random_batch(seed)
    loss = mean_bce(logits, target)
    (grad,) = torch.autograd.grad(loss, logits)
    value, expected = loss_with_loops(logits, target)
    assert loss.item() == pytest.approx(value, abs=1e-6)
    torch.testing.assert_close(grad.double(), expected, rtol=1e-6, atol=1e-8)


def test_weights_do_not_change_the_divisor():
    logits, target = torch.zeros(2, 3), torch.ones(2, 3)
    weight = torch.tensor([[1.0, 0, 0], [0, 0, 0]])
    whole = mean_bce(logits, target)
    torch.testing.assert_close(mean_bce(logits, target, weight), whole / 6)


def test_the_mean_divides_by_images_and_classes():
    one = mean_bce(torch.full((1, 1), 2.0), torch.zeros(1, 1))
    many = mean_bce(torch.full((7, 9), 2.0), torch.zeros(7, 9))
    torch.testing.assert_close(many, one)


@pytest.mark.parametrize('logit', [-1e4, 1e4])
@pytest.mark.parametrize('label', [0.0, 1.0])
def test_extreme_logits_have_exact_losses(logit, label):
    logits = torch.full((2, 2), logit, requires_grad=True)
    loss = mean_bce(logits, torch.full((2, 2), label))
    loss.backward()
    wrong = (logit > 0) != bool(label)
    assert loss.item() == (1e4 if wrong else 0)
    assert logits.grad.abs().sum().item() == (1 if wrong else 0)


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
def test_half_logits_give_a_float32_loss(dtype, random_batch):
    logits, target, observed = random_batch(0)
    half = logits.to(dtype)
    loss = AssumeNegative()(half, target, observed).value
    assert loss.dtype == torch.float32
    expected = AssumeNegative()(half.float(), target, observed).value
    torch.testing.assert_close(loss, expected, rtol=0, atol=0)


def test_double_logits_give_a_double_loss(random_batch):
    logits, target, observed = random_batch(0)
    loss = AssumeNegative()(logits.double(), target, observed).value
    assert loss.dtype == torch.float64


def test_the_mean_of_unequal_ranks_is_that_of_all_images(random_batch):
    batch, sizes = random_batch(0), [1, 3, 2]
    loss, values = AssumeNegative(), []
    for rank, part in enumerate(zip(*(t.split(sizes) for t in batch))):
        batch_here = GlobalBatch(['a'] * sizes[rank], sizes, rank)
        values.append(loss(*part, Step(batch_here)).value)
    mean = torch.stack(values).mean()
    torch.testing.assert_close(mean, AssumeNegative()(*batch).value)


def test_a_batch_of_one_process_changes_nothing(random_batch):
    loss, batch = AssumeNegative(), random_batch(0)
    step = Step(GlobalBatch('abcdef'))
    assert loss(*batch, step).value == AssumeNegative()(*batch).value


@pytest.mark.parametrize('wrong', range(3))
def test_different_shapes_are_refused(wrong):
    batch = [torch.zeros(4, 3), torch.zeros(4, 3), torch.zeros(4, 3).bool()]
    batch[wrong] = batch[wrong][:, :1]
    with pytest.raises(ValueError, match=r'must share one shape.*\(4, 1\)'):
        AssumeNegative()(*batch)


def test_the_base_computes_nothing(random_batch):
    with pytest.raises(NotImplementedError):
        PartialLabelLoss()(*random_batch(0))


@pytest.mark.parametrize(
    'weight, error',
    [([-1, 1], ValueError), (2, TypeError), (['1'], TypeError)],
)
def test_weights_that_are_no_weights_are_refused(weight, error):
    with pytest.raises(error, match='`class_weight'):
        AssumeNegative(class_weight=weight)


def test_class_weights_are_in_no_checkpoint():
    assert not AssumeNegative(class_weight=[1, 2]).state_dict()


@pytest.mark.parametrize(
    'option',
    [
        dict(class_weight=[1, 1]),
        dict(label_smoothing=0.1),
        dict(pos_weight=[1, 1]),
    ],
)
def test_an_option_that_makes_no_sense_is_refused_with_the_reason(option):
    message = f'PairwiseRanking takes no `{next(iter(option))}`, because '
    with pytest.raises(ValueError, match=message):
        PairwiseRanking(**option)


class Product(PartialLabelLoss):
    """A loss with a product of matrices, which autocast would round."""

    def compute(self, logits, target, observed, step):
        return LossResult((logits @ logits.T).mean())


def test_under_autocast_products_are_not_rounded():
    logits = torch.full((2, 3), 1.001)
    with torch.autocast('cpu', torch.bfloat16):
        labels = torch.zeros(2, 3), torch.ones(2, 3).bool()
        value = Product()(logits, *labels).value
    assert value.dtype == torch.float32
    assert value.item() == pytest.approx(3 * 1.001**2, rel=1e-6)
