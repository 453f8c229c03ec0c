"""What makes a multi-label head hand observed labels to a loss."""

from dataclasses import replace
from typing import Any, List, Optional, Tuple, Union

import torch
from mmpretrain.models.heads import MultiLabelClsHead
from mmpretrain.structures import DataSample
from torch import Tensor, nn

from mmwsml.models.label_stores import LabelStore
from mmwsml.models.losses.partial_label_loss import PartialLabelLoss
from mmwsml.registry import MODELS
from mmwsml.structures import GlobalBatch, Labels, Step, dense_labels
from mmwsml.structures.labelled_batch import LabelledBatch

from ..checks import require
from .checks import check_labels, check_loss, check_store, sample_id_of
from .last_step import LastStep


class PartialLabelMixin(MultiLabelClsHead):
    """Training on partial labels, for any multi-label head of MMPretrain.

    Prediction stays the head's own. Name the mixin first::

        class MyPartialHead(PartialLabelMixin, MyHead): ...

    In training each data sample carries ``gt_label`` (known positives),
    ``neg_label`` (known negatives, when labels are partial) and
    ``sample_id``.

    Args:
        num_classes (int): K.
        *args: Others of the head.
        loss (dict | nn.Module): A :class:`PartialLabelLoss`. Defaults to
            ``dict(type='mmwsml.AssumeNegative')``.
        labels (str): ``'partial'``: every sample must carry ``neg_label``,
            even if empty. ``'complete'``: none may. Defaults to 'partial'.
        label_store (dict | LabelStore, optional): State per (image, class)
            that outlives the step, e.g. ``dict(type='mmwsml.LabelMemory')``.
            Defaults to None.
        **kwargs: Others of the head.

    Raises:
        ValueError: If ``labels`` is unknown or not what the loss accepts, or
            a label store is given to a loss that has no use for it.
        TypeError: If ``loss`` is not a :class:`PartialLabelLoss`.
    """

    loss_module: PartialLabelLoss
    #: What an observed positive of each class stands for, itself and hidden
    #: ones, float ``(K,)``, set by ``PropensityHook``; None: for itself.
    inverse_propensity: Optional[Tensor] = None
    #: What the last step of training did, for hooks to read.
    last_step: Optional[LastStep] = None

    def __init__(
        self,
        num_classes: int,
        *args: Any,
        loss: Union[dict, nn.Module, None] = None,
        labels: str = 'partial',
        label_store: Union[dict, LabelStore, None] = None,
        **kwargs: Any,
    ) -> None:
        loss = loss or dict(type='mmwsml.AssumeNegative')
        super().__init__(num_classes, *args, loss=loss, **kwargs)
        check_loss(self.loss_module, labels)
        self.loss_module.prepare(num_classes)
        self.num_classes = num_classes
        self.labels = labels
        #: What hooks have said of the coming step.
        self.told = Step()
        if label_store is None:  # not `or`: an empty memory is false
            label_store = LabelStore()
        self.label_store: LabelStore = (
            MODELS.build(label_store)
            if isinstance(label_store, dict)
            else label_store
        )
        check_store(self.label_store, self.loss_module)
        self.label_store.prepare(num_classes)

    def tell(self, **facts: Any) -> None:
        """Say what the coming steps are, until it is said anew.

        Args:
            **facts: Fields of :class:`Step`; ``ranking`` is of one step.
        """
        self.told = replace(self.told, **facts)

    def loss(
        self,
        feats: Tuple[Tensor, ...],
        data_samples: List[DataSample],
        **kwargs: Any,
    ) -> dict:
        """Compute the loss of a batch, around the label store.

        Args:
            feats (tuple[Tensor]): Features of N images, the last for the
                head.
            data_samples (list[DataSample]): The N samples.
            **kwargs: Not used; MMPretrain's signature.

        Returns:
            dict[str, Tensor]: ``loss``, a scalar.

        Raises:
            ValueError: If a sample's labels are not as ``labels`` says, or
                dense (Mixup, CutMix); in training, if the logits of this step
                (on a GPU: of the one before) were not finite.
            RuntimeError: If no hook has told what the loss or the store must
                know.
        """
        logits = self(feats)  # (N, K)
        if isinstance(data_samples, LabelledBatch):
            ids = data_samples.sample_ids
        else:
            ids = [sample_id_of(sample) for sample in data_samples]
        batch = GlobalBatch(ids)
        if self.training:
            self.finish_step()
            batch = GlobalBatch.meet(ids, self.num_classes)
        annotated, observed = self.read_labels(data_samples, logits.device)
        # What was remembered acts first, so that it is not modified again.
        target, observed = self.label_store.read(batch, annotated, observed)
        step = self._make_step(feats, batch)
        result = self.loss_module(logits, target, observed, step)
        value = result.value
        if self.inverse_propensity is not None:
            raised = self.inverse_propensity * annotated
            lift = self._lift(feats, raised, annotated)
            value = value - self.loss_module.scale(lift, step)
        if self.training:
            result = result._replace(value=value)
            self.last_step = LastStep(batch, logits, result)
            self._write(self.last_step, step)
        return dict(loss=value)

    def finish_step(self) -> None:
        """Do what the last step left to do, on all processes.

        Numbers come back from a GPU while it works on; they are looked at
        when the next loss is computed, or before a checkpoint is saved.

        Raises:
            ValueError: If the logits of an image were not finite.
        """
        if self.last_step is not None:
            self.last_step.check()
        self.label_store.flush()

    def forward(self, feats: Tuple[Tensor, ...]) -> Tensor:
        """Compute the logits, ``(N, K)``, from the features.

        Under autocast too they are float32: rounded to half precision many
        of them would be equal, and the largest could not be told.
        """
        dtype = next(self.parameters()).dtype
        with torch.autocast(feats[-1].device.type, enabled=False):
            return super().forward((*feats[:-1], feats[-1].to(dtype)))

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
        if isinstance(data_samples, LabelledBatch):
            is_complete = data_samples.negatives is None
            if is_complete != (self.labels == 'complete'):
                check_labels(data_samples[0], self.labels)  # says what is
            return data_samples.dense(self.num_classes, device)
        for sample in data_samples:
            check_labels(sample, self.labels)
        positives = [sample.gt_label for sample in data_samples]
        negatives = None
        if self.labels == 'partial':
            negatives = [sample.neg_label for sample in data_samples]
        return dense_labels(positives, negatives, self.num_classes, device)

    def _make_step(
        self, feats: Tuple[Tensor, ...], batch: GlobalBatch
    ) -> Step:
        """Add to what was told what this batch is."""
        told = self.told
        if told.ranking is not None:  # of one step
            self.told = replace(told, ranking=None)
        return replace(
            told,
            batch=batch,
            features=feats[-1].detach(),
            estimate=self.label_store.estimate(batch),
        )

    def _lift(
        self, feats: Tuple[Tensor, ...], raised: Tensor, positive: Tensor
    ) -> Tensor:
        """Average, over N * K, what positives add for the hidden ones.

        With a target t > 1 in the place of 1 a cross-entropy loses (t - 1) z:
        a pull that does not end when the label is learned. It moves the
        head alone, since a network that follows it memorises.
        """
        loss = self.loss_module
        logits = self(tuple(feature.detach() for feature in feats))
        excess = loss.smooth(raised) - loss.smooth(positive)
        return loss.weigh(excess * logits).mean()

    def _write(self, last: LastStep, step: Step) -> None:
        """Let the store take in what the loss modified."""
        if not self.label_store.keeps_modified or last.modified is None:
            return
        epoch, _ = require(step.progress, 'progress', self.label_store)
        self.label_store.write(last.batch, last.modified, last.logits, epoch)

    def _get_predictions(
        self, cls_score: Tensor, data_samples: Optional[List[DataSample]]
    ) -> List[DataSample]:
        """Keep scores in float32 also where the network runs in half."""
        return super()._get_predictions(cls_score.float(), data_samples)
