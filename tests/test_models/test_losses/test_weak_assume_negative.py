import math

import pytest
import torch

from mmwsml.models.losses import WeakAssumeNegative


@pytest.mark.parametrize('num_classes', [1, 2, 3, 6])
def test_unobserved_labels_weigh_as_much_together_as_one(num_classes):
    observed = torch.arange(num_classes)[None] == 0
    logits = torch.zeros(1, num_classes)  # each label costs log 2
    value = WeakAssumeNegative()(logits, observed.float(), observed).value
    together = 1 if num_classes > 1 else 0
    assert value.item() == pytest.approx(
        (1 + together) * math.log(2) / num_classes
    )


def test_the_only_class_weighs_1_though_unobserved():
    zero = torch.zeros(1, 1)
    value = WeakAssumeNegative()(zero, zero, zero.bool()).value
    assert value.item() == pytest.approx(math.log(2))
