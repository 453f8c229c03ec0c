"""The head that hands observed labels, and nothing else, to a loss."""

from typing import List, Optional, Tuple, Union

import torch
from mmpretrain.models.heads import MultiLabelLinearClsHead
from mmpretrain.structures import DataSample
from torch import Tensor

from mmwsml.models.label_stores import LabelStore
from mmwsml.models.losses.partial_label_loss import PartialLabelLoss
from mmwsml.registry import MODELS
from mmwsml.structures import GlobalBatch, Labels, dense_labels

from .checks import check_labels, check_loss, check_store, sample_id_of
from .unchecked_step import UncheckedStep


@MODELS.register_module()
class PartialLabelHead(MultiLabelLinearClsHead):
    """Linear multi-label head whose loss knows which labels are observed.

    Prediction is MMPretrain's. In training each data sample carries
    ``gt_label`` (known positives), ``neg_label`` (known negatives, when labels
    are partial) and ``sample_id``.

    Args:
        num_classes (int): K.
        in_channels (int): Channels of the pooled feature.
        loss (dict | nn.Module): A :class:`PartialLabelLoss`. Defaults to
            ``dict(type='mmwsml.AssumeNegative')``.
        labels (str): ``'partial'``: every sample must carry ``neg_label``,
            even if empty. ``'complete'``: none may. Defaults to 'partial'.
        label_store (dict | LabelStore, optional): State per (image, class)
            that outlives the step, e.g. ``dict(type='mmwsml.LabelMemory')``.
            Defaults to None.
        **kwargs: ``thr``, ``topk`` and ``init_cfg`` of
            :class:`mmpretrain.models.MultiLabelLinearClsHead`.

    Raises:
        ValueError: If ``labels`` is unknown or not what the loss accepts, or
            a label store is given to a loss that has no use for it.
        TypeError: If ``loss`` is not a :class:`PartialLabelLoss`.
    """

    #: What an observed positive of each class stands for, itself and hidden
    #: ones, float ``(K,)``, set by ``PropensityHook``; None: for itself.
    inverse_propensity: Optional[Tensor] = None

    def __init__(
        self,
        num_classes: int,
        in_channels: int,
        loss: Union[dict, PartialLabelLoss, None] = None,
        labels: str = 'partial',
        label_store: Union[dict, LabelStore, None] = None,
        **kwargs,
    ) -> None:
        loss = loss or dict(type='mmwsml.AssumeNegative')
        super().__init__(num_classes, in_channels, loss=loss, **kwargs)
        check_loss(self.loss_module, labels)
        self.loss_module.prepare(num_classes)
        self.labels = labels
        self._unchecked: Optional[UncheckedStep] = None
        if isinstance(label_store, dict):
            label_store = MODELS.build(label_store)
        # Not `or`: an empty memory is false.
        self.label_store = LabelStore() if label_store is None else label_store
        check_store(self.label_store, self.loss_module)
        self.label_store.prepare(num_classes)

    def loss(
        self, feats: Tuple[Tensor], data_samples: List[DataSample], **kwargs
    ) -> dict:
        """Compute the loss of a batch, around the label store.

        Args:
            feats (tuple[Tensor]): Pooled features, the last ``(N, C)``.
            data_samples (list[DataSample]): The N samples.
            **kwargs: Not used; MMPretrain's signature.

        Returns:
            dict[str, Tensor]: ``loss``, a scalar.

        Raises:
            ValueError: If a sample's labels are not as ``labels`` says, or
                dense (Mixup, CutMix); in training, if the logits of this step
                (on a GPU: of the one before) were not finite.
            RuntimeError: If no hook has told the epoch that a store keeps.
        """
        logits = self(feats)
        ids = [sample_id_of(sample) for sample in data_samples]
        batch = GlobalBatch(ids)
        if self.training:
            self.finish_step()
            batch = GlobalBatch.meet(ids, self.num_classes)
        annotated, observed = self.read_labels(data_samples, logits.device)
        target, observed = self.label_store.read(batch, annotated, observed)
        self.loss_module.batch = batch
        self.loss_module.estimate = self.label_store.estimate(batch)
        if self.loss_module.needs_features:
            self.loss_module.features = self.pre_logits(feats).detach()
        loss = self.loss_module(logits, target, observed)
        if self.inverse_propensity is not None:
            loss = loss - batch.share * self._lift(feats, annotated)
        self.loss_module.estimate = None  # it holds the graph of the step
        if self.training:
            self._unchecked = UncheckedStep(batch, loss, logits)
            self._write(batch, logits)
        return dict(loss=loss)

    def finish_step(self) -> None:
        """Do what the last step left to do, on all processes.

        Numbers come back from a GPU while it works on; they are looked at
        when the next loss is computed, or before a checkpoint is saved.

        Raises:
            ValueError: If the logits of an image were not finite.
        """
        if self._unchecked is not None:
            self._unchecked.check()
            self._unchecked = None
        self.label_store.flush()

    def forward(self, feats: Tuple[Tensor]) -> Tensor:
        """Compute the logits, ``(N, K)``, from the features.

        Under autocast too they are float32: rounded to half precision many
        of them would be equal, and the largest could not be told.
        """
        feature = self.pre_logits(feats)
        with torch.autocast(feature.device.type, enabled=False):
            return self.fc(feature.to(self.fc.weight.dtype))

    def read_labels(
        self, data_samples: List[DataSample], device: torch.device
    ) -> Labels:
        """Read the labels of a batch, as annotated.

        Args:
            data_samples (list[DataSample]): N samples.
            device (torch.device): Of the result.

        Returns:
            Labels: ``target`` float32 ``(N, K)``, ``observed`` bool
            ``(N, K)``.

        Raises:
            ValueError: If a sample's labels are not as ``labels`` says.
        """
        for sample in data_samples:
            check_labels(sample, self.labels)
        positives = [sample.gt_label for sample in data_samples]
        negatives = None
        if self.labels == 'partial':
            negatives = [sample.neg_label for sample in data_samples]
        return dense_labels(positives, negatives, self.num_classes, device)

    def _lift(self, feats: Tuple[Tensor], positive: Tensor) -> Tensor:
        """Average, over N * K, what positives add for the hidden ones.

        With a target t > 1 in the place of 1 a cross-entropy loses (t - 1) z:
        a pull that does not end when the label is learned. It moves the
        linear layer alone, since a network that follows it memorises.
        """
        loss = self.loss_module
        raised = loss.smooth(self.inverse_propensity * positive)
        logits = self(tuple(feature.detach() for feature in feats))
        return loss.weigh((raised - loss.smooth(positive)) * logits).mean()

    def _write(self, batch: GlobalBatch, logits: Tensor) -> None:
        """Let the store take in what the loss modified."""
        loss = self.loss_module
        if not self.label_store.keeps_modified or loss.modified is None:
            return
        if loss.progress is None:
            raise RuntimeError(
                f'{type(self.label_store).__name__} does not know the epoch: '
                "add dict(type='mmwsml.LargeLossScheduleHook', delta_rel=...) "
                'to `custom_hooks`, which sets it.'
            )
        epoch = loss.progress[0]
        self.label_store.write(batch, loss.modified, logits.detach(), epoch)

    def _get_predictions(
        self, cls_score: Tensor, data_samples: Optional[List[DataSample]]
    ) -> List[DataSample]:
        """Keep scores in float32 also where the network runs in half."""
        return super()._get_predictions(cls_score.float(), data_samples)
