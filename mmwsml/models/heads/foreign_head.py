"""Refusing our losses in heads that would call them as MMPretrain's."""

from torch import nn
from torch.nn.modules.module import register_module_module_registration_hook

from ..losses.partial_label_loss import PartialLabelLoss
from .partial_label_mixin import PartialLabelMixin


def watch_heads() -> None:
    """Look at every head from now on, when it is given its loss.

    A loss does not know its head, and MMPretrain's heads ask nothing: it
    would show in the first step, as an argument ``avg_factor`` too many.
    """
    register_module_module_registration_hook(_refuse)


def _refuse(head: nn.Module, name: str, loss: nn.Module) -> None:
    foreign = not isinstance(head, PartialLabelMixin)
    if (
        name == 'loss_module'
        and foreign
        and isinstance(loss, PartialLabelLoss)
    ):
        kind = type(head).__name__
        raise TypeError(
            f'{type(loss).__name__} needs to know which labels are observed, '
            f'which {kind} does not tell: set `model.head.type` to '
            'mmwsml.PartialLabelHead (linear) or mmwsml.PartialLabelCSRAHead, '
            f'or register class Partial{kind}(mmwsml.models.'
            f'PartialLabelMixin, {kind}).'
        )
