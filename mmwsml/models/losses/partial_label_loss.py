"""What all losses of partial labels have in common."""

from typing import ClassVar, Dict, Optional, Sequence, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmwsml.structures import Step
from mmwsml.structures.checks import check_number

from ..checks import check_length, check_vector
from .loss_result import LossResult

#: A step of one process of which nothing else is known.
ALONE = Step()


class PartialLabelLoss(nn.Module):
    """Base of the losses: ``(logits, target, observed)`` to a scalar.

    A method is one subclass that implements :meth:`compute`. It has no state
    of a step: what it knows beside the three is in the :class:`Step`.

    Args:
        class_weight (Sequence[float], optional): K factors, at least 0, of
            the losses of each class; the mean still divides by N * K.
            Defaults to None: all are 1.
        label_smoothing (float): Share, in [0, 0.5), of the loss of the
            opposite label: a target of 1 becomes 1 - s, one of 0 becomes s.
            What a method does not treat as a label is not smoothed. Defaults
            to 0.
        pos_weight (Sequence[float], optional): K factors, at least 0, of the
            losses of positive labels, observed or taken as such: of the part
            t of a target t, also where it is smoothed, as in
            ``torch.nn.BCEWithLogitsLoss``. What is not smoothed is not
            weighted. Defaults to None: all are 1.
        loss_weight (float): Factor of the whole, above 0. Defaults to 1.

    Raises:
        TypeError: If an option is not a number, or numbers.
        ValueError: If an option is out of range or makes no sense here.
    """

    #: Options that make no sense, and why.
    refuses: ClassVar[Dict[str, str]] = {}
    #: Kinds of labels it can train on.
    accepts: Tuple[str, ...] = ('partial',)
    #: Fields of the step that it looks at, beside the batch.
    reads: Tuple[str, ...] = ()
    #: Whether it learns nothing where no negative is observed.
    needs_negatives: bool = False
    #: Whether it treats some unobserved labels as other than negative.
    modifies: bool = False
    #: Whether it takes these as positive, which a label store may keep.
    corrects: bool = False
    #: Whether it trains on probabilities of unobserved labels.
    takes_soft: bool = False

    class_weight: Optional[Tensor]
    pos_weight: Optional[Tensor]

    def __init__(
        self,
        class_weight: Optional[Sequence[float]] = None,
        label_smoothing: float = 0.0,
        pos_weight: Optional[Sequence[float]] = None,
        loss_weight: float = 1.0,
    ) -> None:
        super().__init__()
        check_number('label_smoothing', label_smoothing, 0, 0.5, '[)')
        check_number('loss_weight', loss_weight, 0, ends='()')
        vectors = dict(class_weight=class_weight, pos_weight=pos_weight)
        given = [name for name, v in vectors.items() if v is not None]
        if label_smoothing > 0:
            given.append('label_smoothing')
        for option in given:
            if option in self.refuses:
                raise ValueError(
                    f'{type(self).__name__} takes no `{option}`, because '
                    f'{self.refuses[option]}: leave it out.'
                )
        self.label_smoothing = label_smoothing
        self.loss_weight = loss_weight
        for name, numbers in vectors.items():
            check_vector(name, numbers)
            vector = None
            if numbers is not None:
                vector = torch.tensor(numbers, dtype=torch.float32)
            # Not in checkpoints: the config says it.
            self.register_buffer(name, vector, persistent=False)

    def prepare(self, num_classes: int) -> None:
        """Learn the number of classes, K, when the head is built.

        Raises:
            ValueError: If an option does not fit K.
        """
        self.check_num_classes(num_classes)

    def check_num_classes(self, num_classes: int) -> None:
        """Refuse options that do not fit K classes, at each batch too.

        Raises:
            ValueError: If ``class_weight`` or ``pos_weight`` has another
                length.
        """
        check_length('class_weight', self.class_weight, num_classes)
        check_length('pos_weight', self.pos_weight, num_classes)

    def forward(
        self,
        logits: Tensor,
        target: Tensor,
        observed: Tensor,
        step: Step = ALONE,
    ) -> LossResult:
        """Compute the loss of one batch, in float32 also under autocast.

        Args:
            logits (Tensor): Class scores before sigmoid, float ``(N, K)``.
            target (Tensor): 1 for an observed positive, else 0, float
                ``(N, K)``; of an unobserved label the probability, in (0, 1],
                that a label store estimates, where one does.
            observed (Tensor): Whether a label is annotated, bool ``(N, K)``.
            step (Step): What else is known. Defaults to a step of one
                process of which nothing is.

        Returns:
            LossResult: ``value``, a mean over N * K, and ``modified``. (The
            heads of MMPretrain divide by N: K times the loss, and the
            learning rate, of the paper.) The mean of the value over processes
            is the mean over the global batch.

        Raises:
            RuntimeError: If the step lacks a field that the loss reads.
            ValueError: If the shapes differ, or an option does not fit K.
        """
        if not logits.shape == target.shape == observed.shape:
            raise ValueError(
                '`logits`, `target` and `observed` must share one shape '
                f'(N, K), but got {tuple(logits.shape)}, '
                f'{tuple(target.shape)} and {tuple(observed.shape)}.'
            )
        self.check_num_classes(logits.shape[1])
        if logits.dtype not in (torch.float32, torch.float64):
            logits = logits.float()  # double is for checks of gradients
        # Autocast would round the products of matrices in a loss.
        with torch.autocast(logits.device.type, enabled=False):
            target = target.to(logits.dtype)
            value, modified = self.compute(logits, target, observed, step)
        return LossResult(self.scale(value, step), modified)

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average over N * K; arguments and result as in :meth:`forward`."""
        raise NotImplementedError

    def scale(self, mean: Tensor, step: Step) -> Tensor:
        """Turn a mean over the N images here into the term to add up.

        Processes average gradients: where they hold different numbers of
        images, each mean counts by its share of them.
        """
        factor = self.loss_weight
        if step.batch is not None:
            factor = factor * step.batch.share
        return mean if factor == 1 else mean * factor

    def smooth(self, target: Tensor) -> Tensor:
        """Move targets, ``(N, K)``, away from 0 and 1 by the smoothing."""
        if not self.label_smoothing:
            return target
        return target * (1 - 2 * self.label_smoothing) + self.label_smoothing

    def weigh(self, terms: Tensor) -> Tensor:
        """Multiply losses, ``(N, K)``, by the weights of the classes."""
        weight = self.class_weight
        return terms if weight is None else terms * weight

    def blend(
        self, target: Tensor, positive: Tensor, negative: Tensor
    ) -> Tensor:
        """Blend what labels cost as positives and as negatives.

        Args:
            target (Tensor): Before smoothing, float ``(N, K)`` in [0, 1].
            positive (Tensor): Loss of each entry as a positive, ``(N, K)``.
            negative (Tensor): As a negative, ``(N, K)``.

        Returns:
            Tensor: ``(N, K)``, weighted.
        """
        share = self.smooth(target)
        if self.pos_weight is not None:
            positive = positive * self.pos_weight
        return self.weigh(share * positive + (1 - share) * negative)

    def label_losses(self, logits: Tensor, target: Tensor) -> Tensor:
        """Compute the cross-entropy of each label, smoothed, ``(N, K)``.

        Positives are weighted by ``pos_weight``; :meth:`weigh` weighs classes.
        """
        return F.binary_cross_entropy_with_logits(
            logits,
            self.smooth(target),
            reduction='none',
            pos_weight=self.pos_weight,
        )

    def mean_bce(
        self, logits: Tensor, target: Tensor, weight: Optional[Tensor] = None
    ) -> Tensor:
        """Average the cross-entropy over N * K, with all options.

        Args:
            logits (Tensor): Class scores before sigmoid, float ``(N, K)``.
            target (Tensor): Before smoothing, float ``(N, K)`` in [0, 1].
            weight (Tensor, optional): Of each entry, float or bool ``(N,
                K)``; the mean still divides by N * K. Defaults to None.

        Returns:
            Tensor: Scalar; exact for logits of any size (log-sigmoid, no
            epsilon).
        """
        weight = self.class_weight if weight is None else self.weigh(weight)
        return F.binary_cross_entropy_with_logits(
            logits, self.smooth(target), weight, pos_weight=self.pos_weight
        )
