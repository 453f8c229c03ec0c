"""LL-Ct and LL-Cp: take the largest losses as positive labels."""

from torch import Tensor

from mmwsml.registry import MODELS
from mmwsml.structures import Step

from .large_loss import LargeLoss
from .loss_result import LossResult


@MODELS.register_module()
class LargeLossCorrection(LargeLoss):
    """Binary cross-entropy with the largest losses taken as positives.

    Every unobserved label counts as negative, but those of the largest loss,
    which ``selection`` marks, count as positive in this step: LL-Ct. With
    a constant rate and ``label_store=dict(type='mmwsml.LabelMemory')`` in the
    head they stay positive for good: LL-Cp.

    Args:
        **options: Those of :class:`LargeLoss`.

    Paper: LL-Ct (section 4.2) and LL-Cp (section 4.3) of `Large Loss Matters
    in Weakly Supervised Multi-Label Classification
    <https://arxiv.org/abs/2206.03740>`_ (CVPR 2022). The paper's weight
    log f / log(1 - f) turns the loss of a negative into that of a positive;
    changing the target is the same and exact for large logits.
    """

    corrects = True

    def compute(
        self, logits: Tensor, target: Tensor, observed: Tensor, step: Step
    ) -> LossResult:
        """Average the cross-entropy on the corrected targets over N * K."""
        modified = self.select(logits, observed, step)
        # f turned into 1 - f: the loss of a positive in the place of the
        # loss of a negative.
        corrected = target.masked_fill(modified, 1)
        weight = self.weigh_unobserved(observed | modified)
        return LossResult(self.mean_bce(logits, corrected, weight), modified)
