"""CSRA's head for partial labels."""

from mmpretrain.models.heads import CSRAClsHead

from mmwsml.registry import MODELS

from .partial_label_mixin import PartialLabelMixin


@MODELS.register_module()
class PartialLabelCSRAHead(PartialLabelMixin, CSRAClsHead):
    """Class-specific residual attention whose loss knows what is observed.

    The model has ``neck=None``: the head takes the feature map.

    Args:
        num_classes (int): K.
        in_channels (int): Channels of the feature map.
        num_heads (int): 1, 2, 4, 6 or 8.
        lam (float): Weight of the attention beside the average, above 0.
        **kwargs: ``loss``, ``labels`` and ``label_store`` of
            :class:`PartialLabelMixin`; ``thr``, ``topk`` and ``init_cfg`` of
            :class:`mmpretrain.models.CSRAClsHead`.

    Paper: `Residual Attention: A Simple but Effective Method for Multi-Label
    Recognition <https://arxiv.org/abs/2108.02456>`_ (ICCV 2021).
    """
