"""Trained models: checkpoints read, images named, models passed on."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .inferencer import MultiLabelInferencer

__all__ = ['MultiLabelInferencer']


def __getattr__(name: str) -> Any:
    # Late: a tool reads what `infer` takes before it imports torch.
    if name != 'MultiLabelInferencer':
        raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
    from .inferencer import MultiLabelInferencer

    return MultiLabelInferencer
