"""How many positives are hidden, from a result file."""

from pathlib import Path
from typing import List, Optional

import numpy as np

from mmwsml.evaluation.class_frequency import (
    ClassFrequencies,
    count_complete,
    estimate_frequencies,
)
from mmwsml.evaluation.doubtful_choice import tell_chosen_labels
from mmwsml.evaluation.frequency_file import write_frequencies
from mmwsml.evaluation.one_sided import measure_one_sided, median_scores
from mmwsml.evaluation.positive_unlabeled import FEW
from mmwsml.evaluation.predictions import Predictions, read_predictions
from mmwsml.structures.overwriting import refuse_to_overwrite

NAME = 'class_frequencies.csv'
#: Complete images from which positives are counted instead of estimated.
ENOUGH = 50
#: An upper end so many times the lower one says little.
WIDE = 2.0
CONDITION = 'This holds where labels were observed at random within a class.'
REMEDY = (
    f'label {ENOUGH} images completely (tools/analysis/sample_for_review.py '
    'draws which)'
)


def class_frequencies(val_file: str, force: bool = False) -> str:
    """Estimate the positives of each class, observed and hidden.

    Writes ``class_frequencies.csv`` beside the result file, which hooks take
    as ``frequencies``.

    Args:
        val_file (str): Result file, of images that training has not seen.
        force (bool): Whether to replace the table. Defaults to False.

    Returns:
        str: What was found, for a person's eyes.

    Raises:
        FileExistsError: If the table is there.
        FileNotFoundError: If there is no such result file.
        ValueError: If it is none, or has no positive.
    """
    out = Path(val_file).expanduser().parent / NAME
    refuse_to_overwrite([out], force=force)
    part = read_predictions(val_file)
    if not part.target.any():
        raise ValueError(
            f'{val_file}: none of {len(part.target)} images has an observed '
            'positive, so that nothing can be estimated; evaluate on images '
            'with labels.'
        )
    found, how = estimate(part)
    observed = part.target.sum(0)
    write_frequencies(out, part.classes, observed, len(part.target), found)
    return '\n'.join([*_tell(part, found, how), f'Wrote {out}'])


def estimate(part: Predictions) -> tuple:
    """Count in complete labels where there are enough, else estimate.

    Args:
        part (Predictions): Scores and labels.

    Returns:
        tuple[ClassFrequencies, str]: And from what.
    """
    observed = part.observed
    if observed is None:
        observed = np.ones_like(part.target)
    complete = np.asarray(observed.all(1))
    if complete.sum() >= ENOUGH or complete.all():
        found = count_complete(part.target, complete)
        return found, f'{complete.sum()} images with complete labels'
    found = estimate_frequencies(
        part.scores, part.target, observed & ~part.target
    )
    return found, 'scores of observed positives among those of all images'


def say_hidden(part: Predictions) -> str:
    """Say in a sentence how many positives are estimated, for a report.

    Args:
        part (Predictions): Of images that training has not seen.

    Returns:
        str: Empty where all labels are known, or no positive is.
    """
    known = part.observed is None or part.observed.all()
    if known or not part.target.any():
        return ''
    found, how = estimate(part)
    low, high = found.total_interval
    observed = int(part.target.sum())
    text = (
        f'{observed:,} positives are observed; all of them together are '
        f'estimated to be {found.total:,.0f} (95 % interval {low:,.0f} to '
        f'{high:,.0f}), from {how}.'
    )
    if 'scores' not in how:
        return text
    return ' '.join(filter(None, (text, CONDITION, _tell_choice(part))))


def _tell_choice(part: Predictions) -> Optional[str]:
    """Say where labels look chosen by their class; None where they do not."""
    limits = median_scores(part.scores, part.target)
    share = 100 * measure_one_sided([(part.scores, part.target)], limits)
    return tell_chosen_labels([] if np.isnan(share) else [share])


def _tell(part: Predictions, found: ClassFrequencies, how: str) -> List[str]:
    num_images, observed = len(part.target), part.target.sum(0)
    low, high = found.total_interval
    lines = [
        f'{num_images} images, {len(part.classes)} classes, '
        f'{observed.sum()} observed positives '
        f'({observed.sum() / num_images:.2f} an image)',
        f'Positives, estimated from {how}: {found.total:.0f} (95 % interval '
        f'{low:.0f} to {high:.0f}), kappa = {found.total / num_images:.2f} an '
        f'image; hidden: {found.total - observed.sum():.0f}',
    ]
    for k in np.argsort(-np.nan_to_num(found.number), kind='stable'):
        ends = '{:.0f} to {:.0f}'.format(*found.interval[k])
        text = f'{found.number[k]:.0f} ({ends})'
        if not observed[k]:
            text = f'cannot be told without a positive: {REMEDY}'
        elif found.few[k]:
            text = f'{ends}, fewer than {FEW} are observed'
        if found.clamped[k]:
            text += '; outside of what is possible, and set to its end'
        lines.append(f'  {part.classes[k]}: {observed[k]} observed, {text}')
    if 'scores' in how:
        lines.extend(filter(None, (CONDITION, _tell_choice(part))))
        if high > WIDE * low:
            lines.append(
                'The interval is wide: the scores do not tell how many are '
                f'hidden, and the estimate is little more than a guess; '
                f'{REMEDY}.'
            )
        if (part.target.sum(1) <= 1).all():
            lines.append(
                'No image shows more than one label, which alone tells '
                'nothing of how many an image has, and breaks the first '
                f'condition: to be sure, {REMEDY}, or give hooks `kappa` '
                'where you know it.'
            )
    return lines
