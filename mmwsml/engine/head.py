"""The way from a runner to the head of its model."""

from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from torch import nn


def head_of(runner: Runner) -> nn.Module:
    """Return the model's head, also where the model is wrapped (DDP)."""
    model = runner.model
    if is_model_wrapper(model):
        model = model.module
    return model.head
