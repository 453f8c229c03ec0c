import math

import pytest
import torch
from torch.func import functional_call

from mmwsml.models.losses import IgnoreUnobserved, InteractiveMultiLabel
from mmwsml.structures import GlobalBatch, Step


class Told(InteractiveMultiLabel):
    """Tell a loss its features and its batch, as a head does."""

    features = batch = None

    def forward(self, logits, target, observed):
        step = Step(self.batch, features=self.features)
        return super().forward(logits, target, observed, step)


def build(num_classes=5, num_images=6, seed=0, **options):
    """Build a loss in double whose G is not the identity."""
    torch.manual_seed(seed)
    loss = Told(num_classes, rank=2, **options).double()
    torch.nn.init.normal_(loss.mixture)
    loss.features = torch.randn(num_images, 7)
    return loss


def double(batch):
    logits, target, observed = batch
    return logits.detach().double().requires_grad_(), target, observed


def similarities_with_loops(features, num_neighbors):
    """Weigh the nearest other images by exp(10 cos)."""
    rows = []
    for n, own in enumerate(features.double()):
        cosines = {
            m: (own @ other / own.norm() / other.norm()).item()
            for m, other in enumerate(features.double())
            if m != n
        }
        nearest = sorted(cosines, key=cosines.get)[-num_neighbors:]
        shares = {m: math.exp(10 * cosines[m]) for m in nearest}
        total = sum(shares.values())
        rows.append({m: share / total for m, share in shares.items()})
    return rows


def imcl_with_loops(loss, logits, target, observed, weight):
    """Write the two terms as the docstring says."""
    num_images, num_classes = logits.shape
    p, y = logits.sigmoid().tolist(), []
    mixing = (torch.eye(num_classes) + loss.factor @ loss.mixture).tolist()
    total = 0
    for n in range(num_images):
        y.append([2 * v - 1 for v in p[n]])
        for i in range(num_classes):
            if observed[n, i]:
                positive = target[n, i] == 1
                y[n][i] = 1 if positive else -1
                value = p[n][i] if positive else 1 - p[n][i]
                total -= weight[i] * math.log(value)
    rows = similarities_with_loops(loss.features, loss.num_neighbors)
    for n, shares in enumerate(rows):
        for i in range(num_classes):
            explained = sum(
                share * y[m][j] * mixing[j][i]
                for m, share in shares.items()
                for j in range(num_classes)
            )
            residual = (y[n][i] - explained) ** 2
            total += loss.smoothness * weight[i] * residual
    return total / num_images / num_classes


@pytest.mark.parametrize('num_neighbors', [1, 3, 9])
@pytest.mark.parametrize('seed', range(3))
def test_equals_its_formula_written_as_loops(
    seed, num_neighbors, random_batch
):
    batch, weight = double(random_batch(seed)), [1, 0.5, 2, 0, 4]
    options = dict(num_neighbors=num_neighbors, class_weight=weight)
    loss = build(seed=seed, **options)
    expected = imcl_with_loops(loss, *batch, weight)
    assert loss(*batch).value.item() == pytest.approx(expected, rel=1e-6)


def test_its_gradients_are_those_of_its_value(random_batch):
    logits, target, observed = double(random_batch(1))
    loss = build()
    factor, mixture = loss.factor, loss.mixture

    def call(logits, factor, mixture):
        weights = dict(factor=factor, mixture=mixture)
        labels = target, observed
        return functional_call(loss, weights, (logits, *labels)).value

    assert torch.autograd.gradcheck(call, (logits, factor, mixture))


def test_begins_with_classes_that_say_nothing_of_each_other(random_batch):
    batch = double(random_batch(0))
    loss, other = build(), build(seed=1)
    other.features = loss.features
    assert loss(*batch).value != other(*batch).value
    for each in (loss, other):
        torch.nn.init.zeros_(each.mixture)  # as it is built
    assert not InteractiveMultiLabel(5).mixture.any()
    torch.testing.assert_close(loss(*batch).value, other(*batch).value)


def test_labels_alike_in_like_images_cost_nothing():
    loss = Told(4, smoothness=10)
    loss.features = torch.eye(3).repeat(2, 1)
    target = torch.eye(4)[:3].repeat(2, 1)
    loss.num_neighbors = 1
    logits, seen = 20 * target - 10, torch.ones_like(target).bool()
    assert loss(logits, target, seen).value < 1e-4


def test_is_iu_without_smoothness(random_batch):
    batch = double(random_batch(0))
    value = build(smoothness=0)(*batch).value
    torch.testing.assert_close(value, IgnoreUnobserved()(*batch).value)


def test_an_image_alone_is_not_smoothed(random_batch):
    batch = double(random_batch(0, 1, 5))
    loss = build(num_images=1)
    value = loss(*batch).value
    torch.testing.assert_close(value, IgnoreUnobserved()(*batch).value)
    value.backward()  # or several processes would wait for its weights
    assert not loss.factor.grad.any() and not loss.mixture.grad.any()


def test_a_map_of_features_is_pooled(random_batch):
    batch, loss = double(random_batch(0)), build()
    maps = torch.randn(6, 7, 3, 2)
    loss.features = maps
    value = loss(*batch).value
    loss.features = maps.mean((2, 3))
    torch.testing.assert_close(value, loss(*batch).value)


@pytest.mark.parametrize('extreme', [1e4, -1e4])
@pytest.mark.parametrize('label', [(0, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize('shape', [(1, 1), (3, 1), (3, 4)])
def test_extreme_logits_have_finite_gradients(shape, label, extreme):
    logits = torch.full(shape, extreme, requires_grad=True)
    loss = Told(shape[1])
    loss.features = torch.zeros(shape[0], 2)  # without a direction
    target = torch.full(shape, float(label[0]))
    value = loss(logits, target, torch.full(shape, bool(label[1]))).value
    value.backward()
    assert value.isfinite() and logits.grad.isfinite().all()


def test_ranks_together_have_the_mean_gradient_of_their_batches(
    random_batch, on_ranks
):
    batch, sizes = double(random_batch(0)), [2, 4]
    parts = list(zip(*(t.detach().split(sizes) for t in batch)))
    losses = [build(), build()]  # threads share the random state
    for loss, own in zip(losses, losses[0].features.split(sizes)):
        loss.features = own

    def step(rank, share=1, sizes=sizes):
        loss = losses[rank]
        logits = parts[rank][0].clone().requires_grad_()
        ids = [str(n) for n in range(len(logits))]
        loss.batch = GlobalBatch(ids, sizes, rank) if sizes else None
        value = share * loss(logits, *parts[rank][1:]).value
        return torch.autograd.grad(value, (logits, loss.mixture))

    ranks = on_ranks(2, step)
    alone = [step(rank, size / 3, None) for rank, size in enumerate(sizes)]
    for own, expected in zip(ranks, alone):
        for grad, other in zip(own, expected):
            torch.testing.assert_close(grad, other)


def test_refuses_another_number_of_classes(random_batch):
    message = r'num_classes=4, but .* set `model\.head\.loss\.num_classes=5`'
    with pytest.raises(ValueError, match=message):
        InteractiveMultiLabel(4)(*random_batch(0))


def test_refuses_to_compare_images_without_features(random_batch):
    message = 'has no `features`: use it in a head of mmwsml'
    with pytest.raises(RuntimeError, match=message):
        InteractiveMultiLabel(5)(*random_batch(0))


@pytest.mark.parametrize('dtype', [torch.float16, torch.bfloat16])
def test_autocast_rounds_no_product_of_matrices(dtype, random_batch):
    batch, loss = random_batch(0), build(num_images=6).float()
    expected = loss(*batch).value
    with torch.autocast('cpu', dtype):
        found = loss(*batch).value
    torch.testing.assert_close(found, expected, rtol=0, atol=0)


def test_smoothing_moves_observed_labels_alone(random_batch):
    logits, target, observed = double(random_batch(0))
    plain, smooth = build(), build(label_smoothing=0.25)
    moved = 0.25 * (1 - 2 * target) * observed
    change = (-logits * moved).mean()  # the cross-entropy is linear in it
    expected = plain(logits, target, observed).value + change
    found = smooth(logits, target, observed).value
    torch.testing.assert_close(found, expected)


def test_refuses_a_smoothness_out_of_range():
    with pytest.raises(
        ValueError, match='`smoothness` must be finite and at least 0'
    ):
        InteractiveMultiLabel(5, smoothness=-1)


@pytest.mark.parametrize('name', ['num_neighbors', 'rank'])
@pytest.mark.parametrize('value', [0, 2.0, True])
def test_refuses_what_is_no_number_of_things(name, value):
    with pytest.raises(ValueError, match=f'`{name}` must be an integer of at'):
        InteractiveMultiLabel(5, **{name: value})


def test_begins_with_small_factors_of_rank_16_and_the_identity():
    torch.manual_seed(3)
    loss = InteractiveMultiLabel(5)
    torch.manual_seed(3)
    assert torch.equal(loss.factor, torch.randn(5, 16) / 10)
    assert loss.mixture.shape == (16, 5) and not loss.mixture.any()
    assert (loss.smoothness, loss.num_neighbors) == (0.25, 3)


def test_an_image_alone_that_is_undecided_costs_nothing():
    loss = build(num_images=1)
    zeros = torch.zeros(1, 5, dtype=torch.float64)
    assert loss(zeros, zeros, zeros.bool()).value == 0


def test_the_nearest_of_two_images_is_the_other_however_far():
    loss = build(num_neighbors=5)
    loss.features = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])
    assert loss._similarity(loss.features).tolist() == [[0, 1], [1, 0]]


def test_an_image_does_not_explain_itself_where_all_are_neighbours():
    loss = build(num_neighbors=9)
    similarity = loss._similarity(loss.features)
    assert not similarity.diagonal().any()
    torch.testing.assert_close(similarity.sum(1), torch.ones(6))


def test_refuses_weights_of_another_number_of_classes():
    loss = InteractiveMultiLabel(3, class_weight=[1, 2])
    with pytest.raises(ValueError, match='`class_weight` must have one numbe'):
        loss.prepare(3)
