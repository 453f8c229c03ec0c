"""What would keep a run from doing what its config says."""

from typing import Any, Optional, Sequence

from mmengine.dataset import InfiniteSampler
from mmengine.runner import Runner
from torch.utils.data import Dataset, IterableDataset

from mmwsml.datasets.endless_sampler import EndlessSampler
from mmwsml.datasets.observed_counts import has_negative, has_unobserved
from mmwsml.models import PartialLabelMixin
from mmwsml.models.losses.partial_label_loss import PartialLabelLoss

from .head import bare_model, head_of


def check_steps(loader: Any, field: str) -> None:
    """Refuse an epoch without a batch.

    Args:
        loader (DataLoader): Of this process.
        field (str): Its name in the config.

    Raises:
        ValueError: If `drop_last` drops the only batch there is.
    """
    endless = isinstance(loader.sampler, (InfiniteSampler, EndlessSampler))
    if endless or isinstance(loader.dataset, IterableDataset) or len(loader):
        return
    number = len(loader.sampler)
    size = loader.batch_sampler.batch_size
    raise ValueError(
        f'`{field}` gives no batch: {number} images on each process do not '
        f'fill one of {size}, and `drop_last=True` drops what does not: set '
        f'`{field}.batch_size` to {number} at most, or '
        f'`{field}.drop_last=False`.'
    )


def check_head(runner: Runner) -> None:
    """Refuse our losses in heads that call them as MMPretrain's.

    Raises:
        TypeError: If the head does not say which labels are observed.
    """
    head = head_of(runner)
    loss = getattr(head, 'loss_module', None)
    if isinstance(loss, PartialLabelLoss) and not isinstance(
        head, PartialLabelMixin
    ):
        kind = type(head).__name__
        raise TypeError(
            f'{type(loss).__name__} needs to know which labels are observed, '
            f'which {kind} does not tell: set `model.head.type` to '
            'mmwsml.PartialLabelHead (linear) or mmwsml.PartialLabelCSRAHead, '
            f'or register class Partial{kind}(mmwsml.models.'
            f'PartialLabelMixin, {kind}).'
        )


def follow_classes(runner: Runner, classes: Optional[Sequence[str]]) -> None:
    """Give the data preprocessor as many classes as the data has.

    A config has the number in its base, and nothing would tell that it is
    another one.

    Args:
        runner (Runner): The run; its model is changed in place.
        classes (Sequence[str], optional): Of the training set.
    """
    preprocessor = getattr(bare_model(runner), 'data_preprocessor', None)
    number = getattr(preprocessor, 'num_classes', None)
    if preprocessor is None or classes is None:
        return
    if number in (None, len(classes)):
        return
    preprocessor.num_classes = len(classes)
    runner.logger.info(
        f'`data_preprocessor.num_classes` was {number} and is '
        f'{len(classes)} now, as many as the training set has.'
    )


def check_mixing(runner: Runner) -> None:
    """Refuse images that are mixed before the head sees their labels.

    Raises:
        ValueError: If the data preprocessor has batch augmentations or makes
            dense labels, and the head is one of mmwsml.
    """
    preprocessor = getattr(bare_model(runner), 'data_preprocessor', None)
    if not hasattr(head_of(runner), 'read_labels'):
        return
    for option, found in (
        ('batch_augments', getattr(preprocessor, 'batch_augments', None)),
        ('to_onehot', getattr(preprocessor, 'to_onehot', False)),
    ):
        if found:
            raise ValueError(
                f'The data preprocessor has `{option}`, which makes dense '
                'labels that do not say what is observed: remove Mixup, '
                'CutMix and `to_onehot` (`model.train_cfg=None` or '
                f'`model.data_preprocessor.{option}=None`).'
            )


def check_negatives(runner: Runner, dataset: Dataset) -> None:
    """Refuse a method that learns from negatives where none is observed.

    Args:
        runner (Runner): The run.
        dataset (Dataset): What it trains on, in any wrappers.

    Raises:
        ValueError: If no label of the training set is a negative.
    """
    loss = getattr(head_of(runner), 'loss_module', None)
    if getattr(loss, 'needs_negatives', False) and not has_negative(dataset):
        raise ValueError(
            f'{type(loss).__name__} learns from observed negatives, but the '
            'labels of `train_dataloader` have none: hide fewer (for example '
            'with mmwsml.KeepKnownFraction), or choose another loss.'
        )


def check_unobserved(runner: Runner, dataset: Dataset) -> None:
    """Refuse a method that modifies unobserved labels where there are none.

    Args:
        runner (Runner): The run.
        dataset (Dataset): What it trains on, in any wrappers.

    Raises:
        ValueError: If every label of the training set is known.
    """
    head = head_of(runner)
    loss = getattr(head, 'loss_module', None)
    if not getattr(loss, 'modifies', False):
        return
    if not has_unobserved(dataset, head.num_classes):
        raise ValueError(
            f'{type(loss).__name__} modifies unobserved labels, but '
            '`train_dataloader` has none, so that it would never modify '
            'anything: where the files list what is present, read the rest '
            "as unknown and not as absent (labels='partial' and `neg_label` "
            'for what somebody has looked for); hide labels (for example '
            'with mmwsml.KeepOnePositive); or choose mmwsml.AssumeNegative, '
            'which on known labels is full-label training.'
        )
