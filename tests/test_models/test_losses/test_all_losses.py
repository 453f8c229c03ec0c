"""What holds for every loss without state, and their formulas as loops."""

import math
from itertools import product

import pytest
import torch

from mmwsml.models import losses
from mmwsml.structures import GlobalBatch, Step

PROGRESS = 3, 8
STEP = Step(progress=PROGRESS)


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def bce(z, y):
    p = sigmoid(z)
    return -y * math.log(p) - (1 - y) * math.log(1 - p)


def plain(z, y, seen, num_classes):
    return bce(z, y)


def iu(z, y, seen, num_classes):
    return bce(z, y) if seen else 0


def wan(z, y, seen, num_classes):
    return bce(z, y) * (1 if seen else 1 / max(num_classes - 1, 1))


def lsan(z, y, seen, num_classes):
    return bce(z, 0.9 if y else 0.1)


def em(z, y, seen, num_classes):
    p = sigmoid(z)
    entropy = -p * math.log(p) - (1 - p) * math.log(1 - p)
    return bce(z, y) if seen else -0.2 * entropy


def focal(z, y, seen, num_classes):
    p = sigmoid(z)
    if y:
        return -((1 - p) ** 2) * math.log(p)
    return -(p**2) * math.log(1 - p)


def asl(z, y, seen, num_classes):
    p = sigmoid(z)
    shifted = max(p - 0.05, 0)
    return -math.log(p) if y else -(shifted**4) * math.log(1 - shifted)


def pasl(z, y, seen, num_classes):
    p = sigmoid(z)
    shifted, gamma = max(p - 0.05, 0), 2 if seen else 4
    return -math.log(p) if y else -(shifted**gamma) * math.log(1 - shifted)


def hill(z, y, seen, num_classes):
    p, m = sigmoid(z), sigmoid(z - 1)
    return -((1 - m) ** 2) * math.log(m) if y else (1.5 - p) * p**2


def splc(z, y, seen, num_classes):
    p, m = sigmoid(z), sigmoid(z - 1)
    if y:
        return -((1 - m) ** 2) * math.log(m)
    if not seen and p > 0.6:
        return -((1 - p) ** 2) * math.log(p)
    return -(p**2) * math.log(1 - p)


def gr(z, y, seen, num_classes):
    if seen:
        return bce(z, y)
    p, (e, t) = sigmoid(z), PROGRESS
    mu, sigma = 0.5 + 0.3 * e / t, 2 - 1.5 * e / t
    k = sigmoid(2 * (e - 1) / t * p - 2)
    soft = k * (1 - p**0.01) / 0.01 + (1 - k) * p
    return math.exp(-(((p - mu) / sigma) ** 2) / 2) * soft


FORMULAS = {
    'FullLabel': (plain, {}),
    'AssumeNegative': (plain, {}),
    'IgnoreUnobserved': (iu, {}),
    'WeakAssumeNegative': (wan, {}),
    'LabelSmoothingAssumeNegative': (lsan, {}),
    'EntropyMaximization': (em, dict(alpha=0.2)),
    'Focal': (focal, {}),
    'Asymmetric': (asl, {}),
    'PartialAsymmetric': (pasl, dict(num_likely=0)),
    'Hill': (hill, {}),
    'SelfPacedCorrection': (splc, {}),
    'GeneralizedRobust': (gr, {}),
}
ALL = {name: kwargs for name, (_, kwargs) in FORMULAS.items()}
ALL['ExpectedPositiveRegularization'] = dict(kappa=0.7)
ALL['PairwiseRanking'] = {}
ALL['PartialBCE'] = {}
ALL['PartialAsymmetric'] = dict(num_likely=1)
#: Their factors have no gradient, which finite differences would see.
DETACHED = ('PartialAsymmetric', 'GeneralizedRobust')
TAKES_OPTIONS = sorted(set(ALL) - {'PairwiseRanking'})


def build(name, **changes):
    return getattr(losses, name)(**{**ALL[name], **changes})


def double_batch(random_batch, seed, *shape):
    logits, target, observed = random_batch(seed, *shape)
    return logits.detach().double().requires_grad_(), target, observed


@pytest.mark.parametrize('seed', range(5))
@pytest.mark.parametrize('name', FORMULAS)
def test_equals_its_formula_written_as_loops(name, seed, random_batch):
    logits, target, observed = double_batch(random_batch, seed, 4, 5)
    formula, kwargs = FORMULAS[name]
    weight = [1, 0.5, 2, 0, 4]
    loss = build(name, **kwargs, class_weight=weight)
    total = 0
    for n, i in product(range(4), range(5)):
        entry = logits[n, i].item(), target[n, i].item()
        total += weight[i] * formula(*entry, bool(observed[n, i]), 5)
    value = loss(logits, target, observed, STEP).value
    assert value.item() == pytest.approx(total / 20, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize('name', sorted(set(ALL) - set(DETACHED)))
def test_its_gradient_is_that_of_its_value(name, random_batch):
    logits, target, observed = double_batch(random_batch, 1, 3, 4)
    loss = build(name)
    assert torch.autograd.gradcheck(
        lambda logits: loss(logits, target, observed, STEP).value, logits
    )


@pytest.mark.parametrize('name', sorted(ALL))
def test_says_whether_it_modifies_labels(name, random_batch):
    loss = build(name)
    modified = loss(*random_batch(0), STEP).modified
    assert loss.modifies == (modified is not None)
    assert loss.modifies == (
        name in ('PartialAsymmetric', 'SelfPacedCorrection')
    )


#: The pull of a very wrong label: of a positive at -1e4, an observed and an
#: unobserved negative at 1e4; as published some spare it.
WRONG = {
    'FullLabel': (1, 1, 1),
    'AssumeNegative': (1, 1, 1),
    'IgnoreUnobserved': (1, 1, 0),
    'WeakAssumeNegative': (1, 1, 1 / 3),
    'LabelSmoothingAssumeNegative': (0.9, 0.9, 0.9),
    'EntropyMaximization': (1, 1, 0),  # the entropy is flat there
    'Focal': (1, 1, 1),
    'Asymmetric': (1, 0, 0),  # the margin bounds the loss
    'PartialAsymmetric': (1, 0, 0),
    'Hill': (1, 0, 0),
    'SelfPacedCorrection': (1, 1, 0),  # corrected
    'GeneralizedRobust': (1, 1, 0),
}


@pytest.mark.parametrize('name', WRONG)
def test_how_a_very_wrong_label_pulls(name):
    kinds = zip([(1, 1), (0, 1), (0, 0)], WRONG[name])
    for (positive, seen), expected in kinds:
        sign = 1 - 2 * positive
        logits = torch.full((1, 4), sign * 1e4, requires_grad=True)
        target, observed = torch.tensor([positive, seen]).expand(4, 2).T
        changes = dict(num_likely=0) if name == 'PartialAsymmetric' else {}
        loss = build(name, **changes)
        labels = target[None].float(), observed[None].bool()
        loss(logits, *labels, STEP).value.backward()
        pull = sign * logits.grad[0] * 4
        torch.testing.assert_close(pull, torch.full((4,), float(expected)))


@pytest.mark.parametrize('extreme', [1e4, -1e4])
@pytest.mark.parametrize('label', [(0, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize('shape', [(1, 1), (1, 4), (3, 1), (3, 4)])
@pytest.mark.parametrize('name', ALL)
def test_extreme_logits_have_finite_gradients(name, shape, label, extreme):
    positive, seen = label
    logits = torch.full(shape, extreme, requires_grad=True)
    target = torch.full(shape, float(positive))
    observed = torch.full(shape, bool(seen))
    value = build(name)(logits, target, observed, STEP).value
    value.backward()
    assert value.isfinite() and logits.grad.isfinite().all()


@pytest.mark.parametrize('num_ranks', [2, 3])
@pytest.mark.parametrize('name', ALL)
def test_ranks_together_have_the_gradient_of_one_process(
    name, num_ranks, random_batch, on_ranks
):
    batch = double_batch(random_batch, 0)
    whole = build(name)(*batch, STEP).value
    (expected,) = torch.autograd.grad(whole, batch[0])
    sizes = [1, 5] if num_ranks == 2 else [1, 3, 2]
    parts = list(zip(*(t.detach().split(sizes) for t in batch)))
    ids = [list(part) for part in torch.arange(6).split(sizes)]

    def step(rank):
        loss, (logits, *labels) = build(name), parts[rank]
        logits = logits.clone().requires_grad_()
        names = [str(int(number)) for number in ids[rank]]
        told = Step(GlobalBatch(names, sizes, rank), PROGRESS)
        value = loss(logits, *labels, told).value
        return value.detach(), torch.autograd.grad(value, logits)[0]

    values, grads = zip(*on_ranks(num_ranks, step))
    torch.testing.assert_close(sum(values) / num_ranks, whole.detach())
    torch.testing.assert_close(torch.cat(grads) / num_ranks, expected)


@pytest.mark.parametrize('name', TAKES_OPTIONS)
def test_smoothing_blends_the_losses_of_both_labels(name):
    logits, seen = torch.randn(2, 8), torch.ones(2, 8).bool()
    plain = build(name, label_smoothing=0)
    ones = plain(logits, torch.ones(2, 8), seen, STEP).value
    zeros = plain(logits, torch.zeros(2, 8), seen, STEP).value
    loss = build(name, label_smoothing=0.25)
    smoothed = loss(logits, torch.ones(2, 8), seen, STEP).value
    torch.testing.assert_close(smoothed, 0.75 * ones + 0.25 * zeros)


@pytest.mark.parametrize('name', TAKES_OPTIONS)
def test_positives_weigh_as_in_the_cross_entropy_of_pytorch(name):
    logits, seen = torch.randn(2, 8), torch.ones(2, 8).bool()
    zeros, ones = torch.zeros(2, 8), torch.ones(2, 8)

    def values(**options):
        loss = build(name, **options)
        return [loss(logits, y, seen, STEP).value for y in (zeros, ones)]

    weight, (zero, one) = [3.0] * 8, values(label_smoothing=0)
    if name == 'ExpectedPositiveRegularization':  # but its regularizer
        more = 2 * build('AssumeNegative')(logits, ones, seen).value
        expected = [zero, one + more]
    else:
        expected = [zero, 3 * one]
        found = values(pos_weight=weight, label_smoothing=0.25)[1]
        torch.testing.assert_close(found, 0.75 * 3 * one + 0.25 * zero)
    found = values(pos_weight=weight, label_smoothing=0)
    torch.testing.assert_close(found, expected)


def test_class_weights_and_positive_weights_multiply(random_batch):
    logits, target, observed = random_batch(0)
    options = dict(pos_weight=[1, 2, 3, 4, 5], class_weight=[1, 0, 2, 3, 1])
    value = build('AssumeNegative', **options)(logits, target, observed).value
    weights = {k: torch.tensor(v) for k, v in options.items()}
    expected = torch.nn.functional.binary_cross_entropy_with_logits(
        logits,
        target,
        weights['class_weight'],
        pos_weight=weights['pos_weight'],
    )
    torch.testing.assert_close(value, expected)


@pytest.mark.parametrize('name', sorted(ALL))
def test_the_weight_of_the_loss_multiplies_the_whole(name, random_batch):
    batch = random_batch(0)
    value, modified = build(name)(*batch, STEP)
    weighted, same = build(name, loss_weight=2)(*batch, STEP)
    torch.testing.assert_close(weighted, 2 * value)
    assert modified is None or modified.equal(same)


@pytest.mark.parametrize('weight', [0, -1, math.inf])
def test_refuses_a_weight_of_the_loss_out_of_range(weight):
    with pytest.raises(
        ValueError, match='`loss_weight` must be finite and above 0'
    ):
        build('Focal', loss_weight=weight)


@pytest.mark.parametrize('name', TAKES_OPTIONS)
def test_refuses_weights_of_another_number_of_classes(name, random_batch):
    for option in ('class_weight', 'pos_weight'):
        loss = build(name, **{option: [1, 2]})
        with pytest.raises(ValueError, match=f'`{option}` must have one numb'):
            loss(*random_batch(0))


@pytest.mark.parametrize('smoothing', [-0.1, 0.5, math.nan])
def test_refuses_a_smoothing_out_of_range(smoothing):
    with pytest.raises(ValueError, match=r'must be in \[0, 0.5\), but got'):
        build('Focal', label_smoothing=smoothing)
