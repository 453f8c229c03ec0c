"""The way from a runner to the head of its model, and the label store."""

from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from torch import nn

from mmwsml.models.label_stores import LabelStore


def head_of(runner: Runner) -> nn.Module:
    """Return the model's head, also where the model is wrapped (DDP)."""
    model = runner.model
    if is_model_wrapper(model):
        model = model.module
    return model.head


def store_of(runner: Runner) -> LabelStore:
    """Return the head's label store, one that keeps nothing if it has none."""
    return getattr(head_of(runner), 'label_store', LabelStore())
