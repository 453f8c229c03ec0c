"""How training went, from facts to findings."""

from typing import Iterator, Tuple

import numpy as np

from ..fitted_folder import NETWORK
from .evidence import Evidence
from .finding import DOUBT, NOTE, Finding, percent

#: Steps of a curve that its trend is taken from, and how sure it must be, in
#: standard errors.
TREND, SURE = 4, 2.0


def diverged(evidence: Evidence) -> Iterator[Finding]:
    """A network that says the same of all images, or no number."""
    if evidence.facts.diverged:
        yield Finding(
            'diverged',
            DOUBT,
            'Training end to end has diverged: the features of the network '
            'became the same for all images, or no numbers. The head on '
            'frozen features was kept.',
            'lower the learning rate, by ten to begin with, or use the head',
        )


def worse_than_head(evidence: Evidence) -> Iterator[Finding]:
    """A network that training has made worse than its frozen features."""
    gain = evidence.gain
    if gain is None or not gain.high < 0:
        return
    losses = list(evidence.facts.losses.values())
    risen = len(losses) > 1 and losses[-1] > losses[0]
    yield Finding(
        'worse_than_head',
        DOUBT if evidence.kept == NETWORK or -gain.high > 0.05 else NOTE,
        f'Training end to end has made the network worse than the head on '
        f'frozen features, by {percent(-gain.value)} '
        f'({percent(-gain.high)} to {percent(-gain.low)})'
        + (', and its loss has risen.' if risen else '.'),
        'lower the learning rate, by ten to begin with; the head is better',
    )


def trend(evidence: Evidence) -> Iterator[Finding]:
    """A curve that still rises as it ends, or has long passed its best."""
    curve = evidence.facts.validation
    values = np.array(list(curve.values()), float)
    if len(values) < TREND or not np.isfinite(values).all():
        return
    slope, error = _slope(values[-TREND:])
    best = int(values.argmax())
    if best == len(values) - 1 and slope > SURE * error:
        yield Finding(
            'rising',
            NOTE,
            f'Validation was still rising when training ended '
            f'({values[-TREND]:.1f} to {values[-1]:.1f} in its last {TREND} '
            'measurements).',
            'give it more time with --budget',
        )
    noise = np.abs(np.diff(values)).mean()
    if values[best] - values[-1] > SURE * noise and best < len(values) - 2:
        yield Finding(
            'past_best',
            NOTE,
            f'Validation was best at epoch {list(curve)[best]} '
            f'({values[best]:.1f}) and fell to {values[-1]:.1f}: from there '
            'labels were learnt by heart. The best was kept.',
            '',
        )


def _slope(values: np.ndarray) -> Tuple[float, float]:
    """Fit a line; its slope by step and the standard error of that."""
    x = np.arange(len(values)) - (len(values) - 1) / 2
    slope = (x * values).sum() / (x**2).sum()
    rest = values - values.mean() - slope * x
    error = np.sqrt((rest**2).sum() / (len(values) - 2) / (x**2).sum())
    return float(slope), float(error)


TRAINING_RULES = diverged, worse_than_head, trend
