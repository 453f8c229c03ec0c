"""The losses that several runs recorded of the same labels."""

from typing import Any, Dict, List, Optional, Sequence, Tuple, Union

import numpy as np

from mmwsml.records import EpochRecords, Records, bin_edges, check_same_classes
from mmwsml.records.recorded_images import REST

#: Rows as a slice or an int64 array.
Rows = Union[slice, np.ndarray]
#: The smallest number of float16, in which losses are kept.
SMALLEST = 2.0**-24


class LossHistory:
    """Losses of M images and K classes in some epochs of some runs.

    Nothing large is read before it is asked for.

    Args:
        runs (Sequence[Records]): Of the same images, labels and classes; at
            least one.
        epochs (tuple[int, int], optional): The first and the last epoch that
            count. Defaults to None: from the second to the last of each run,
            or the first where there is no other. In the first most labels
            are met before the network knows anything.

    Raises:
        ValueError: If runs differ in their classes, images or labels, or hold
            no losses or no such epoch.
    """

    def __init__(
        self, runs: Sequence[Records], epochs: Optional[Tuple[int, int]] = None
    ) -> None:
        check_same_classes(*runs)
        for run in runs[1:]:
            _check_same_images(runs[0], run)
        self.images = runs[0].images
        #: Those that count, of each run.
        self.chosen = [_choose(run, epochs) for run in runs]
        #: Of each epoch number its records in the runs that have it.
        self.by_epoch: Dict[int, List[EpochRecords]] = {}
        for run in runs:
            for number, epoch in _with_losses(run).items():
                self.by_epoch.setdefault(number, []).append(epoch)

    def odds(self, rows: Rows) -> np.ndarray:
        """Turn mean losses into log-odds, and average these over the runs.

        A mean loss l stands for the score p of l = -log(1 - p).

        Args:
            rows (slice | ndarray): Of n images.

        Returns:
            ndarray: log p / (1 - p), float32 ``(n, K)``; NaN where a run
            showed the image in none of the epochs.
        """
        return np.mean([_odds(_mean(run, rows)) for run in self.chosen], 0)

    def means(self, rows: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Average the losses of some entries, each run counting the same.

        Returns:
            ndarray: Float32 ``(n,)``.
        """
        return np.mean([_mean(r, (rows, classes)) for r in self.chosen], 0)

    def curves(self, rows: np.ndarray, classes: np.ndarray) -> np.ndarray:
        """Follow some entries through all epochs, averaged over the runs.

        Returns:
            ndarray: Float32 ``(n, E)``, in the order of ``by_epoch`` sorted;
            NaN where no run showed the image.
        """
        epochs = [self.by_epoch[number] for number in sorted(self.by_epoch)]
        return np.stack([_mean(e, (rows, classes)) for e in epochs], 1)

    def agreement(
        self, rows: np.ndarray, classes: np.ndarray, limits: np.ndarray
    ) -> np.ndarray:
        """Count the epochs that alone would list some entries.

        In such an epoch the loss is among the ``limits`` largest of its
        class, up to the width of a bin of the histogram.

        Args:
            rows (ndarray): int64 ``(n,)``.
            classes (ndarray): Integer ``(n,)``.
            limits (ndarray): Lines of each class, int64 ``(K,)``.

        Returns:
            ndarray: int64 ``(n,)``, of those that count of all runs.
        """
        count = np.zeros(len(rows), np.int64)
        for epoch in self.all_chosen:
            least = _least_of_largest(epoch, limits)[classes]
            count += epoch.losses[rows, classes] >= least
        return count

    @property
    def all_chosen(self) -> List[EpochRecords]:
        """The epochs that count, of all runs."""
        return [epoch for run in self.chosen for epoch in run]


def _check_same_images(first: Records, other: Records) -> None:
    """Refuse runs on other images or labels.

    Raises:
        ValueError: If they are not the same.
    """
    if first.info['fingerprint'] != other.info['fingerprint']:
        raise ValueError(
            f'{first.run} and {other.run} trained on other images or observed '
            'other labels of them: rank runs of one training set together.'
        )


def _with_losses(run: Records) -> Dict[int, EpochRecords]:
    kept = {n: epoch for n, epoch in run.epochs.items() if epoch.has_losses}
    if not kept:
        raise ValueError(
            f'{run.run} holds no epoch with the loss of every entry: train '
            "with `keep='losses'` in RecordHook, on the command line "
            '`--cfg-options default_hooks.record.type=mmwsml.RecordHook '
            'default_hooks.record.keep=losses`.'
        )
    return kept


def _choose(
    run: Records, epochs: Optional[Tuple[int, int]]
) -> List[EpochRecords]:
    kept = _with_losses(run)
    first, last = epochs or (min(2, max(kept)), max(kept))
    chosen = [epoch for n, epoch in kept.items() if first <= n <= last]
    if not chosen:
        raise ValueError(
            f'{run.run} holds no losses of epochs {first} to {last}, only of '
            f'{min(kept)} to {max(kept)}: choose others.'
        )
    return chosen


def _mean(epochs: Sequence[EpochRecords], where: Any) -> np.ndarray:
    """Average the epochs that showed an image, float32."""
    total: Any = np.float32(0)
    count: Any = np.float32(0)
    for epoch in epochs:
        losses = epoch.losses[where].astype(np.float32)
        shown = ~np.isnan(losses)
        total = total + np.where(shown, losses, 0)
        count = count + shown.astype(np.float32)
    with np.errstate(invalid='ignore'):
        return total / count


def _least_of_largest(epoch: EpochRecords, limits: np.ndarray) -> np.ndarray:
    """Find the least of each class's largest losses, to the edge of a bin.

    Args:
        epoch (EpochRecords): Its unobserved labels are looked at.
        limits (ndarray): How many are the largest, int64 ``(K,)``.

    Returns:
        ndarray: Float64 ``(K,)``; 0 where there are fewer.
    """
    counts = epoch.histogram[REST:].sum(0, dtype=np.int64)
    from_top = counts[:, ::-1].cumsum(1)[:, ::-1]  # in this bin and above
    bins = (from_top >= limits[:, None]).sum(1) - 1
    return bin_edges()[bins.clip(0)]


def _odds(losses: np.ndarray) -> np.ndarray:
    losses = losses.clip(SMALLEST)
    return losses + np.log(-np.expm1(-losses))
