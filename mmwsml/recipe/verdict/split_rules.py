"""A split that is not like the others, from facts to findings."""

from typing import Iterator, List, Optional, Tuple

import numpy as np

from .agreement import SOME, Agreement, Link
from .evidence import Evidence
from .finding import BROKEN, DOUBT, Finding, name_classes

#: How sure a difference must be, in standard errors, and from which on it
#: matters, of an AUC.
SURE, MATTERS = 3.0, 0.05
#: Two classes that are exchanged are ranked better by each other's scores, by
#: as many standard errors: of 18 classes 153 pairs are looked at.
EXCHANGED = 5.0
#: A model was chosen on validation, so that test images rank worse: by up to
#: 3.4 standard errors, or 0.11, where nothing is wrong.
WORSE, MUCH = 4.5, 0.1
#: Draws of an order of rows, and images on either side of a break.
ORDERS, SIDE = 200, 20


def disagree(evidence: Evidence) -> Iterator[Finding]:
    """A split whose labels do not follow from what the others teach."""
    found = evidence.agreement
    worst: Optional[Tuple[float, Finding]] = None
    for name in found.names:
        others = found.others(name)
        # What is not marked may be there, and ranks among the others.
        like = name if found.is_partial(name) else None
        own = found.link(name, others, like)
        rest = _among(found, others, like)
        if own is None or rest is None:
            continue
        lost = rest.value - own.value
        sure = lost / np.hypot(own.error, rest.error)
        if sure < SURE or lost < MATTERS:
            continue
        gone = own.value - 2 * own.error < 0.5 and name != 'test'
        finding = Finding(
            'disagree',
            BROKEN if gone else DOUBT,
            f'Labels and images of {name} belong together less than those of '
            f'{" and ".join(others)}: what these teach holds for each other '
            f'(AUC {rest.value:.2f}) and less for {name} ({own.value:.2f}).',
            f'look at images of {name} beside their labels: wrong labels, '
            'columns or rows, or images of another kind',
        )
        if worst is None or sure > worst[0]:
            worst = sure, finding
    if worst is not None:
        yield worst[1]


def _among(
    found: Agreement, names: List[str], like: Optional[str]
) -> Optional[Link]:
    """Measure how well two splits teach each other."""
    if len(names) != 2:
        return None
    links = [found.link(a, [b], like) for a, b in (names, names[::-1])]
    known = [link for link in links if link is not None]
    if len(known) < 2:
        return None
    values, errors = zip(*known)
    return Link(float(np.mean(values)), float(np.hypot(*errors)) / 2)


def swapped(evidence: Evidence) -> Iterator[Finding]:
    """Two classes of a split, each ranked better by the other's scores."""
    found = evidence.agreement
    for name in found.names:
        sure = _exchange(found, name)
        if sure is None or not sure.max() > EXCHANGED:
            continue
        pair = np.unravel_index(sure.argmax(), sure.shape)
        names = [evidence.facts.classes[found.classes[k]] for k in pair]
        yield Finding(
            'swapped',
            BROKEN if name != 'test' else DOUBT,
            f'In {name} {names[0]} and {names[1]} seem to be exchanged: each '
            'is ranked better by what the other splits teach of the other.',
            f'compare the columns of {name_classes(names)} in the label files',
        )


def _exchange(found: Agreement, name: str) -> Optional[np.ndarray]:
    """Say how sure each two classes are exchanged, ``(K, K)``."""
    number = len(found.classes)
    gain, variance = np.zeros((2, number, number))
    for other in found.others(name):
        for source, target in ((name, other), (other, name)):
            table = found.table(source, target)
            more = table - table.diagonal()[:, None]
            count = np.maximum(found.marks(target).sum(0), 1)
            rest = np.maximum((~found.marks(target)).sum(0), 1)
            error = ((1 / count + 1 / rest) / 6)[:, None]
            error = np.where(np.isnan(more), 0, error)
            gain += np.nan_to_num(more)
            variance += error
    gain, variance = gain + gain.T, variance + variance.T
    if not variance.any():
        return None
    return gain / np.sqrt(np.maximum(variance, 1e-9))


def apart(evidence: Evidence) -> Iterator[Finding]:
    """A model that is much better on one split than on another."""
    found = [evidence.measure(x, evidence.kept) for x in ('val', 'test')]
    if found[0] is None or found[1] is None:
        return
    val, test = found[0].auc, found[1].auc
    more = test.value - val.value
    sure = abs(more) / np.hypot(val.error, test.error)
    limits = (SURE, MATTERS) if more > 0 else (WORSE, MUCH)
    if sure > limits[0] and abs(more) > limits[1]:
        yield Finding(
            'apart',
            DOUBT,
            f'The model ranks test images much '
            f'{"better" if more > 0 else "worse"} than validation images (AUC '
            f'{test.value:.2f} and {val.value:.2f}): one of the two is not '
            'like the images to come.',
            'find out how test images differ: their source, their labels, '
            'copies of training images',
        )


def broken_order(evidence: Evidence) -> Iterator[Finding]:
    """Labels that fit their images up to a row of the table, or from it."""
    found = evidence.agreement
    for name in found.names:
        if len(found.others(name)) < 1:
            continue
        break_ = _find_break(found, name)
        if break_ is None:
            continue
        row, before, after = break_
        number = len(evidence.facts.splits[name].positive)
        part = 'up to' if before < after else 'from'
        yield Finding(
            'broken_order',
            DOUBT,
            f'Labels of {name} do not fit their images {part} about row '
            f'{row:,} of {number:,}: the rest of the table does (AUC '
            f'{min(before, after):.2f} and {max(before, after):.2f}).',
            f'look at the rows of {name} around {row:,}: one may be missing '
            'or double',
        )


def _find_break(
    found: Agreement, name: str
) -> Optional[Tuple[int, float, float]]:
    """Find the row at which what is known of the images changes most."""
    marks = found.marks(name)
    scores = [found.scores(other, name) for other in found.others(name)]
    places = np.mean([x.argsort(0).argsort(0) for x in scores], 0) / len(marks)
    kept = marks.sum(0) >= SOME
    rows, classes = np.nonzero(marks & kept)
    if len(rows) < 4 * SIDE:
        return None
    values = places[rows, classes]
    counts, sums = np.zeros((2, marks.shape[1]))
    np.add.at(counts, classes, 1)
    np.add.at(sums, classes, values)
    # Of its own class, so that a table in the order of classes has no break.
    rest = values - (sums / np.maximum(counts, 1))[classes]
    path, row = _walk(rest)
    rng = np.random.default_rng(0)
    order = [_walk(rng.permutation(rest))[0] for _ in range(ORDERS)]
    before, after = values[:row].mean(), values[row:].mean()
    low = min(before, after)
    if path <= 1.2 * max(order) or low > 0.6 or abs(before - after) < 0.1:
        return None
    return int(found.place(name, rows[row])), float(before), float(after)


def _walk(rest: np.ndarray) -> Tuple[float, int]:
    """Sum up, and find where the sum is farthest from nought."""
    sums = np.abs(np.cumsum(rest))[SIDE:-SIDE]
    place = int(sums.argmax())
    return float(sums[place]), place + SIDE + 1


SPLIT_RULES = disagree, swapped, broken_order, apart
