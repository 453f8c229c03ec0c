"""What a head refuses: parts that do not fit, and labels that do not."""

from mmpretrain.structures import DataSample
from torch import nn

from mmwsml.models.label_stores import LabelStore
from mmwsml.models.losses.partial_label_loss import PartialLabelLoss
from mmwsml.structures.checks import check_choice


def check_loss(loss: nn.Module, labels: str) -> None:
    """Refuse a loss that does not take the labels of the head.

    Args:
        loss (nn.Module): The head's loss.
        labels (str): Kind of labels.

    Raises:
        ValueError: If ``labels`` is unknown or not what the loss accepts.
        TypeError: If ``loss`` is not a :class:`PartialLabelLoss`.
    """
    check_choice('labels', labels, ('partial', 'complete'))
    name = type(loss).__name__
    if not isinstance(loss, PartialLabelLoss):
        raise TypeError(
            'A head of partial labels needs a loss that takes (logits, '
            'target, observed, step), a PartialLabelLoss of mmwsml, but got '
            f'{name}.'
        )
    if labels not in loss.accepts:
        raise ValueError(
            f'{name} accepts {" or ".join(loss.accepts)} labels, but the '
            f'head has labels={labels!r}: set `model.head.labels` or choose '
            'another loss.'
        )


def check_store(store: LabelStore, loss: PartialLabelLoss) -> None:
    """Refuse a label store that a loss has no use for.

    Raises:
        ValueError: If the store keeps what the loss corrects, or gives
            probabilities or estimates to train on, and the loss does not.
    """
    name, kept = type(loss).__name__, type(store).__name__
    remedy = 'remove `model.head.label_store` or choose another loss.'
    if store.keeps_modified and not loss.corrects:
        raise ValueError(
            f'{name} corrects no labels, so there is nothing to keep in '
            f'{kept}: {remedy}'
        )
    if store.gives_soft and not loss.takes_soft:
        raise ValueError(
            f'{name} does not expect probabilities of unobserved labels, '
            f'which {kept} gives: {remedy[:-1]}, such as '
            "dict(type='mmwsml.EntropyMaximization', alpha=..., beta=...)."
        )
    if store.gives_estimates and 'estimate' not in loss.reads:
        raise ValueError(
            f'{name} learns no label estimates, so that those of {kept} '
            f'would stay as they are: {remedy}'
        )


def sample_id_of(sample: DataSample) -> str:
    """Return the identity of an image.

    Raises:
        ValueError: If it has none.
    """
    if 'sample_id' not in sample:
        raise ValueError(
            f'The image {sample.get("img_path", "?")} has no `sample_id`: end '
            'the pipeline with mmwsml.PackPartialLabels, and add '
            "mmwsml.AddSampleId where the data set is not one of mmwsml's."
        )
    return sample.sample_id


def check_labels(sample: DataSample, labels: str) -> None:
    """Refuse labels that are not of the kind that the head has.

    Raises:
        ValueError: If they are dense, missing, or claim to be of another kind.
    """
    image = sample_id_of(sample)
    if 'gt_score' in sample:
        raise ValueError(
            f'The image {image} carries dense scores (`gt_score`), which do '
            'not say what is observed: remove Mixup, CutMix and `to_onehot`.'
        )
    if 'gt_label' not in sample:
        raise ValueError(
            f'The image {image} has no `gt_label`, the list of its known '
            'positives: add one, even if empty.'
        )
    if labels == 'partial' and 'neg_label' not in sample:
        raise ValueError(
            f'The labels of {image} claim to be complete (no `neg_label`), '
            "but the head has labels='partial': hide labels with "
            "mmwsml.KeepOnePositive, set labels='partial' in the dataset, or "
            "train a full-label model with `model.head.labels='complete'`."
        )
    if labels == 'complete' and 'neg_label' in sample:
        raise ValueError(
            f'The labels of {image} are partial (`neg_label` is there), but '
            "the head has labels='complete': remove the transform that hides "
            "labels, or set `model.head.labels='partial'`."
        )
