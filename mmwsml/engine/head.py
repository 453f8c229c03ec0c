"""The way from a runner to its model, the head, and the label store."""

from mmengine.model import (
    BaseModel,
    BaseModule,
    BaseTTAModel,
    is_model_wrapper,
)
from mmengine.runner import Runner

from mmwsml.models.label_stores import LabelStore


def bare_model(runner: Runner) -> BaseModel:
    """Return the model without wrappers: of several processes, of views."""
    model = runner.model
    while is_model_wrapper(model) or isinstance(model, BaseTTAModel):
        model = model.module
    return model


def head_of(runner: Runner) -> BaseModule:
    """Return the model's head."""
    return bare_model(runner).head


def store_of(runner: Runner) -> LabelStore:
    """Return the head's label store, one that keeps nothing if it has none."""
    return getattr(head_of(runner), 'label_store', LabelStore())
