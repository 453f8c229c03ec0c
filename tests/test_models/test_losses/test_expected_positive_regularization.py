import pytest
import torch

from mmwsml.models.losses import ExpectedPositiveRegularization


@pytest.mark.parametrize('seed', range(5))
def test_equals_its_formula_written_as_loops(seed, random_batch):
    logits, target, observed = random_batch(seed, 3, 4)
    scores = torch.sigmoid(logits.detach().double()).tolist()
    total, positives = 0, 0
    for n in range(3):
        for i in range(4):
            p = torch.tensor(scores[n][i], dtype=torch.float64)
            positives += p / 3
            if observed[n, i]:
                total -= (p if target[n, i] else 1 - p).log() / 12
    expected = total + (positives - 1.5) ** 2 / 16
    loss = ExpectedPositiveRegularization(kappa=1.5)(
        logits.double(), target, observed
    ).value
    assert loss.item() == pytest.approx(expected.item())


def test_needs_kappa():
    with pytest.raises(TypeError, match='needs `kappa`, the expected number'):
        ExpectedPositiveRegularization()


@pytest.mark.parametrize('kappa', [0, -1, 5.1])
def test_refuses_a_kappa_that_no_image_can_have(kappa, random_batch):
    with pytest.raises(
        ValueError, match=r'`kappa` must be (in|finite and above) '
    ):
        ExpectedPositiveRegularization(kappa=kappa)(*random_batch(0))
