"""How much of a data set is labelled, and what that means for delta_rel."""

import math
from collections import Counter
from fractions import Fraction
from typing import Iterable, List, NamedTuple, Optional, Sequence, Tuple

DELTA_RELS = ('0.1', '0.2', '0.4', '1')  # percent
EPOCHS = range(2, 11)  # the paper's, from the first that modifies


class LabelCounts(NamedTuple):
    """Counts of the labels of N images and K classes."""

    num_images: int
    num_classes: int
    #: Known labels.
    num_positives: int
    num_negatives: int
    #: Images without a known positive.
    num_bare_images: int
    #: Names of the classes without a known positive.
    bare_classes: List[str]

    @property
    def num_entries(self) -> int:
        """N * K, known or not."""
        return self.num_images * self.num_classes

    @property
    def num_unobserved(self) -> int:
        """Labels that are not known."""
        return self.num_entries - self.num_positives - self.num_negatives

    def __str__(self) -> str:
        """Sum up, a line a number."""
        known = self.num_entries - self.num_unobserved
        bare = ', '.join(self.bare_classes[:10])
        more = '...' if len(self.bare_classes) > 10 else ''
        return '\n'.join(
            [
                f'Images: {self.num_images}',
                f'Classes: {self.num_classes}',
                f'Known positives: {self.num_positives} '
                f'({self.num_positives / self.num_images:.2f} an image)',
                f'Known negatives: {self.num_negatives}',
                f'Known labels: {100 * known / self.num_entries:.2f} %',
                f'Images without a positive: {self.num_bare_images}',
                f'Classes without a positive: {len(self.bare_classes)}'
                + (f' ({bare}{more})' if bare else ''),
            ]
        )


def count_labels(
    classes: Sequence[str],
    images: Iterable[Tuple[Sequence[int], Optional[Sequence[int]]]],
) -> LabelCounts:
    """Count what is known.

    Args:
        classes (Sequence[str]): Names of the K classes.
        images (Iterable[tuple]): Known positives and negatives of each image;
            no list of negatives: all others are absent.

    Returns:
        LabelCounts: The counts.
    """
    # A label beyond the classes is counted too: checks name it, later.
    found: Counter = Counter()
    num_images = num_negatives = num_bare = 0
    for positives, negatives in images:
        num_images += 1
        num_bare += not len(positives)
        found.update(positives)
        if negatives is None:
            num_negatives += len(classes) - len(positives)
        else:
            num_negatives += len(negatives)
    bare = [name for n, name in enumerate(classes) if not found[n]]
    num_positives = sum(found.values())
    return LabelCounts(
        num_images, len(classes), num_positives, num_negatives, num_bare, bare
    )


def num_modified(
    delta_rel: Fraction, epoch: int, num_entries: Fraction
) -> int:
    """Count the labels that LL-R and LL-Ct modify in a batch.

    Args:
        delta_rel (Fraction): In percent.
        epoch (int): t, from 1; the first that modifies is 2.
        num_entries (Fraction): What the percentage is of, in the batch.

    Returns:
        int: ``(epoch - 1) * delta_rel`` percent, rounded up.
    """
    rate = min(Fraction(1), max(0, epoch - 1) * delta_rel / 100)
    return math.ceil(rate * num_entries)


def hidden_positives(
    counts: LabelCounts, positives_per_image: Fraction, batch_size: int
) -> Fraction:
    """Return the number of hidden positives expected in a batch.

    Args:
        counts (LabelCounts): What is known.
        positives_per_image (Fraction): What would be, with complete labels.
        batch_size (int): Images in a batch.

    Raises:
        ValueError: If more positives are known than there should be.
    """
    known = Fraction(counts.num_positives, counts.num_images)
    if known > positives_per_image:
        raise ValueError(
            f'{float(positives_per_image):g} positives an image are expected, '
            f'but {float(known):.2f} are known already: give the number with '
            'complete labels.'
        )
    return (positives_per_image - known) * batch_size


def advise_delta_rel(
    counts: LabelCounts,
    batch_size: int,
    positives_per_image: Optional[Fraction] = None,
) -> str:
    """Tabulate how many labels a batch would have modified.

    Args:
        counts (LabelCounts): What is known.
        batch_size (int): Images in a batch.
        positives_per_image (Fraction, optional): With complete labels.
            Defaults to None, the table is not compared with the positives
            that are hidden.

    Returns:
        str: A table of epochs by ``delta_rel``; in each cell k of unobserved
        (the paper) and of all labels, with a star above the hidden positives.
    """
    if counts.num_unobserved == 0:
        return 'Every label is known: a large loss is of none that is hidden.'
    lines, hidden = [], None
    if positives_per_image is not None:
        hidden = hidden_positives(counts, positives_per_image, batch_size)
        expected = f'{float(hidden):.1f}'
        lines.append(
            f'Hidden positives expected in a batch of {batch_size}: {expected}'
        )
    lines += [
        f'Labels modified in a batch of {batch_size} by LL-R and LL-Ct, by '
        'delta_rel,',
        "counted by percent_of='unobserved' / percent_of='all':",
        _row('epoch', [f'{value} %' for value in DELTA_RELS]),
    ]
    for epoch in EPOCHS:
        cells = [
            _cell(counts, batch_size, Fraction(value), epoch, hidden)
            for value in DELTA_RELS
        ]
        lines.append(_row(epoch, cells))
    if hidden is not None:
        lines.append('* more than the hidden positives expected')
    return '\n'.join(lines)


def _row(first: object, cells: Sequence[str]) -> str:
    return f'{first:>5}' + ''.join(f'{cell:>15}' for cell in cells)


def _cell(
    counts: LabelCounts,
    batch_size: int,
    delta_rel: Fraction,
    epoch: int,
    hidden: Optional[Fraction],
) -> str:
    share = Fraction(counts.num_unobserved, counts.num_entries)
    num_all = Fraction(batch_size * counts.num_classes)
    num_unobserved = num_all * share
    k_all = num_modified(delta_rel, epoch, num_all)
    ks = (
        num_modified(delta_rel, epoch, num_unobserved),
        min(k_all, math.ceil(num_unobserved)),  # never more than there are
    )
    stars = ['*' if hidden is not None and k > hidden else '' for k in ks]
    return ' / '.join(f'{k}{star}' for k, star in zip(ks, stars))
