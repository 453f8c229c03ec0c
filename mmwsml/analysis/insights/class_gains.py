"""What a run gains over another, class by class."""

import warnings
from typing import NamedTuple, Optional, Sequence, Tuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mmwsml.evaluation.functional import average_precision
from mmwsml.evaluation.predictions import Predictions
from mmwsml.evaluation.resampling import (
    NUM_RESAMPLES,
    resampled_average_precision,
)

from .style import BAD, GOOD, INK, clip_name, name_lines, new_figure
from .table import Table

MOST_BARS = 40
#: Labels that all draws take together; ten draws are always made.
MOST_LABELS = 4 * 10**8


class ClassGains(NamedTuple):
    """Of K classes, in the order of the runs."""

    classes: Tuple[str, ...]
    #: Observed positives of the images that are compared, int64 ``(K,)``.
    positives: np.ndarray
    #: Average precision of the run and of the other, float64 ``(K,)`` in
    #: [0, 1]; NaN: nothing observed, or positives alone.
    first: np.ndarray
    second: np.ndarray
    #: Standard deviation of the gain over images drawn anew, float64
    #: ``(K,)``; and that of the mean gain over the classes.
    deviation: np.ndarray
    mean_deviation: float

    @property
    def gain(self) -> np.ndarray:
        """What the run gains over the other, float64 ``(K,)``."""
        return self.first - self.second

    @property
    def summary(self) -> str:
        """The mean gain with its deviation, in points of percent."""
        if not np.isfinite(self.gain).any():
            return 'n/a'
        mean = 100 * np.nanmean(self.gain)
        return f'{mean:+.2f} ± {100 * self.mean_deviation:.2f} points'

    def order(self) -> np.ndarray:
        """Order the classes, the largest gain first, NaN last."""
        return np.argsort(-self.gain, kind='stable')

    def table(self) -> Table:
        """Write a line for each class, the largest gain first."""
        head = 'class', 'positives', 'AP, %', 'AP of the other, %', 'gain', '±'
        columns = self.first, self.second, self.gain, self.deviation
        values = [100 * column for column in columns]
        rows = [
            (
                self.classes[k],
                int(self.positives[k]),
                *(float(column[k]) for column in values),
            )
            for k in self.order()
        ]
        return Table(head, rows)

    def figure(self) -> Figure:
        """Draw a bar for each class; of many the outer ones."""
        order = self.order()[: np.isfinite(self.gain).sum()]
        num = len(order)
        half = MOST_BARS // 2
        if num > MOST_BARS:
            order = np.concatenate([order[:half], order[-half:]])
        figure, axes = new_figure(1, 1, (5.6, 1.1 + 0.17 * len(order)))
        panel = axes[0, 0]
        self._draw(panel, order)
        if num > MOST_BARS:
            panel.axhline(half - 0.5, color=INK, ls=':')
        panel.set_title(
            f'gain in AP: {self.summary} on average'
            + f'; {half} best and {half} worst' * (num > MOST_BARS)
        )
        return figure

    def _draw(self, panel: Axes, order: np.ndarray) -> None:
        gain = 100 * self.gain[order]
        colors = [GOOD if value >= 0 else BAD for value in gain]
        spread = dict(ecolor=INK, elinewidth=0.8)
        error = 100 * self.deviation[order]
        panel.barh(
            range(len(order)),
            gain,
            0.75,
            None,
            xerr=error,
            color=colors,
            error_kw=spread,
        )
        name_lines(panel, [clip_name(self.classes[k], 28) for k in order])
        panel.axvline(0, color=INK, linewidth=0.8)
        panel.set_xlabel('points')


def class_gains(first: Predictions, second: Predictions) -> ClassGains:
    """Compare the average precision of two runs on the same images.

    Args:
        first (Predictions): Of the run.
        second (Predictions): Of the other run; its images may be in another
            order.

    Returns:
        ClassGains: Of all classes. Its deviations are those over 100 draws
        of the images with replacement (fewer of more than 4 million labels),
        the same for both runs: what another sample of images would change,
        not what another seed of the training would.

    Raises:
        ValueError: If the runs have other classes, or were evaluated on other
            images or labels.
    """
    _check_classes(first.classes, second.classes)
    places = {image: n for n, image in enumerate(second.sample_ids)}
    if places.keys() != set(first.sample_ids):
        image = min(places.keys() ^ set(first.sample_ids))
        raise ValueError(
            f'The two results are of other images, {len(first.sample_ids)} '
            f'and {len(second.sample_ids)}: {image} is in one of them only; '
            'evaluate both runs on the same split.'
        )
    order = [places[image] for image in first.sample_ids]
    _check_labels(first, second, order)
    positives = first.target
    if first.observed is not None:
        positives = positives & first.observed
    truth = first.target, first.observed
    scores = first.scores, second.scores[order]
    return ClassGains(
        first.classes,
        positives.sum(0),
        average_precision(scores[0], *truth),
        average_precision(scores[1], *truth),
        *_deviate(scores, *truth),
    )


def _deviate(
    scores: Sequence[np.ndarray],
    target: np.ndarray,
    observed: Optional[np.ndarray],
) -> Tuple[np.ndarray, float]:
    """Compute the deviation of each gain and of their mean over draws."""
    times = min(NUM_RESAMPLES, max(10, MOST_LABELS // max(1, target.size)))
    first, second = (
        resampled_average_precision(each, target, observed, times)
        for each in scores
    )
    gains = first - second
    with warnings.catch_warnings():  # a class without an average precision
        warnings.simplefilter('ignore', RuntimeWarning)
        mean = np.nanmean(gains, 1)
        return np.nanstd(gains, 0, ddof=1), float(np.nanstd(mean, ddof=1))


def _check_classes(first: Tuple[str, ...], second: Tuple[str, ...]) -> None:
    if first == second:
        return
    different = sorted(set(first) ^ set(second))[:3]
    raise ValueError(
        f'The two results have other classes, {len(first)} and '
        f'{len(second)} (different: {different or "their order"}): compare '
        'runs of one class list.'
    )


def _check_labels(
    first: Predictions, second: Predictions, order: list
) -> None:
    same = np.array_equal(first.target, second.target[order])
    if same and first.observed is not None:
        same = second.observed is not None and np.array_equal(
            first.observed, second.observed[order]
        )
    if not same or (first.observed is None) != (second.observed is None):
        raise ValueError(
            'The two results are of the same images with other labels: '
            'evaluate both runs on the same annotations.'
        )
