"""The linear head that hands observed labels, and nothing else, to a loss."""

from typing import Any, Union

from mmpretrain.models.heads import MultiLabelLinearClsHead

from mmwsml.models.label_stores import LabelStore
from mmwsml.models.losses.partial_label_loss import PartialLabelLoss
from mmwsml.registry import MODELS

from .partial_label_mixin import PartialLabelMixin


@MODELS.register_module()
class PartialLabelHead(PartialLabelMixin, MultiLabelLinearClsHead):
    """Linear multi-label head whose loss knows which labels are observed.

    Args:
        num_classes (int): K.
        in_channels (int): Channels of the pooled feature.
        loss (dict | nn.Module): A :class:`PartialLabelLoss`. Defaults to
            ``dict(type='mmwsml.AssumeNegative')``.
        labels (str): As in :class:`PartialLabelMixin`. Defaults to 'partial'.
        label_store (dict | LabelStore, optional): As there. Defaults to None.
        **kwargs: ``thr``, ``topk`` and ``init_cfg`` of
            :class:`mmpretrain.models.MultiLabelLinearClsHead`.
    """

    def __init__(
        self,
        num_classes: int,
        in_channels: int,
        loss: Union[dict, PartialLabelLoss, None] = None,
        labels: str = 'partial',
        label_store: Union[dict, LabelStore, None] = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            num_classes,
            in_channels,
            loss=loss,
            labels=labels,
            label_store=label_store,
            **kwargs,
        )
