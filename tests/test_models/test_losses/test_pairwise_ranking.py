import math

import pytest

from mmwsml.models.losses import PairwiseRanking


@pytest.mark.parametrize('seed', range(5))
def test_equals_its_formula_written_as_loops(seed, random_batch):
    logits, target, observed = random_batch(seed, 4, 5)
    logits, total = logits.double(), 0
    for row, labels in zip(logits.tolist(), target.tolist()):
        p = [1 / (1 + math.exp(-z)) for z in row]
        for i in range(5):
            for j in range(5):
                if labels[i] and not labels[j]:
                    total += max(0, 1 - p[i] + p[j]) / 20
    loss = PairwiseRanking()(logits, target, observed).value
    assert loss.item() == pytest.approx(total)


@pytest.mark.parametrize(
    'option', [dict(class_weight=[1, 2]), dict(label_smoothing=0.1)]
)
def test_refuses_options_of_labels(option):
    with pytest.raises(ValueError, match='PairwiseRanking takes no `'):
        PairwiseRanking(**option)
