"""What all losses of partial labels have in common."""

from typing import ClassVar, Dict, Optional, Sequence, Tuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from mmwsml.structures import GlobalBatch

from ..checks import check_length, check_number, check_vector


class PartialLabelLoss(nn.Module):
    """Base of the losses: ``(logits, target, observed)`` to a scalar.

    A method is one subclass that implements :meth:`compute`.

    Args:
        class_weight (Sequence[float], optional): K factors, at least 0, of
            the losses of each class; the mean still divides by N * K.
            Defaults to None: all are 1.
        label_smoothing (float): Share, in [0, 0.5), of the loss of the
            opposite label: a target of 1 becomes 1 - s, one of 0 becomes s.
            What a method does not treat as a label is not smoothed. Defaults
            to 0.

    Raises:
        TypeError: If an option is not a number, or numbers.
        ValueError: If an option is out of range or makes no sense here.
    """

    #: Options that make no sense, and why.
    refuses: ClassVar[Dict[str, str]] = {}
    #: Whether it learns nothing where no negative is observed.
    needs_negatives: bool = False
    #: Kinds of labels it can train on.
    accepts: Tuple[str, ...] = ('partial',)
    #: Whether it treats some unobserved labels as other than negative.
    modifies: bool = False
    #: Whether it takes these as positive, which a label store may keep.
    corrects: bool = False
    #: Whether it trains on probabilities of unobserved labels.
    takes_soft: bool = False
    #: Whether it learns the estimates of a label store.
    takes_estimates: bool = False
    #: Whether it looks at the features of the images.
    needs_features: bool = False
    #: Entries it changed in the last step, bool ``(N, K)``, or None.
    modified: Optional[Tensor] = None
    #: The N images among those of all processes, set by the head; None: there
    #: are no others.
    batch: Optional[GlobalBatch] = None
    #: Logits that a label store learns, float ``(N, K)``, set by the head for
    #: the step.
    estimate: Optional[Tensor] = None
    #: What the classes are read from, without gradient, ``(N, C)`` or a map
    #: ``(N, C, h, w)``, set by the head where the loss needs it.
    features: Optional[Tensor] = None
    #: The epoch, from 1, and the number of epochs, set by ``ProgressHook``.
    progress: Optional[Tuple[int, int]] = None

    def __init__(
        self,
        class_weight: Optional[Sequence[float]] = None,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__()
        check_number('label_smoothing', label_smoothing, 0, 0.5, '[)')
        check_vector('class_weight', class_weight)
        given = dict(
            class_weight=class_weight is not None,
            label_smoothing=label_smoothing > 0,
        )
        for option, reason in self.refuses.items():
            if given[option]:
                raise ValueError(
                    f'{type(self).__name__} takes no `{option}`, because '
                    f'{reason}: leave it out.'
                )
        self.label_smoothing = label_smoothing
        weight = (
            None
            if class_weight is None
            else torch.tensor(class_weight, dtype=torch.float32)
        )
        # Not in checkpoints: the config says it.
        self.register_buffer('class_weight', weight, persistent=False)

    def prepare(self, num_classes: int) -> None:
        """Learn the number of classes, K, when the head is built.

        Raises:
            ValueError: If an option does not fit K.
        """
        self.check_num_classes(num_classes)

    def check_num_classes(self, num_classes: int) -> None:
        """Refuse options that do not fit K classes, at each batch too.

        Raises:
            ValueError: If ``class_weight`` has another length.
        """
        check_length('class_weight', self.class_weight, num_classes)

    def forward(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Compute the loss of one batch, in float32 also under autocast.

        Args:
            logits (Tensor): Class scores before sigmoid, float ``(N, K)``.
            target (Tensor): 1 for an observed positive, else 0, float
                ``(N, K)``; of an unobserved label the probability, in (0, 1],
                that a label store estimates, where one does.
            observed (Tensor): Whether a label is annotated, bool ``(N, K)``.

        Returns:
            Tensor: Scalar, a mean over N * K. (The heads of MMPretrain divide
            by N: K times the loss, and the learning rate, of the paper.) Its
            mean over processes is the mean over the global batch.

        Raises:
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
            loss = self.compute(logits, target.to(logits.dtype), observed)
        if self.batch is None or self.batch.share == 1:
            return loss
        return loss * self.batch.share

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor
    ) -> Tensor:
        """Average over N * K; arguments and result as in :meth:`forward`."""
        raise NotImplementedError

    def smooth(self, target: Tensor) -> Tensor:
        """Move targets, ``(N, K)``, away from 0 and 1 by the smoothing."""
        if not self.label_smoothing:
            return target
        return target * (1 - 2 * self.label_smoothing) + self.label_smoothing

    def weigh(self, terms: Optional[Tensor] = None) -> Optional[Tensor]:
        """Multiply losses or weights, ``(N, K)``, by those of the classes.

        Returns:
            Tensor | None: ``(N, K)``, or ``(K,)`` where ``terms`` is None;
            None where nothing is weighted.
        """
        if self.class_weight is None:
            return terms
        return (
            self.class_weight if terms is None else terms * self.class_weight
        )

    def label_losses(self, logits: Tensor, target: Tensor) -> Tensor:
        """Compute the cross-entropy of each label, smoothed, ``(N, K)``."""
        return F.binary_cross_entropy_with_logits(
            logits, self.smooth(target), reduction='none'
        )

    def require_progress(self) -> Tuple[int, int]:
        """Return the epoch, from 1, and the number of epochs.

        Raises:
            RuntimeError: If no hook has set ``progress``.
        """
        if self.progress is None:
            raise RuntimeError(
                f'{type(self).__name__} has no `progress`: add '
                "dict(type='mmwsml.ProgressHook') to `custom_hooks`, which "
                'sets it in every step.'
            )
        return self.progress


def mean_bce(
    logits: Tensor, target: Tensor, weight: Optional[Tensor] = None
) -> Tensor:
    """Average the binary cross-entropy over all N * K entries.

    Args:
        logits (Tensor): Class scores before sigmoid, float ``(N, K)``.
        target (Tensor): Float ``(N, K)`` in [0, 1].
        weight (Tensor, optional): Of each entry, float or bool ``(N, K)``;
            the mean still divides by N * K. Defaults to None.

    Returns:
        Tensor: Scalar; exact for logits of any size (log-sigmoid, no epsilon).
    """
    return F.binary_cross_entropy_with_logits(logits, target, weight)
