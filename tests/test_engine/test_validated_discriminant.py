import numpy as np
import pytest
import torch
from mmpretrain.structures import DataSample
from sklearn.metrics import average_precision_score

from mmwsml.engine.multinomial_discriminant import Layer
from mmwsml.engine.validated_discriminant import ValidationLogits

SHRINKAGE, COMPETITION = [1, 10], [0, 0.5, 1]


def draw(num_images, seed=0, partial=False):
    """Draw two layers, features and samples of three classes."""
    rng = torch.Generator().manual_seed(seed)
    kind = dict(generator=rng, dtype=torch.float64)
    layers = [
        Layer(torch.randn(3, 4, **kind), torch.randn(3, **kind))
        for _ in SHRINKAGE
    ]
    features = torch.randn(num_images, 4, **kind)
    logits = features @ layers[0].weight.T + layers[0].bias
    weight = torch.tensor([0.0, 0.5, 1.0])  # how far each class competes
    logits -= weight * logits.logsumexp(1, keepdim=True)
    target = torch.rand(num_images, 3, **kind) < logits.sigmoid()
    samples = []
    for row in target:
        sample = DataSample().set_gt_label(row.nonzero().flatten())
        if partial:  # the first class is not observed where it is absent
            negative = [k for k in (1, 2) if not row[k]]
            sample.set_field(torch.tensor(negative).long(), 'neg_label')
        samples.append(sample)
    return layers, features, samples, target.numpy()


def measure(layers, features, target):
    """Write out the average precision of each candidate and class."""
    table = np.zeros((2, 3, 3))
    for s, layer in enumerate(layers):
        z = (features @ layer.weight.T + layer.bias).float().numpy()
        for j, g in enumerate(COMPETITION):
            scores = z - g * np.log(np.exp(z).sum(1, keepdims=True))
            for k in range(3):
                table[s, j, k] = average_precision_score(
                    target[:, k], scores[:, k]
                )
    return table


@pytest.fixture
def validate():
    def run(num_images, partial=False):
        layers, features, samples, target = draw(num_images, partial=partial)
        logits = ValidationLogits(layers)
        for n in range(0, num_images, 7):
            logits.add(features[n : n + 7], samples[n : n + 7])
        choice = logits.gather().choose(SHRINKAGE, COMPETITION, 10)
        return choice, num_images and measure(layers, features, target)

    return run


def test_many_images_choose_the_best(validate):
    choice, table = validate(4000)
    assert choice.place == table.mean(2).max(1).argmax()
    best = [COMPETITION[n] for n in table[choice.place].argmax(0)]
    assert choice.competition.tolist() == best


def test_without_images_the_default_is_taken(validate):
    choice, _ = validate(0)
    assert choice.place == 1  # of a shrinkage of 10
    assert choice.competition.tolist() == [0.5] * 3


def test_a_class_whose_absence_is_not_observed_follows_the_others(validate):
    choice, table = validate(4000, partial=True)
    for k in (1, 2):
        best = COMPETITION[table[choice.place][:, k].argmax()]
        assert choice.competition[k] == best
    mean = table[choice.place][:, 1:].mean(1)
    assert choice.competition[0] == COMPETITION[mean.argmax()]
