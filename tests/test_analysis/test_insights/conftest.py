"""Runs with records that no training made."""

from typing import NamedTuple

import numpy as np
import pytest

from mmwsml.records import (
    NUM_BINS,
    EpochRecord,
    RecordedImages,
    RecordWriter,
    bin_edges,
    load_records,
)
from mmwsml.records.modifications import MODIFIED

CLASSES = ('cat', 'a|b', '$dog$', '<i>*x*</i>')
UNOBSERVED = 'TN', 'FN', 'unobserved'


class Facts(NamedTuple):
    """What a run recorded, as plain arrays and sets."""

    losses: np.ndarray  # (E, M, K), NaN: not shown
    kinds: np.ndarray  # (M, K) of str
    modified: list  # sets of (row, class), one for each epoch

    def of_kinds(self, *kinds):
        """Return the labels of some kinds as a set of (row, class)."""
        return {*zip(*np.nonzero(np.isin(self.kinds, kinds)))}

    def shown(self, e):
        """Return the labels of the images of an epoch."""
        return {*zip(*np.nonzero(~np.isnan(self.losses[e])))}


@pytest.fixture
def make_run(tmp_path):
    """Write a run of 9 images and 4 classes; return records and facts."""

    def make(
        name='run',
        epochs=(1, 2, 3, 4),
        with_truth=True,
        modifies=True,
        keep=True,
        method='LargeLossCorrection',
        classes=CLASSES,
        seed=0,
    ):
        rng = np.random.default_rng(seed)
        images, kinds = make_images(rng, with_truth)
        info = dict(classes=classes, method=method, num_epochs=max(epochs))
        writer = RecordWriter(tmp_path / name, images, info)
        writer.start(1)
        facts = Facts(np.empty((0, 9, 4)), kinds, [])
        for epoch in epochs:
            losses = rng.gamma(1, 1, (9, 4)).astype(np.float16)
            losses[epoch % 9] = np.nan  # not shown
            marks = draw_marks(rng, losses, kinds, 3 * epoch * modifies)
            if keep:
                writer.keep_losses(np.arange(9), losses)
            writer.write(epoch, to_record(images, losses, kinds, marks))
            facts.modified.append(marks)
            facts = facts._replace(losses=np.stack([*facts.losses, losses]))
        return load_records(tmp_path / name), facts

    return make


def make_images(rng, with_truth):
    """Draw labels: of two positives one is given, of some a negative."""
    entries = {}
    for n in range(9):
        true = sorted(rng.choice(4, 2, replace=False).tolist())
        absent = [k for k in range(4) if k not in true][: n % 2]
        truth = true if with_truth else None
        entries[f'set/{n}.png'] = f'set/{n}.png', true[:1], absent, truth
    images = RecordedImages.collect([*entries.values()], 4)
    rows = [entries[name] for name in images.sample_ids.all()]
    kinds = [[kind_of(k, *row[1:]) for k in range(4)] for row in rows]
    return images, np.array(kinds)


def kind_of(label, positives, negatives, truth):
    """Name the kind of a label."""
    if label in positives:
        return 'TP' if truth is not None else 'observed_positive'
    if label in negatives:
        return 'observed_negative'
    if truth is None:
        return 'unobserved'
    return 'FN' if label in truth else 'TN'


def draw_marks(rng, losses, kinds, num):
    """Draw unobserved labels of images that are shown, at most ``num``."""
    free = np.isin(kinds, UNOBSERVED) & ~np.isnan(losses)
    pairs = [*zip(*np.nonzero(free))]
    return {pairs[i] for i in rng.permutation(len(pairs))[:num]}


def to_record(images, losses, kinds, marks):
    """Count an epoch in plain loops."""
    histogram = np.zeros((len(images.kinds), 4, NUM_BINS), np.int32)
    sums = np.zeros(histogram.shape[:2])
    for m, k in np.ndindex(losses.shape):
        if not np.isnan(losses[m, k]):
            kind = images.kinds.index(kinds[m, k])
            place = np.searchsorted(bin_edges(), losses[m, k], 'right') - 1
            histogram[kind, k, place] += 1
            sums[kind, k] += losses[m, k]
    table = [(m, k, losses[m, k]) for m, k in sorted(marks)]
    seen = ~np.isnan(losses[:, 0])
    return EpochRecord(histogram, sums, seen, np.array(table, MODIFIED), 3)
